"""Who got the lot, and the hours each answers for: a ledger that only grows (C7, C23)."""

from decimal import Decimal
from itertools import accumulate

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import check_fields, checked_save, lock, validated_save
from clauses_portal.core.versions import refuse_stale
from facilitators import webhooks
from facilitators.enums import WebhookEvent
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.models import Award, Lot, ObjectiveEntry
from markets.services import totals

BEFORE_CALIBRATION = "Ce lot n’est pas calibré : retenez d’abord ses heures."
OVER = "Ce lot est soldé : ses heures dues ne changent plus."
HAS_LEFT = "Cette entreprise a quitté le lot."
PARENT_HAS_LEFT = "L’entreprise principale a quitté le lot."
OWES_NOTHING = "Un sous-traitant n’a pas d’objectif propre : l’entreprise principale en répond."
BELOW_ZERO = "L’objectif de l’entreprise deviendrait négatif."
TWO_SIDED = "Un transfert s’inscrit des deux côtés à la fois : passez par la page des transferts."
OF_ITS_OWN = "Une reprise d’antériorité a sa page : passez par « Reprendre l’antériorité »."
# {kind of line written by a service of its own: the sentence that says where}
ELSEWHERE = {
    ObjectiveKind.TRANSFER_IN: TWO_SIDED,
    ObjectiveKind.TRANSFER_OUT: TWO_SIDED,
    ObjectiveKind.OPENING: OF_ITS_OWN,
}
# The lots that take a company.
OPEN_TO_COMPANIES = frozenset({LotState.CALIBRATED, LotState.AWARDED, LotState.RUNNING})


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
    **fields,
):
    """Record a company on a calibrated lot and open its ledger: minimum hours, then hours offered on top.

    A subcontractor has no ledger of its own: its parent, of any depth, answers for it. `fields`: notified_on,
    grouping, accepted_on (DC4), intervenes_from, intervenes_until. Raises Conflict when the lot takes no company,
    DomainError when the parent is not on it or has left, ValidationError on what makes no sense.
    """
    lot = lock(Lot.objects, lot.pk)
    if lot.state not in OPEN_TO_COMPANIES:
        raise Conflict(OVER if lot.state == LotState.CLOSED else BEFORE_CALIBRATION)
    _check_parent(parent, lot)
    award = Award(lot=lot, company=company, role=role, parent=parent, **fields)
    award.hours_minimum, award.hours_offered = hours_minimum, hours_offered
    validated_save(award, by=by)
    _open_ledger(award, by=by)
    _mark_awarded(lot, by=by)
    webhooks.emit(WebhookEvent.AWARD_ENTERED, territory_ids=[lot.territory_id], resource="awards", object_id=award.pk)
    return award


def _check_parent(parent, lot):
    if parent is None:
        return
    if parent.lot_id != lot.pk:
        raise DomainError("L’entreprise principale n’est pas sur ce lot.")
    if Award.objects.get(pk=parent.pk).ended_on:
        raise DomainError(PARENT_HAS_LEFT)


@transaction.atomic
def change_award(*, award, by, seen=None):
    """Save the dates, the role or the grouping of a company that is on a lot; `seen` is the version the page showed.

    Its company, its parent and the hours of its ledger stay. Raises Stale when somebody changed it meanwhile,
    DomainError when it would begin or stop being a subcontractor.
    """
    saved = lock(Award.objects, award.pk)
    refuse_stale(saved, seen)
    if AwardRole.SUBCONTRACTOR in {saved.role, award.role} and saved.role != award.role:
        raise DomainError("Un sous-traitant le reste : ajoutez l’entreprise au lot dans son nouveau rôle.")
    for name in ("lot_id", "company_id", "parent_id", "hours_minimum", "hours_offered", "ended_on", "end_reason"):
        setattr(award, name, getattr(saved, name))
    return validated_save(award, by=by)


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
    """Add a line (± h) to an award's ledger and to the totals. The objective is never negative, on any day.

    `calibration` is the version whose retained hours become due, if any: once for a company. A transfer and an
    opening balance have their own services. Raises DomainError for a subcontractor, a company that has left (unless
    hours are taken away) or an objective below zero, Conflict when the lot is over.
    """
    if kind in ELSEWHERE:
        raise DomainError(ELSEWHERE[kind])
    lot = lock(Lot.objects, award.lot_id)
    entry = write_line(
        award=Award.objects.get(pk=award.pk),
        lot=lot,
        by=by,
        kind=kind,
        hours=hours,
        effective_on=effective_on,
        reason=reason,
        calibration=calibration,
    )
    totals.shift(market_id=lot.market_id, territory_id=lot.territory_id, required=entry.hours)
    return entry


def write_line(*, award, lot, by, **line):
    """Write a line of the ledger without moving the totals: for a service that holds the lock of the lot."""
    if award.role == AwardRole.SUBCONTRACTOR:
        raise DomainError(OWES_NOTHING)
    if lot.state == LotState.CLOSED:
        raise Conflict(OVER)
    entry = ObjectiveEntry(award=award, decided_at=timezone.now(), decided_by=by, **line)
    check_fields(entry)
    if entry.hours > 0 and award.ended_on:
        raise DomainError(HAS_LEFT)
    if entry.hours < 0 and _lowest_objective(award, entry) < 0:
        raise DomainError(BELOW_ZERO)
    return checked_save(entry)


def _lowest_objective(award, entry):
    """The lowest the objective (h) gets, day after day, this new line being there."""
    rows = ObjectiveEntry.objects.filter(award=award).order_by("effective_on", "pk")
    lines = [*rows.values_list("effective_on", "hours"), (entry.effective_on, entry.hours)]
    return min(accumulate(hours for _, hours in sorted(lines, key=lambda line: line[0])))


def objective_of(award):
    """Hours due today by this award."""
    return sum(ObjectiveEntry.objects.filter(award=award.pk).values_list("hours", flat=True))


def counted_by(awards):
    """{award id: counted hours, Decimal} of these awards, in one query.

    Those of a company include the hours of all who work under it, at any depth: it answers for them (domain.md §10.1).
    """
    rows = Award.objects.filter(lot__in={award.lot_id for award in awards}).order_by()
    rows = rows.values_list("pk", "parent").annotate(Sum("contracts__hours__counted", default=0))
    parents = {pk: parent for pk, parent, _ in rows}
    sums = dict.fromkeys(parents, Decimal(0))
    for pk, _, counted in rows:
        while pk:
            sums[pk] += counted
            pk = parents[pk]
    return {award.pk: sums[award.pk] for award in awards}


def left_to_do(award):
    """Hours (Decimal) still to be done by this award: due, less counted; never below 0."""
    return max(objective_of(award) - counted_by([award])[award.pk], 0)


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
