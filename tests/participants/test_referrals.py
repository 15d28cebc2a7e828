"""Persons proposed: the same criteria for all, an answer, a buyer told of its silence (C16, C24)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.models import Notification, OutgoingMail
from facilitators.permissions import grant
from markets.enums import LinkPurpose
from markets.services.company_links import create_link
from participants import tasks
from participants.candidates import candidates_for
from participants.models import JobPosting, Participant, Referral
from participants.services.referrals import answer, propose, report_silences, withdraw
from participants.vacancies import occupations, refusals_by_occupation
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import CompanyContactFactory
from tests.factories.participants import EligibilityValidationFactory, ParticipantFactory
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import JobPostingFactory, ReferralFactory, candidate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MEETING = datetime(2026, 9, 22, 8, tzinfo=UTC)


def on(day):
    return time_machine.travel(f"{day}T10:00:00+02:00")


@pytest.fixture
def posting():
    return JobPostingFactory(published=True, rome=RomeCodeFactory(code="F1703"))


def fitting(posting):
    return list(candidates_for(posting, Participant.objects.all()))


def test_who_fits_is_validated_available_and_looks_for_the_occupation_or_a_neighbour(posting):
    exact = candidate(posting)
    neighbour = candidate(posting, last_name="Voisin")
    neighbour.wanted_jobs.set([RomeCodeFactory(code="F1701")])
    far = candidate(posting, last_name="Loin")
    far.wanted_jobs.set([RomeCodeFactory(code="F1603")])
    candidate(posting, last_name="Plus-tard", available_from=date(2026, 10, 2))
    candidate(posting, last_name="En-poste", available_from=None)
    unknown = ParticipantFactory(territory=posting.territory, available_from=date(2026, 9, 1))
    unknown.wanted_jobs.add(posting.rome)
    assert [(person, person.is_exact) for person in fitting(posting)] == [(exact, True), (neighbour, False)]


def test_a_licence_that_the_post_asks_for_is_asked_of_everyone(posting):
    posting.licence_required = True
    candidate(posting, has_licence=None)
    candidate(posting, last_name="Sans", has_licence=False)
    driver = candidate(posting, last_name="Avec", has_licence=True)
    assert fitting(posting) == [driver]


def test_inhabitants_of_a_priority_district_come_first_where_the_posting_says_so(posting):
    outside = candidate(posting, lives_in_qpv=False, available_from=date(2026, 1, 1))
    inside = candidate(posting, last_name="Dedans", lives_in_qpv=True)
    assert fitting(posting) == [outside, inside]
    posting.qpv_first = True
    assert fitting(posting) == [inside, outside]


def test_those_of_the_place_then_those_who_wait_longest(posting):
    late = candidate(posting)
    early = candidate(posting, last_name="Longtemps", available_from=date(2026, 3, 1))
    posting.commune = late.commune
    assert fitting(posting) == [late, early]
    posting.commune = None
    assert fitting(posting) == [early, late]


def test_somebody_proposed_is_no_candidate_any_more(posting):
    referral = ReferralFactory(posting=posting)
    assert fitting(posting) == []
    with pytest.raises(DomainError, match="déjà proposée"):
        propose(posting=posting, participants=[referral.participant], by=author())


def test_the_company_has_fifteen_days_moved_to_a_working_day(posting):
    with on("2026-10-17"):  # 15 days later is Sunday 1 November, a holiday too
        referral = ReferralFactory(posting=posting)
    assert (referral.answer_due_on, referral.escalate_on) == (date(2026, 11, 2), date(2026, 11, 9))
    assert (referral.proposed_by, referral.state) == (author(), "proposed")


def test_one_is_proposed_only_validated_and_on_a_published_posting(posting):
    stranger = ParticipantFactory(territory=posting.territory)
    EligibilityValidationFactory(participant=stranger)
    known = candidate(posting)
    for people, sentence in (([known, stranger], "n’est pas validée"), ([], "au moins une personne")):
        with pytest.raises(DomainError, match=sentence):
            propose(posting=posting, participants=people, by=author())
    with pytest.raises(Conflict, match="n’est pas publiée"):
        propose(posting=JobPostingFactory(), participants=[known], by=author())
    assert not Referral.objects.exists()


def test_the_company_is_sent_one_link_and_no_name(posting):
    contact = CompanyContactFactory(company=posting.award.company)
    people = [candidate(posting), candidate(posting, last_name="Zola")]
    referrals = propose(posting=posting, participants=people, contact=contact, by=author())
    assert {referral.link for referral in referrals} == {referrals[0].link}
    assert referrals[0].link.purpose == LinkPurpose.ANSWER_REFERRAL
    mail = OutgoingMail.objects.get()
    assert mail.recipient == contact.email
    assert "2 personnes vous sont proposées" in mail.body
    assert "/entreprise/lien/" in mail.body
    assert not any(person.last_name in mail.body + mail.subject for person in people)


def test_a_contact_of_another_company_is_sent_nothing(posting):
    people = [candidate(posting)]
    for contact, sentence in (
        (CompanyContactFactory(), "n’est pas celui de l’entreprise"),
        (CompanyContactFactory(company=posting.award.company, email=""), "n’a pas d’adresse"),
    ):
        with pytest.raises(DomainError, match=sentence):
            propose(posting=posting, participants=people, contact=contact, by=author())
    assert not OutgoingMail.objects.exists()


def test_a_meeting_is_an_answer_and_starts_the_clocks_again():
    referral = answer(referral=ReferralFactory(), state="meeting", meeting_on=MEETING, by=author())
    assert (referral.state, referral.answered_on) == ("meeting", None)
    assert (referral.answer_due_on, referral.escalate_on) == (date(2026, 10, 7), date(2026, 10, 14))
    again = answer(referral=referral, state="meeting", meeting_on=MEETING.replace(day=23), by=author())
    assert again.answer_due_on == date(2026, 10, 8)


def test_a_refusal_has_its_reason_and_a_settled_proposal_is_settled():
    referral = ReferralFactory()
    for state in ("refused", "declined"):
        with pytest.raises(DomainError, match="Indiquez le motif"):
            answer(referral=referral, state=state, by=author())
    with pytest.raises(DomainError, match="l’entretien"):
        answer(referral=referral, state="meeting", by=author())
    with pytest.raises(DomainError, match="Choisissez une réponse"):
        answer(referral=referral, state="withdrawn", by=author())
    with pytest.raises(ValidationError):
        answer(referral=referral, state="refused", refusal="face", by=author())
    referral = answer(referral=referral, state="refused", refusal="licence", comment="CACES 2", by=author())
    assert (referral.refusal, referral.answered_on) == ("licence", date(2026, 9, 15))
    for act in (
        lambda: answer(referral=referral, state="hired", by=author()),
        lambda: withdraw(referral=referral, by=author()),
    ):
        with pytest.raises(Conflict, match="déjà reçu sa réponse"):
            act()


def test_a_company_answers_by_its_own_link_only_and_the_facilitator_is_told(posting):
    contact = CompanyContactFactory(company=posting.award.company)
    (referral,) = propose(posting=posting, participants=[candidate(posting)], contact=contact, by=author())
    other = create_link(company=contact.company, purpose=LinkPurpose.ANSWER_REFERRAL, award=posting.award)
    with pytest.raises(DomainError, match="ne permet pas"):
        answer(referral=referral, state="hired", link=other)
    with pytest.raises(DomainError, match="Choisissez une réponse"):
        answer(referral=referral, state="declined", refusal="conditions", link=referral.link)
    answer(referral=referral, state="refused", refusal="skills", link=referral.link)
    told = Notification.objects.get(recipient=author())
    assert "Réponse de l’entreprise" in told.text
    assert referral.participant.last_name not in told.text


def test_a_withdrawn_proposal_waits_no_more():
    referral = withdraw(referral=ReferralFactory(), by=author(), comment="A trouvé ailleurs.")
    assert (referral.state, referral.answered_on) == ("withdrawn", date(2026, 9, 15))
    assert not Referral.objects.waiting().exists()


def test_the_buyer_is_told_of_a_silence_once(posting):
    officer, agent, stranger = UserFactory.create_batch(3)
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=agent, role=Role.DIRECTORATE_AGENT, directorate=posting.lot.market.operation.directorate, by=None)
    grant(user=stranger, role=Role.FACILITATOR, territory=posting.territory, by=None)
    people = [candidate(posting), candidate(posting, last_name="Zola")]
    referrals = propose(posting=posting, participants=people, by=author())
    assert [row.escalate_on for row in referrals] == [date(2026, 10, 7)] * 2
    with on("2026-10-06"):
        assert report_silences() == 0
    with on("2026-10-07"):
        tasks.report_silences()
        assert report_silences() == 0
    told = Notification.objects.filter(text__startswith="Aucune réponse depuis le 30/09/2026")
    assert {row.recipient for row in told} == {officer, agent}
    assert not any(person.last_name in row.text for row in told for person in people)


def test_an_answer_stops_the_clock():
    answer(referral=ReferralFactory(), state="refused", refusal="skills", by=author())
    with on("2026-11-30"):
        assert report_silences() == 0


def test_posts_and_persons_are_counted_side_by_side(posting):
    candidate(posting)
    ReferralFactory(posting=JobPostingFactory(published=True, rome=posting.rome, positions=3))
    answer(referral=Referral.objects.get(), state="hired", by=author())
    alone = candidate(posting, last_name="Seule")
    alone.wanted_jobs.set([RomeCodeFactory(code="A1203")])
    rows = occupations(JobPosting.objects.all(), Participant.objects.all())
    assert [(row.code, row.posts, row.seeking) for row in rows] == [("F1703", 3, 2), ("A1203", 0, 1)]


def test_refusals_are_told_by_occupation_and_by_reason(posting):
    for number, reason in enumerate(("licence", "licence", "skills")):
        referral = ReferralFactory(posting=posting, participant=candidate(posting, last_name=f"N{number}"))
        answer(referral=referral, state="refused", refusal=reason, by=author())
    withdraw(referral=ReferralFactory(posting=posting), by=author())
    ((rome, total, reasons),) = refusals_by_occupation(Referral.objects.all(), date(2026, 1, 1))
    assert (rome, total, [number for _, number in reasons]) == (posting.rome, 3, [2, 1])
    assert refusals_by_occupation(Referral.objects.all(), date(2026, 9, 16)) == []
