"""Penalties: found and proposed, notified, answered, decided by the référent juridique alone (C23; domain.md §10.2).

Euros stay on the pages of those who may see penalties: no notification, mail or alert tells them.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.papers import freeze
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.working_days import add_working_days
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.enums import AwardRole, ObjectiveKind, PenaltyBasis, PenaltyOutcome, PenaltyState
from markets.models import HourlyRate, PenaltyCase, PenaltyLetter, PenaltyRule
from markets.penalties import amount_due, hourly_tariff
from markets.penalty_letters import make_letter, number_of
from markets.services.awards import counted_by
from markets.services.opinion import place

BY_UNIT = (PenaltyBasis.FIXED, PenaltyBasis.PER_DAY)
NOT_ITS_OWN = "Un sous-traitant n’a pas d’objectif propre : la pénalité vise l’entreprise dont il dépend."
NOTHING_DUE = "Aucune pénalité n’est encourue : il n’y a ni heure manquante, ni manquement à compter."
TO_COME = "Indiquez une date passée, ou celle du jour."
HOW_MANY = "Indiquez le nombre de manquements ou de jours."
MOVED_ON = "Ce dossier a avancé entre-temps : rechargez-le."
NOT_YET = "Aucune observation n’est reçue et le délai court encore : attendez son terme."
WHY = "Indiquez le motif."
HOW_MUCH = "Indiquez la pénalité réduite : plus que zéro, moins que la pénalité encourue."


@dataclass(frozen=True)
class Hours:
    """Of an award on a day (h): due without what was neutralised, counted with its subcontractors, neutralised."""

    required: Decimal
    counted: Decimal
    neutralised: Decimal

    @property
    def missing(self):
        """Hours that make the penalty, never below 0."""
        return max(self.required - self.counted - self.neutralised, Decimal(0))


@dataclass(frozen=True)
class Penalty:
    """What a breach costs, and on what it is counted: `tariff_euros` is € an hour, a day or a breach, exact."""

    basis: str
    tariff: Decimal
    tariff_euros: Decimal
    required_hours: Decimal
    counted_hours: Decimal
    neutralised_hours: Decimal
    units: int
    due_euros: Decimal


def hours_of(award, day):
    """The `Hours` of an award: the ledger up to `day`, what is counted now."""
    lines = award.objective_entries.filter(effective_on__lte=day)
    neutralised = Q(kind=ObjectiveKind.NEUTRALISED)
    sums = lines.aggregate(
        due=Sum("hours", filter=~neutralised, default=0), out=Sum("hours", filter=neutralised, default=0)
    )
    counted = counted_by([award])[award.pk]
    return Hours(Decimal(max(sums["due"], 0)), max(counted, Decimal(0)), Decimal(-sums["out"]))


def simulate(*, award, basis, tariff, day, units=0):
    """The `Penalty` of a breach found on `day`: by the hour not done, or for so many `units` (days, breaches).

    Raises DomainError for a subcontractor, ValidationError without a number of units where one is due, PenaltyError
    when a legal value of that day is not known.
    """
    if award.role == AwardRole.SUBCONTRACTOR:
        raise DomainError(NOT_ITS_OWN)
    hours = hours_of(award, day)
    figures = {"required_hours": hours.required, "counted_hours": hours.counted}
    figures |= {"neutralised_hours": hours.neutralised}
    if basis in BY_UNIT:
        if not units:
            raise ValidationError({"units": HOW_MANY})
        due = amount_due(required_hours=0, counted_hours=0, hourly_tariff=0, late_days=units, daily_tariff=tariff)
        return Penalty(basis, tariff, tariff, units=units, due_euros=due, **figures)
    euros = hourly_tariff(basis, tariff, day, HourlyRate.objects.valid_on(day))
    due = amount_due(hourly_tariff=euros, **figures)
    return Penalty(basis, tariff, euros, units=0, due_euros=due, **figures)


def printed_tariffs(day):
    """The tariffs the documents of the markets print, in force on `day`."""
    return PenaltyRule.objects.valid_on(day).order_by("breach")


@transaction.atomic
def propose_penalty(*, award, breach, facts, found_on, basis, tariff, by, units=0):
    """Open a case: the finding, with the figures of that day. Told to the référents juridiques. Returns the case.

    Raises as `simulate`, ValidationError when the day is to come, DomainError when nothing is due.
    """
    if found_on > timezone.localdate():
        raise ValidationError({"found_on": TO_COME})
    penalty = simulate(award=award, basis=basis, tariff=tariff, day=found_on, units=units or 0)
    if not penalty.due_euros:
        raise DomainError(NOTHING_DUE)
    case = PenaltyCase(award=award, breach=breach, facts=facts, found_on=found_on, **vars(penalty))
    case.proposed_at, case.proposed_by = timezone.now(), by
    validated_save(case, by=by)
    _tell(members(Role.LEGAL_OFFICER), "Pénalité proposée", case, by)
    return case


@transaction.atomic
def send_notice(*, case, sent_on, working_days, by):
    """Send the formal notice: the letter is produced and kept; the answer is due so many working days later."""
    case = _locked(case, PenaltyState.FOUND)
    if sent_on > timezone.localdate():
        raise ValidationError({"sent_on": TO_COME})
    case.notice_sent_on = sent_on
    case.answer_due_on = add_working_days(sent_on, working_days)
    case.send_notice()
    validated_save(case, by=by)
    _keep_letter(case, PenaltyState.NOTICE_SENT, sent_on, by)
    _tell([case.proposed_by], "Mise en demeure envoyée", case, by)
    return case


@transaction.atomic
def record_observations(*, case, observations, observed_on, by):
    """What the company answered; nothing, once its time is over.

    Raises DomainError when nothing came and the time is not over, ValidationError when the day is to come.
    """
    case = _locked(case, PenaltyState.NOTICE_SENT)
    if observed_on > timezone.localdate():
        raise ValidationError({"observed_on": TO_COME})
    if not observations.strip() and timezone.localdate() <= case.answer_due_on:
        raise DomainError(NOT_YET)
    case.observations, case.observed_on = observations.strip(), observed_on
    case.observe()
    return validated_save(case, by=by)


@transaction.atomic
def decide_penalty(*, case, outcome, reason, by, euros=None):
    """Apply the penalty, reduce it to `euros` or waive it, for a reason; the letter is produced and kept.

    Raises Conflict when the case is not to be decided, ValidationError without a reason or with absurd euros.
    """
    case = _locked(case, PenaltyState.OBSERVED)
    if not reason.strip():
        raise ValidationError({"reason": WHY})
    decided = {PenaltyOutcome.APPLIED: case.due_euros, PenaltyOutcome.WAIVED: Decimal(0)}.get(outcome, euros)
    if outcome == PenaltyOutcome.REDUCED and not (decided and 0 < decided < case.due_euros):
        raise ValidationError({"euros": HOW_MUCH})
    case.outcome, case.decided_euros, case.reason = outcome, decided, reason
    case.decided_at, case.decided_by = timezone.now(), by
    case.decide()
    validated_save(case, by=by)
    _keep_letter(case, PenaltyState.DECIDED, timezone.localdate(), by)
    _tell([case.proposed_by], "Pénalité décidée", case, by)
    return case


@transaction.atomic
def drop_penalty(*, case, reason, by):
    """The breach does not stand: the case ends without a decision, for a reason."""
    case = _locked(case, PenaltyState.FOUND, PenaltyState.NOTICE_SENT, PenaltyState.OBSERVED)
    if not reason.strip():
        raise ValidationError({"reason": WHY})
    case.reason, case.decided_at, case.decided_by = reason, timezone.now(), by
    case.drop()
    validated_save(case, by=by)
    _tell([case.proposed_by], "Pénalité abandonnée", case, by)
    return case


def _locked(case, *states):
    """The case, locked. Raises Conflict when it is in none of these states: somebody was first."""
    rows = PenaltyCase.objects.select_related("award__lot__market", "award__company", "proposed_by")
    case = lock(rows, case.pk)
    if case.state not in states:
        raise Conflict(MOVED_ON)
    return case


def _keep_letter(case, kind, day, by):
    docx, pdf = make_letter(case, kind, day=day, by=by)
    letter = PenaltyLetter(case=case, kind=kind, number=number_of(case, kind), docx=docx)
    letter.territory_id = case.award.lot.territory_id
    return freeze(letter, pdf, by=by)


def _tell(people, what, case, by):
    text = f"{what} : {place(case.award.lot)}."
    notify(people, text, reverse("markets:penalty_case", args=[case.pk]), except_for=by)
