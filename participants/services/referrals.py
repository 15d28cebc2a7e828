"""Proposing persons on a posting, and what the company answers: the trace of equal treatment (C16, C24).

Clocks (domain.md §1.3): the company answers within 15 days, and the buyer is told after one more week of silence.
"""

from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.working_days import next_working_day
from facilitators.enums import Role
from facilitators.mail import queue_mail
from facilitators.notifications import members, notify
from markets.enums import LinkPurpose
from markets.services.company_links import address_of, create_link, mark_used
from markets.services.opinion import place
from participants.enums import PostingState, ReferralState
from participants.models import JobPosting, Participant, Referral
from participants.services.postings import fill_when_complete, page_of_posting

DAYS_TO_ANSWER = timedelta(days=15)
DAYS_OF_SILENCE = timedelta(days=7)
NOT_PUBLISHED = "Cette fiche de poste n’est pas publiée : personne ne peut y être proposé."
NOBODY = "Choisissez au moins une personne."
NOT_VALIDATED = "{person} n’est pas validée à cette date : ses heures ne compteraient pas."
ALREADY_PROPOSED = "{person} est déjà proposée sur ce poste."
OTHER_COMPANY = "Ce contact n’est pas celui de l’entreprise du poste."
NO_ADDRESS = "Ce contact n’a pas d’adresse électronique."
NOT_ITS_LINK = "Ce lien ne permet pas de répondre à cette proposition."
SETTLED = "Cette proposition a déjà reçu sa réponse."
NO_ANSWER = "Choisissez une réponse."
NO_MEETING = "Indiquez le jour et l’heure de l’entretien."
NO_REASON = "Indiquez le motif."
MOVES = {
    ReferralState.MEETING: "meet",
    ReferralState.HIRED: "hire",
    ReferralState.REFUSED: "refuse",
    ReferralState.DECLINED: "decline",
}
# Whether the person wants the post is hers to say, to the facilitator.
ANSWERS_BY_LINK = frozenset({ReferralState.MEETING, ReferralState.HIRED, ReferralState.REFUSED})
EXPLAINED = frozenset({ReferralState.REFUSED, ReferralState.DECLINED})
SUBJECT = "Des personnes vous sont proposées pour votre poste"


@transaction.atomic
def propose(*, posting, participants, by, contact=None):
    """Propose persons on a published posting; with a `contact`, one link to answer is sent to her. Returns referrals.

    Raises Conflict when the posting is not published, DomainError when somebody is not validated at its start, is
    proposed already, or when the contact is of another company or has no address.
    """
    posting = lock(JobPosting.objects.select_related("award__company", "lot__market"), posting.pk)
    if posting.state != PostingState.PUBLISHED:
        raise Conflict(NOT_PUBLISHED)
    _check(posting, participants)
    link = _send_link(posting, len(participants), contact, by) if contact else None
    return [_propose(posting, person, link, by) for person in participants]


def _check(posting, participants):
    if not participants:
        raise DomainError(NOBODY)
    known = {person.pk for person in participants}
    day = max(posting.starts_on, timezone.localdate())
    validated = set(Participant.objects.validated_on(day).filter(pk__in=known).values_list("pk", flat=True))
    proposed = set(Referral.objects.filter(posting=posting).values_list("participant_id", flat=True))
    for person in participants:
        if person.pk in proposed:
            raise DomainError(ALREADY_PROPOSED.format(person=person))
        if person.pk not in validated:
            raise DomainError(NOT_VALIDATED.format(person=person))


def _propose(posting, person, link, by):
    today = timezone.localdate()
    referral = Referral(participant=person, posting=posting, link=link)
    referral.proposed_at, referral.proposed_by = timezone.now(), by
    _set_clocks(referral, today)
    return validated_save(referral, by=by)


def _set_clocks(referral, day):
    """15 calendar days from `day`, then a week, each moved to a day when one works."""
    referral.answer_due_on = next_working_day(day + DAYS_TO_ANSWER)
    referral.escalate_on = next_working_day(referral.answer_due_on + DAYS_OF_SILENCE)


def _send_link(posting, number, contact, by):
    if contact.company_id != posting.award.company_id:
        raise DomainError(OTHER_COMPANY)
    if not contact.email:
        raise DomainError(NO_ADDRESS)
    link = create_link(
        company=posting.award.company, purpose=LinkPurpose.ANSWER_REFERRAL, award=posting.award, contact=contact
    )
    context = {
        "contact": contact,
        "posting": posting,
        "number": number,
        "address": address_of(link),
        "due_on": next_working_day(timezone.localdate() + DAYS_TO_ANSWER),
        "by": by,
    }
    body = render_to_string("emails/referrals_proposed.txt", context)
    queue_mail(recipient=contact.email, subject=SUBJECT, body=body)
    return link


