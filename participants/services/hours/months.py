"""Months: their days within a contract, those that were sent, the first where a correction may be booked."""

from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.periods import Quarter, month_range
from participants.models import ClosedPeriod

CLOSED = "Ce mois est clôturé : ses heures ne peuvent plus être modifiées."
NOT_BEGUN = "Ce mois n’a pas commencé : ses heures se saisissent une fois faites."
OUTSIDE_CONTRACT = "Ce mois est en dehors du contrat de cette personne."
NO_OPEN_MONTH = "Aucun trimestre n’est ouvert sur ce territoire : la régularisation attend le prochain."


def is_closed(territory_id, day):
    """True when the quarter of `day` was sent for this territory."""
    start = Quarter.of(day).start
    return ClosedPeriod.objects.filter(territory=territory_id, quarter_start=start).exists()


def closed_quarters(territory_ids):
    """{(territory id, first day of the quarter)} of the quarters sent for these territories."""
    closed = ClosedPeriod.objects.filter(territory__in=territory_ids)
    return set(closed.values_list("territory_id", "quarter_start"))


def was_sent(territory_id, day, closed):
    """Is the quarter of `day` among those sent for this territory? `closed` as `closed_quarters` gives it."""
    return (territory_id, Quarter.of(day).start) in closed


def is_frozen(entry, closed):
    """Was this entry sent? It then no longer changes. `closed` as `closed_quarters` gives it."""
    return was_sent(entry.territory_id, entry.booked_in or entry.starts_on, closed)


def days_of_month(contract, month):
    """(first, last) day of the month within the contract. Raises DomainError when there is none."""
    first, last = month_range(month)
    first = max(first, contract.starts_on)
    last = min(last, contract.ends_on) if contract.ends_on else last
    if first > last:
        raise DomainError(OUTSIDE_CONTRACT)
    return first, last


def refuse_to_come(day):
    """Raise DomainError when these hours begin on a day to come."""
    if day > timezone.localdate():
        raise DomainError(NOT_BEGUN)


def first_open_month(territory_id, day):
    """First day of the first month still open after the quarter of `day`: where its correction is booked (invariant 8).

    Raises DomainError when every quarter begun is closed.
    """
    closed = {start for _, start in closed_quarters({territory_id})}
    quarter = Quarter.of(day).next
    while quarter.start in closed:
        quarter = quarter.next
    if quarter.start > timezone.localdate():
        raise DomainError(NO_OPEN_MONTH)
    return quarter.start
