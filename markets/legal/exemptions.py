"""The cases in which a buyer may do without a social consideration (L. 2112-2-1, II; L. 3114-2-1, II)."""

from django.db import models

from markets.enums import MarketKind

SHORT_WORKS_MONTHS = 6


class Exemption(models.IntegerChoices):
    """Numbered as in L. 2112-2-1, II (domain.md §2.2)."""

    IMMEDIATE_SOLUTION = 1, "Solution immédiatement disponible"
    NO_LINK = 2, "Lien insuffisant avec l’objet du marché"
    COMPETITION_OR_DIFFICULTY = 3, "Concurrence restreinte ou exécution difficile"
    SHORT_WORKS = 4, "Travaux d’une durée inférieure à six mois"


OF_MARKETS = (Exemption.IMMEDIATE_SOLUTION, Exemption.NO_LINK, Exemption.COMPETITION_OR_DIFFICULTY)
OF_CONCESSIONS = (Exemption.NO_LINK, Exemption.COMPETITION_OR_DIFFICULTY)


def proposable(kind, months):
    """The exemptions that the facts allow: all but short works are left to the reasons of the buyer."""
    if kind == MarketKind.CONCESSION:
        return OF_CONCESSIONS
    short = kind == MarketKind.WORKS and months is not None and months < SHORT_WORKS_MONTHS
    return (*OF_MARKETS, Exemption.SHORT_WORKS) if short else OF_MARKETS


def refusal(exemption, reason, kind, months):
    """Why a claimed exemption does not stand (French sentence), « » when it stands."""
    if exemption not in proposable(kind, months):
        return _not_allowed(kind, months)
    # A dash or three dots are no reason.
    if not any(sign.isalnum() for sign in reason):
        return "Donnez le motif de la dérogation : sans motif écrit, elle ne tient pas."
    return ""


def _not_allowed(kind, months):
    if kind == MarketKind.CONCESSION:
        return "Cette dérogation n’existe pas pour les concessions (L. 3114-2-1)."
    if kind != MarketKind.WORKS:
        return "Cette dérogation ne vaut que pour les marchés de travaux."
    if months is None:
        return "Indiquez la durée du marché : cette dérogation suppose des travaux de moins de six mois."
    return "Les travaux durent six mois ou plus : cette dérogation suppose moins de six mois."