@transaction.atomic
def answer(*, referral, state, refusal="", comment="", meeting_on=None, by=None, link=None):
    """Record the answer to a proposal: `state` is meeting, hired, refused or declined. Returns the Referral.

    `by` is who types it; or `link` the company’s own, which may say everything but that the person declines.
    A refusal has its reason, a meeting its moment (aware datetime), which starts the clocks again. As many hires as
    posts fill the posting. Raises Conflict when it is settled, DomainError on what is missing or not the link’s.
    """
    _check_answer(referral, state, refusal, meeting_on, link)
    posting = lock(JobPosting.objects.select_related("lot__market"), referral.posting_id)
    referral = lock(Referral.objects.select_related("proposed_by"), referral.pk)
    if not referral.is_waiting:
        raise Conflict(SETTLED)
    move = getattr(referral, MOVES[state])
    if can_proceed(move):
        move()
    referral.comment = comment
    if state == ReferralState.MEETING:
        _meet(referral, meeting_on)
    else:
        referral.answered_on = timezone.localdate()
        referral.refusal = refusal if state in EXPLAINED else ""
    validated_save(referral, by=by)
    if state == ReferralState.HIRED:
        fill_when_complete(posting, by)
    if link is not None:
        mark_used(link)
    if by is None:
        text = f"Réponse de l’entreprise à une proposition sur le {place(posting.lot)}."
        notify([referral.proposed_by], text, reverse("participants:posting_persons", args=[posting.pk]))
    return referral


def _check_answer(referral, state, refusal, meeting_on, link):
    if state not in MOVES or (link is not None and state not in ANSWERS_BY_LINK):
        raise DomainError(NO_ANSWER)
    if link is not None and (link.purpose != LinkPurpose.ANSWER_REFERRAL or referral.link_id != link.pk):
        raise DomainError(NOT_ITS_LINK)
    if state == ReferralState.MEETING and meeting_on is None:
        raise DomainError(NO_MEETING)
    if state in EXPLAINED and not refusal:
        raise DomainError(NO_REASON)


def _meet(referral, meeting_on):
    """The company has answered: it has 15 days again, once the meeting was held."""
    day = max(timezone.localdate(), timezone.localdate(meeting_on))
    referral.meeting_on, referral.escalated_on = meeting_on, None
    _set_clocks(referral, day)


@transaction.atomic
def withdraw(*, referral, by, comment=""):
    """The facilitator takes a proposal back. Raises Conflict when the company has settled it."""
    lock(JobPosting.objects, referral.posting_id)
    referral = lock(Referral.objects, referral.pk)
    if not can_proceed(referral.withdraw):
        raise Conflict(SETTLED)
    referral.withdraw()
    referral.answered_on, referral.comment = timezone.localdate(), comment
    return validated_save(referral, by=by)


def report_silences():
    """Tell the buyer of the proposals nobody answered a week after their term, once each; returns how many."""
    silent = Referral.objects.to_escalate(timezone.localdate()).order_by("posting_id")
    return sum(_report_silence(pk) for pk in silent.values_list("posting_id", flat=True).distinct())


@transaction.atomic
def _report_silence(posting_pk):
    """One notification a posting, for all its proposals without answer. No name of a person leaves (A31)."""
    posting = lock(JobPosting.objects.select_related("lot__market__operation", "award__company"), posting_pk)
    silent = list(
        Referral.objects.to_escalate(timezone.localdate()).filter(posting=posting).select_for_update(of=("self",))
    )
    if not silent:
        return 0
    since = french.date(min(referral.answer_due_on for referral in silent))
    text = f"Aucune réponse depuis le {since} aux personnes proposées sur le {place(posting.lot)} ({len(silent)})."
    notify(_buyers(posting.lot.market), text, page_of_posting(posting))
    for referral in silent:
        referral.escalated_on = timezone.now()
        validated_save(referral, by=None)
    return len(silent)


def _buyers(market):
    """The chargées de mission, and the agents of the direction of the market."""
    people = {person.pk: person for person in members(Role.MISSION_OFFICER)}
    if market.operation_id:
        agents = members(Role.DIRECTORATE_AGENT, directorate=market.operation.directorate_id)
        people |= {person.pk: person for person in agents}
    return list(people.values())
