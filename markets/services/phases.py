"""Options, tranches and renewals of a lot: what is not firm, each with its own confidential amount (C6)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from markets.enums import PhaseKind
from markets.firm_period import firm_excess
from markets.models import Lot, LotPhase, PhaseFinancials
from markets.services.markets import renewal_months


@transaction.atomic
def save_phase(*, phase, by, seen=None):
    """Add or change a phase of a lot. A renewal says how long it lasts, and leaves the firm period its months.

    Raises Conflict when it is affirmed, Stale when it changed since the version `seen`, ValidationError otherwise.
    """
    lot = lock(Lot.objects.select_related("market"), phase.lot_id)
    if phase.pk:
        before = lock(LotPhase.objects, phase.pk)
        _refuse_affirmed(before)
        refuse_stale(before, seen)
    if phase.kind == PhaseKind.RENEWAL:
        _check_renewal(phase, lot)
    return validated_save(phase, by=by)


def _check_renewal(phase, lot):
    if not phase.months:
        raise ValidationError({"months": "Indiquez combien de mois cette reconduction ajoute."})
    renewals = renewal_months(lot, without=phase) + phase.months
    sentence = firm_excess(duration=lot.market.duration_months, firm=lot.firm_months, renewals=renewals)
    if sentence:
        raise ValidationError({"months": sentence})


@transaction.atomic
def delete_phase(*, phase, by):
    """Take away a phase that will not be, and its amount. Raises Conflict once it is affirmed or calibrated."""
    phase = lock(LotPhase.objects, phase.pk)
    _refuse_affirmed(phase)
    if phase.calibrations.exists():
        raise Conflict("Des heures sont calibrées pour cette phase : elle ne peut plus être supprimée.")
    amount = PhaseFinancials.objects.filter(phase=phase).first()
    for row in (amount, phase):
        if row is not None:
            row._history_user = by
            row.delete()


def _refuse_affirmed(phase):
    if phase.affirmed_on:
        raise Conflict(f"Affermie le {phase.affirmed_on:%d/%m/%Y}, cette phase ne change plus.")
