"""What is firm in a lot: its duration without the renewals, which nobody owes before they are decided; its hours."""

from markets.enums import LegalBasis, Technique

BY_ORDERS, RESERVED = "heures selon les bons de commande", "heures des personnes employées par la structure"


def instead_of_hours(lot):
    """What stands for the hours of a lot that may owe none in its firm period; « » when it must owe some.

    A reserved lot is worked by the people it is reserved for; a framework agreement owes what each order asks
    (domain.md §12, n° 4 and 42).
    """
    decision = getattr(lot, "decision", None)
    if decision is not None and decision.legal_basis and LegalBasis(decision.legal_basis).is_reserved:
        return RESERVED
    return BY_ORDERS if lot.market.technique == Technique.FRAMEWORK else ""


def firm_excess(*, duration, firm, renewals):
    """Say in French why `firm` months cannot be firm, or « ».

    `duration` is the market's, renewals included (as in the DECP); `renewals` the months of the lot's renewals.
    What is None is not known yet and refuses nothing.
    """
    if duration is None:
        return ""
    if renewals >= duration:
        return f"Les reconductions font {renewals} mois, le marché {duration} : il ne reste pas de durée ferme."
    if firm is None or firm <= duration - renewals:
        return ""
    if firm > duration:
        return f"La durée ferme, {firm} mois, dépasse celle du marché, {duration} mois reconductions comprises."
    return (
        f"Le marché dure {duration} mois, dont {renewals} de reconductions : la durée ferme est de "
        f"{duration - renewals} mois au plus. Une reconduction n’est pas ferme."
    )
