import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core import french
from clauses_portal.core.exports import export
from clauses_portal.core.periods import month_end
from clauses_portal.core.web import UNREADABLE, page_of, trail
from facilitators.enums import Permission
from facilitators.journal_marks import count_shown, reads_names
from facilitators.permissions import get_actionable, requires, scope_of
from markets.enums import LotState
from markets.models import Award, Company, Lot
from markets.presenters import abilities
from participants import grid
from participants.counting import natures_of
from participants.enums import HoursNature
from participants.exports import LOTS
from participants.exports import hours_grid as grid_listing
from participants.models import EmploymentContract, HoursEntry
from participants.services.hours import record_cells

HOME = ("Heures", "/heures/")
P = Permission
MOST_CELLS = 2000
READ_WITH = ("participant", "employer", "award", "lot__market__counting_rule")


@dataclass(frozen=True)
class Place:
    """What a grid shows: the contracts of a lot, or of a company on every lot of the reader."""

    title: str
    name: str
    url: str
    own: Q
    awards: Q
    save_url: str
    lot: Lot | None = None
    company: Company | None = None

    @classmethod
    def of_lot(cls, lot):
        name, args = f"{lot.market.number} lot {lot.number}", [lot.pk]
        own, awards = Q(lot=lot), Q(lot=lot)
        urls = reverse("markets:lot", args=args), own, awards, reverse("participants:hours_save", args=args)
        return cls(lot.title, name, *urls, lot=lot)

    @classmethod
    def of_company(cls, company):
        args = [company.pk]
        own = Q(award__company=company) | Q(employer=company) | Q(host=company)
        urls = reverse("markets:company", args=args), own, Q(company=company)
        save_url = reverse("participants:company_hours_save", args=args)
        return cls(str(company), f"SIRET {company.siret}", *urls, save_url, company=company)

    def contracts(self, user):
        """Contracts the account may read, with `may_type` and `named`: what it may do with each."""
        every = EmploymentContract.objects
        return (
            every.visible_to(user)
            .filter(self.own)
            .annotate(
                may_type=Exists(
                    EmploymentContract.objects.actionable_by(user, P.ENTER_HOURS).filter(pk=OuterRef("pk"))
                ),
                named=Exists(EmploymentContract.objects.actionable_by(user, P.VIEW_PERSONS).filter(pk=OuterRef("pk"))),
            )
        )

    def hours(self, user):
        contracts = EmploymentContract.objects.visible_to(user).filter(self.own)
        return HoursEntry.objects.visible_to(user).filter(Q(lot=self.lot) if self.lot else Q(contract__in=contracts))

    def objective(self, user):
        """Hours due on the awards the account may read, as a French text."""
        return french.number(grid.objective_of(Award.objects.actionable_by(user, P.VIEW_HOURS).filter(self.awards)))


def _lots(request):
    """Lots whose hours can be typed or read, the latest notified first."""
    rows = Lot.objects.actionable_by(request.user, P.VIEW_HOURS)
    rows = rows.filter(state__in=[LotState.AWARDED, LotState.RUNNING, LotState.CLOSED])
    return rows.select_related("market", "territory").order_by("-market__notified_on", "pk")


@require_safe
@requires(P.VIEW_HOURS)
def hours_lots(request):
    may_type = scope_of(request.user).allows(P.ENTER_HOURS)
    context = {"page": page_of(request, _lots(request)), "may_type": may_type, "breadcrumbs": trail(HOME)}
    return render(request, "participants/hours_lots.html", context)


@require_safe
@requires(P.VIEW_HOURS)
def hours_lots_export(request, file_format):
    return export(request, file_format, LOTS, _lots(request))


@reads_names("markets.lot")
@require_http_methods(["GET", "POST"])
def hours_grid(request, pk):
    """The grid of a lot. Without JavaScript it is an ordinary form, posted here."""
    return _grid(request, Place.of_lot(_lot(request, pk, P.ENTER_HOURS if request.method == "POST" else P.VIEW_HOURS)))


@reads_names("markets.company")
@require_http_methods(["GET", "POST"])
def company_grid(request, pk):
    """The grid of a company, over all the lots of the reader."""
    return _grid(request, Place.of_company(_company(request, pk)))


