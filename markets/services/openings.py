"""« Reprise d’antériorité »: what a company had done before the portal, taken from what remains due (ADR 0021)."""

from itertools import accumulate

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock
from markets.enums import AwardRole, ObjectiveKind
from markets.models import Award, Lot, ObjectiveEntry, OpeningBalance
from markets.services import totals
from markets.services.awards import OWES_NOTHING, objective_of, write_line

ALREADY = "L’antériorité de cette entreprise est déjà reprise sur ce lot : {hours}, jusqu’au {day}."
IN_THE_FUTURE = "La reprise s’arrête au plus tard aujourd’hui."
MORE_THAN_DUE = "Cette entreprise ne doit que {due} : la reprise ne peut pas les dépasser."
ALREADY_THERE = (
    "Des heures sont déjà saisies à partir du {day} : la reprise s’arrête avant, sinon elles compteraient deux fois."
)
TAKEN_OVER = (
    "Les heures faites jusqu’au {day} sont dans la reprise d’antériorité de cette entreprise : elles ne se saisissent "
    "pas une seconde fois."
)
REASON = "Faites par {persons} jusqu’au {day}, avant le portail ({source})."


@transaction.atomic
def record_opening_balance(*, award, hours, persons, until, source, by):
    """Take the `hours` done before the portal from what `award` owes: an OpeningBalance (domain.md §12, n° 55).

    `hours` are whole, by `persons` of whom nothing is known, up to the day `until`; `source` names where they were
    kept. They are no counted hours (C14): a line of the ledger takes them away, the totals follow. Raises Conflict
    when it was already done or the lot is over; DomainError for a subcontractor, hours above those due, a day to come
    or hours declared by then; ValidationError on figures that make no sense.
    """
    lot = lock(Lot.objects, award.lot_id)
    award = Award.objects.get(pk=award.pk)
    opening = OpeningBalance(award=award, hours=hours, persons=persons, until=until, source=source)
    opening.recorded_at, opening.recorded_by = timezone.now(), by
    _check(opening)
    opening.entry = write_line(
        award=award,
        lot=lot,
        by=by,
        kind=ObjectiveKind.OPENING,
        hours=-opening.hours,
        effective_on=_day_of_line(opening),
        reason=_reason(opening),
    )
    opening.save()
    totals.shift(market_id=lot.market_id, territory_id=lot.territory_id, required=-opening.hours)
    return opening


def _check(opening):
    if done := OpeningBalance.objects.filter(award=opening.award_id).first():
        raise Conflict(ALREADY.format(hours=french.hours(done.hours), day=french.date(done.until)))
    if opening.award.role == AwardRole.SUBCONTRACTOR:
        raise DomainError(OWES_NOTHING)
    opening.full_clean(exclude=["entry"])  # its line is written afterwards
    if opening.until > timezone.localdate():
        raise DomainError(IN_THE_FUTURE)
    if opening.hours > (due := objective_of(opening.award)):
        raise DomainError(MORE_THAN_DUE.format(due=french.hours(due)))
    if (first := first_day_declared(opening.award)) and opening.until >= first:
        raise DomainError(ALREADY_THERE.format(day=french.date(first)))


def first_day_declared(award):
    """The first day (date) of hours declared for this award or for who works under it; None when there is none.

    Counted or not: those that wait, or that nobody validated, may count one day.
    """
    rows = Award.objects.filter(lot=award.lot_id).order_by()
    first = Min("contracts__hours__starts_on", filter=Q(contracts__hours__declared__gt=0))
    rows = {pk: (parent, day) for pk, parent, day in rows.values_list("pk", "parent").annotate(first=first)}
    return min((day for pk, (_, day) in rows.items() if day and award.pk in _answering(pk, rows)), default=None)


def refuse_taken_over(award, day):
    """Raise DomainError when hours of `day` (date) are in the opening balance of who answers for this award."""
    rows = Award.objects.filter(lot=award.lot_id).order_by()
    rows = {pk: (parent, until) for pk, parent, until in rows.values_list("pk", "parent", "opening_balance__until")}
    for pk in _answering(award.pk, rows):
        if (until := rows[pk][1]) and day <= until:
            raise DomainError(TAKEN_OVER.format(day=french.date(until)))


def _answering(pk, rows):
    """The award `pk` and those that answer for it, up to the top."""
    while pk:
        yield pk
        pk = rows[pk][0]


def _day_of_line(opening):
    """The day (date) the line takes effect: `until`, or the first day after it from which the ledger bears it.

    The hours due may be dated later than what was done of them: an objective is never negative, on any day.
    """
    rows = ObjectiveEntry.objects.filter(award=opening.award_id).order_by("effective_on", "pk")
    days, hours = zip(*rows.values_list("effective_on", "hours"), strict=True)
    after = dict(zip(days, accumulate(hours), strict=True))
    day, lowest = opening.until, opening.hours
    for start in sorted(after, reverse=True):
        lowest = min(lowest, after[start])
        if lowest < opening.hours:
            break
        day = start
    return max(day, opening.until)


def _reason(opening):
    persons = f"{french.number(opening.persons, 0)} personne{'s' if opening.persons > 1 else ''}"
    return REASON.format(persons=persons, day=french.date(opening.until), source=opening.source)
