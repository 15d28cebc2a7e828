"""Job postings: opened by a company or for it, read by the facilitator before anybody is proposed (C9, C16)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_fsm import can_proceed

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from facilitators.enums import Role
from facilitators.mail import queue_mail
from facilitators.notifications import members, notify
from markets.enums import LinkPurpose
from markets.models import Award, Lot
from markets.models.market import UNDER_WAY
from markets.services.company_links import address_of, create_link, mark_used
from markets.services.opinion import place
from participants.enums import PostingState, ReferralState
from participants.models import JobPosting, Referral
from participants.wording import neutral_title, refusal

NOT_ITS_LINK = "Ce lien ne permet pas de déposer une fiche de poste."
# A link deposits so many postings: beyond, somebody should talk to the company.
MOST_POSTINGS = 20
ENOUGH = "Vous avez déjà déposé 20 fiches de poste par ce lien : appelez votre facilitateur."
SUBJECT = "Votre fiche de poste pour la clause sociale"
NO_ADDRESS = "Ce contact n’a pas d’adresse électronique."
HAS_LEFT = "Cette entreprise a quitté le lot."
NOT_OPEN = "Ce lot n’est pas en cours : aucun poste ne s’y ouvre."
OVER = "Cette fiche de poste est close : elle ne se modifie plus."
NOT_NOW = {
    "publish": "Cette fiche de poste n’est plus un brouillon.",
    "fill": "Seule une fiche publiée peut être déclarée pourvue.",
    "reopen": "Seule une fiche pourvue peut être rouverte.",
    "cancel": "Cette fiche de poste est déjà close.",
}
FILLED_COMMENT = "Le poste est pourvu."
CANCELLED_COMMENT = "La fiche de poste est annulée."
# Every text of the company: the words are looked for in all of them.
TEXTS = ("title", "tasks", "profile", "timetable", "clearances", "access", "wage")


@transaction.atomic
def create_posting(*, posting, by):
    """Record a draft for a company of a lot; its lot and territory come from the award.

    Raises DomainError when the company has left or the lot is not under way, ValidationError on a discriminatory
    wording or what a form refuses.
    """
    posting.author = by
    return _create(posting, by)


@transaction.atomic
def ask_posting(*, award, contact, by):
    """Send somebody of a company on a lot the link by which it deposits its postings. Returns the CompanyLink.

    Raises DomainError when the company has left, the lot is not under way, or the contact is another company’s or has
    no address.
    """
    award = Award.objects.select_related("lot__market", "company").get(pk=award.pk)
    _check_open(award)
    if not contact.email:
        raise DomainError(NO_ADDRESS)
    link = create_link(company=award.company, purpose=LinkPurpose.JOB_POSTING, award=award, contact=contact)
    context = {"contact": contact, "lot": award.lot, "address": address_of(link), "by": by}
    body = render_to_string("emails/posting_asked.txt", context)
    queue_mail(recipient=contact.email, subject=SUBJECT, body=body)
    return link


@transaction.atomic
def deposit(*, link, posting):
    """Record the draft a company deposits by its link, on the award of the link; the facilitators are told.

    Raises DomainError when the link is for something else or has deposited `MOST_POSTINGS`, and as `create_posting`.
    """
    if link.purpose != LinkPurpose.JOB_POSTING or link.award_id is None:
        raise DomainError(NOT_ITS_LINK)
    if JobPosting.objects.filter(link=link).count() >= MOST_POSTINGS:
        raise DomainError(ENOUGH)
    posting.award_id, posting.link, posting.author = link.award_id, link, None
    posting = _create(posting, None)
    mark_used(link)
    text = f"Fiche de poste déposée sur le {place(posting.lot)} : à lire, puis à publier."
    notify(members(Role.FACILITATOR, territory=posting.territory_id), text, page_of_posting(posting))
    return posting


def _create(posting, by):
    award = Award.objects.select_related("lot__market").get(pk=posting.award_id)
    _check_open(award)
    posting.award, posting.lot, posting.territory_id = award, award.lot, award.lot.territory_id
    return _save(posting, by)


def _check_open(award):
    if award.ended_on:
        raise DomainError(HAS_LEFT)
    if award.lot.state not in UNDER_WAY:
        raise DomainError(NOT_OPEN)


@transaction.atomic
def change_posting(*, posting, by, seen=None):
    """Save what was typed of a posting that is not closed; its company stays. Raises Stale, Conflict when closed."""
    saved = lock(JobPosting.objects, posting.pk)
    refuse_stale(saved, seen)
    if saved.state not in {PostingState.DRAFT, PostingState.PUBLISHED}:
        raise Conflict(OVER)
    posting.award_id, posting.lot_id, posting.territory_id = saved.award_id, saved.lot_id, saved.territory_id
    return _save(posting, by)


def _save(posting, by):
    posting.title = neutral_title(posting.title)
    sentence = refusal(*(getattr(posting, name) for name in TEXTS))
    if sentence:
        raise ValidationError({_guilty_field(posting): sentence})
    return validated_save(posting, by=by)


def _guilty_field(posting):
    """The first text that holds a word to take away."""
    return next(name for name in TEXTS if refusal(getattr(posting, name)))


@transaction.atomic
def publish_posting(*, posting, by):
    """The facilitator has read it: persons may be proposed. Raises Conflict when it is no draft."""
    posting = _moved(posting, "publish")
    posting.published_at, posting.published_by = timezone.now(), by
    return _save(posting, by)


@transaction.atomic
def fill_posting(*, posting, by):
    """Every post has somebody: the proposals that wait are taken back. Raises Conflict unless it is published."""
    posting = _moved(posting, "fill")
    withdraw_waiting(posting, FILLED_COMMENT, by)
    return validated_save(posting, by=by)


@transaction.atomic
def reopen_posting(*, posting, by):
    """Somebody left: the post is open again. Raises Conflict unless it is filled, DomainError when the lot is over."""
    posting = _moved(posting, "reopen")
    if Lot.objects.get(pk=posting.lot_id).state not in UNDER_WAY:
        raise DomainError(NOT_OPEN)
    return validated_save(posting, by=by)


@transaction.atomic
def cancel_posting(*, posting, by):
    """The company gives it up: the proposals that wait are taken back. Raises Conflict when it is closed."""
    posting = _moved(posting, "cancel")
    withdraw_waiting(posting, CANCELLED_COMMENT, by)
    return validated_save(posting, by=by)


def _moved(posting, name):
    """The locked posting, its transition done."""
    posting = lock(JobPosting.objects.select_related("lot__market"), posting.pk)
    transition = getattr(posting, name)
    if not can_proceed(transition):
        raise Conflict(NOT_NOW[name])
    transition()
    return posting


def withdraw_waiting(posting, comment, by):
    """Take back the proposals the company has not settled on a locked posting."""
    for referral in Referral.objects.waiting().filter(posting=posting).select_for_update(of=("self",)):
        referral.withdraw()
        referral.answered_on, referral.comment = timezone.localdate(), comment
        validated_save(referral, by=by)


def fill_when_complete(posting, by):
    """Fill a locked, published posting once as many persons are hired as it has posts."""
    hired = Referral.objects.filter(posting=posting, state=ReferralState.HIRED).count()
    if hired >= posting.positions and can_proceed(posting.fill):
        posting.fill()
        withdraw_waiting(posting, FILLED_COMMENT, by)
        validated_save(posting, by=by)


def page_of_posting(posting):
    """Address of the page of a posting."""
    return reverse("participants:posting", args=[posting.pk])
