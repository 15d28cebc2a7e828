"""The methods M1 to M9 (domain.md §3.2): each is one function of checked parameters that returns a `Computed`.

Amounts are euros without tax; shares and rates, fractions in ]0; 1]. Each multiplies before it divides, so that a
result which falls exactly on a floor stays on it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from clauses_portal.core import french
from markets.calibration.result import Computed

# Decimals of a rate in an explanation: « 2,5 % » must not read « 3 % » beside the amount it gives.
EXPLAINED = 4
# « Inférieur à 150 h » excludes: Inserpropre, PACT Propreté (domain.md §3.2, T10).
PACT_FLOOR = Decimal(150)
# Firm-period amount below which so many hours are asked; the gaps of the published table (99 500 €) go to the row
# that begins below them (domain.md T12).
SCALE = ((Decimal(100_000), 150), (Decimal(200_000), 300), (Decimal(400_000), 450))
SCALE_TOP = 900


def percent(share):
    """Write a share as its percentage: 0.025 gives « 2,5 % »."""
    return french.percent(share * 100, EXPLAINED)


def an_hour(cost):
    """Write a cost in euros: « 30 € de l’heure »."""
    return f"{french.euros(cost)} de l’heure"


def _standard(*, amount, labour_share, insertion_rate, hourly_cost):
    """M1: hours = amount × labour share × insertion rate ÷ loaded hourly cost (domain.md §3.1)."""
    labour = amount * labour_share
    effort = labour * insertion_rate
    return Computed(
        effort / hourly_cost,
        (
            f"Part de main-d’œuvre : {french.euros(amount)} × {percent(labour_share)} = {french.euros(labour)}",
            f"Effort d’insertion : {french.euros(labour)} × {percent(insertion_rate)} = {french.euros(effort)}",
            f"Heures : {french.euros(effort)} ÷ {an_hour(hourly_cost)}",
        ),
    )


def _ratio(*, amount, ratio, insertion_rate):
    """M2: hours = amount ÷ ratio × insertion rate; the ratio is 20 €/h ÷ 80 % = 25 €/h in cleaning."""
    effort = amount * insertion_rate
    return Computed(
        effort / ratio,
        (
            f"Effort d’insertion : {french.euros(amount)} × {percent(insertion_rate)} = {french.euros(effort)}",
            f"Heures : {french.euros(effort)} ÷ {an_hour(ratio)}",
        ),
    )


def _pact(*, amount, months, transferable_monthly_hours, insertion_rate, ratio):
    """M3: P = 1 − (S × C) ÷ (A ÷ N), I = P × A ÷ C × T: the work left once the staff in place is taken over.

    P × A is computed as A − S × C × N, which needs no division. P and I may be negative: no clause then.
    """
    taken = transferable_monthly_hours * ratio * months
    left = amount - taken
    hours = left * insertion_rate / ratio
    verb = "dépasse" if left < 0 else "absorbe"
    refusal = f"Le personnel transférable {verb} le potentiel d’insertion : pas de clause." if left <= 0 else ""
    return Computed(
        hours,
        (
            f"Personnel transférable : {french.hours(transferable_monthly_hours)} × {an_hour(ratio)} "
            f"× {french.number(months)} mois = {french.euros(taken)}",
            f"Potentiel : 1 − {french.euros(taken)} ÷ {french.euros(amount)} = {percent(left / amount)}",
            f"Heures : {percent(left / amount)} × {french.euros(amount)} ÷ {an_hour(ratio)} "
            f"× {percent(insertion_rate)}",
        ),
        refusal,
    )


def _worked_hours(*, worked_hours, insertion_rate):
    """M4: a percentage of the hours worked (ANRU)."""
    return Computed(
        worked_hours * insertion_rate,
        (f"Heures : {french.hours(worked_hours)} de travail × {percent(insertion_rate)}",),
    )


def _fte(*, fte, annual_hours, year_share):
    """M5: full-time equivalents × hours of a full-time year (1 607 usually) × share of the year."""
    return Computed(
        fte * annual_hours * year_share,
        (f"Heures : {french.number(fte)} ETP × {french.hours(annual_hours)} × {percent(year_share)} de l’année",),
    )


def _scale(*, amount):
    """M6: hours read in the scale, from the amount of the firm period."""
    row = next(((limit, hours) for limit, hours in SCALE if amount < limit), None)
    hours = row[1] if row else SCALE_TOP
    place = f"moins de {french.euros(row[0])}" if row else f"{french.euros(SCALE[-1][0])} ou plus"
    return Computed(Decimal(hours), (f"Barème : {french.euros(amount)}, {place} : {french.hours(hours)}",))


def _per_step(*, invoiced_amount, step_amount, hours_per_step, threshold_amount, whole_steps):
    """M7: so many hours for each step invoiced beyond a threshold; a begun step counts only if `whole_steps` is False.

    No hours due is an answer, not an error: 0 h, no clause yet.
    """
    beyond = max(invoiced_amount - threshold_amount, Decimal(0))
    steps = beyond // step_amount if whole_steps else beyond / step_amount
    hours = steps * hours_per_step if whole_steps else beyond * hours_per_step / step_amount
    which = "complètes" if whole_steps else "au prorata"
    return Computed(
        hours,
        (
            f"Facturé au-delà de {french.euros(threshold_amount)} : {french.euros(beyond)}",
            f"Tranches de {french.euros(step_amount)} {which} : {french.number(steps, EXPLAINED)}",
            f"Heures : {french.number(steps, EXPLAINED)} × {french.hours(hours_per_step)}",
        ),
        "" if hours else "Le montant facturé n’ouvre aucune tranche : aucune heure n’est due.",
    )


def _flat(*, hours):
    """M8: hours fixed by the opinion of the facilitator."""
    return Computed(hours, (f"Forfait fixé sur l’avis du facilitateur : {french.hours(hours)}",))


def _reserved():
    """M9: a reserved market asks no hours of insertion, because all its hours are: 0 h, no clause of execution.

    Its volume is known only once worked, for statistics; it is never the objective of a clause (domain.md §12, 42).
    """
    return Computed(
        Decimal(0),
        ("Marché réservé : toutes ses heures sont confiées aux publics visés.",),
        "Rien à calibrer : aucune heure n’est demandée, le volume réalisé sert aux statistiques.",
    )


@dataclass(frozen=True)
class Method:
    """A way to compute hours: its names (`markets.calibration.PARAMETERS`), their defaults, its own floor (h)."""

    label: str
    function: Callable[..., Computed]
    parameters: tuple[str, ...]
    defaults: dict = field(default_factory=dict)
    floor: Decimal = Decimal(1)


METHODS = {
    "standard": Method("Formule standard", _standard, ("amount", "labour_share", "insertion_rate", "hourly_cost")),
    "ratio": Method("Ratio du métier", _ratio, ("amount", "ratio", "insertion_rate")),
    "pact": Method(
        "PACT Propreté, avec reprise du personnel",
        _pact,
        ("amount", "months", "transferable_monthly_hours", "insertion_rate", "ratio"),
        floor=PACT_FLOOR,
    ),
    "worked_hours": Method("Part des heures travaillées", _worked_hours, ("worked_hours", "insertion_rate")),
    "fte": Method("Équivalents temps plein", _fte, ("fte", "annual_hours", "year_share")),
    "scale": Method("Barème par montant", _scale, ("amount",)),
    "per_step": Method(
        "Heures par tranche facturée",
        _per_step,
        ("invoiced_amount", "step_amount", "hours_per_step", "threshold_amount", "whole_steps"),
        {"threshold_amount": 0, "whole_steps": True},
    ),
    "flat": Method("Forfait", _flat, ("hours",)),
    "reserved": Method("Marché réservé", _reserved, ()),
}
