"""What each company of a market is given of the closing report: its own hours, its subcontractors', counts of persons.

Its context is made here, apart from the report's, so that nothing of the report can reach it: neither what makes a
person eligible, nor penalties, nor an opinion, nor another company (domain.md §9.10; C25, C27). Counts of persons
below five are merged: a company knows its people, and must not learn more of them.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from markets.models import Award
from reporting.indicators import contracts, hours, people
from reporting.indicators.definition import compute, percentage, split, value_of
from reporting.indicators.scope import Scope
from reporting.statements.parts import hours_rows, rate, text

LEAST = 5
OTHERS = "Autres (regroupés)"


@dataclass(frozen=True)
class Family:
    """A company that answers for hours in a market: its awards, each with itself and all who work under it."""

    company: object
    awards: tuple

    @property
    def members(self):
        return frozenset(pk for _, members in self.awards for pk in members)


def families_of(market):
    """[Family] of the companies of a market that are nobody's subcontractor, by name."""
    awards = list(Award.objects.filter(lot__market=market).select_related("company", "lot").order_by("lot", "pk"))
    under = defaultdict(list)
    for award in awards:
        under[award.parent_id].append(award.pk)
    mine = defaultdict(list)
    for award in awards:
        if award.parent_id is None:
            mine[award.company].append((award, frozenset(_with_descendants(award.pk, under))))
    found = [Family(company, tuple(rows)) for company, rows in mine.items()]
    return sorted(found, key=lambda family: (family.company.name, family.company.pk))


def members_of(award):
    """Ids of an award and of all the subcontracts under it, at any depth: it answers for their hours."""
    under = defaultdict(list)
    for pk, parent in Award.objects.filter(lot=award.lot_id).order_by("pk").values_list("pk", "parent"):
        under[parent].append(pk)
    return frozenset(_with_descendants(award.pk, under))


def _with_descendants(pk, under):
    yield pk
    for child in under[pk]:
        yield from _with_descendants(child, under)


def build_all(families, period):
    """[what each company is given], in the order of the families."""
    return [build_one(family, period) for family in families]


def build_one(family, period):
    """Plain JSON data for one company: its hours and, merged below five, how many persons and contracts."""
    scope = Scope(award_ids=family.members)
    due, counted = (value_of(figure, scope, period) for figure in (hours.DUE, hours.COUNTED_TO_DATE))
    hired = compute((people.TOTAL, contracts.STARTED), scope, period)
    return {
        "company_id": family.company.pk,
        "company": str(family.company),
        "siret": family.company.siret,
        "lots": sorted({f"Lot {award.lot.number} – {award.lot.title}" for award, _ in family.awards}),
        "due": text(due),
        "counted": text(counted),
        "remaining": text(max(Decimal(due) - counted, Decimal(0))),
        "done": rate(percentage(counted, due)),
        "by_modality": hours_rows(split(hours.BY_MODALITY, scope, period)),
        "by_company": hours_rows(split(hours.BY_COMPANY, scope, period)),
        "by_year": hours_rows(split(hours.BY_YEAR, scope, period)),
        "persons": at_least(hired["persons_hired"]),
        "contracts": at_least(hired["contracts_started"]),
        "sexes": merged(split(people.BY_SEX, scope, period)),
        "ages": merged(split(people.BY_AGE, scope, period)),
        "types": merged(split(contracts.STARTED_BY_TYPE, scope, period)),
    }


def at_least(number):
    """A number one may tell: itself from five on, or zero; None below."""
    return number if number == 0 or number >= LEAST else None


def merged(rows):
    """[[label, number]] in which no number below five is told: the small ones are added up, with the smallest of the
    others while their sum stays below five. None when nothing can be told apart."""
    big = [list(row) for row in rows if row[1] >= LEAST]
    small = sum(number for _, number in rows if number < LEAST)
    while small and small < LEAST and big:
        smallest = min(big, key=lambda row: row[1])
        big.remove(smallest)
        small += smallest[1]
    if small:
        big.append([OTHERS, small])
    return big if len(big) > 1 or (big and not small) else None
