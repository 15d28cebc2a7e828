"""The nominative lists one asked for, their files for a day, and the journal of the Département."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import PDF, XLSX, as_download
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.web import attempt, page_of, progress_line, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_visible, requires, scope_of, territories_for
from reporting.models import NominativeList
from reporting.periods import last_quarters
from reporting.request_forms import NominativeForm
from reporting.services import nominative

P = Permission
HOME = ("Listes nominatives", "/listes-nominatives/")


@require_http_methods(["GET", "POST"])
@requires(P.LIST_BENEFICIARIES)
@recently_authenticated(sending=True)
def nominative_lists(request):
    """Ask for a list, and find again those one asked for."""
    form = _form(request)
    if form.is_bound and form.is_valid():
        asked = []
        if attempt(form, lambda: asked.append(nominative.ask_list(by=request.user, **form.cleaned_data))):
            note(request, JournalAction.EXPORT, of=asked[0], territory=asked[0].territory_id)
            return redirect("reporting:nominative_list", pk=asked[0].pk)
    rows = NominativeList.objects.visible_to(request.user).without_files().select_related("territory")
    context = {
        "form": form,
        "page": page_of(request, rows),
        "now": timezone.now(),
        "may_read_journal": _asks_everywhere(request.user),
        "breadcrumbs": trail(HOME),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reporting/nominative_lists.html", context, status=status)


def _form(request):
    return NominativeForm(
        request.POST if request.method == "POST" else None,
        territories=territories_for(request.user, P.LIST_BENEFICIARIES),
        everywhere=_asks_everywhere(request.user),
        quarters=last_quarters(timezone.localdate()),
    )


def _asks_everywhere(user):
    return P.LIST_BENEFICIARIES in scope_of(user).everywhere


@require_safe
def nominative_list(request, pk):
    """One list: its progress while it is made, then its files until they expire."""
    asked = _mine(request, pk)
    context = {
        "asked": asked,
        "progress": _progress(read_progress(asked)),
        "available": asked.expires_on is not None and asked.expires_on > timezone.now(),
        "downloads": asked.downloads.all(),
        "breadcrumbs": trail(HOME, (asked.number, None)),
    }
    return render(request, "reporting/nominative_list.html", context)


@require_safe
def nominative_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    return render(request, "components/progress.html", _progress(read_progress(_mine(request, pk))))


def _mine(request, pk):
    rows = NominativeList.objects.without_files().select_related("territory", "asked_by")
    return get_visible(rows, request.user, pk=pk)


def _progress(asked):
    return progress_line(
        asked,
        title="Production de la liste",
        poll_url=reverse("reporting:nominative_progress", args=[asked.pk]),
        result_url=reverse("reporting:nominative_list", args=[asked.pk]),
        result_label="Voir la liste",
    )


@reads_names("reporting.nominativelist")
@require_POST
@recently_authenticated(back_to="reporting:nominative_list")
def nominative_pdf(request, pk):
    """Take the PDF away: logged, hence a POST."""
    return _take(request, pk, "pdf", PDF)


@reads_names("reporting.nominativelist")
@require_POST
@recently_authenticated(back_to="reporting:nominative_list")
def nominative_xlsx(request, pk):
    """Take the workbook away: logged, hence a POST."""
    return _take(request, pk, "xlsx", XLSX)


def _take(request, pk, file, kind):
    asked = _mine(request, pk)
    try:
        content = nominative.take_away(asked=asked, file=file, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("reporting:nominative_list", pk=pk)
    count_shown(request, asked.persons)
    response = as_download(f"liste-{asked.number}.{file}", kind.mime, content)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@requires(P.LIST_BENEFICIARIES, everywhere=True)
def nominative_journal(request):
    """Who asked what, when and why, and who took it away: for the Département."""
    rows = NominativeList.objects.journal(request.user).without_files()
    rows = rows.select_related("territory", "asked_by").prefetch_related("downloads__downloaded_by")
    context = {"page": page_of(request, rows), "breadcrumbs": trail(HOME, ("Journal", None))}
    return render(request, "reporting/nominative_journal.html", context)
