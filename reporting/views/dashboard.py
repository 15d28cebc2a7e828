from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses_portal.core.exports import export
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import requires
from reporting.dashboards import board as boards
from reporting.dashboards import files, lines
from reporting.dashboards.cells import cells_of
from reporting.dashboards.filters import BoardForm
from reporting.dashboards.pictures import pictures
from reporting.dashboards.reader import Reader
from reporting.indicators.catalogue import every_figure
from reporting.suppression import LEGEND

P = Permission
HOME = ("Tableau de bord", "/tableau-de-bord/")
NO_LINES = "Votre rôle donne accès à ce chiffre, pas aux lignes qui le composent."


def _asked(request):
    """(form, scope, whole, period): what the address asks, within what this account may read."""
    reader = Reader(request.user)
    form = BoardForm(request.GET, reader=reader)
    chosen = form.chosen
    whole = reader.scope(directorate=chosen["directorate"] if reader.is_of_a_directorate else None)
    return form, reader.scope(**chosen), whole, form.period


def _board(request):
    form, scope, whole, period = _asked(request)
    return form, boards.build(request.user, scope, whole, period)


@require_safe
@requires(P.VIEW_STATEMENTS)
def dashboard(request):
    """Four figures, then hours, persons, situations, markets behind their time; each with its table."""
    form, board = _board(request)
    context = {
        "form": form,
        "board": board,
        "keys": [board.values[figure.code] for figure in boards.KEYS],
        "pictures": {} if board.is_empty else pictures(board),
        "hours": [board.values[figure.code] for figure in boards.HOURS],
        "persons": [board.values[figure.code] for figure in boards.PERSONS],
        "exits": boards.exit_rows(board),
        "markets": [board.values[figure.code] for figure in boards.MARKETS],
        "legend": LEGEND,
        "breadcrumbs": trail(HOME),
    }
    return render(request, "reporting/dashboard.html", context)


@require_safe
@requires(P.VIEW_STATEMENTS)
def dashboard_export(request, file_format):
    """The figures of the screen, as a file."""
    form, board = _board(request)
    return export(request, file_format, files.BOARD, files.lines(board), criteria=form.criteria())


@require_safe
@requires(P.VIEW_STATEMENTS)
def dashboard_data(request):
    """The figures of the screen, as JSON."""
    form, board = _board(request)
    return JsonResponse(files.data(board, form.criteria()), json_dumps_params={"ensure_ascii": False})


@reads_names()
@require_safe
@requires(P.VIEW_STATEMENTS)
def figure(request, code):
    """What a figure is made of, for who may read it line by line."""
    asked, rows, mine, form, scope, period = _lines(request, code)
    listing = _listing(request, asked, rows)
    page = page_of(request, mine)
    context = {
        "figure": asked,
        "form": form,
        "period": period,
        "total": lines.total_of(asked, scope, period),
        "columns": listing.columns,
        "rows": [cells_of(listing.columns, row) for row in page.object_list],
        "page": page,
        "elsewhere": rows.count() - page.paginator.count,
        "breadcrumbs": trail(HOME, (asked.label, None)),
    }
    return render(request, "reporting/figure.html", context)


@reads_names()
@require_safe
@requires(P.VIEW_STATEMENTS)
def figure_export(request, code, file_format):
    """The lines of a figure, as a file."""
    asked, rows, mine, form, _, _ = _lines(request, code)
    return export(request, file_format, _listing(request, asked, rows), mine, criteria=form.criteria())


def _listing(request, asked, rows):
    listing = lines.listing(asked, rows, request.user)
    if not lines.names_persons(listing):
        count_shown(request, 0)
    return listing


def _lines(request, code):
    """(figure, its rows, those this account may read, form, scope, period). 404 unknown, 403 not for this role."""
    asked = every_figure().get(code)
    if asked is None or not lines.has_rows(asked):
        raise Http404
    form, scope, _, period = _asked(request)
    rows = lines.rows_of(asked, scope, period)
    if not lines.may_open(asked, scope, period, request.user):
        raise PermissionDenied(NO_LINES)
    return asked, rows, lines.read_by(rows, request.user), form, scope, period
