"""A decision taken in the Département's own software, received by key or by package (C22).

Its grid, its opinions and its computation stayed there: the portal keeps the legal basis and the hours retained, under
the same constraints and in the same history as what is decided here (C1, C3).
"""

from datetime import datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from markets.enums import ClauseOutcome, LotState
from markets.firm_period import instead_of_hours
from markets.models import Calibration, CalibrationMethod, Lot
from markets.models.market import WITH_CLAUSE
from markets.services.calibration import NOT_ZERO, retain
from markets.services.clause import decide_clause

RECEIVED = "Décision reçue du logiciel du Département le {day}."
HOURS_RECEIVED = "Heures fixées dans le logiciel du Département, décision du {decided} : {hours}"
SUBMITTED = "avant-projet reçu du logiciel du Département"
TO_COME = "Une décision se transmet une fois prise : cette date est à venir."
DECIDED_OTHERWISE = "Ce lot a reçu dans le portail une autre décision : elle s’y reprend, elle ne se remplace pas."
OTHER_BASIS = "La clause de ce lot repose sur un autre fondement juridique : reprenez d’abord la décision."
OTHER_HOURS = "Les heures de ce lot sont déjà retenues : un avenant les change."


@transaction.atomic
def receive_decision(*, lot, legal_basis, hours, decided_on, by):
    """Bring a lot in preparation or to review to « clause retenue » and, when `hours` is not None, to « calibré ».

    `hours`: whole, those of the firm period; 0 only where nothing firm is due (`may_owe_none`). The same decision
    received again changes nothing. Returns the lot as it is now. Raises Conflict when another decision, other hours
    or another legal basis are there already, ValidationError on a date to come or on 0 h, and as `decide_clause`.
    """
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": TO_COME})
    lot = lock(Lot.objects.select_related("market"), lot.pk)
    if lot.state == LotState.PROGRAMMED:
        lot.submit()
        lot._change_reason = SUBMITTED
        validated_save(lot, by=by)
    if lot.state == LotState.TO_REVIEW:
        _decide(lot, legal_basis, decided_on, by)
    lot = Lot.objects.select_related("market", "decision").get(pk=lot.pk)
    _refuse_other_clause(lot, legal_basis)
    if hours is not None:
        _receive_hours(lot, hours, decided_on, by)
    return Lot.objects.get(pk=lot.pk)


def _decide(lot, legal_basis, decided_on, by):
    """The decision bears the day it was taken; its history, the moment it came."""
    day = timezone.localdate()
    noon = timezone.make_aware(datetime.combine(decided_on, time(12)))
    decide_clause(
        lot=lot,
        outcome=ClauseOutcome.CLAUSE,
        legal_basis=legal_basis,
        reason=RECEIVED.format(day=french.date(day)),
        decided_at=noon if decided_on < day else None,
        by=by,
    )


def _refuse_other_clause(lot, legal_basis):
    if lot.state not in WITH_CLAUSE:
        raise Conflict(DECIDED_OTHERWISE)
    decision = getattr(lot, "decision", None)
    if decision is None or decision.legal_basis != legal_basis:
        raise Conflict(OTHER_BASIS)


def _receive_hours(lot, hours, decided_on, by):
    """Retain them, unless they are those of the lot already."""
    known = lot.calibrations.firm().retained().first()
    if lot.state != LotState.RETAINED:
        if known is None or known.retained_hours != hours:
            raise Conflict(OTHER_HOURS)
        return
    if not hours and not instead_of_hours(lot):
        raise ValidationError({"hours": NOT_ZERO})
    retain(version=_version(lot, hours, decided_on, by), hours=hours, by=by)


def _version(lot, hours, decided_on, by):
    """The hours as a version, replacing the proposals made before it; how they were computed is not known here."""
    version = Calibration(lot=lot, version=1 + lot.calibrations.count(), proposed_hours=hours)
    version.proposed_at, version.proposed_by = timezone.now(), by
    validated_save(version, by=by)
    told = HOURS_RECEIVED.format(decided=french.date(decided_on), hours=french.hours(hours))
    method = CalibrationMethod(calibration=version, method="flat", rounding="nearest", raw_hours=Decimal(hours))
    method.parameters, method.explanation = {"hours": str(hours)}, [told]
    validated_save(method, by=by)
    return version
