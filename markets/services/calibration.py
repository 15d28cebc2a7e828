"""Proposing hours (facilitator) and retaining them (chargée de mission): each version stays (C3)."""

from django.db import transaction
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets import calibration
from markets.enums import LotState
from markets.models import Calibration, CalibrationMethod, Lot
from markets.services import awards

NOT_RETAINED = "Ce lot n’a pas de clause retenue : il ne peut pas être calibré."


@transaction.atomic
def propose(*, lot, by, method="standard", rounding="nearest", floor_hours=None, **parameters):
    """Compute and record a new version for the lot. Raises CalibrationError, DomainError below the floor."""
    lot = lock(Lot.objects, lot.pk)
    if lot.state not in {LotState.RETAINED, LotState.CALIBRATED}:
        raise Conflict(NOT_RETAINED)
    result = calibration.compute(method, rounding=rounding, floor_hours=floor_hours, **parameters)
    if not result.clause_possible:
        raise DomainError("Le calcul ne donne pas assez d’heures pour une clause.")
    version = Calibration(
        lot=lot,
        version=1 + lot.calibrations.count(),
        proposed_hours=result.rounded_hours,
        proposed_at=timezone.now(),
        proposed_by=by,
    )
    validated_save(version, by=by)
    details = CalibrationMethod(
        calibration=version,
        method=method,
        parameters={name: str(value) for name, value in parameters.items()},
        rounding=rounding,
        raw_hours=result.raw_hours,
        explanation=list(result.explanation),
    )
    validated_save(details, by=by)
    return version


@transaction.atomic
def retain(*, version, hours, by, gap_reason=""):
    """Retain the hours of the latest version. Raises Conflict when a newer version exists or it is done already."""
    lot = lock(Lot.objects, version.lot_id)
    version = Calibration.objects.get(pk=version.pk)
    if version.version != lot.calibrations.count() or version.retained_at:
        raise Conflict("Ce calibrage n’est plus le dernier, ou il est déjà retenu. Rechargez la page.")
    version.retained_hours, version.gap_reason = hours, gap_reason
    version.retained_at, version.retained_by = timezone.now(), by
    validated_save(version, by=by)
    if can_proceed(lot.calibrate):
        lot.calibrate()
        validated_save(lot, by=by)
    awards.apply_retained_hours(lot=lot, hours=hours, by=by)
    return version
