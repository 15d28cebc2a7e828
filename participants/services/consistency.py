"""Recomputing what is kept and comparing: totals, fates of hours, copies of place, validations, objectives.

Every check returns French sentences, one per difference, none when all is well. Together they read whole tables:
run them on one snapshot of the database (`reporting.consistency.snapshot`).
"""

from decimal import Decimal
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Max, Q, RowRange, Sum, Window

from clauses_portal.core import french
from markets.models import Award, MarketTotal
from markets.services.totals import expected_required
from participants.enums import ContractType
from participants.models import ClosedPeriod, EligibilityValidation, EmploymentContract, HoursEntry
from participants.services.hours.fates import READ_WITH, fate_of, granted_by_person, has_fate
from participants.services.hours.months import is_frozen
from participants.services.hours.prehire import shares

BATCH = 2000
ZERO = Decimal(0)
# Hours due, declared and counted of a market where nothing happened.
NOTHING = (0, ZERO, ZERO)


def expected_totals():
    """Return {(market id, territory id): (due, declared, counted)} (h), from the ledger and the hours."""
    due = expected_required()
    rows = HoursEntry.objects.order_by().values_list("market_id", "territory_id")
    hours = {(market, place): tuple(sums) for market, place, *sums in rows.annotate(Sum("declared"), Sum("counted"))}
    return {key: (due.get(key, 0), *hours.get(key, (ZERO, ZERO))) for key in due.keys() | hours.keys()}


def total_differences():
    """`MarketTotal` against the ledger and the hours."""
    return [
        f"Totaux du marché n° {market}, territoire n° {territory} : {_totals_in_words(kept)} "
        f"au lieu de {_totals_in_words(expected)}."
        for (market, territory), (kept, expected) in _wrong_totals().items()
    ]


def _wrong_totals():
    """{(market id, territory id): (what is kept, what it should be)}; no row is the same as a row of zeros."""
    kept, expected = _kept_totals(), expected_totals()
    pairs = {key: (kept.get(key, NOTHING), expected.get(key, NOTHING)) for key in kept.keys() | expected.keys()}
    return {key: pair for key, pair in sorted(pairs.items()) if pair[0] != pair[1]}


def _kept_totals():
    rows = MarketTotal.objects.values_list("market_id", "territory_id", "required", "declared", "counted")
    return {(market, territory): tuple(figures) for market, territory, *figures in rows}


def _totals_in_words(figures):
    due, declared, counted = (french.hours(figure) for figure in figures)
    return f"{due} dues, {declared} déclarées, {counted} comptabilisées"


