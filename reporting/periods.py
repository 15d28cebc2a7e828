"""The periods a paper may be opened for, as a list of choices: each says the kind of the paper."""

from clauses_portal.core.periods import LIFETIME, Quarter, TwelveMonths, Year, parse_period
from facilitators.models import Convention
from reporting.enums import StatementKind
from reporting.statements.recipes import RECIPES

PAST_QUARTERS, PAST_YEARS = 8, 2
TO_DATE = "du début du marché à ce jour"


def kind_of(code):
    """The kind of the paper whose period is written so; « » when it is written otherwise."""
    if code == LIFETIME:
        return StatementKind.CLOSING
    try:
        return StatementKind.QUARTERLY if isinstance(parse_period(code), Quarter) else StatementKind.ANNUAL
    except ValueError:
        return ""


def last_quarters(today, number=PAST_QUARTERS):
    """The quarter of today and those before, the last first."""
    quarters = [Quarter.of(today)]
    for _ in range(number):
        quarters.append(quarters[-1].previous)
    return quarters


def choices(today, kinds=tuple(StatementKind)):
    """[(kind, [(code, label)])] of the kinds asked for that this portal makes."""
    groups = {
        StatementKind.QUARTERLY: last_quarters(today),
        StatementKind.ANNUAL: [*_civil_years(today), *_convention_years(today)],
    }
    offered = [
        (kind.label, [(str(period), period.label) for period in groups[kind]])
        for kind in groups
        if kind in kinds and kind in RECIPES
    ]
    if StatementKind.CLOSING in kinds and StatementKind.CLOSING in RECIPES:
        offered.append((StatementKind.CLOSING.label, [(LIFETIME, TO_DATE)]))
    return offered


def _civil_years(today):
    return [Year(today.year - back) for back in range(PAST_YEARS + 1)]


def _convention_years(today):
    """The years of the conventions in force, from the one under way back to their signature."""
    years = set()
    for signed_on in Convention.objects.in_force(today).values_list("signed_on", flat=True):
        year, first = TwelveMonths.holding(today, since=signed_on), signed_on.replace(day=1)
        for _ in range(PAST_YEARS + 1):
            if year.start >= first:
                years.add(year)
            year = year.previous
    return sorted(years, reverse=True)
