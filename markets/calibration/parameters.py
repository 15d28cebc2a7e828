"""What the methods ask, by name: the same word means the same thing in all of them."""

from decimal import Decimal

from markets.calibration.numbers import Parameter, fraction, positive, yes_or_no, zero_or_more

CENT = Decimal("0.01")  # €
HIGHEST_AMOUNT = Decimal(10) ** 11  # €: beyond, nobody buys
HIGHEST_HOURS = 1_000_000  # h asked for a lot
HIGHEST_WORK = 100_000_000  # h worked on a market
HIGHEST_COST = 10_000  # € for one hour
HIGHEST_RATIO = 1_000_000  # € for one hour: a cost over a small share
LONGEST = 1_200  # months
LONGEST_YEAR = 366 * 24  # h
LARGEST_CREW = 100_000  # full-time equivalents
AMOUNT = positive(HIGHEST_AMOUNT, lowest=CENT)

PARAMETERS = {
    "amount": Parameter("Montant (€ HT)", AMOUNT),
    "labour_share": Parameter("Part de main-d’œuvre", fraction),
    "insertion_rate": Parameter("Taux d’insertion", fraction),
    "hourly_cost": Parameter("Coût horaire chargé (€)", positive(HIGHEST_COST)),
    "ratio": Parameter("Ratio, coût horaire ÷ part de main-d’œuvre (€/h)", positive(HIGHEST_RATIO)),
    "months": Parameter("Durée (mois)", positive(LONGEST)),
    "transferable_monthly_hours": Parameter("Heures mensuelles du personnel à reprendre", zero_or_more(HIGHEST_HOURS)),
    "worked_hours": Parameter("Heures travaillées", positive(HIGHEST_WORK)),
    "fte": Parameter("Équivalents temps plein (ETP)", positive(LARGEST_CREW)),
    "annual_hours": Parameter("Heures annuelles d’un temps plein", positive(LONGEST_YEAR)),
    "year_share": Parameter("Part de l’année", fraction),
    "invoiced_amount": Parameter("Montant facturé (€ HT)", AMOUNT),
    "step_amount": Parameter("Montant d’une tranche (€ HT)", AMOUNT),
    "hours_per_step": Parameter("Heures par tranche", positive(HIGHEST_HOURS)),
    "threshold_amount": Parameter("Montant à partir duquel les tranches comptent (€ HT)", zero_or_more(HIGHEST_AMOUNT)),
    "whole_steps": Parameter("Tranches complètes seulement", yes_or_no),
    "hours": Parameter("Heures du forfait", positive(HIGHEST_HOURS)),
}
PARAMETER_LABELS = {name: parameter.label for name, parameter in PARAMETERS.items()}
