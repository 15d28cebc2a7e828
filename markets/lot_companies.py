"""What the page of a lot shows of its companies: the tree of those who answer for others, and what contacts lack."""

from dataclasses import dataclass

from markets.enums import AwardRole
from markets.models import Award, Company
from markets.services.awards import OPEN_TO_COMPANIES

ROLES = list(AwardRole)


@dataclass(frozen=True)
class AwardRow:
    """An award, how deep under a company of the lot it is (0: it answers for itself), and its dashes to say so."""

    award: Award
    depth: int

    @property
    def mark(self):
        return "– " * self.depth

    @property
    def opening(self):
        """Its opening balance, None when there is none."""
        return getattr(self.award, "opening_balance", None)


@dataclass(frozen=True)
class CompanySection:
    """`rows` of the tree, `lacking` the companies with too few contacts, `open` when the lot takes another company."""

    rows: list[AwardRow]
    lacking: list[Company]
    open: bool


def companies_of(lot):
    """The CompanySection of a lot, in two queries."""
    rows = lot.awards.with_objective().select_related("company", "parent__company", "succeeds__company")
    awards = list(rows.select_related("opening_balance"))
    present = [award.company_id for award in awards if not award.ended_on]
    lacking = Company.objects.filter(pk__in=present).lacking_contacts().order_by("name", "siret")
    return CompanySection(tree_of(awards), list(lacking), lot.state in OPEN_TO_COMPANIES)


def tree_of(awards):
    """[AwardRow] of the awards of a lot: those who answer for themselves by role, each followed by its own."""
    under = {}
    for award in sorted(awards, key=lambda award: (ROLES.index(award.role), award.pk)):
        under.setdefault(award.parent_id, []).append(award)
    rows = []

    def add(parent, depth):
        for award in under.get(parent, ()):
            rows.append(AwardRow(award, depth))
            add(award.pk, depth + 1)

    add(None, 0)
    return rows
