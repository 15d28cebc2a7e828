"""Which declared hours count: pure functions, used by every entry point (C14; domain.md §4.4, §4.6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from dateutil.relativedelta import relativedelta

from participants.enums import ALTERNANCE, ContractType, HoursNature, RejectionReason

NOT_VALIDATED = "Heures refusées : cette personne n’était pas validée par le facilitateur à ces dates."
OUTSIDE_WINDOW = "Heures rejetées : elles ont été faites en dehors de l’exécution du lot."
NOT_ON_THIS_MARKET = "Heures rejetées : la règle de comptage de ce marché ne retient pas ces heures de formation."
OVER_THE_CAP = "Heures rejetées : la formation avant embauche dépasse la part de l’objectif que ce marché retient."
SET_ASIDE = "Heures écartées par le facilitateur."
TO_SPLIT = "Validation en cours de mois : ces heures attendent. Indiquez celles faites à partir du premier jour validé."
WINDOW_TO_SPLIT = (
    "Exécution du lot sur une partie du mois : ces heures attendent. Indiquez celles faites pendant l’exécution."
)
SENTENCES = {
    RejectionReason.NOT_VALIDATED: NOT_VALIDATED,
    RejectionReason.OUTSIDE_WINDOW: OUTSIDE_WINDOW,
    RejectionReason.OUTSIDE_MARKET: NOT_ON_THIS_MARKET,
    RejectionReason.CEILING: OVER_THE_CAP,
}
ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Terms:
    """What the market says of some hours: days of execution (None: open), why none counts, how many may (None: all)."""

    opens_on: date | None = None
    closes_on: date | None = None
    excluded: str = ""
    allowance: Decimal | None = None


@dataclass(frozen=True)
class Counting:
    """The fate of declared hours: counted + rejected + pending = declared (hours, two decimals)."""

    counted: Decimal = ZERO
    rejected: Decimal = ZERO
    pending: Decimal = ZERO
    reason: str = ""
    message: str = ""


ANYTHING = Terms()


def count(*, declared, starts_on, ends_on, granted, terms=ANYTHING, withheld=ZERO, withheld_reason=""):
    """Decide the fate of hours declared from `starts_on` to `ends_on` (both included).

    `granted`: [(first day, last day)] of the person's granted validations, both included. Days that none covers
    reject the hours, then days outside the execution of the lot; a period covered in part waits for a split by day,
    never pro rata (invariant 2). `withheld` hours are set aside by hand, for `withheld_reason`.
    """
    if declared == 0:
        return Counting()
    refusal = _refusal(starts_on, ends_on, granted, terms)
    if refusal:
        return Counting(rejected=declared, reason=refusal, message=SENTENCES[refusal])
    left, aside = declared - withheld, SET_ASIDE if withheld else ""
    waits = _why_it_waits(starts_on, ends_on, granted, terms)
    if waits:
        return Counting(rejected=withheld, pending=left, reason=withheld_reason, message=waits if left else aside)
    if terms.allowance is not None and left > terms.allowance:
        rejected = declared - terms.allowance
        return Counting(terms.allowance, rejected, reason=RejectionReason.CEILING, message=OVER_THE_CAP)
    return Counting(counted=left, rejected=withheld, reason=withheld_reason, message=aside)


def _refusal(starts_on, ends_on, granted, terms):
    """Why none of the hours may count, the validation first; « » when some may."""
    if _covered_days(starts_on, ends_on, granted) == 0:
        return RejectionReason.NOT_VALIDATED
    if _covered_days(starts_on, ends_on, within(granted, terms)) == 0:
        return RejectionReason.OUTSIDE_WINDOW
    return terms.excluded


def _why_it_waits(starts_on, ends_on, granted, terms):
    """The sentence that asks for a split, « » when every day counts."""
    days = (ends_on - starts_on).days + 1
    if _covered_days(starts_on, ends_on, granted) < days:
        return TO_SPLIT
    return WINDOW_TO_SPLIT if _covered_days(starts_on, ends_on, within(granted, terms)) < days else ""


def within(granted, terms):
    """The granted days that are also days of execution: [(first day, last day)]."""
    clipped = [(max(first, terms.opens_on or first), min(last, terms.closes_on or last)) for first, last in granted]
    return [(first, last) for first, last in clipped if first <= last]


def _covered_days(starts_on: date, ends_on: date, periods):
    """Number of days of the period covered by these periods, which never overlap."""
    days = 0
    for first, last in periods:
        first, last = max(first, starts_on), min(last, ends_on)
        if first <= last:
            days += (last - first) // timedelta(days=1) + 1
    return days


def day_to_split(starts_on, ends_on, granted, terms):
    """First day of the second part to propose: the first that counts or, when the month begins well, the first that
    does not. None when there is nothing to split."""
    days = [starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days + 1)]
    counts = [any(first <= day <= last for first, last in within(granted, terms)) for day in days]
    return next((day for day, good in zip(days, counts, strict=True) if good != counts[0]), None)


def terms_of(*, lot, rule, contract_type, nature, allowance=None):
    """The `Terms` of hours of this nature on a lot (its market read with it), under this `CountingRule`.

    Tutors, alternance and pre-hire training: domain.md §4.4. `allowance`: hours of pre-hire training still accepted.
    """
    market = lot.market
    closes_on = lot.ends_on or market.ends_on
    if closes_on:
        closes_on += timedelta(days=rule.tolerance_days)
    excluded = ""
    if contract_type == ContractType.PREHIRE_TRAINING:
        excluded = "" if rule.prehire_training_cap else RejectionReason.OUTSIDE_MARKET
    elif nature == HoursNature.TRAINING:
        allowance = None
        excluded = "" if rule.training_counts else RejectionReason.OUTSIDE_MARKET
    return Terms(lot.starts_on or market.starts_on, closes_on, excluded, allowance)


def natures_of(contract_type):
    """What may be declared on a contract of this type, the usual one first."""
    if contract_type == ContractType.PREHIRE_TRAINING:
        return (HoursNature.TRAINING,)
    if contract_type in ALTERNANCE:
        return (HoursNature.WORKED, HoursNature.TRAINING)
    return (HoursNature.WORKED,)


def prehire_budget(objective, rule):
    """Hours of pre-hire training an award may count: a share of its objective (h), at least nothing."""
    share = Decimal(max(objective, 0)) * rule.prehire_training_cap / 100
    return share.quantize(CENT, ROUND_DOWN)


def usual_period(first):
    """(first day, last day) of a validation that takes effect on `first`: 24 months (domain.md §4.3)."""
    return first, first + relativedelta(months=24, days=-1)
