"""One paper: opened, written, commented, produced, published, replaced; its document and its files."""

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
from clauses_portal.core.web import answer_form, attempt, progress_line, tell, trail
from facilitators.enums import Permission
from facilitators.permissions import directorates_for, get_visible, refusal, scope_of, territories_for
from reporting import periods
from reporting.enums import StatementKind, StatementState
from reporting.forms import CommentForm, DraftForm, NewStatementForm, VersionForm
from reporting.models import ExportJob, Statement, StatementFile
from reporting.presenters import opens_papers, page_of_paper
from reporting.services import comments, production, statements
from reporting.statements.recipes import RECIPES

HOME = ("États et bilans", "/etats/")
P = Permission
SCOPE = ("territory", "directorate", "market")


@require_http_methods(["GET", "POST"])
def statement_create(request):
    """Open a paper: a quarter, a year, a market that ends."""
    if not opens_papers(request.user):
        raise PermissionDenied(refusal(request.user, P.PUBLISH_STATEMENTS))
    form = _new_form(request)
    opened = []
    if form.is_bound and form.is_valid() and attempt(form, lambda: opened.append(_open(form, request.user))):
        return redirect("reporting:statement", pk=opened[0].pk)
    context = {"breadcrumbs": trail(HOME, ("Nouveau document", None))}
    return answer_form(request, "reporting/statement_new.html", form, context)


def _new_form(request):
    user, today = request.user, timezone.localdate()
    territories = territories_for(user, P.PUBLISH_STATEMENTS)
    local, office = (scope_of(user).allows(right) for right in (P.PUBLISH_STATEMENTS, P.PUBLISH_REPORTS))
    kinds = tuple(StatementKind) if local else (StatementKind.QUARTERLY, StatementKind.ANNUAL)
    return NewStatementForm(
        request.POST or None,
        territories=territories,
        directorates=directorates_for(user, P.PUBLISH_REPORTS),
        markets=statements.markets_within(territories),
        periods=periods.choices(today, kinds),
        initial_period=str(periods.last_quarters(today)[1]),
        may_whole=office,
    )


def _open(form, by):
    data = form.cleaned_data
    scope = {name: data.get(name) for name in SCOPE}
    return statements.open_statement(kind=data["kind"], period=data["period"], by=by, **scope)


@require_http_methods(["GET", "POST"])
def statement_detail(request, pk):
    """One paper: its texts while it is a draft, its production, its comments, its files, its versions, its proof."""
    rows = Statement.objects.select_related("territory", "directorate", "market", "replaces", "published_by")
    statement = get_visible(rows.readable_by(request.user), request.user, pk=pk)
    mine = _is_mine(request.user, pk)
    form = _draft_form(request, statement) if mine and statement.state == StatementState.DRAFT else None
    if request.method == "POST":
        if not mine:
            raise PermissionDenied(refusal(request.user, P.PUBLISH_STATEMENTS))
        if form is None:
            messages.error(request, statements.SIGNED)
        elif form.is_valid() and attempt(
            form, lambda: statements.write_draft(statement=statement, by=request.user, **form.cleaned_data)
        ):
            messages.success(request, "Le brouillon est enregistré.")
            return redirect("reporting:statement", pk=pk)
    context = page_of_paper(statement, request.user, mine=mine) | {
        "progress": _progress_of(statement, request.user),
        "form": form,
        "breadcrumbs": trail(HOME, (str(statement), None)),
    }
    return render(request, "reporting/statement_detail.html", context, status=_status(request, form))


def _is_mine(user, pk):
    return Statement.objects.publishable_by(user).filter(pk=pk).exists()


def _draft_form(request, statement):
    return DraftForm(request.POST or None, instance=statement, texts=RECIPES[statement.kind].texts)


def _status(request, form):
    """409 when what was sent is signed already (M20), 422 when the form was refused, 200 otherwise."""
    if form is None:
        return 409 if request.method == "POST" else 200
    return 422 if form.is_bound and form.errors else 200


