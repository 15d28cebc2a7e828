"""The packages one asked for: their progress, then their file for a week (C22)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import ZIP, as_stream
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.web import answer_form, attempt, page_of, progress_line, trail
from facilitators.enums import Permission
from facilitators.journal_marks import leaves
from facilitators.permissions import get_visible, requires, structures_for
from reporting.enums import ExchangeTable
from reporting.exchange_forms import PackageForm
from reporting.models import PackageExport
from reporting.services import packages

HOME = ("Échanges", "/echanges/")


@leaves(JournalAction.EXCHANGE)
@require_http_methods(["GET", "POST"])
@requires(Permission.EXCHANGE_DATA)
@recently_authenticated(sending=True)
def exchanges(request):
    """Ask for a package, and find again those one asked for."""
    form = PackageForm(request.POST or None, structures=structures_for(request.user, Permission.EXCHANGE_DATA))
    if form.is_valid():
        asked = []
        if attempt(form, lambda: asked.append(packages.ask_package(by=request.user, **form.cleaned_data))):
            return redirect("reporting:package", pk=asked[0].pk)
    rows = PackageExport.objects.visible_to(request.user).select_related("structure")
    context = {"page": page_of(request, rows), "breadcrumbs": trail(HOME)}
    return answer_form(request, "reporting/exchanges.html", form, context)


@require_safe
def package(request, pk):
    """One package: its progress while it is written, then what it holds."""
    asked = read_progress(_mine(request, pk))
    context = {
        "asked": asked,
        "progress": _progress(asked),
        "available": packages.is_available(asked),
        "expires_on": packages.expires_on(asked),
        "tables": [(kind.label, asked.counts[kind]) for kind in ExchangeTable if kind in asked.counts],
        "breadcrumbs": trail(HOME, (f"Paquet n° {asked.pk}", None)),
    }
    return render(request, "reporting/package.html", context)


@require_safe
def package_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    return render(request, "components/progress.html", _progress(read_progress(_mine(request, pk))))


@require_POST
@recently_authenticated(back_to="reporting:package")
def package_download(request, pk):
    """Take the archive away; it may hold names, hence never a link."""
    asked = _mine(request, pk)
    try:
        file = packages.open_package(asked)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("reporting:package", pk=pk)
    response = as_stream(packages.file_name_of(asked), ZIP.mime, file)
    response["Cache-Control"] = "private, no-store"
    return response


def _mine(request, pk):
    rows = PackageExport.objects.select_related("structure", "asked_by")
    return get_visible(rows, request.user, pk=pk)


def _progress(asked):
    return progress_line(
        asked,
        title="Écriture du paquet",
        poll_url=reverse("reporting:package_progress", args=[asked.pk]),
        result_url=reverse("reporting:package", args=[asked.pk]),
        result_label="Voir le paquet",
    )
