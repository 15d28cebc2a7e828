"""What the buyer declares in the essential data, so that it agrees with the decision (domain.md §11)."""

from markets.enums import LegalBasis, MarketKind, SocialConsideration
from markets.legal.thresholds import LegalError

_DECLARED = {
    LegalBasis.EXECUTION: (SocialConsideration.CLAUSE,),
    LegalBasis.CRITERION: (SocialConsideration.CRITERION,),
    LegalBasis.EXECUTION_AND_CRITERION: (SocialConsideration.CLAUSE, SocialConsideration.CRITERION),
    # Insertion is the very object of the market: its conditions of execution are social.
    LegalBasis.QUALIFICATION: (SocialConsideration.CLAUSE,),
}


def declared_considerations(outcome_has_clause, legal_basis):
    """The values of `considerationsSociales` to declare, in the order of the schema; « none » is always alone.

    `legal_basis` is a LegalBasis, read only when there is a clause. Raises LegalError when it is not one.
    """
    if not outcome_has_clause:
        return [SocialConsideration.NONE]
    if not isinstance(legal_basis, str) or legal_basis not in LegalBasis.values:
        raise LegalError("Indiquez le fondement juridique de la clause.")
    return list(_DECLARED.get(legal_basis, (SocialConsideration.RESERVED,)))


def declared_label(value, kind):
    """The word of the DECP for a value: a reserved concession has its own."""
    if value == SocialConsideration.RESERVED and kind == MarketKind.CONCESSION:
        return "Concession réservée"
    return SocialConsideration(value).label
