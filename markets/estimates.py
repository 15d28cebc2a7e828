"""The estimate of a market and those of its lots must agree. Sentences with amounts: for confidential screens only."""

from clauses_portal.core.french import NBSP, hundredths


def agree(total, lots):
    """True when the lots (list of Decimal, None for unknown) can make the market’s `total`.

    Unknown amounts leave it open as long as something remains for them: a lot is never free.
    """
    known = [amount for amount in lots if amount is not None]
    if total is None or not known:
        return True
    return sum(known) < total if len(known) < len(lots) else sum(known) == total


def disagreement(total, lots):
    """The sentence that says why they do not agree, or « »."""
    if agree(total, lots):
        return ""
    known = [amount for amount in lots if amount is not None]
    if len(known) < len(lots):
        return (
            f"Les lots renseignés font déjà {_exact(sum(known))}, le marché {_exact(total)}{NBSP}: "
            "il ne reste rien pour les autres lots."
        )
    return (
        f"Les lots font {_exact(sum(known))}, le marché {_exact(total)}{NBSP}: corrigez l’un ou l’autre, "
        f"l’écart est de {_exact(abs(sum(known) - total))}."
    )


def _exact(amount):
    """« 480 000,00 € »."""
    return f"{hundredths(amount)}{NBSP}€"
