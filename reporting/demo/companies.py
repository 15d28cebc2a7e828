"""Sixty invented companies. Their SIRET have a right key and begin with 9999, so that nobody takes them for real."""

from dataclasses import dataclass

from facilitators.models import Commune
from markets.enums import SIAE_KINDS
from markets.models import Company
from reporting.demo.calendar import at
from reporting.demo.history import create_many
from reporting.demo.tables import table

# Who lends staff.
LENDERS = {"etti", "ai", "geiq", "ett"}
STRUCTURE = "ei"


def luhn_key(digits):
    """The digit that makes the whole divisible by ten, as in a SIREN or a SIRET."""
    doubled = [int(digit) * (2 - rank % 2) for rank, digit in enumerate(reversed(digits))]
    return str(-sum(number - 9 * (number > 9) for number in doubled) % 10)


def invented_siret(rank):
    """The SIRET of the company of this rank (0 to 9 999)."""
    siren = f"9999{rank:04}"
    siren += luhn_key(siren)
    establishment = f"{siren}0001"
    return establishment + luhn_key(establishment)


@dataclass(frozen=True)
class Companies:
    """The companies, and the line of the table of each."""

    lines: dict[Company, dict[str, str]]

    def kind_of(self, company):
        return self.lines[company]["kind"]

    def lenders(self):
        """Companies that lend staff: temporary work, associations, GEIQ."""
        return [company for company, line in self.lines.items() if line["kind"] in LENDERS]

    def of_trade(self, trade, *, structures):
        """Companies of a trade: insertion structures, or the others."""
        return [
            company
            for company, line in self.lines.items()
            if trade in line["trades"].split() and (line["kind"] == STRUCTURE) == structures
        ]


def create_companies(world):
    """Create them all. Returns Companies."""
    lines = table("companies")
    day = world.calendar.signature
    communes = list(Commune.objects.filter(territory__in=world.territories.values()).order_by("insee_code"))
    companies = [_company(world, line, rank, day, communes) for rank, line in enumerate(lines)]
    create_many(companies, by=world.officer)
    world.made["entreprises"] += len(companies)
    return Companies(dict(zip(companies, lines, strict=True)))


def _company(world, line, rank, day, communes):
    company = Company(
        siret=invented_siret(rank),
        name=line["name"],
        kind=line["kind"],
        size=line["size"],
        is_siae=line["kind"] in SIAE_KINDS,
    )
    if rank % 7:
        company.verified_at, company.verified_by = at(day), world.officer
        company.commune = communes[rank % len(communes)]
    company._history_date = at(day)
    return company
