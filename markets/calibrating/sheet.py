"""The calibration sheet (domain.md §9.2): a recorded computation as it is read, beside what is usual. Confidential."""

from dataclasses import dataclass
from decimal import Decimal

from clauses_portal.core import french
from markets.calibrating.known import Subject, known_of
from markets.calibrating.outcome import amount_to, compute
from markets.calibrating.plausibility import outside, usual_text, warnings
from markets.calibrating.rows import hours_of
from markets.calibration import METHODS, PARAMETER_LABELS, ROUNDINGS, CalibrationError, Equivalents
from markets.models import CalibrationMethod
from markets.models.calibration import SENT_BACK

MONEY = {
    "amount",
    "hourly_cost",
    "ratio",
    "invoiced_amount",
    "step_amount",
    "threshold_amount",
    "amount_delta",
}
SHARES = {"labour_share", "insertion_rate", "year_share"}
LABELS = {"amount_delta": "Variation du montant (€ HT)"} | PARAMETER_LABELS


@dataclass(frozen=True)
class Row:
    """A parameter: what was used, what is usual, whether it is outside."""

    label: str
    used: str
    usual: str
    outside: bool


@dataclass(frozen=True)
class Sheet:
    """All that a recorded computation has to say. `usual_hours`: the standard formula at the usual values, or None."""

    computation: CalibrationMethod
    method: str
    rounding: str
    rows: list[Row]
    equivalents: Equivalents
    usual_hours: int | None
    warnings: list[str]
    returns: list[tuple]


def sheet_of(version, user):
    """The Sheet of a version, None when this account may not read its method."""
    computation = CalibrationMethod.objects.visible_to(user).filter(calibration=version).first()
    if computation is None:
        return None
    known = known_of(Subject(version.lot, version.purpose, version.phase), user)
    hours, parameters = hours_of(version), computation.parameters
    return Sheet(
        computation=computation,
        method=method_label(computation.method),
        rounding=ROUNDINGS[computation.rounding],
        rows=[row_of(known, name, parameters[name]) for name in LABELS if name in parameters],
        equivalents=amount_to(hours),
        usual_hours=_usual_hours(known, computation),
        warnings=warnings(known, computation.method, parameters, hours),
        returns=returns_of(computation),
    )


def method_label(method):
    return METHODS[method].label if method in METHODS else "Variation du montant par un avenant"


def returns_of(computation):
    """[(when, who, what is to be done again)] of a computation that was sent back."""
    rows = computation.history.filter(history_change_reason__startswith=SENT_BACK).select_related("history_user")
    return [(row.history_date, row.history_user, row.history_change_reason.removeprefix(SENT_BACK)) for row in rows]


def last_returns(subject, user):
    """What `returns_of` says of the last computation of a subject, [] when there is none."""
    rows = CalibrationMethod.objects.visible_to(user).filter(
        calibration__lot=subject.lot, calibration__purpose=subject.purpose, calibration__phase=subject.phase
    )
    last = rows.order_by("-calibration__version").first()
    return returns_of(last) if last else []


def as_typed(name, value):
    """A parameter as one would type it: « 5 » for a rate of 0.05, « 1 000 000 » for an amount; a yes or no as it is."""
    if isinstance(value, bool):
        return value
    return french.number(Decimal(value) * 100, 4) if name in SHARES else french.number(value)


def row_of(known, name, value):
    """A parameter of a computation as it is read (Row)."""
    usual = usual_text(known.usual, name) if name in SHARES | {"hourly_cost"} else ""
    return Row(LABELS[name], _used(name, value), usual, bool(usual) and outside(known.usual, name, value))


def _used(name, value):
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if name in SHARES:
        return french.percent(Decimal(value) * 100, 4)
    return french.euros(value) if name in MONEY else french.number(value)


def _usual_hours(known, computation):
    """Hours of the standard formula on the same amount, with the middle of the usual ranges."""
    amount = computation.parameters.get("amount")
    if not amount:
        return None
    given = known.parameters("standard") | {"amount": amount}
    try:
        return compute(known, "standard", rounding=computation.rounding, **given).hours
    except CalibrationError:
        return None
