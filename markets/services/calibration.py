"""Proposing hours (facilitator), retaining or sending them back, then making them due (Département): C3, C23.

Each version stays. What a version is about (the firm period, a phase, an order, an amendment) is its object: the last
version of an object replaces the proposals before it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets import calibration
from markets.enums import CalibrationPurpose, LotState, ObjectiveKind
from markets.firm_period import instead_of_hours
from markets.models import Calibration, CalibrationMethod, Lot, LotPhase, ObjectiveEntry
from markets.models.calibration import BEFORE_AWARD, OPEN_STATES, SENT_BACK, UNDER_WAY
from markets.services import awards
from markets.services.opinion import place

P = CalibrationPurpose
AMENDMENT_METHOD = "amendment"
KIND_OF_ENTRY = {
    P.PHASE: ObjectiveKind.OPTION,
    P.ORDER: ObjectiveKind.ORDER,
    P.AMENDMENT: ObjectiveKind.AMENDMENT,
}
NOT_RETAINED = "Ce lot n’a pas de clause retenue : il ne peut pas être calibré."
ALREADY_AWARDED = "Ce lot est attribué : ses heures fermes sont au contrat, un avenant les change."
NOT_AWARDED = "Ce lot n’est pas encore attribué : attendez son titulaire."
OVER = "Ce lot est soldé : ses heures ne changent plus."
NOT_THE_LAST = "Ce calibrage n’est plus le dernier, ou il est déjà retenu. Rechargez la page."
ALREADY_DUE = "Ces heures sont déjà inscrites à l’objectif : un avenant les change."
NOT_PROPOSED = "Le facilitateur ne propose pas de clause : reprenez la décision, ou renvoyez-lui le calcul."
NOT_ZERO = "Indiquez un nombre d’heures différent de zéro."
TOO_FEW = "Le calcul ne donne pas assez d’heures pour une clause."
# What the history of a computation has room for.
LONGEST_RETURN = CalibrationMethod.history.model._meta.get_field("history_change_reason").max_length - len(SENT_BACK)


@transaction.atomic
def propose(
    *,
    lot,
    by,
    method="standard",
    purpose=P.FIRM,
    phase=None,
    label="",
    rounding="nearest",
    floor_hours=None,
    opinion=False,
    comment="",
    **parameters,
):
    """Compute the hours of a firm period, a phase or an order (`label`: its number), and record them as a version.

    Amounts in € without tax, shares and rates as fractions. Below the floor (h) nothing is recorded, unless `opinion`
    (firm period): then 0 h, which tells the chargée de mission why there would be no clause. `comment` stays with the
    computation.
    Raises CalibrationError on nonsense, DomainError below the floor, Conflict when it is too early or too late.
    """
    lot = lock(Lot.objects, lot.pk)
    version = Calibration(lot=lot, purpose=purpose, phase=phase, label=label)
    _check_open(version)
    result = calibration.compute(method, rounding=rounding, floor_hours=floor_hours, **parameters)
    if not result.clause_possible and not (opinion and purpose == P.FIRM):
        raise DomainError(f"{TOO_FEW} {result.explanation[-1]}")
    details = CalibrationMethod(
        method=method,
        parameters=_as_json(parameters),
        rounding=rounding,
        floor_hours=floor_hours,
        raw_hours=result.raw_hours,
        explanation=[*result.explanation, *_said(comment)],
    )
    return _record(version, result.rounded_hours, details, by=by)


@transaction.atomic
def propose_amendment(*, lot, by, label, amount_delta, rounding="nearest", comment="", **parameters):
    """Propose the hours (±) that an amendment adds or takes away, from the change of its amount (± € without tax).

    `parameters` (labour_share, insertion_rate, hourly_cost) are only for a lot whose retained calibration has none:
    `amendment_parameters`. Raises as `propose`, and DomainError when the hours do not change.
    """
    lot = lock(Lot.objects, lot.pk)
    version = Calibration(lot=lot, purpose=P.AMENDMENT, label=label)
    _check_open(version)
    used = amendment_parameters(lot) or parameters
    delta = calibration.amendment_delta(amount_delta=amount_delta, rounding=rounding, **used)
    if not delta.hours:
        raise DomainError("Cet avenant ne change pas les heures du lot : il n’y a rien à proposer.")
    details = CalibrationMethod(
        method=AMENDMENT_METHOD,
        parameters=_as_json({"amount_delta": amount_delta} | used),
        rounding=rounding,
        raw_hours=delta.raw_hours,
        explanation=[*delta.explanation, *_said(comment)],
    )
    return _record(version, delta.hours, details, by=by)


def amendment_parameters(lot):
    """Parameters of the standard formula that the retained firm hours were computed with; {} when there are none.

    A ratio is an hourly cost over a labour share: the same formula, the share being 1.
    """
    firm = lot.calibrations.firm().retained().select_related("computation").first()
    if firm is None:
        return {}
    given = firm.computation.parameters
    if firm.computation.method == "standard":
        return {name: given[name] for name in ("labour_share", "insertion_rate", "hourly_cost")}
    if firm.computation.method in {"ratio", "pact"}:
        return {"labour_share": "1", "insertion_rate": given["insertion_rate"], "hourly_cost": given["ratio"]}
    return {}


@transaction.atomic
def retain(*, version, hours, by, gap_reason=""):
    """Retain hours for the last version of an object; those of the firm period make the lot calibrated.

    0 h only for the firm period of a reserved lot or of a framework agreement (`may_owe_none`). Raises Conflict when a
    newer version exists or it is done already, DomainError when no clause was proposed, ValidationError on 0 h.
    """
    lot = lock(Lot.objects, version.lot_id)
    version = _last_pending(version)
    _check_open(version)
    if not may_owe_none(version):
        if not version.proposed_hours:
            raise DomainError(NOT_PROPOSED)
        if not hours:
            raise ValidationError({"hours": NOT_ZERO})
    version.retained_hours, version.gap_reason = hours, gap_reason
    version.retained_at, version.retained_by = timezone.now(), by
    validated_save(version, by=by)
    if version.purpose == P.FIRM:
        _settle_firm(lot, hours, by=by)
    _tell_facilitators(version, "Heures retenues", by=by)
    return version


def may_owe_none(version):
    """May this version be retained for 0 h? The firm period of a reserved lot, or of a framework agreement."""
    return version.purpose == P.FIRM and bool(instead_of_hours(version.lot))


@transaction.atomic
def return_to_facilitator(*, version, reason, by):
    """Send a proposal back with what is to be done again (`LONGEST_RETURN` characters, kept with the computation).

    Raises Conflict when it is not the last one or is retained, DomainError without a reason.
    """
    lock(Lot.objects, version.lot_id)
    version = _last_pending(version)
    if version.sent_back:
        raise Conflict("Ce calibrage est déjà renvoyé au facilitateur.")
    if not reason.strip() or len(reason) > LONGEST_RETURN:
        raise DomainError(f"Dites ce qui est à revoir, en {LONGEST_RETURN} caractères au plus.")
    computation = version.computation
    computation._change_reason = f"{SENT_BACK}{reason}"
    validated_save(computation, by=by)
    _tell_facilitators(version, "Calibrage à revoir", by=by)
    return version


@transaction.atomic
def activate(*, version, award, effective_on, by):
    """Make the retained hours of a phase, an order or an amendment due by a company: one line of its ledger (C23).

    Raises DomainError or Conflict when they are not retained, not the last ones, due already, or for another lot.
    """
    lot = lock(Lot.objects, version.lot_id)
    version = Calibration.objects.select_related("phase").get(pk=version.pk)
    _check_due(version, award, lot)
    entry = awards.add_objective(
        award=award,
        kind=KIND_OF_ENTRY[version.purpose],
        hours=version.retained_hours,
        effective_on=effective_on,
        reason=version.object_name,
        calibration=version,
        by=by,
    )
    if version.phase:
        phase = LotPhase.objects.get(pk=version.phase_id)
        phase.affirmed_on = effective_on
        validated_save(phase, by=by)
    _tell_facilitators(version, "Heures inscrites à l’objectif", by=by)
    return entry


def why_closed(*, lot, purpose, phase=None):
    """The sentence that says why no hours are computed for this today, « » when they may be."""
    if lot.state not in OPEN_STATES[purpose]:
        return _why_not_in(lot.state)
    return ALREADY_DUE if phase and phase.affirmed_on else ""


def _check_open(version):
    """Raise Conflict unless hours of this purpose may be computed in the state of the lot, and are not due yet."""
    if version.phase and version.phase.lot_id != version.lot_id:
        raise DomainError("Cette option, tranche ou reconduction est celle d’un autre lot.")
    refusal = why_closed(lot=version.lot, purpose=version.purpose, phase=version.phase)
    if refusal or _due(version):
        raise Conflict(refusal or ALREADY_DUE)


def _why_not_in(state):
    if state in UNDER_WAY:
        return ALREADY_AWARDED
    if state in BEFORE_AWARD:
        return NOT_AWARDED
    return OVER if state == LotState.CLOSED else NOT_RETAINED


def _due(version):
    """Is the object of this version in a ledger, by this version or another?"""
    return ObjectiveEntry.objects.filter(calibration__in=Calibration.objects.about(version)).exists()


def _check_due(version, award, lot):
    if version.purpose == P.FIRM:
        raise DomainError("Les heures de la période ferme sont celles de l’attribution.")
    if lot.state not in UNDER_WAY:
        raise Conflict(_why_not_in(lot.state))
    if award.lot_id != lot.pk:
        raise DomainError("Cette entreprise n’est pas sur ce lot.")
    if version.retained_at is None or Calibration.objects.about(version).retained().first() != version:
        raise Conflict("Ces heures ne sont pas retenues, ou une version plus récente l’est. Rechargez la page.")
    if _due(version) or (version.phase and version.phase.affirmed_on):
        raise Conflict(ALREADY_DUE)


def _last_pending(version):
    """The same version as it is now: the last of its object, and not retained."""
    version = Calibration.objects.with_status().select_related("lot__territory", "phase").get(pk=version.pk)
    if version.superseded or version.retained_at:
        raise Conflict(NOT_THE_LAST)
    return version


def _record(version, hours, details, *, by):
    version.version = 1 + version.lot.calibrations.count()
    version.proposed_hours, version.proposed_at, version.proposed_by = hours, timezone.now(), by
    validated_save(version, by=by)
    details.calibration = version
    validated_save(details, by=by)
    text = f"Calibrage proposé : {place(version.lot)}."
    notify(members(Role.MISSION_OFFICER), text, f"/calibrages/{version.pk}/retenir/", except_for=by)
    return version


def _settle_firm(lot, hours, *, by):
    if can_proceed(lot.calibrate):
        lot.calibrate()
        validated_save(lot, by=by)
    awards.apply_retained_hours(lot=lot, hours=hours, by=by)


def _tell_facilitators(version, what, *, by):
    lot = version.lot
    people = members(Role.FACILITATOR, territory=lot.territory_id)
    notify(people, f"{what} : {place(lot)}.", f"/lots/{lot.pk}/", except_for=by)


def _said(comment):
    return [f"Observation du facilitateur : {comment}"] if comment else []


def _as_json(parameters):
    """Numbers as their exact text; yes or no as itself."""
    return {name: value if isinstance(value, bool) else str(value) for name, value in parameters.items()}
