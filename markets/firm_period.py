"""What is firm in a lot: its duration without the renewals, which nobody owes before they are decided."""


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
