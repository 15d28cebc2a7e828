"""Deciding which lots get a clause: the chargée de mission answers for it, the law and the legal officer bound it (C1).

« Sans clause » where the law wants a social consideration (L. 2112-2-1) needs an exemption and the legal visa, or
another consideration than insertion hours.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.french import NBSP
from clauses_portal.core.services import lock, validated_save
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.enums import ClauseOutcome, ConsiderationNature, LegalBasis, LotState
from markets.legal import Duty
from markets.models import ClauseDecision, ClauseReview, CriteriaGrid, Lot
from markets.services.duty import duty_of
from markets.services.opinion import clocks_of, people_to_consult, place

UNDO_DELAY = timedelta(minutes=10)
ALREADY_DECIDED = "Ce lot n’est plus à instruire : une décision a été prise entre-temps."
MANDATORY = (
    f"Considération sociale obligatoire : «{NBSP}sans clause{NBSP}» suppose une dérogation ou une autre considération."
)
CRITERION_ALONE = (
    "Un critère seul n’est pas une condition d’exécution : là où elle est obligatoire, ajoutez une clause ou une autre "
    "considération sociale."
)
AMOUNT_FIRST = "Renseignez d’abord le montant estimé : sans lui, aucune dérogation ne peut être invoquée."
A_CLAUSE_INSTEAD = "Des heures d’insertion ou une réservation sont une clause : retenez-la sur son fondement juridique."
BEFORE_THE_TERM = "L’avis du facilitateur est attendu le {day} : décider avant suppose un motif écrit."
NOT_CONSULTED = "L’avis du facilitateur n’a pas été demandé : décider sans lui suppose un motif écrit."
RESERVED = {
    LegalBasis.RESERVED_DISABILITY,
    LegalBasis.RESERVED_INSERTION,
    LegalBasis.RESERVED_BOTH,
    LegalBasis.RESERVED_PRISON,
    LegalBasis.RESERVED_ESS,
}
UNDONE_IN_TIME = {LotState.RETAINED, LotState.SET_ASIDE, LotState.AWAITING_VISA}


@transaction.atomic
def decide_clause(
    *,
    lot,
    outcome,
    by,
    legal_basis="",
    reason="",
    nature="",
    exemption=None,
    exemption_reason="",
    batch=None,
    decided_at=None,
):
    """Retain a clause on a legal basis, or set the lot aside for a reason, under the law and the grid of the day.

    `nature`: a ConsiderationNature other than hours meets the duty without a clause. `exemption`: a number of
    `Exemption` with its reason, only kept where the law is mandatory; the lot then awaits the legal visa.
    `decided_at`: the moment of a decision taken elsewhere, now unless said.
    Raises Conflict when the lot is no longer to be decided, DomainError when the law forbids « sans clause »,
    ValidationError when the basis, the reason or the facilitator's opinion is missing.
    """
    lot = _lock(lot)
    if lot.state != LotState.TO_REVIEW:
        raise Conflict(ALREADY_DECIDED)
    with_clause = outcome == ClauseOutcome.CLAUSE
    claim = {} if with_clause or nature else {"exemption": exemption, "exemption_reason": exemption_reason}
    duty = duty_of(lot, **claim)
    if with_clause:
        _check_basis(duty, legal_basis, nature)
    else:
        _check_no_clause(duty, exemption, nature)
    _check_opinion(lot, reason)
    decision = ClauseDecision.objects.filter(lot=lot).first() or ClauseDecision(lot=lot)
    decision.outcome, decision.reason, decision.batch = outcome, reason, batch
    decision.legal_basis = legal_basis if with_clause else ""
    decision.nature = nature or _usual_nature(decision.legal_basis)
    exempt = duty.value == Duty.EXEMPT
    decision.exemption, decision.exemption_reason = (exemption, exemption_reason) if exempt else (None, "")
    _record_the_day(decision, duty)
    decision.decided_at, decision.decided_by = decided_at or timezone.now(), by
    validated_save(decision, by=by)
    _move(lot, lot.retain if with_clause else lot.ask_visa if exempt else lot.set_aside, by)
    tell(decision, by=by)
    return decision


def _check_basis(duty, legal_basis, nature):
    """The law wants a condition of execution: a criterion alone is none (L. 2112-2-1, I)."""
    if duty.is_mandatory and legal_basis == LegalBasis.CRITERION and not nature:
        raise DomainError(CRITERION_ALONE)


def _check_no_clause(duty, exemption, nature):
    """Where the law wants a social consideration, « sans clause » needs an exemption that stands, or another one."""
    if nature in {ConsiderationNature.HOURS, ConsiderationNature.RESERVED}:
        raise DomainError(A_CLAUSE_INSTEAD)
    if exemption and not nature and duty.social is None:
        raise DomainError(AMOUNT_FIRST)
    if duty.is_mandatory and not nature:
        raise DomainError(duty.social.refusal or MANDATORY)


def _check_opinion(lot, reason):
    """Before its term, or without asking, one decides without the facilitator's opinion for a written reason (C3)."""
    if reason.strip():
        return
    clock = clocks_of([lot])[lot.pk]
    if clock.state == "awaited":
        raise ValidationError({"reason": BEFORE_THE_TERM.format(day=french.date(clock.opinion.due_on))})
    before_award = lot.market.notified_on is None
    if clock.state == "not_asked" and before_award and people_to_consult(lot, timezone.localdate()):
        raise ValidationError({"reason": NOT_CONSULTED})