@require_POST
def hours_save(request, pk):
    """Save cells sent by the grid: each has its own answer, a refused one leaves the others saved."""
    return _save(request, Place.of_lot(_lot(request, pk, P.ENTER_HOURS)))


@require_POST
def company_hours_save(request, pk):
    """As `hours_save`, from the grid of a company."""
    return _save(request, Place.of_company(_company(request, pk)))


def _lot(request, pk, permission):
    return get_actionable(Lot.objects.select_related("market", "territory"), request.user, permission, pk=pk)


def _company(request, pk):
    permission = P.ENTER_HOURS if request.method == "POST" else P.VIEW_HOURS
    return get_actionable(Company.objects, request.user, permission, pk=pk)


@reads_names("markets.lot")
@require_safe
def hours_export(request, pk, file_format):
    """The grid of a lot, as it is shown."""
    return _export(request, Place.of_lot(_lot(request, pk, P.VIEW_HOURS)), file_format)


@reads_names("markets.company")
@require_safe
def company_grid_export(request, pk, file_format):
    """The grid of a company, as it is shown."""
    return _export(request, Place.of_company(_company(request, pk)), file_format)


def _export(request, place, file_format):
    months, _, _, rows = _read(request, place)
    listing = grid_listing(place.name, months, with_lot=place.lot is None)
    asked = request.GET.get("voir", "")
    criteria = [("Lignes affichées", grid.FILTERS[asked][0])] if asked in grid.FILTERS else []
    return export(request, file_format, listing, grid.kept_rows(rows, asked), criteria=criteria)


def _grid(request, place):
    if request.method == "POST":
        return _save_form(request, place)
    return render(request, "participants/hours_grid.html", _context(request, place))


def _read(request, place):
    """(first days of the months shown, their Reading, ids of the contracts whose person is named, every row)."""
    months = grid.months_shown(_month_asked(request))
    contracts = place.contracts(request.user).running(months[0], month_end(months[-1])).select_related(*READ_WITH)
    contracts = list(contracts.order_by("participant__last_name", "participant__first_name", "starts_on", "pk"))
    may_type = {contract.pk for contract in contracts if contract.may_type}
    named = {contract.pk for contract in contracts if contract.named}
    count_shown(request, len(named))
    reading = grid.Reading(contracts, months)
    return months, reading, named, grid.build_rows(reading, named=named, may_type=may_type, with_lot=place.lot is None)


def _context(request, place):
    months, reading, named, rows = _read(request, place)
    contracts = reading.contracts.values()
    asked = request.GET.get("voir", "")
    whole, by_month = grid.place_totals(place.hours(request.user), months)
    return {
        "place": place,
        "months": grid.month_heads({contract.territory_id for contract in contracts}, reading.closed, months),
        "rows": grid.kept_rows(rows, asked),
        "any_row": bool(rows),
        "filters": [(value, label) for value, (label, _) in grid.FILTERS.items()],
        "asked": asked if asked in grid.FILTERS else "",
        "until": f"{months[-1]:%Y-%m}",
        "totals": _figures(whole) | {"objective": place.objective(request.user)},
        "month_totals": [(month, *map(french.number, by_month[month])) for month in months],
        "doubles": [(grid.label_of(pair[0].contract, named), pair) for pair in reading.doubles()],
        "corrections": [(grid.label_of(row.contract, named), row) for row in reading.corrections_shown()],
        "may_type": any(contract.may_type for contract in contracts),
        "may_add": place.lot is not None and _may_add(request.user, place.lot),
        "form_action": request.get_full_path(),
        "earlier": f"{grid.months_shown(months[0], 2)[0]:%Y-%m}",
        "later": f"{grid.month_after(months[-1]):%Y-%m}",
        "breadcrumbs": trail(HOME, (place.name if place.lot else place.title, None)),
    }


def _may_add(user, lot):
    return abilities(Lot.objects, user, lot.pk, P.MANAGE_PERSONS)[P.MANAGE_PERSONS]


def _month_asked(request):
    """The last month to show: that of ?jusqu=2026-07, this one when there is none or it makes no sense."""
    try:
        return grid.parse_month(request.GET.get("jusqu", ""))
    except ValueError:
        return timezone.localdate()


