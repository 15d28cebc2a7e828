"""A posting is read by the facilitator before anybody is proposed on it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from markets.enums import LinkPurpose
from markets.models import Lot
from markets.services.company_links import create_link
from participants.enums import PostingState, ReferralState
from participants.models import JobPosting, Referral
from participants.services import postings
from participants.services.referrals import answer
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import JobPostingFactory, ReferralFactory, candidate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def state_of(row):
    return type(row).objects.get(pk=row.pk).state


def test_a_posting_is_where_its_company_is_and_its_title_is_for_everyone():
    posting = JobPostingFactory(title="Maçon")
    assert (posting.lot, posting.territory, posting.title) == (
        posting.award.lot,
        posting.award.lot.territory,
        "Maçon (H/F)",
    )
    assert (posting.state, posting.author) == (PostingState.DRAFT, author())


@pytest.mark.parametrize("field", ["title", "tasks", "profile", "timetable", "access", "wage", "clearances"])
def test_a_discriminatory_wording_is_refused_where_it_is(field):
    with pytest.raises(ValidationError) as raised:
        JobPostingFactory(**{field: "Jeune maçon"})
    assert list(raised.value.message_dict) == [field]
    assert "« Jeune » (critère : l’âge)" in raised.value.message_dict[field][0].replace("\u00a0", " ")
    assert not JobPosting.objects.exists()


def test_no_post_opens_on_a_lot_that_is_over_nor_for_a_company_that_left():
    closed = LotFactory(closed=True).awards.get()
    with pytest.raises(DomainError, match="n’est pas en cours"):
        JobPostingFactory(award=closed)
    gone = AwardFactory()
    gone.ended_on, gone.end_reason = date(2026, 9, 1), "withdrawal"
    gone.save()
    with pytest.raises(DomainError, match="a quitté le lot"):
        JobPostingFactory(award=gone)


def deposited(award, purpose=LinkPurpose.JOB_POSTING, **fields):
    link = create_link(company=award.company, purpose=purpose, award=award)
    fields = {"title": "Peintre", "tasks": "Peindre", "starts_on": date(2026, 10, 1), "contract_type": "cdd"} | fields
    return postings.deposit(link=link, posting=JobPosting(rome=RomeCodeFactory(), **fields))


def test_a_company_deposits_a_draft_and_its_facilitator_is_told():
    award, user = AwardFactory(), UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=award.lot.territory, by=None)
    posting = deposited(award)
    assert (posting.state, posting.author, posting.award) == (PostingState.DRAFT, None, award)
    told = Notification.objects.get(recipient=user)
    assert "Fiche de poste déposée" in told.text
    assert told.path == f"/postes/{posting.pk}/"


def test_a_link_for_something_else_deposits_nothing():
    with pytest.raises(DomainError, match="ne permet pas"):
        deposited(AwardFactory(), purpose=LinkPurpose.ANSWER_REFERRAL)
    with pytest.raises(ValidationError, match="Jeune"):
        deposited(AwardFactory(), title="Jeune peintre")
    assert not JobPosting.objects.exists()


def test_a_posting_lives_and_is_closed():
    posting = JobPostingFactory(published=True)
    assert posting.published_by == author()
    with pytest.raises(Conflict):
        postings.publish_posting(posting=posting, by=author())
    with pytest.raises(Conflict):
        postings.reopen_posting(posting=posting, by=author())
    postings.fill_posting(posting=posting, by=author())
    with pytest.raises(Conflict, match="ne se modifie plus"):
        postings.change_posting(posting=JobPosting.objects.get(pk=posting.pk), by=author())
    postings.reopen_posting(posting=posting, by=author())
    postings.cancel_posting(posting=posting, by=author())
    assert state_of(posting) == PostingState.CANCELLED
    with pytest.raises(Conflict):
        postings.cancel_posting(posting=posting, by=author())


def test_a_filled_posting_of_a_lot_that_is_over_does_not_open_again():
    posting = postings.fill_posting(posting=JobPostingFactory(published=True), by=author())
    Lot.objects.filter(pk=posting.lot_id).update(state="closed")
    with pytest.raises(DomainError, match="n’est pas en cours"):
        postings.reopen_posting(posting=posting, by=author())


@pytest.mark.parametrize("close", [postings.fill_posting, postings.cancel_posting])
def test_closing_a_posting_takes_back_the_proposals_that_wait(close):
    referral = ReferralFactory()
    close(posting=referral.posting, by=author())
    referral = Referral.objects.get()
    assert (referral.state, referral.answered_on) == (ReferralState.WITHDRAWN, date(2026, 9, 15))


def test_as_many_hires_as_posts_fill_the_posting():
    first = ReferralFactory(posting=JobPostingFactory(published=True, positions=2))
    second = ReferralFactory(posting=first.posting)
    waiting = ReferralFactory(posting=first.posting, participant=candidate(first.posting, last_name="Zola"))
    answer(referral=first, state="hired", by=author())
    assert state_of(first.posting) == PostingState.PUBLISHED
    answer(referral=second, state="hired", by=author())
    assert state_of(first.posting) == PostingState.FILLED
    assert state_of(waiting) == ReferralState.WITHDRAWN
