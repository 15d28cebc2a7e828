"""A month without a word is an alert; a month of zero hours is an information (domain.md §4.6, A03)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models.functions import TruncMonth

from clauses_portal.core.periods import month_end
from markets.alert_facts import Fact
from markets.enums import AlertCategory as A
from markets.enums import AlertSeverity as S
from markets.models.market import UNDER_WAY
from participants.alert_rules.night import grid_of_lot
from participants.models import EmploymentContract, HoursEntry, MonthlyDeclaration

# One for each reminder day of the following month: the longer the silence, the graver.
STEPS = (S.INFO, S.WATCH, S.CRITICAL)


@dataclass(frozen=True)
class Month:
    """A company at work on a lot in a month: who could have declared, and where it is."""

    award_id: int
    first: date
    companies: frozenset
    place: tuple


def missing_hours(night):
    """A03: neither hours nor a declaration for a month in which a contract ran; one alert a company and month.

    From the first reminder day of the next month on (settings.REMINDER_DAYS), graver on each of the others.
    """
    entered, declared = _entered(), _declared()
    return [
        _fact(month, severity, night)
        for month in _months_at_work(night.today)
        if (severity := severity_of(month.first, night.today))
        and (month.award_id, month.first) not in entered
        and not {(company, month.first) for company in month.companies} & declared
    ]


def severity_of(month, today):
    """How grave it is on `today` that this month is missing; None before the first reminder day."""
    after = month_end(month) + timedelta(days=1)
    last = month_end(after).day
    reached = [after.replace(day=min(day, last)) <= today for day in sorted(settings.REMINDER_DAYS)]
    steps = sum(reached)
    return STEPS[min(steps, len(STEPS)) - 1] if steps else None


def _months_at_work(today):
    """[Month] of the contracts of lots under way, up to the month before this one, in order."""
    companies, places = defaultdict(set), {}
    rows = EmploymentContract.objects.filter(lot__state__in=UNDER_WAY).order_by("award", "starts_on", "pk")
    columns = ("award", "starts_on", "ends_on", "employer", "award__company", "territory", "lot")
    for award, starts_on, ends_on, employer, company, *place in rows.values_list(*columns):
        for first in _months(starts_on, min(ends_on or today, today.replace(day=1) - timedelta(days=1))):
            companies[award, first] |= {employer, company}
            places[award] = (*place, company)
    return [Month(award, first, frozenset(found), places[award]) for (award, first), found in companies.items()]


def _months(starts_on, ends_on):
    first = starts_on.replace(day=1)
    while first <= ends_on:
        yield first
        first = month_end(first) + timedelta(days=1)


def _entered():
    """{(award, month)} that have an entry, were it of zero hours."""
    rows = HoursEntry.objects.filter(lot__state__in=UNDER_WAY).order_by().annotate(first=TruncMonth("starts_on"))
    return set(rows.values_list("contract__award", "first").distinct())


def _declared():
    """{(company, month)} that have a declaration, were it of zero hours and not checked yet."""
    return set(MonthlyDeclaration.objects.order_by().values_list("company", "month").distinct())


def _fact(month, severity, night):
    territory, lot, company = month.place
    return Fact(
        key=f"{A.MISSING_HOURS}:{month.award_id}:{month.first:%Y-%m}",
        category=A.MISSING_HOURS,
        severity=severity,
        territory_id=territory,
        lot_id=lot,
        company_id=company,
        description=f"Aucune heure saisie ni déclarée pour {month.first:%m/%Y}, alors qu’un contrat est en cours.",
        path=grid_of_lot(lot),
        due_on=night.answer_by,
    )
