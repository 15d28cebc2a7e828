"""The shipped documents of a lot, opened and read back: its wording, its référent, and no secret (C4, C8, C27)."""

import io

import pytest
from PIL import Image

from clauses_portal.core.pdf import checks, letterhead
from facilitators.enums import Role
from facilitators.permissions import grant
from markets import reference
from markets.documents.fill import fill
from markets.enums import DocumentKind, LegalBasis
from markets.models import ContractDocument, DocumentTemplate, PenaltyRule
from markets.services.calibration import propose, retain
from markets.services.document_context import context_of
from markets.services.documents import ask_documents
from markets.services.referents import assign
from markets.tasks import produce_documents
from reporting.services.branding import add_logo, logos_on
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.preparation import PhaseFinancialsFactory
from tests.support.aviary import COST, LOT_AMOUNT, MARKET_AMOUNT, PHASE_AMOUNT, RATE, SECRETS, SHARE
from tests.support.papers import parts_of
from tests.support.paperwork import everything_in, facilitator_of, ready_lot, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture(autouse=True)
def shipped(db):
    reference.load()


@pytest.fixture
def lot(territory):
    """A lot whose every confidential figure is a canary, an option and a référent included."""
    lot = ready_lot(territory, firm_months=12, market__operation__funding_period="2021-2027")
    MarketFinancialsFactory(market=lot.market, estimated_amount=MARKET_AMOUNT)
    LotFinancialsFactory(lot=lot, estimated_amount=LOT_AMOUNT)
    phase = PhaseFinancialsFactory(phase__lot=lot, estimated_amount=PHASE_AMOUNT).phase
    factors = {"labour_share": SHARE / 100, "insertion_rate": RATE / 100, "hourly_cost": COST}
    for amount, hours, fields in ((LOT_AMOUNT, 800, {}), (PHASE_AMOUNT, 95, {"purpose": "phase", "phase": phase})):
        version = propose(lot=lot, by=author(), amount=amount, comment="Effort de 537 461,83 €", **factors, **fields)
        retain(version=version, hours=hours, gap_reason="537 461,83 € de travaux.", by=author())
    assign(lot=lot, referent=facilitator_of(lot.territory, last_name="Canebière", phone="04 42 13 13 13"), by=author())
    return lot


def produce(lot):
    officer = UserFactory()
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    job = ask_documents(lot=lot, by=officer)
    produce_documents(job.pk)
    job.refresh_from_db()
    assert job.error == ""
    return {row.kind: row for row in ContractDocument.objects.filter(lot=lot)}


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (300, 160), "#24507A").save(buffer, "PNG")
    return buffer.getvalue()


def test_the_four_documents_opened_and_read_back_say_all_and_no_secret(lot, today):
    add_logo(owner="department", content=picture(), alt="Département 13", valid_from=today, by=author())
    papers = produce(lot)
    for paper in papers.values():
        word, pdf = everything_in(paper.docx), parts_of(bytes(paper.pdf))
        pdf["words"] = " ".join(pdf["text"].split())
        found = {
            (paper.kind, part, secret.name)
            for part, content in [*word.items(), *pdf.items()]
            for secret in SECRETS
            if secret.found_in(content.lower())
        }
        assert found == set()
        for said in (lot.market.number, "Canebière", "04 42 13 13 13", "L. 2112-2"):
            assert said in word["words"].replace("\u00a0", " "), (paper.kind, said)
        assert "Canebière" in pdf["words"]
        assert "word/media/image1.png" in word
        assert checks.check(bytes(paper.pdf), letterhead=letterhead([logos_on(today)[0]], "2021-2027")) == []
    ccap = text_of(papers[DocumentKind.CCAP].docx).replace("\u00a0", " ")
    for said in ("au moins 800 heures d’insertion", "Extension du préau 95", "12 mois", "50 € par heure non réalisée"):
        assert said in ccap
    assert "Cofinancé par l’Union européenne" in ccap


def test_hours_are_the_only_figure_of_the_calculation(lot, today):
    """The context object itself: what is not there cannot be printed."""
    printed = repr(context_of(lot, day=today)).lower()
    assert [secret.name for secret in SECRETS if secret.found_in(printed)] == []


WORDINGS = {
    LegalBasis.EXECUTION: "elle est une condition d’exécution",
    LegalBasis.CRITERION: "est un critère d’attribution",
    LegalBasis.EXECUTION_AND_CRITERION: "Critère relatif à l’insertion professionnelle",
    LegalBasis.RESERVED_DISABILITY: "est réservé aux entreprises adaptées",
    LegalBasis.RESERVED_INSERTION: "est réservé aux structures d’insertion",
    LegalBasis.RESERVED_BOTH: "est réservé à la fois aux entreprises adaptées",
    LegalBasis.RESERVED_PRISON: "en établissement pénitentiaire",
    LegalBasis.RESERVED_ESS: "entreprises de l’économie sociale et solidaire",
    LegalBasis.QUALIFICATION: "services de qualification et d’insertion professionnelle",
}


@pytest.mark.parametrize("basis", LegalBasis)
def test_each_legal_basis_has_its_wording(territory, today, basis):
    lot = ready_lot(territory, legal_basis=basis)
    template = DocumentTemplate.objects.current(DocumentKind.RC)
    text = text_of(fill(bytes(template.content), context_of(lot, day=today)))
    assert WORDINGS[basis] in text
    assert ("Une offre sans cet engagement" in text) == (
        basis in {LegalBasis.EXECUTION, LegalBasis.EXECUTION_AND_CRITERION, LegalBasis.QUALIFICATION}
    )


def test_a_breach_is_printed_with_one_tariff(lot, today):
    breaches = [row.breach for row in context_of(lot, day=today).penalties]
    assert len(breaches) == PenaltyRule.objects.count() == 4
    assert len([breach for breach in breaches if breach.startswith("Heures d’insertion non réalisées")]) == 1


def test_a_ceiling_is_printed_as_a_multiple(lot, today):
    PenaltyRule.objects.filter(code="hours_fixed").update(basis="ceiling_multiple", value=4)
    tariffs = [row.tariff for row in context_of(lot, day=today).penalties]
    sentence = "4 fois le plafond horaire de la sécurité sociale par heure non réalisée. "
    assert len([tariff for tariff in tariffs if tariff.startswith(sentence)]) == 1


def test_a_document_without_a_logo_keeps_its_place(lot, today):
    template = DocumentTemplate.objects.current(DocumentKind.AAPC)
    text = text_of(fill(bytes(template.content), context_of(lot, day=today)))
    assert "[Logo du Département]" in text