@transaction.atomic
def repair_totals():
    """Rewrite `MarketTotal` from the ledger and the hours. Returns the number of rows that were wrong.

    The table is locked first: whoever is recording hours has finished, or will add a difference to what we write.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"LOCK TABLE {MarketTotal._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    wrong = _wrong_totals()
    for (market, territory), (_, (due, declared, counted)) in wrong.items():
        MarketTotal.objects.update_or_create(
            market_id=market,
            territory_id=territory,
            defaults={"required": due, "declared": declared, "counted": counted},
        )
    return len(wrong)


def sum_differences():
    """Declared hours against the sum of their three fates."""
    wrong = HoursEntry.objects.exclude(declared=F("counted") + F("rejected") + F("pending")).order_by("pk")
    return [
        f"Saisie d’heures n° {entry.pk} : {french.hours(entry.declared)} déclarées, mais "
        f"{french.hours(entry.counted + entry.rejected + entry.pending)} comptabilisées, rejetées ou en attente."
        for entry in wrong
    ]


def fate_differences():
    """The fate of the hours of open quarters against validations, dates of the lots and rules of the markets."""
    closed = set(ClosedPeriod.objects.values_list("territory_id", "quarter_start"))
    rows = HoursEntry.objects.typed().exclude(contract__contract_type=ContractType.PREHIRE_TRAINING)
    found = []
    for batch in _batches(rows.select_related(READ_WITH).order_by("participant_id", "pk").iterator(BATCH)):
        granted = granted_by_person({entry.participant_id for entry in batch})
        for entry in batch:
            if not is_frozen(entry, closed):
                found += _fate_difference(entry, fate_of(entry, granted=granted[entry.participant_id]))
    return found + _prehire_differences()


def _prehire_differences():
    """Training before hire: the budget of each award, shared again."""
    rows = HoursEntry.objects.filter(contract__contract_type=ContractType.PREHIRE_TRAINING)
    awards = set(rows.order_by().values_list("contract__award", flat=True))
    found = []
    for award in sorted(awards):
        entries = list(
            rows.filter(contract__award=award).select_related(READ_WITH).order_by("starts_on", "contract_id")
        )
        for entry, fate in shares(entries):
            found += _fate_difference(entry, fate)
    return found


def _batches(rows):
    while batch := list(islice(rows, BATCH)):
        yield batch


def _fate_difference(entry, fate):
    if has_fate(entry, fate):
        return []
    kept = entry.counted, entry.rejected, entry.pending, entry.rejection_reason
    expected = fate.counted, fate.rejected, fate.pending, fate.reason
    return [f"Saisie d’heures n° {entry.pk} : {_fate_in_words(*kept)} au lieu de {_fate_in_words(*expected)}."]


def _fate_in_words(counted, rejected, pending, reason):
    why = f" (« {reason} »)" if reason else ""
    return (
        f"{french.hours(counted)} comptabilisées, {french.hours(rejected)} rejetées{why}, "
        f"{french.hours(pending)} en attente"
    )


def correction_differences():
    """Days whose hours, corrections added, fall below zero; cancelled hours that are not taken away."""
    days = ("contract_id", "nature", "starts_on", "ends_on")
    sums = HoursEntry.objects.order_by().values_list(*days).annotate(Sum("declared"), Sum("counted"))
    below = sums.filter(Q(declared__sum__lt=0) | Q(counted__sum__lt=0)).order_by(*days)
    cancelled = HoursEntry.objects.filter(cancellation__isnull=False).order_by("pk")
    wrong = cancelled.exclude(counted=-F("cancellation__counted"))
    return [
        f"Contrat n° {contract}, du {french.date(first)} au {french.date(last)} : {french.hours(declared)} déclarées, "
        f"{french.hours(counted)} comptabilisées, régularisations comprises."
        for contract, _, first, last, declared, counted in below
    ] + [f"Saisie d’heures n° {entry.pk} : annulée par une régularisation qui ne la compense pas." for entry in wrong]


def place_differences():
    """The person and place copied on hours and contracts, against the contract and the lot of the award."""
    astray = Q()
    for name in ("participant", "territory", "market", "lot"):
        astray |= ~Q(**{f"{name}_id": F(f"contract__{name}_id")})
    hours = HoursEntry.objects.filter(astray).order_by("pk").values_list("pk", "contract_id")
    moved = (
        ~Q(lot_id=F("award__lot_id"))
        | ~Q(market_id=F("award__lot__market_id"))
        | ~Q(territory_id=F("award__lot__territory_id"))
    )
    contracts = EmploymentContract.objects.filter(moved).order_by("pk").values_list("pk", "award_id")
    return [
        f"Saisie d’heures n° {entry} : personne, territoire, marché ou lot différents de ceux du contrat n° {contract}."
        for entry, contract in hours
    ] + [
        f"Contrat n° {contract} : lot, marché ou territoire différents de ceux de l’attribution n° {award}."
        for contract, award in contracts
    ]


def overlap_differences():
    """Granted validations of a person that begin before an earlier one is over."""
    latest_end_before = Window(
        Max("ends_on"),
        partition_by=F("participant_id"),
        order_by=["starts_on", "pk"],
        frame=RowRange(end=-1),
    )
    granted = EligibilityValidation.objects.granted().annotate(latest_end_before=latest_end_before)
    wrong = granted.filter(latest_end_before__gte=F("starts_on")).order_by("pk")
    return [
        f"Validation n° {pk} : elle commence avant la fin d’une autre validation de la personne n° {person}."
        for pk, person in wrong.values_list("pk", "participant_id")
    ]


def objective_differences():
    """Objectives below zero, on any day."""
    running = Window(
        Sum("objective_entries__hours"),
        partition_by=F("pk"),
        order_by=["objective_entries__effective_on", "objective_entries__pk"],
    )
    rows = Award.objects.filter(objective_entries__isnull=False).annotate(running=running).filter(running__lt=0)
    lowest = {}
    for pk, hours in rows.order_by("pk").values_list("pk", "running"):
        lowest[pk] = min(hours, lowest.get(pk, 0))
    return [f"Attribution n° {pk} : objectif négatif ({french.hours(hours)})." for pk, hours in lowest.items()]


CHECKS = {
    "totaux des marchés": total_differences,
    "somme des heures": sum_differences,
    "sort des heures": fate_differences,
    "régularisations": correction_differences,
    "copies de lieu": place_differences,
    "validations sans recouvrement": overlap_differences,
    "objectifs": objective_differences,
}
