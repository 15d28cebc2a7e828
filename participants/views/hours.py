import json

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core import french
from clauses_portal.core.web import page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, requires
from markets.enums import LotState
from markets.models import Lot
from markets.presenters import abilities
from participants import grid
from participants.models import EmploymentContract
from participants.services.hours import record_cells

HOME = ("Heures", "/heures/")
P = Permission
MOST_CELLS = 2000
UNREADABLE = "La demande est illisible : rien n’a été enregistré."


@require_safe
@requires(P.VIEW_HOURS)
def hours_lots(request):
    """Lots whose hours can be typed or read."""
    rows = Lot.objects.actionable_by(request.user, P.VIEW_HOURS)
    rows = rows.filter(state__in=[LotState.AWARDED, LotState.RUNNING, LotState.CLOSED])
    rows = rows.select_related("market", "territory").order_by("-market__notified_on", "pk")
    context = {"page": page_of(request, rows), "breadcrumbs": trail(HOME)}
    return render(request, "participants/hours_lots.html", context)


@require_http_methods(["GET", "POST"])
def hours_grid(request, pk):
    """The grid. Without JavaScript it is an ordinary form, posted here."""
    if request.method == "POST":
        return _save_form(request, pk)
    lot = get_actionable(Lot.objects.select_related("market", "territory"), request.user, P.VIEW_HOURS, pk=pk)
    return render(request, "participants/hours_grid.html", _context(request, lot))


def _context(request, lot):
    months = grid.months_shown(_month_asked(request))
    contracts = list(
        EmploymentContract.objects.visible_to(request.user)
        .filter(lot=lot)
        .select_related("participant", "employer")
        .order_by("participant__last_name", "participant__first_name", "starts_on")
    )
    can = abilities(Lot.objects, request.user, lot.pk, P.VIEW_PERSONS, P.ENTER_HOURS, P.MANAGE_PERSONS)
    named, may_type = can[P.VIEW_PERSONS], can[P.ENTER_HOURS]
    return {
        "lot": lot,
        "months": grid.month_heads(lot, months),
        "rows": grid.build_rows(lot=lot, months=months, contracts=contracts, named=named, may_type=may_type),
        "totals": {name: french.number(value) for name, value in grid.lot_totals(lot).items()},
        "may_type": may_type,
        "may_add": can[P.MANAGE_PERSONS],
        "save_url": reverse("participants:hours_save", args=[lot.pk]),
        "form_action": request.get_full_path(),
        "earlier": f"{grid.months_shown(months[0], 2)[0]:%Y-%m}",
        "later": f"{grid.month_after(months[-1]):%Y-%m}",
        "breadcrumbs": trail(HOME, (f"{lot.market.number} lot {lot.number}", None)),
    }


def _month_asked(request):
    """The last month to show: that of ?jusqu=2026-07, this one when there is none or it makes no sense."""
    try:
        return grid.parse_month(request.GET.get("jusqu", ""))
    except ValueError:
        return timezone.localdate()


def _typed_lot(request, pk):
    rows = Lot.objects.select_related("market", "territory")
    return get_actionable(rows, request.user, P.ENTER_HOURS, pk=pk)


def _cells(lot, user, typed):
    """[(contract, month, text, version)] of typed cells; a contract of another lot does not exist here."""
    contracts = EmploymentContract.objects.actionable_by(user, P.ENTER_HOURS).filter(lot=lot)
    known = contracts.in_bulk({contract for contract, *_ in typed})
    if any(contract not in known for contract, *_ in typed):
        raise BadRequest(UNREADABLE)
    return [(known[contract], month, text, version) for contract, month, text, version in typed]


def _save_form(request, pk):
    """Save what changed. What is refused comes back in the page as it was typed, the rest saved."""
    lot = _typed_lot(request, pk)
    cells = _cells(lot, request.user, grid.changed_cells(_typed_form(request.POST)))
    outcomes = record_cells(cells=cells, by=request.user)
    refused = {
        (outcome.contract_id, outcome.month): (text, outcome)
        for (_, _, text, _), outcome in zip(cells, outcomes, strict=True)
        if outcome.status in {"refused", "conflict"}
    }
    _tell(request, kept=len(outcomes) - len(refused), refused=len(refused))
    if not refused:
        return redirect(request.get_full_path())
    context = _context(request, lot)
    grid.keep_typed(context["rows"], refused)
    return render(request, "participants/hours_grid.html", context, status=422)


def _tell(request, *, kept, refused):
    if kept:
        messages.success(request, f"{kept} mois enregistré{'s' if kept > 1 else ''}.")
    elif not refused:
        messages.info(request, "Aucune modification à enregistrer.")


def _typed_form(fields):
    """[(contract id, month, text, version)] of the plain form. Raises BadRequest on fields it never had."""
    try:
        return [
            (*grid.parse_cell(name), text, int(fields.get(f"version-{name[5:]}", 0)))
            for name, text in fields.items()
            if name.startswith("cell-")
        ]
    except ValueError as error:
        raise BadRequest(UNREADABLE) from error


@require_POST
def hours_save(request, pk):
    """Save cells sent by the grid: each has its own answer, a refused one leaves the others saved."""
    lot = _typed_lot(request, pk)
    outcomes = record_cells(cells=_cells(lot, request.user, _typed(request.body)), by=request.user)
    return JsonResponse({"cells": [_as_json(outcome) for outcome in outcomes], "totals": _totals(lot, outcomes)})


def _typed(body):
    """Read the cells of a JSON body. Raises BadRequest on anything else than what the grid sends."""
    try:
        cells = json.loads(body)["cells"]
        typed = [
            (
                int(cell["contract"]),
                grid.parse_month(cell["month"]),
                str(cell["value"]),
                int(cell["version"]),
            )
            for cell in cells
        ]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BadRequest(UNREADABLE) from error
    if not 0 < len(typed) <= MOST_CELLS or any(contract >= 2**63 for contract, *_ in typed):
        raise BadRequest(UNREADABLE)
    return typed


def _as_json(outcome):
    return {
        "contract": outcome.contract_id,
        "month": f"{outcome.month:%Y-%m}",
        "status": outcome.status,
        "declared": "" if outcome.declared is None else french.number(outcome.declared),
        "counted": french.number(outcome.counted),
        "version": outcome.version,
        "message": outcome.message,
    }


def _totals(lot, outcomes):
    by_contract = grid.totals_by_contract({outcome.contract_id for outcome in outcomes})
    rows = {
        str(contract): {"declared": french.number(declared), "counted": french.number(counted)}
        for contract, (declared, counted) in by_contract.items()
    }
    return {"rows": rows, "lot": {name: french.number(value) for name, value in grid.lot_totals(lot).items()}}
