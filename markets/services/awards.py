"""Who got the lot, and the hours each answers for: a ledger that only grows (C7, C23)."""

from django.db import transaction
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.models import Award, Company, Lot, ObjectiveEntry
from markets.services import totals

BEFORE_CALIBRATION = "Ce lot n’est pas calibré : retenez d’abord ses heures."


@transaction.atomic
def award_lot(
    *,
    lot,
    company,
    by,
    role=AwardRole.HOLDER,
    parent=None,
    hours_minimum=None,
    hours_offered=None,
    notified_on=None,
):
    """Record a company on a calibrated lot and open its ledger: minimum hours, then hours offered on top.

    A subcontractor has no ledger of its own: its parent answers for it.
    """
    lot = lock(Lot.objects, lot.pk)
    if lot.state not in {LotState.CALIBRATED, LotState.AWARDED, LotState.RUNNING}:
        raise Conflict(BEFORE_CALIBRATION)
    award = Award(
        lot=lot,
        company=company,
        role=role,
        parent=parent,
        hours_minimum=hours_minimum,
        hours_offered=hours_offered,
        notified_on=notified_on,
    )
    if parent is not None and parent.lot_id != lot.pk:
        raise DomainError("L’entreprise principale n’est pas sur ce lot.")
    validated_save(award, by=by)
    _open_ledger(award, by=by)
    _mark_awarded(lot, by=by)
    return award


def _open_ledger(award, *, by):
    day = award.notified_on or timezone.localdate()
    for kind, hours in (
        (ObjectiveKind.INITIAL, award.hours_minimum),
        (ObjectiveKind.OFFER, award.hours_offered),
    ):
        if hours and award.role != AwardRole.SUBCONTRACTOR:
            add_objective(award=award, kind=kind, hours=hours, effective_on=day, by=by)


def _mark_awarded(lot, *, by):
    if can_proceed(lot.award):
        lot.award()
        validated_save(lot, by=by)


@transaction.atomic
def add_objective(*, award, kind, hours, effective_on, by, reason="", calibration=None):
    """Add a line (± h) to an award's ledger and to the totals. The objective never becomes negative.

    `calibration` is the version whose retained hours become due, if any: once for a company.
    """
    lot = lock(Lot.objects, award.lot_id)
    if award.role == AwardRole.SUBCONTRACTOR:
        raise DomainError("Un sous-traitant n’a pas d’objectif propre : l’entreprise principale en répond.")
    entry = ObjectiveEntry(
        award=award,
        kind=kind,
        hours=hours,
        effective_on=effective_on,
        reason=reason,
        calibration=calibration,
        decided_at=timezone.now(),
        decided_by=by,
    )
    entry.full_clean()
    if objective_of(award) + hours < 0:
        raise DomainError("L’objectif de l’entreprise deviendrait négatif.")
    entry.save()
    totals.shift(market_id=lot.market_id, territory_id=lot.territory_id, required=hours)
    return entry


def objective_of(award):
    """Hours due today by this award."""
    return sum(award.objective_entries.values_list("hours", flat=True))


def apply_retained_hours(*, lot, hours, by):
    """Give the retained hours to the single holder of a lot that was awarded before its calibration (imports).

    With several principal companies the share of each is the Département's to decide: nothing is guessed.
    """
    principal = list(lot.awards.principal())
    if not principal:
        return
    if len(principal) == 1 and not objective_of(principal[0]):
        award = principal[0]
        award.hours_minimum = hours
        validated_save(award, by=by)
        _open_ledger(award, by=by)
    _mark_awarded(lock(Lot.objects, lot.pk), by=by)


def known_company(*, siret, name, by):
    """Return the company of this SIRET, recorded when it is new; a missing name is completed."""
    company = Company.objects.filter(siret=siret).first() or Company(siret=siret)
    if company.pk and (company.name or not name):
        return company
    company.name = name
    return validated_save(company, by=by)
