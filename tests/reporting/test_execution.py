"""The attestation of a company: a facilitator proposes, the Département decides, it is frozen (C23; §9.11)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.pdf import checks
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from markets.enums import ObjectiveKind
from markets.services.awards import add_objective
from participants.services.hours import record_month
from reporting.execution_paper import Execution, execution_of
from reporting.models import ExecutionCertificate, ExecutionProposal
from reporting.services.execution import (
    DECIDED,
    NOT_ITS_OWN,
    NOT_OVER,
    NOTHING_DUE,
    WHY,
    deliver_execution,
    propose_execution,
    refuse_execution,
)
from tests.factories.accounts import UserFactory, author
from tests.factories.execution import ExecutionCertificateFactory, ExecutionProposalFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
)
from tests.support.papers import parts_of
from tests.support.sql import execute, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

MARCH = date(2026, 3, 1)


@pytest.fixture
def award(territory):
    """1 000 h due on a lot that ended in July, 100 h done in March by its subcontractor's subcontractor."""
    award = AwardFactory(lot__territory=territory, lot__calibrated=True, lot__ends_on=date(2026, 7, 31))
    under = AwardFactory(lot=award.lot, role="subcontractor", parent=award, hours_minimum=None)
    deep = AwardFactory(lot=award.lot, role="subcontractor", parent=under, hours_minimum=None)
    HoursEntryFactory(contract=EmploymentContractFactory(award=deep, validated=True), month=MARCH)
    return award


@pytest.fixture
def officer():
    user = UserFactory()
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


def test_the_hours_are_those_of_all_who_work_for_the_company(award):
    done = {"kind": ObjectiveKind.NEUTRALISED, "effective_on": MARCH, "reason": "Intempéries"}
    add_objective(award=award, hours=-200, by=author(), **done)
    execution = execution_of(award)
    assert (execution.due, execution.neutralised, execution.counted, execution.pending) == (800, 200, 100, 0)
    assert (str(execution.done), execution.result) == ("12.5", "Objectif partiellement atteint")


@pytest.mark.parametrize(
    ("counted", "result"),
    [("0", "Objectif non atteint"), ("99.99", "Objectif partiellement atteint"), ("100", "Objectif atteint")],
)
def test_the_result_in_a_word(counted, result):
    nothing = Decimal(0)
    execution = Execution(Decimal(100), nothing, Decimal(counted), nothing, [])
    assert execution.result == result


def test_a_proposal_is_told_to_the_chargees_de_mission(award, officer):
    proposal = propose_execution(award=award, note="Très bonne tenue.", by=author())
    told = Notification.objects.get(recipient=officer)
    assert told.path == f"/bonne-execution/{proposal.pk}/"
    assert "Très bonne" not in told.text


def test_one_proposal_waits_at_a_time(award):
    propose_execution(award=award, by=author())
    with pytest.raises(ValidationError, match="attend déjà"):
        propose_execution(award=award, by=author())


def test_what_cannot_be_attested_says_why(award):
    under = award.subcontracts.get()
    running = LotFactory(awarded=True, territory=award.lot.territory).awards.get()
    owing_nothing = AwardFactory(lot=award.lot, role="member", hours_minimum=None)
    for refused_award, why in ((under, NOT_ITS_OWN), (running, NOT_OVER), (owing_nothing, NOTHING_DUE)):
        with pytest.raises(DomainError) as refusal:
            propose_execution(award=refused_award, by=author())
        assert refusal.value.message == why


def test_hours_that_wait_for_a_decision_come_first(award):
    waiting = EmploymentContractFactory(award=award)
    EligibilityValidationFactory(participant=waiting.participant, starts_on=date(2026, 3, 16), granted=True)
    record_month(contract=waiting, month=MARCH, declared=Decimal(7), by=author())
    with pytest.raises(DomainError, match="7.h attendent"):
        propose_execution(award=award, by=author())


def test_the_attestation_is_delivered_and_frozen(award, officer):
    facilitator = UserFactory()
    proposal = propose_execution(award=award, note="CANARINOTE", by=facilitator)
    certificate = deliver_execution(proposal=proposal, by=officer)
    assert (certificate.award, certificate.proposal.decided_by) == (award, officer)
    assert certificate.number == f"AE-2026-{award.pk:06d}-1"
    assert Notification.objects.filter(recipient=facilitator, text__startswith="Attestation délivrée").exists()
    with refused("23R01"):
        execute("UPDATE reporting_executioncertificate SET number = 'X'")
    content = bytes(certificate.content)
    text = " ".join(parts_of(content)["text"].split())
    for told in (str(award.company), "1 000 h", "100 h", "10 %", "partiellement", certificate.verification_code):
        assert told in text
    assert "CANARINOTE" not in text
    assert checks.check(content) == []
    assert any("Département" in figure.alt for figure in checks.figures(content))


