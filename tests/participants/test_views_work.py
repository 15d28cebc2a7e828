"""Postings, proposals, calls and attestations, as a facilitator does them."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import OutgoingMail
from markets.models import CompanyLink
from participants.enums import PostingState
from participants.models import EmploymentContract, JobPosting, Referral, WorkCertificate
from tests.factories.companies import CompanyContactFactory, CountingRuleFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, ParticipantFactory
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import ExitSituationFactory, JobPostingFactory, ReferralFactory, candidate
from tests.support.pages import assert_done, assert_refused, errors, submit, table, told, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def award(territory):
    return AwardFactory(lot=LotFactory(territory=territory, calibrated=True))


@pytest.fixture
def posting(award):
    return JobPostingFactory(award=award, published=True, rome=RomeCodeFactory(code="F1703", label="Maçonnerie"))


def url(route, row=None):
    return reverse(f"participants:{route}", args=[row.pk] if row else [])


def test_a_posting_is_typed_then_published(facilitator, award):
    RomeCodeFactory(code="F1703")
    values = {"title": "Maçon", "rome": "f1703", "tasks": "Monter des murs", "contract_type": "cdd"}
    values |= {"starts_on": "2026-10-01", "positions": "2", "weekly_hours": "35"}
    response = submit(facilitator, url("posting_create", award.lot), **values)
    assert_done(response, "La fiche de poste est enregistrée : relisez-la, puis publiez-la.")
    posting = JobPosting.objects.get()
    assert (posting.title, posting.award, posting.rome_id) == ("Maçon (H/F)", award, "F1703")
    response = facilitator.post(url("posting_move", posting), {"acte": "publier"}, follow=True)
    assert_done(response, "La fiche est publiée : vous pouvez proposer des personnes.")
    response = facilitator.post(url("posting_move", posting), {"acte": "publier"}, follow=True)
    assert told(response) == ["Cette fiche de poste n’est plus un brouillon."]
    assert facilitator.post(url("posting_move", posting), {"acte": "brûler"}).status_code == 400


def test_a_company_is_asked_for_its_posting(facilitator, award):
    contact = CompanyContactFactory(company=award.company)
    CompanyContactFactory()
    response = submit(facilitator, url("posting_ask", award.lot), contact=contact.pk)
    assert_done(response, f"Le lien est envoyé à {contact.email}.")
    mail = OutgoingMail.objects.get()
    assert mail.recipient == contact.email
    assert "/entreprise/lien/" in mail.body
    link = CompanyLink.objects.get()
    assert (link.purpose, link.award, link.contact) == ("job_posting", award, contact)


def test_a_wrong_posting_comes_back_with_why(facilitator, posting):
    for wrong, sentence in (
        ({"tasks": "Poste pour jeune"}, "« jeune » (critère : l’âge)"),
        ({"rome": "X1"}, "Ce code ROME n’existe pas : cherchez le métier par son nom."),
        ({"weekly_hours": "49"}, "La durée hebdomadaire est de 48 heures au plus."),
        ({"ends_on": "2026-09-30"}, "La fin du poste précède son début."),
    ):
        response = submit(facilitator, url("posting_edit", posting), **wrong)
        assert response.status_code == 422
        assert sentence in " ".join(errors(response))


def test_postings_are_filtered(facilitator, posting):
    JobPostingFactory(award__lot__territory=posting.territory, title="Peintre", rome=RomeCodeFactory(code="F1606"))
    names = [row[0] for row in table(facilitator.get(url("postings")))]
    assert len(names) == 2
    for query in ("state=published", "rome=f17", "q=Maçon", f"q={posting.award.company.name}"):
        ((name, *_),) = table(facilitator.get(f"{url('postings')}?{query}"))
        assert name.startswith("Maçon (H/F)")
    assert "Aucune fiche de poste" in words(facilitator.get(f"{url('postings')}?late=on"))


def test_the_department_reads_the_posting_and_nobody_in_it(officer, posting):
    referral = ReferralFactory(posting=posting)
    text = words(officer.get(url("posting", posting)))
    assert "Préparer les mortiers" in text
    assert referral.participant.last_name not in text
    assert "Publier" not in text
    assert officer.get(url("posting_persons", posting)).status_code == 403


def test_persons_are_proposed_together_and_the_company_is_written_to(facilitator, posting):
    contact = CompanyContactFactory(company=posting.award.company)
    first, second = candidate(posting), candidate(posting, last_name="Zola")
    page = facilitator.get(url("posting_persons", posting))
    assert len(table(page, "Personnes à proposer")) == 2
    chosen = {"participants": [first.pk, second.pk], "contact": contact.pk}
    response = facilitator.post(url("posting_persons", posting), chosen, follow=True)
    assert_done(response, "2 personnes sont proposées : les réponses sont attendues sous 15 jours.")
    assert len(table(response, "Propositions")) == 2
    assert OutgoingMail.objects.get().recipient == contact.email


def test_nobody_is_proposed_who_does_not_fit(facilitator, posting):
    candidate(posting)
    stranger = ParticipantFactory(territory=posting.territory)
    for chosen, sentence in (([], "Choisissez au moins une personne."), ([stranger.pk], "Une de ces personnes")):
        response = facilitator.post(url("posting_persons", posting), {"participants": chosen})
        assert response.status_code == 422
        assert sentence in words(response)
    assert not Referral.objects.exists()


def test_an_answer_is_typed_and_a_hire_becomes_a_contract(facilitator, posting):
    referral = ReferralFactory(posting=posting)
    response = submit(facilitator, url("referral_answer", referral), state="refused")
    assert_refused(response, "Indiquez le motif.")
    response = submit(facilitator, url("referral_answer", referral), state="meeting", day="2026-09-22", hour="09:30")
    assert_done(response, "La réponse est enregistrée.")
    assert "le 22/09/2026 à 09:30" in words(response)
    assert_done(submit(facilitator, url("referral_answer", referral), state="hired"), "La réponse est enregistrée.")
    response = submit(facilitator, url("contract_of_referral", referral))
    assert_done(response, f"Le contrat de {referral.participant} est enregistré.")
    contract = EmploymentContract.objects.get(referral=referral)
    assert (contract.job_title, contract.starts_on, contract.rome_code) == ("Maçon", date(2026, 10, 1), "F1703")


def test_a_proposal_is_taken_back(facilitator, posting):
    referral = ReferralFactory(posting=posting)
    assert_done(facilitator.post(url("referral_withdraw", referral), follow=True), "La proposition est retirée.")
    response = facilitator.post(url("referral_withdraw", referral), follow=True)
    assert told(response) == ["Cette proposition a déjà reçu sa réponse."]


def test_posts_and_persons_are_side_by_side(facilitator, posting, elsewhere):
    person = candidate(posting)
    ((occupation, posts, _, seeking, names),) = table(facilitator.get(url("vacancies")), "Postes et personnes")
    assert (occupation, posts, seeking) == ("Maçonnerie F1703", "1", "1")
    assert str(person) in names
    assert "Ni poste ni personne" in words(facilitator.get(f"{url('vacancies')}?territory={elsewhere.pk}"))


def test_calls_are_made_and_answers_noted(facilitator, territory):
    contract = EmploymentContractFactory(
        award__lot__territory=territory, validated=True, ended=True, participant__phone="06 39 98 00 01"
    )
    row = ExitSituationFactory(contract=contract)
    page = facilitator.get(url("calls"))
    assert [line[2] for line in table(page)] == ["À la fin", "À 3 mois"]
    assert "06 39 98 00 01" in words(page)
    response = facilitator.post(url("exit_attempt", row), follow=True)
    assert_done(response, f"L’appel sans réponse à {row.participant} est noté.")
    response = submit(facilitator, url("exit", row), situation="unknown")
    assert_refused(response, "Avant de noter « inconnue », essayez de joindre la personne : 1 appel(s) noté(s) sur 3.")
    assert_refused(submit(facilitator, url("exit", row), situation="seeking"), "Indiquez qui l’a dit.")
    response = submit(facilitator, url("exit", row), situation="cdd_long", source="person")
    assert_done(response, f"La situation de {row.participant} est enregistrée.")
    assert [line[2] for line in table(response)] == ["À 3 mois"]


def test_the_market_tells_known_from_unknown(officer, territory):
    row = ExitSituationFactory(contract__award__lot__territory=territory)
    page = officer.get(reverse("markets:detail", args=[row.market_id]))
    assert table(page, "Situations de sortie")[0] == ["À la fin", "1", "0", "0", "0"]


def test_a_contract_is_edited_and_turned_into_a_lasting_one(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    CountingRuleFactory(market=contract.market, lasting_job_bonus=150)
    response = submit(facilitator, url("contract_edit", contract), weekly_hours="28", already_in_post=True)
    assert told(response) == [
        f"Le contrat de {contract.participant} est modifié.",
        f"{contract.participant} n’est pas validée au 01/02/2026 : le contrat est enregistré, mais les heures faites "
        "avant sa validation seront rejetées.",
        "Personnel repris : cette personne n’est pas une embauche nouvelle du marché.",
    ]
    response = submit(facilitator, url("contract_convert", contract), on="2026-09-01", contract_type="cdi")
    assert_done(
        response,
        f"L’embauche durable de {contract.participant} est enregistrée. "
        "150 h valorisées, présentées à part des heures comptabilisées.",
    )
    assert "150 h valorisées, à part" in words(
        facilitator.get(reverse("participants:person", args=[contract.participant_id]))
    )


def test_a_loan_needs_a_lender(facilitator, award):
    person = ParticipantFactory(territory=award.lot.territory)
    values = {"participant": person.pk, "award": award.pk, "modality": "2", "contract_type": "temporary"}
    values |= {"job_title": "Peintre", "starts_on": "2026-09-01"}
    response = submit(facilitator, url("contract_create", award.lot), **values)
    assert response.status_code == 422
    assert "indiquez la nature de" in " ".join(errors(response))


def test_the_worker_gets_an_attestation(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    response = facilitator.post(url("work_certificate_produce", contract.participant), follow=True)
    assert_done(
        response, "L’attestation de parcours est prête : téléchargez-la ci-dessous, puis remettez-la à la personne."
    )
    paper = WorkCertificate.objects.get()
    download = facilitator.get(url("work_certificate", paper))
    assert (download["Content-Type"], download.content[:5]) == ("application/pdf", b"%PDF-")
    assert paper.number in words(response)


def test_what_waits_is_on_the_home_page(facilitator, award):
    JobPostingFactory(award=award)
    ExitSituationFactory(contract__award=award)
    text = words(facilitator.get("/"))
    assert "fiches de poste à relire et publier" in text
    assert "appels à passer" in text
    assert JobPosting.objects.get().state == PostingState.DRAFT
