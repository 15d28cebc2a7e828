"""Deciding which lots get a clause: the chargée de mission answers for it (C1)."""

from django.db import transaction
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from markets.enums import ClauseOutcome
from markets.models import ClauseDecision, Lot

ALREADY_DECIDED = "Ce lot n’est plus à instruire : une décision a été prise entre-temps."


@transaction.atomic
def decide_clause(*, lot, outcome, by, legal_basis="", reason=""):
    """Retain a clause on a legal basis, or set the lot aside for a reason.

    Raises Conflict when the lot is no longer to be decided, ValidationError when the basis or reason is missing.
    """
    lot = _lock(lot)
    transition = lot.retain if outcome == ClauseOutcome.CLAUSE else lot.set_aside
    if not can_proceed(transition):
        raise Conflict(ALREADY_DECIDED)
    decision = ClauseDecision.objects.filter(lot=lot).first() or ClauseDecision(lot=lot)
    decision.outcome, decision.reason = outcome, reason
    decision.legal_basis = legal_basis if outcome == ClauseOutcome.CLAUSE else ""
    decision.decided_at, decision.decided_by = timezone.now(), by
    validated_save(decision, by=by)
    transition()
    validated_save(lot, by=by)
    return decision


@transaction.atomic
def reopen(*, lot, by):
    """Take a decision up again while nothing has been calibrated. The trail keeps the former one."""
    lot = _lock(lot)
    if not can_proceed(lot.reopen):
        raise Conflict("Ce lot est déjà calibré : sa décision ne peut plus être reprise.")
    lot.reopen()
    return validated_save(lot, by=by)


def _lock(lot):
    return lock(Lot.objects, lot.pk)
