"""What a decision makes the buyer declare in the essential data, and where the declaration disagrees (§11, n° 41)."""

from markets.enums import ClauseOutcome, ConsiderationNature, SocialConsideration
from markets.legal import declared_considerations, declared_label

NONE = SocialConsideration.NONE
# What explains the hours of a market.
EXPLAINED = {SocialConsideration.CLAUSE, SocialConsideration.RESERVED}


def to_declare(decision):
    """Values of `considerationsSociales` that a decision leads to; another consideration is a clause of the market."""
    if decision.outcome == ClauseOutcome.CLAUSE:
        return declared_considerations(True, decision.legal_basis)
    if decision.nature == ConsiderationNature.RESERVED:
        return [SocialConsideration.RESERVED]
    return [SocialConsideration.CLAUSE if decision.nature else NONE]


def expected_of(decisions, *, has_hours=False):
    """Set of the values these decisions lead to; counted hours that none of them explains are those of a clause."""
    values = {value for decision in decisions for value in to_declare(decision)}
    if has_hours and not values & EXPLAINED:
        values.add(SocialConsideration.CLAUSE)
    return values - {NONE} or values


def ordered(values):
    """These values, each once, in the order of the schema."""
    return [value for value in SocialConsideration if value in values]


def labels(values, kind):
    """« Clause sociale, Critère social », in the words of the schema for this kind of market."""
    return ", ".join(declared_label(value, kind) for value in values)


def contradiction(market, decisions, *, all_decided, has_hours=False):
    """French sentence when the declaration of the market disagrees with the decisions on its lots, « » otherwise.

    A market that declared nothing yet contradicts nothing; what is declared beyond the decisions may come from a lot
    that is not decided yet.
    """
    declared = set(market.social_considerations)
    if not declared or not decisions:
        return ""
    expected = expected_of(decisions, has_hours=has_hours)
    agrees = expected == declared if all_decided else expected == {NONE} or expected <= declared
    if agrees:
        return ""
    return (
        f"La déclaration du marché ({labels(sorted(declared), market.kind)}) contredit la décision : "
        f"{labels(sorted(expected), market.kind)} est à déclarer. Corrigez le profil d’acheteur."
    )
