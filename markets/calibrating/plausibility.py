"""What deserves a second look before hours are proposed: advice, never a refusal (domain.md §3.3, §3.5)."""

from decimal import Decimal

from clauses_portal.core import french
from markets.calibrating.known import is_cleaning, range_of, takes_orders
from markets.calibration.equivalents import HOURS_OF_A_PERSON
from markets.enums import CalibrationPurpose

# Above this share of the work, companies cannot find room for so many newcomers.
HIGHEST_SHARE_OF_WORK = Decimal("0.3")
RANGES = {
    "labour_share": "La part de main-d’œuvre",
    "insertion_rate": "Le taux d’insertion",
    "hourly_cost": "Le coût horaire",
}
TOO_MUCH_WORK = "Plus de {share} des heures de travail estimées du lot : peu d’entreprises trouveront à les confier."
TOO_MUCH_MONEY = (
    "Le montant dépasse celui qui est estimé : la période ferme ne compte ni reconduction, ni option, ni tranche."
)
FEW_HOURS = "Moins qu’un parcours moyen ({hours}) : peu de chose pour une seule personne."
NO_ORDERS = "Ce marché n’est pas déclaré à bons de commande."
STAFF_TAKEN_OVER = (
    "Ce lot reprend du personnel : les heures de ces salariés sont du travail, non des emplois à pourvoir. "
    "Seul le PACT Propreté les retire du calcul."
)


def warnings(known, method, parameters, hours):
    """Sentences about a computation: `parameters` as typed, `hours` the rounded result (± for an amendment)."""
    found = [_outside(known, name, parameters[name]) for name in RANGES if name in parameters]
    found.append(_amount(known, parameters.get("amount")))
    found.append(_volume(known, abs(hours)))
    found.append(_place(known, method))
    return [sentence for sentence in found if sentence]


def outside(usual, name, value):
    """Is this parameter outside the usual range of the trade (TradeParameters or None)?"""
    low, high = range_of(usual, name)
    return low is not None and not low <= Decimal(value) <= high


def usual_text(usual, name):
    """« de 25 % à 35 % », « 38 € », « » when the trade has no range (TradeParameters or None)."""
    low, high = range_of(usual, name)
    if low is None:
        return ""
    texts = [_written(name, value) for value in (low, high)]
    return texts[0] if low == high else f"de {texts[0]} à {texts[1]}"


def _written(name, value):
    return french.euros(value) if name == "hourly_cost" else french.percent(value * 100, 4)


def _outside(known, name, value):
    if outside(known.usual, name, value):
        return f"{RANGES[name]} sort de l’usage du métier ({usual_text(known.usual, name)})."
    return ""


def _amount(known, amount):
    return TOO_MUCH_MONEY if amount and known.amount and Decimal(amount) > known.amount else ""


def _volume(known, hours):
    if known.labour_hours and hours > known.labour_hours * HIGHEST_SHARE_OF_WORK:
        return TOO_MUCH_WORK.format(share=french.percent(HIGHEST_SHARE_OF_WORK * 100))
    if known.subject.is_firm and 0 < hours < HOURS_OF_A_PERSON:
        return FEW_HOURS.format(hours=french.hours(HOURS_OF_A_PERSON))
    return ""


def _place(known, method):
    lot, purpose = known.subject.lot, known.subject.purpose
    if purpose == CalibrationPurpose.ORDER and not takes_orders(lot):
        return NO_ORDERS
    return STAFF_TAKEN_OVER if lot.staff_takeover and method != "pact" and not is_cleaning(lot) else ""
