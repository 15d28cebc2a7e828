"""The library of the papers: found, compared, taken away by the quarter."""

from contextlib import ExitStack
from tempfile import SpooledTemporaryFile

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clauses_portal.core.errors import too_many_requests
from clauses_portal.core.files import ZIP, as_download, as_stream
from clauses_portal.core.periods import Quarter
from clauses_portal.core.throttle import is_one_too_many
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import NOT_FOUND, directorates_for, get_visible, requires, territories_for
from reporting.bundle import write_bundle
from reporting.comparison import compare
from reporting.enums import StatementKind
from reporting.filters import StatementFilter
from reporting.models import Statement, StatementFile
from reporting.periods import last_quarters
from reporting.presenters import opens_papers, with_files
from reporting.views.statements import HOME
from reporting.views.tabs import tabs_of

P = Permission
SUBJECTS = ("territory", "directorate", "market")
MOST_COMPARED = 40
# A bundle reads every paper of a quarter: few a minute are enough (A28).
MOST_A_MINUTE = 5
IN_MEMORY = 1024 * 1024


@require_safe
@requires(P.VIEW_STATEMENTS)
def statement_list(request):
    """The papers one may read, their files and their versions."""
    user = request.user
    rows = Statement.objects.readable_by(user).defer("snapshot").select_related(*SUBJECTS, "replaced_by")
    filters = StatementFilter(
        request.GET,
        queryset=with_files(rows, user),
        territories=territories_for(user, P.VIEW_STATEMENTS),
        directorates=directorates_for(user, P.VIEW_STATEMENTS),
    )
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "may_open": opens_papers(user),
        "quarters": last_quarters(timezone.localdate()),
        "tabs": tabs_of(request, "reporting:list"),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "reporting/statement_list.html", context)


@require_safe
def statement_compare(request, pk):
    """A paper beside another of the same kind and subject: a former version, another period."""
    rows = Statement.objects.readable_by(request.user).select_related(*SUBJECTS)
    statement = get_visible(rows, request.user, pk=pk)
    same = {name: getattr(statement, name) for name in ("kind", *SUBJECTS)}
    others = rows.filter(snapshot__isnull=False, **same).exclude(pk=pk).order_by("-ends_on", "-version")
    choices = list(others.defer("snapshot")[:MOST_COMPARED])
    other = _chosen(request, statement, choices)
    tables = []
    if other is not None and statement.snapshot:
        tables = compare(others.get(pk=other.pk).snapshot, statement.snapshot)
    context = {
        "statement": statement,
        "other": other,
        "choices": choices,
        "tables": tables,
        "breadcrumbs": trail(HOME, (str(statement), f"/etats/{pk}/"), ("Comparer", None)),
    }
    return render(request, "reporting/statement_compare.html", context)


def _chosen(request, statement, choices):
    """The paper asked for by ?avec=; else the one this version replaces, or the last one before."""
    asked = request.GET.get("avec", "")
    if asked:
        return next((one for one in choices if str(one.pk) == asked), None)
    earlier = [one for one in choices if (one.ends_on, one.version) < (statement.ends_on, statement.version)]
    return next(iter(earlier), None)


@require_safe
@requires(P.VIEW_STATEMENTS)
def statement_bundle(request):
    """The papers published for a quarter that this account may read, in one ZIP."""
    quarter = _quarter(request)
    if is_one_too_many(request.user, "bundles", most=MOST_A_MINUTE):
        return too_many_requests(request)
    papers = Statement.objects.visible_to(request.user).published()
    papers = papers.filter(kind=StatementKind.QUARTERLY, period_code=str(quarter))
    files = StatementFile.objects.visible_to(request.user).filter(statement__in=papers.values("pk"))
    related = [f"statement__{name}" for name in SUBJECTS]
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        write_bundle(
            file,
            papers.defer("snapshot").select_related(*SUBJECTS).order_by("pk").iterator(),
            files.select_related(*related).defer("statement__snapshot").order_by("pk").iterator(chunk_size=1),
        )
        size = file.tell()
        file.seek(0)
        if size <= IN_MEMORY:
            return as_download(f"etats-{quarter}.zip", ZIP.mime, file.read())
        stack.pop_all()  # the answer closes it
        return as_stream(f"etats-{quarter}.zip", ZIP.mime, file)


def _quarter(request):
    """The quarter of ?trimestre=, the last one by default; an unreadable one is no page."""
    asked = request.GET.get("trimestre")
    if not asked:
        return Quarter.of(timezone.localdate()).previous
    try:
        return Quarter.parse(asked)
    except ValueError as error:
        raise Http404(NOT_FOUND) from error
