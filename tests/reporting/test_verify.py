"""The public page « Vérifier un document »: authentic or not, and nothing else."""

import hashlib

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from clauses_portal.core.files import LARGEST_FILE
from reporting.enums import FileKind, StatementState
from reporting.models import ExecutionCertificate, ExecutionProposal, StatementFile
from reporting.services.verification import is_authentic, tidy_code
from reporting.views.verify import MOST_AN_HOUR
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.reporting import StatementFactory
from tests.support.pages import assert_refused, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "/verifier/"
CODE = "7K3M-Q9XD-2TBW"
PAPER, OTHER = b"%PDF-1.7 sent", b"%PDF-1.7 forged"
YES, NO = "Ce document est authentique.", "Ce document n’est pas authentique."


@pytest.fixture(autouse=True)
def _nobody_failed_yet():
    cache.clear()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def upload(content, name="etat.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def published(territory):
    return StatementFactory(territory=territory, published=True, verification_code=CODE, sha256=sha256(PAPER))


def ask(client, code=CODE, **files):
    """The answer of the page: True, False, or None when it gives none."""
    response = client.post(PAGE, {"code": code} | files)
    text = words(response)
    assert not (YES in text and NO in text)
    return True if YES in text else False if NO in text else None


@pytest.mark.parametrize(
    "typed", [CODE, "7k3m-q9xd-2tbw", "7K3MQ9XD2TBW", " 7k3m q9xd 2tbw ", "7K3M–Q9XD–2TBW", "7K3M.Q9XD.2TBW"]
)
def test_a_code_is_read_as_people_type_it(client, published, typed):
    assert tidy_code(typed) == CODE
    assert ask(client, typed) is True


@pytest.mark.parametrize("typed", ["7K3M-Q9XD-2TBX", "7K3M-Q9XD", "7K3M-Q9XD-2TBWW", "????", "7K3M%", "' OR 1=1 --"])
def test_another_code_is_not_authentic(client, published, typed):
    assert ask(client, typed) is False


def test_a_draft_is_not_authentic(client, territory):
    StatementFactory(territory=territory, verification_code=CODE, sha256=sha256(PAPER))
    assert ask(client) is False


def test_a_paper_that_was_replaced_is_still_authentic(client, published, territory):
    later = {"version": 2, "replaces": published, "version_reason": "Erreur de lot."}
    StatementFactory(territory=territory, published=True, **later)
    assert published.state == StatementState.PUBLISHED
    assert ask(client) is True


def test_the_certificate_of_a_company_is_authentic(client):
    award = AwardFactory()
    proposal = ExecutionProposal.objects.create(award=award, proposed_at="2026-09-01T10:00Z", proposed_by=author())
    ExecutionCertificate.objects.create(
        award=award,
        proposal=proposal,
        number="BE-1",
        verification_code=CODE,
        content=PAPER,
        sha256=sha256(PAPER),
        produced_at="2026-09-01T10:00Z",
        produced_by=author(),
    )
    assert ask(client) is True
    assert ask(client, document=upload(PAPER)) is True
    assert ask(client, document=upload(OTHER)) is False


def test_the_file_is_compared_when_it_is_given(client, published):
    assert ask(client, document=upload(PAPER)) is True
    assert ask(client, document=upload(OTHER)) is False
    assert ask(client, "AAAA-AAAA-AAAA", document=upload(PAPER)) is False


def test_the_version_of_a_company_is_authentic_under_the_code_of_its_paper(client, territory):
    statement = StatementFactory(territory=territory, verification_code=CODE)
    StatementFile.objects.create(
        statement=statement,
        kind=FileKind.COMPANY,
        company=CompanyFactory(),
        name="bilan.pdf",
        mime="application/pdf",
        content=OTHER,
        size=len(OTHER),
        sha256=sha256(OTHER),
    )
    assert not is_authentic(code=CODE, sha256=sha256(OTHER))
    type(statement).objects.filter(pk=statement.pk).update(
        state="published",
        published_at="2026-07-10T09:00Z",
        published_by=author(),
        snapshot={"schema": 1},
        pdf="a.pdf",
        sha256=sha256(PAPER),
    )
    assert ask(client, document=upload(OTHER)) is True


def test_the_page_says_nothing_of_the_document(client, published):
    yes, no = client.post(PAGE, {"code": CODE}), client.post(PAGE, {"code": "AAAA-AAAA-AAAA"})
    assert (yes.status_code, no.status_code) == (200, 200)
    assert words(yes).replace(YES, NO) == words(no)
    for told in (published.territory.name, str(published.published_by), "2026", published.number):
        assert told not in words(yes).replace(CODE, "")


def test_the_same_questions_are_asked_whatever_the_answer(client, published, count_queries):
    asked = {count_queries(lambda code=code: is_authentic(code=code)) for code in (CODE, "AAAA-AAAA-AAAA", "")}
    assert asked == {3}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("etat.docx", PAPER, "Type de fichier refusé. Déposez un fichier PDF."),
        ("etat.pdf", b"", "Le fichier soumis est vide."),
        ("etat.pdf", b"%PDF" + b"0" * LARGEST_FILE, "Fichier trop volumineux (10 Mo au plus)."),
    ],
)
def test_a_bad_file_is_refused(client, published, name, content, sentence):
    assert_refused(client.post(PAGE, {"code": CODE, "document": upload(content, name)}), sentence)


def test_a_code_is_needed(client):
    assert_refused(client.post(PAGE, {"code": ""}), "Ce champ est obligatoire.")
    assert_refused(
        client.post(PAGE, {"code": "A" * 41}),
        "Assurez-vous que cette valeur comporte au plus 40 caractères (actuellement 41).",
    )


def test_an_address_that_guesses_is_made_to_wait(client, published):
    for _ in range(MOST_AN_HOUR):
        assert ask(client, "AAAA-AAAA-AAAA") is False
    refused = client.post(PAGE, {"code": CODE})
    assert refused.status_code == 429
    assert "Trop de tentatives. Réessayez plus tard." in words(refused)
    assert client.get(PAGE).status_code == 200


def test_right_answers_are_never_made_to_wait(client, published):
    for _ in range(MOST_AN_HOUR + 1):
        assert ask(client) is True


def test_no_cache_keeps_the_answer(client, published):
    assert "no-store" in client.post(PAGE, {"code": CODE}).headers["Cache-Control"]