def _usual_nature(legal_basis):
    if not legal_basis:
        return ""
    return ConsiderationNature.RESERVED if legal_basis in RESERVED else ConsiderationNature.HOURS


def _record_the_day(decision, duty):
    """What the law and the grid were on the day of the decision; a former visa no longer holds."""
    decision.duty = duty.value if duty.social else ""
    decision.duty_article, decision.duty_threshold = duty.article, duty.threshold
    review = ClauseReview.objects.filter(lot=decision.lot_id).select_related("grid").first()
    decision.grid = review.grid if review else CriteriaGrid.objects.in_force()
    decision.visa_granted, decision.visa_note, decision.visa_at, decision.visa_by = None, "", None, None


def tell(decision, *, by):
    """Tell the direction of a final decision, the référents juridiques of one that awaits their visa."""
    lot = decision.lot
    if lot.state == LotState.AWAITING_VISA:
        text = f"Visa demandé pour une dérogation : {place(lot)}."
        notify(members(Role.LEGAL_OFFICER), text, reverse("markets:visa", args=[lot.pk]), except_for=by)
        return
    basis = f" ({decision.get_legal_basis_display()})" if decision.legal_basis else ""
    _tell_directorate(lot, f"{decision.get_outcome_display()}{basis} : {place(lot)}.", by)


def _tell_directorate(lot, text, by):
    operation = lot.market.operation
    if operation is not None:
        people = members(Role.DIRECTORATE_AGENT, directorate=operation.directorate_id)
        notify(people, text, reverse("markets:lot", args=[lot.pk]), except_for=by)


@transaction.atomic
def reopen(*, lot, by):
    """Take a decision up again while nothing has been calibrated. The trail keeps the former one."""
    lot = _lock(lot)
    if not can_proceed(lot.reopen):
        raise Conflict("Ce lot est déjà calibré : sa décision ne peut plus être reprise.")
    _move(lot, lot.reopen, by)
    _tell_directorate(lot, f"Décision reprise : {place(lot)}.", by)
    return lot


@transaction.atomic
def undo(*, lot, by):
    """Cancel a decision one has just taken: within ten minutes, nothing having followed. The history keeps it.

    Raises Conflict after that, DomainError when somebody else decided.
    """
    lot = _lock(lot)
    decision = ClauseDecision.objects.filter(lot=lot).first()
    if decision is None or lot.state not in UNDONE_IN_TIME or decision.visa_at:
        raise Conflict("Cette décision ne peut plus être annulée : le lot a avancé entre-temps.")
    if decision.decided_by_id != by.pk:
        raise DomainError("Seule la personne qui a décidé peut annuler sa décision.")
    if timezone.now() - decision.decided_at > UNDO_DELAY:
        raise Conflict("Le délai d’annulation de dix minutes est passé : reprenez la décision depuis la page du lot.")
    decision._history_user = by
    decision.delete()
    lot._change_reason = "décision annulée"  # the trail tells it from the history of the decision
    _move(lot, lot.reopen, by)
    _tell_directorate(lot, f"Décision annulée : {place(lot)}.", by)
    return lot


def undoable(user):
    """The decisions this account may still cancel, the last one first, with their lot and market."""
    rows = ClauseDecision.objects.filter(
        decided_by=user,
        decided_at__gte=timezone.now() - UNDO_DELAY,
        visa_at=None,
        lot__state__in=UNDONE_IN_TIME,
    )
    return rows.select_related("lot__market").order_by("-decided_at", "-pk")


def _move(lot, transition, by):
    transition()
    validated_save(lot, by=by)


def _lock(lot):
    return lock(Lot.objects.select_related("market__operation", "territory"), lot.pk)
