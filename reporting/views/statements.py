from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import as_download
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.web import attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, refusal, requires, scope_of, territories_for
from markets.models import Market
from reporting.enums import StatementState
from reporting.filters import StatementFilter
from reporting.forms import DraftForm, NewStatementForm
from reporting.models import ExportJob, Statement
from reporting.services import statements

HOME = ("États et bilans", "/etats/")
P = Permission


@require_http_methods(["GET", "POST"])
@requires(P.VIEW_STATEMENTS)
def statement_list(request):
    """The papers one may read; a facilitator opens a new one here."""
    may_open = scope_of(request.user).allows(P.PUBLISH_STATEMENTS)
    if request.method == "POST" and not may_open:
        raise PermissionDenied(refusal(request.user, P.PUBLISH_STATEMENTS))
    form = _new_form(request) if may_open else None
    if form is not None and form.is_bound and form.is_valid():
        opened = []
        if attempt(form, lambda: opened.append(_open(form, request.user))):
            return redirect("reporting:statement", pk=opened[0].pk)
    rows = readable(request.user).select_related("territory", "market")
    filters = StatementFilter(request.GET, queryset=rows, territories=territories_for(request.user, P.VIEW_STATEMENTS))
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "form": form,
        "breadcrumbs": trail(HOME),
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "reporting/statement_list.html", context, status=status)


def readable(user):
    """Published statements of the scope, and the drafts of those who publish."""
    published = Statement.objects.visible_to(user).published()
    return published | Statement.objects.actionable_by(user, P.PUBLISH_STATEMENTS)


def _new_form(request):
    return NewStatementForm(
        request.POST or None,
        territories=territories_for(request.user, P.PUBLISH_STATEMENTS),
        markets=Market.objects.actionable_by(request.user, P.PUBLISH_STATEMENTS),
        today=timezone.localdate(),
    )


def _open(form, by):
    market = form.cleaned_data["market"]
    return statements.open_statement(
        quarter=form.cleaned_data["quarter"],
        territory=None if market else form.cleaned_data["territory"],
        market=market,
        by=by,
    )


@require_http_methods(["GET", "POST"])
def statement_detail(request, pk):
    """One statement: its texts while it is a draft, its production, its document."""
    statement = get_visible(Statement.objects.select_related("territory", "market"), request.user, pk=pk)
    mine = Statement.objects.actionable_by(request.user, P.PUBLISH_STATEMENTS).filter(pk=pk).exists()
    if statement.state == StatementState.DRAFT and not mine:
        raise Http404
    form = DraftForm(request.POST or None, instance=statement) if mine and not statement.published_at else None
    if request.method == "POST":
        get_actionable(Statement.objects, request.user, P.PUBLISH_STATEMENTS, pk=pk)
        if form is None:
            messages.error(request, statements.SIGNED)
        elif form.is_valid() and attempt(
            form, lambda: statements.write_draft(statement=statement, by=request.user, **form.cleaned_data)
        ):
            messages.success(request, "Le brouillon est enregistré.")
            return redirect("reporting:statement", pk=pk)
    job = ExportJob.objects.visible_to(request.user).filter(statement=statement).first()
    context = {
        "progress": _progress(read_progress(job)) if job else None,
        "statement": statement,
        "form": form,
        "breadcrumbs": trail(HOME, (str(statement), None)),
    }
    return render(request, "reporting/statement_detail.html", context, status=_status(request, form))


def _status(request, form):
    """409 when what was sent is signed already (M20), 422 when the form was refused, 200 otherwise."""
    if form is None:
        return 409 if request.method == "POST" else 200
    return 422 if form.is_bound and form.errors else 200


@require_POST
def statement_preview(request, pk):
    """Ask a worker for the document as it would be: nothing is frozen."""
    return _ask(request, pk, publish=False)


@require_POST
def statement_publish(request, pk):
    """Ask a worker to freeze the figures, produce the document and close the quarter."""
    return _ask(request, pk, publish=True)


def _ask(request, pk, *, publish):
    statement = get_actionable(Statement.objects, request.user, P.PUBLISH_STATEMENTS, pk=pk)
    try:
        statements.ask(statement=statement, by=request.user, publish=publish)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("reporting:statement", pk=pk)


@require_safe
def job_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    job = read_progress(get_visible(ExportJob.objects.select_related("statement"), request.user, pk=pk))
    return render(request, "components/progress.html", _progress(job))


def _progress(job):
    """What the progress component shows of a job."""
    return {
        "job": job,
        "title": "Publication de l’état" if job.publish else "Aperçu de l’état",
        "poll_url": reverse("reporting:job", args=[job.pk]),
        "result_url": reverse("reporting:statement", args=[job.statement_id]) if job.is_over else "",
        "result_label": "Voir l’état à jour",
    }


@require_safe
def statement_download(request, pk):
    """The document, rights checked at each download."""
    statement = get_visible(readable(request.user), request.user, pk=pk)
    if not statement.pdf:
        raise Http404
    with statement.pdf.open() as paper:
        return as_download(f"{statement.number}.pdf", "application/pdf", paper.read())