def _cells(place, user, typed):
    """[(contract, month, text, version, nature)] of typed cells; a contract of another place does not exist here."""
    contracts = EmploymentContract.objects.actionable_by(user, P.ENTER_HOURS).filter(place.own)
    known = contracts.in_bulk({contract for contract, *_ in typed})
    if any(contract not in known for contract, *_ in typed):
        raise BadRequest(UNREADABLE)
    return [(known[contract], *cell) for contract, *cell in typed]


def _save_form(request, place):
    """Save what changed. What is refused comes back in the page as it was typed, the rest saved."""
    cells = grid.changed_cells(_cells(place, request.user, _typed_form(request.POST)))
    outcomes = record_cells(cells=cells, by=request.user)
    refused = {
        _name(cell[0], cell[1], cell[4]): (cell[2], outcome)
        for cell, outcome in zip(cells, outcomes, strict=True)
        if outcome.status in {"refused", "conflict"}
    }
    _tell(request, kept=len(outcomes) - len(refused), refused=len(refused))
    if not refused:
        return redirect(request.get_full_path())
    context = _context(request, place)
    grid.keep_typed(context["rows"], refused)
    return render(request, "participants/hours_grid.html", context, status=422)


def _tell(request, *, kept, refused):
    if kept:
        messages.success(request, f"{kept} mois enregistré{'s' if kept > 1 else ''}.")
    elif not refused:
        messages.info(request, "Aucune modification à enregistrer.")


def _typed_form(fields):
    """[(contract id, month, text, version, nature)] of the plain form. Raises BadRequest on fields it never had."""
    try:
        return [
            (contract, month, text, int(fields.get(f"version-{name[5:]}", 0)), nature)
            for name, text in fields.items()
            if name.startswith("cell-")
            for contract, month, nature in [grid.parse_cell(name)]
        ]
    except ValueError as error:
        raise BadRequest(UNREADABLE) from error


def _save(request, place):
    cells = _cells(place, request.user, _typed(request.body))
    outcomes = record_cells(cells=cells, by=request.user)
    answers = [_as_json(cell[0], outcome) for cell, outcome in zip(cells, outcomes, strict=True)]
    return JsonResponse({"cells": answers, "totals": _totals(request.user, place, cells)})


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
                HoursNature(cell["nature"]) if cell.get("nature") else None,
            )
            for cell in cells
        ]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadRequest(UNREADABLE) from error
    if not 0 < len(typed) <= MOST_CELLS or any(contract >= 2**63 for contract, *_ in typed):
        raise BadRequest(UNREADABLE)
    return typed


def _name(contract, month, nature):
    usual = natures_of(contract.contract_type)[0]
    return grid.cell_name(contract.pk, month, bool(nature) and nature != usual)


def _as_json(contract, outcome):
    over = month_end(outcome.month) < timezone.localdate()
    note = grid.note_of(outcome.status, outcome.declared, over=over) if outcome.status in grid.NOTES else ""
    link = f"{reverse('participants:hours_month', args=[contract.pk])}?mois={outcome.month:%Y-%m}"
    usual = natures_of(contract.contract_type)[0]
    second = outcome.nature not in {"", usual}
    return {
        "contract": contract.pk,
        "month": f"{outcome.month:%Y-%m}",
        "cell": grid.cell_name(contract.pk, outcome.month, second),
        "status": outcome.status,
        "declared": "" if outcome.declared is None else french.number(outcome.declared),
        "counted": french.number(outcome.counted),
        "version": outcome.version,
        "message": outcome.message,
        "note": note,
        "link": f"{link}&nature={outcome.nature}" if second else link,
    }


def _totals(user, place, cells):
    """What the page adds up: by row, by month, of the whole place. French texts."""
    contracts, months = {cell[0].pk: cell[0] for cell in cells}, {cell[1] for cell in cells}
    usual = {pk: natures_of(contract.contract_type)[0] for pk, contract in contracts.items()}
    by_row = grid.totals_by_row(contracts).items()
    whole, by_month = grid.place_totals(place.hours(user), months)
    return {
        "rows": {grid.row_key(pk, nature, usual[pk]): _figures(sums) for (pk, nature), sums in by_row},
        "months": {f"{month:%Y-%m}": _figures(sums) for month, sums in by_month.items()},
        "place": _figures(whole),
    }


def _figures(sums):
    """{declared, counted} of a pair of hours, as French texts."""
    return {"declared": french.number(sums[0]), "counted": french.number(sums[1])}
