"""What the file of a lot answers to the criteria, before anybody does (domain.md §2.6).

The facts are confidential (amount, labour share, computed hours); the answers are not figures: a gate passed or not,
a grade of 0 to 4. The steps of the grades are the office's habits, to be corrected by hand on each instruction.
"""

from dataclasses import dataclass
from decimal import Decimal

from markets.enums import MarketKind, QualificationLevel

WEEKS_FOR_AN_OPINION = 4
# Services are longer than works: six months where works need three.
SERVICES_FOR_WORKS = 2
# CPV families the buyers' guides call favourable: works, cleaning, green spaces, guarding, catering, waste, removals.
FAVOURABLE_CPV = ("45", "9061", "9091", "773", "797", "555", "905", "98392")
QUALIFIED_CPV = ("71", "72", "73", "805")
# (at least, grade), the highest first
LABOUR_SHARE_STEPS = ((Decimal("0.50"), 4), (Decimal("0.35"), 3), (Decimal("0.20"), 2), (Decimal("0.10"), 1))
# « Le marché de l’inclusion »: more than thirty suppliers, a reserved market; ten, a reserved lot; one, a clause.
SUPPLIER_STEPS = ((31, 4), (11, 3), (2, 2), (1, 1))
# Hours due on the same trade, territory and period: none, under one, three, ten full-time years (1 607 h).
SATURATION_STEPS = ((16_070, 0), (4_821, 1), (1_607, 2), (1, 3))
SOURCES = {
    "amount": "montants du lot",
    "duration": "durée ferme du lot ou durée du marché",
    "labour_share": "paramètres du corps de métier",
    "computed_hours": "calcul indicatif avec les paramètres du corps de métier",
    "service_nature": "corps de métier ou code CPV",
    "qualification": "qualification et habilitations de l’avant-projet",
    "adequacy": "avis du facilitateur",
    "inclusive_supply": "avis du facilitateur",
    "staff_takeover": "reprise du personnel de l’avant-projet",
    "saturation": "heures dues des lots en cours du même métier, dans le territoire, à la même période",
    "calendar": "publication prévue",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a lot: € without tax, months, a fraction, hours, weeks. None: not known. Confidential (C27)."""

    kind: str
    amount: Decimal | None = None
    months: int | None = None
    labour_share: Decimal | None = None
    hours: Decimal | None = None
    cpv: tuple[str, ...] = ()
    qualification: str = ""
    clearances: bool = False
    adequacy: int | None = None
    suppliers: int | None = None
    takeover: bool = False
    takeover_hours_known: bool = False
    running_hours: int | None = None
    weeks_left: int | None = None


def gate(code, facts, floor):
    """True, False or None (nobody knows) for a gate of the grid; `floor` is the grid's own, None without one."""
    if code == "staff_takeover":
        return not facts.takeover or facts.takeover_hours_known
    value = {"amount": facts.amount, "duration": facts.months, "computed_hours": facts.hours}.get(code)
    if value is None or floor is None:
        return None
    if code == "duration" and facts.kind != MarketKind.WORKS:
        floor *= SERVICES_FOR_WORKS
    return value >= floor


def grade(code, facts):
    """A grade of 0 to 4, or None, for a weighted criterion of the grid."""
    known = GRADES.get(code)
    return known(facts) if known else None


def step(value, steps, otherwise):
    """The grade of the first step that `value` reaches; None when the value is not known."""
    if value is None:
        return None
    return next((given for at_least, given in steps if value >= at_least), otherwise)


def _nature(facts):
    if any(code.startswith(FAVOURABLE_CPV) for code in facts.cpv) or facts.kind == MarketKind.WORKS:
        return 4
    if facts.kind == MarketKind.SUPPLIES:
        return 0
    qualified = facts.kind == MarketKind.INTELLECTUAL or any(code.startswith(QUALIFIED_CPV) for code in facts.cpv)
    return 1 if qualified else 2


def _qualification(facts):
    """One grade less where clearances are asked: they take time, or close the site."""
    grades = {QualificationLevel.LOW: 4, QualificationLevel.MEDIUM: 3, QualificationLevel.HIGH: 1}
    found = grades.get(facts.qualification)
    return found - 1 if found and facts.clearances else found


def _calendar(facts):
    return None if facts.weeks_left is None else min(max(facts.weeks_left, 0), WEEKS_FOR_AN_OPINION)


GRADES = {
    "labour_share": lambda facts: step(facts.labour_share, LABOUR_SHARE_STEPS, 0),
    "service_nature": _nature,
    "qualification": _qualification,
    "adequacy": lambda facts: facts.adequacy,
    "inclusive_supply": lambda facts: step(facts.suppliers, SUPPLIER_STEPS, 0),
    "saturation": lambda facts: step(facts.running_hours, SATURATION_STEPS, 4),
    "calendar": _calendar,
}
