"""A company deposits a posting and answers for the persons it was proposed, each by a link of its own."""

from datetime import date

import pytest
from django.urls import reverse

from markets.enums import LinkPurpose
from markets.models import CompanyLink
from markets.services.company_links import create_link
from participants.models import JobPosting, Referral
from participants.services.referrals import propose
from tests.factories.accounts import author
from tests.factories.links import PayrollContactFactory
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import JobPostingFactory, ReferralFactory, candidate
from tests.support.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

POSTING, REFERRALS = (reverse(f"participants:company_{name}") for name in ("posting", "referrals"))


@pytest.fixture
def posting_link(contract):
    return create_link(company=contract.employer, purpose=LinkPurpose.JOB_POSTING, award=contract.award)


def post(rome, **changes):
    fields = {"title": "Aide-maçon (H/F)", "rome": rome.pk, "positions": "2", "contract_type": "cdd"}
    fields |= {"weekly_hours": "35", "starts_on": "2026-10-01", "tasks": "Préparer le mortier."}
    return fields | changes


def test_a_posting_is_a_draft_for_the_facilitator(posting_link, opened):
    rome = RomeCodeFactory(code="F1703")
    answer = opened(posting_link).post(POSTING, post(rome), follow=True)
    assert "votre fiche de poste est reçue" in words(answer)
    posting = JobPosting.objects.get()
    assert (posting.state, posting.link, posting.award) == ("draft", posting_link, posting_link.award)
    assert CompanyLink.objects.get(pk=posting_link.pk).used_on is not None


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"weekly_hours": "60"}, {"positions": "0"}, {"tasks": "Homme jeune de moins de 30 ans."}]
)
def test_a_posting_that_is_not_right_comes_back(posting_link, opened, changes):
    answer = opened(posting_link).post(POSTING, post(RomeCodeFactory(code="F1703"), **changes))
    assert answer.status_code == 422
    assert not JobPosting.objects.exists()


def test_the_award_is_that_of_the_link_whatever_is_sent(posting_link, opened):
    other = JobPostingFactory()
    rome = RomeCodeFactory(code="F1703")
    opened(posting_link).post(POSTING, post(rome, award=other.award_id, state="published", lot=other.lot_id))
    posting = JobPosting.objects.exclude(pk=other.pk).get()
    assert (posting.award, posting.state) == (posting_link.award, "draft")


def test_postings_by_one_link_have_an_end(posting_link, opened, monkeypatch):
    monkeypatch.setattr("participants.services.postings.MOST_POSTINGS", 1)
    visitor, rome = opened(posting_link), RomeCodeFactory(code="F1703")
    visitor.post(POSTING, post(rome))
    assert visitor.post(POSTING, post(rome)).status_code == 422
    assert JobPosting.objects.count() == 1


@pytest.fixture
def referral(contract):
    """A person proposed to the company, by a mail with a link."""
    posting = JobPostingFactory(award=contract.award, published=True)
    contact = PayrollContactFactory(company=contract.employer)
    return propose(posting=posting, participants=[candidate(posting)], by=author(), contact=contact)[0]


def send(opened, referral, **typed):
    fields = {f"p{referral.pk}-{name}": value for name, value in typed.items()}
    return opened(referral.link).post(REFERRALS, {"referral": str(referral.pk)} | fields, follow=True)


def test_the_page_names_the_person_and_the_post_only(referral, opened):
    page = words(opened(referral.link).get(REFERRALS))
    assert referral.participant.first_name in page
    assert referral.posting.title in page
    assert f"{referral.participant.birth_date:%d/%m/%Y}" not in page
    assert referral.participant.validations.get().category.label not in page


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ({"state": "meeting", "day": "2026-09-20", "hour": "10:00"}, "meeting"),
        ({"state": "hired"}, "hired"),
        ({"state": "refused", "refusal": "skills"}, "refused"),
    ],
)
def test_an_answer_is_recorded(referral, opened, typed, state):
    assert "votre réponse est transmise" in words(send(opened, referral, **typed))
    assert Referral.objects.get().state == state


@pytest.mark.parametrize(
    "typed",
    [{}, {"state": "refused"}, {"state": "meeting"}, {"state": "declined"}, {"state": "refused", "refusal": "x"}],
)
def test_an_answer_that_lacks_something_comes_back(referral, opened, typed):
    assert send(opened, referral, **typed).status_code == 422
    assert Referral.objects.get().state == "proposed"


def test_a_proposal_to_another_company_cannot_be_answered(referral, opened):
    other = ReferralFactory()
    fields = {"referral": str(other.pk), f"p{other.pk}-state": "hired"}
    assert opened(referral.link).post(REFERRALS, fields).status_code == 404
    assert Referral.objects.get(pk=other.pk).state == "proposed"


def test_a_settled_proposal_has_no_form(referral, opened):
    send(opened, referral, state="hired")
    page = opened(referral.link).get(REFERRALS).content.decode()
    assert f"p{referral.pk}-state" not in page
    assert date(2026, 9, 15).strftime("%d/%m/%Y") in page