def mine_or_refused(request, pk):
    """A paper this account prepares. Out of sight: 404. In sight without the right: 403 with its sentence."""
    statement = get_visible(Statement.objects, request.user, pk=pk)
    if not _is_mine(request.user, pk):
        local = statement.territory_id or statement.market_id
        raise PermissionDenied(refusal(request.user, P.PUBLISH_STATEMENTS if local else P.PUBLISH_REPORTS))
    return statement


@require_POST
def statement_preview(request, pk):
    """Ask a worker for the document as it would be: nothing is frozen."""
    return _ask(request, pk, publish=False)


@require_POST
def statement_publish(request, pk):
    """Ask a worker to freeze the figures, produce the document and, for a territory, close the quarter."""
    return _ask(request, pk, publish=True)


def _ask(request, pk, *, publish):
    statement = mine_or_refused(request, pk)
    try:
        production.ask(statement=statement, by=request.user, publish=publish)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("reporting:statement", pk=pk)


@require_http_methods(["GET", "POST"])
def statement_version(request, pk):
    """Open the draft that will replace a published paper, with its reason."""
    statement = mine_or_refused(request, pk)
    form, opened = VersionForm(request.POST or None), []
    if form.is_bound and form.is_valid() and attempt(form, lambda: opened.append(_replace(statement, form, request))):
        messages.success(request, "La nouvelle version est ouverte en brouillon ; l’ancienne reste consultable.")
        return redirect("reporting:statement", pk=opened[0].pk)
    context = {"statement": statement, "breadcrumbs": trail(HOME, (str(statement), None))}
    return answer_form(request, "reporting/statement_version.html", form, context)


def _replace(statement, form, request):
    return statements.new_version(statement=statement, reason=form.cleaned_data["reason"], by=request.user)


@require_POST
def statement_comment(request, pk):
    """Write on a draft: the Département remarks, the author answers."""
    statement = get_visible(Statement.objects.readable_by(request.user), request.user, pk=pk)
    commented = Statement.objects.actionable_by(request.user, P.COMMENT_STATEMENTS).filter(pk=pk).exists()
    if not (commented or _is_mine(request.user, pk)):
        raise PermissionDenied(refusal(request.user, P.COMMENT_STATEMENTS))
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        tell(
            request,
            lambda: comments.comment(statement=statement, text=text, by=request.user),
            "Le commentaire est enregistré et signalé.",
        )
    else:
        for sentence in form.errors["text"]:
            messages.error(request, f"Commentaire : {sentence}")
    return redirect("reporting:statement", pk=pk)


@require_safe
def job_progress(request, pk):
    """The progress line alone, asked every second until the work is over."""
    job = read_progress(get_visible(ExportJob.objects.select_related("statement"), request.user, pk=pk))
    return render(request, "components/progress.html", _progress(job))


def _progress_of(statement, user):
    job = ExportJob.objects.visible_to(user).filter(statement=statement).first()
    return _progress(read_progress(job)) if job else None


def _progress(job):
    """What the progress component shows of a job."""
    return progress_line(
        job,
        title="Publication du document" if job.publish else "Aperçu du document",
        poll_url=reverse("reporting:job", args=[job.pk]),
        result_url=reverse("reporting:statement", args=[job.statement_id]),
        result_label="Voir le document à jour",
    )


@require_safe
def statement_download(request, pk):
    """The document, rights checked at each download."""
    statement = get_visible(Statement.objects.readable_by(request.user), request.user, pk=pk)
    if not statement.pdf:
        raise Http404
    with statement.pdf.open() as paper:
        return as_download(f"{statement.number}.pdf", "application/pdf", paper.read())


@require_safe
def statement_file(request, pk):
    """A file published beside a document; the restricted version for those who see the amounts alone (C27)."""
    file = get_visible(StatementFile.objects, request.user, pk=pk)
    return as_download(file.name, file.mime, bytes(file.content))