def test_what_was_delivered_does_not_follow_the_hours(award, officer):
    certificate = deliver_execution(proposal=propose_execution(award=award, by=author()), by=officer)
    record_month(contract=award.lot.contracts.get(), month=MARCH, declared=Decimal(1), version=1, by=author())
    again = ExecutionCertificate.objects.get(pk=certificate.pk)
    assert (bytes(again.content), again.sha256) == (certificate.content, certificate.sha256)


def test_a_decision_is_taken_once(award, officer):
    proposal = propose_execution(award=award, by=author())
    refuse_execution(proposal=proposal, refusal="Relevés à revoir.", by=officer)
    for decide in (
        lambda: deliver_execution(proposal=proposal, by=officer),
        lambda: refuse_execution(proposal=proposal, refusal="Encore.", by=officer),
    ):
        with pytest.raises(Conflict) as refusal:
            decide()
        assert refusal.value.message == DECIDED
    assert not ExecutionCertificate.objects.exists()


def test_a_refusal_says_why_and_another_proposal_may_follow(award, officer):
    proposal = propose_execution(award=award, by=author())
    with pytest.raises(ValidationError, match=WHY):
        refuse_execution(proposal=proposal, refusal=" ", by=officer)
    refuse_execution(proposal=proposal, refusal="Relevés à revoir.", by=officer)
    assert propose_execution(award=award, by=author()).pk != proposal.pk


# Pages


def test_the_facilitator_proposes_from_the_page_of_the_award(award, as_role):
    client = as_role(Role.FACILITATOR)
    url = f"/bonne-execution/attributions/{award.pk}/"
    assert "100" in client.get(url).content.decode()
    response = client.post(url, {"note": "Bonne tenue."})
    proposal = ExecutionProposal.objects.get()
    assert (response.url, proposal.proposed_by, proposal.note) == (
        f"/bonne-execution/{proposal.pk}/",
        client.user,
        "Bonne tenue.",
    )
    again = client.post(url, {"note": ""})
    assert again.status_code == 422
    assert "attend déjà la décision" in again.content.decode()


def test_why_nothing_can_be_proposed_yet_is_on_the_page(territory, as_role):
    running = LotFactory(awarded=True, territory=territory).awards.get()
    url = f"/bonne-execution/attributions/{running.pk}/"
    client = as_role(Role.FACILITATOR)
    assert NOT_OVER in client.get(url).content.decode()
    assert client.post(url, {"note": ""}).status_code == 422


def test_the_officer_delivers_and_everybody_there_downloads(award, as_role):
    proposal = propose_execution(award=award, by=author())
    officer = as_role(Role.MISSION_OFFICER)
    home = officer.get("/").content.decode()
    assert "attestations à délivrer" in home
    page = f"/bonne-execution/{proposal.pk}/"
    assert officer.post(f"{page}delivrer/").url == page
    certificate = ExecutionCertificate.objects.get()
    assert certificate.number in officer.get(page).content.decode()
    for role in (Role.FACILITATOR, Role.DIRECTOR, Role.LEGAL_OFFICER):
        download = as_role(role).get(f"/bonne-execution/{certificate.pk}/attestation.pdf")
        assert b"".join(download) == bytes(certificate.content)
        assert download["Content-Disposition"] == f'attachment; filename="attestation-{certificate.number}.pdf"'
    assert "attestations à délivrer" not in officer.get("/").content.decode()


def test_the_officer_refuses_with_a_reason(award, as_role):
    proposal = propose_execution(award=award, by=author())
    officer = as_role(Role.MISSION_OFFICER)
    url = f"/bonne-execution/{proposal.pk}/refuser/"
    assert officer.post(url, {"refusal": ""}).status_code == 422
    assert officer.post(url, {"refusal": "Relevés à revoir."}).url == f"/bonne-execution/{proposal.pk}/"
    assert "Relevés à revoir." in officer.get(f"/bonne-execution/{proposal.pk}/").content.decode()


def test_the_list_keeps_what_waits(award, as_role):
    ExecutionCertificateFactory(proposal__award=award)
    waiting = ExecutionProposalFactory(award=award)
    ExecutionProposalFactory()
    client = as_role(Role.FACILITATOR)
    assert len(client.get("/bonne-execution/").context["page"].object_list) == 2
    assert list(client.get("/bonne-execution/?waiting=on").context["page"].object_list) == [waiting]


def test_an_empty_list_says_so(as_role):
    assert "Aucune attestation" in as_role(Role.DIRECTOR).get("/bonne-execution/").content.decode()


def test_the_page_of_a_lot_leads_to_the_proposal(award, as_role):
    link = f"/bonne-execution/attributions/{award.pk}/"
    assert link in as_role(Role.FACILITATOR).get(f"/lots/{award.lot_id}/").content.decode()
    assert link not in as_role(Role.MISSION_OFFICER).get(f"/lots/{award.lot_id}/").content.decode()
    with time_machine.travel("2026-07-31T10:00:00+02:00"):
        assert link not in as_role(Role.FACILITATOR).get(f"/lots/{award.lot_id}/").content.decode()
