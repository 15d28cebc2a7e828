"""Templates of the documents: given, checked, numbered, withdrawn; whatever is refused, the one in use stays."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.files import LARGEST_FILE
from markets import reference
from markets.documents.shipped import shipped_templates
from markets.enums import DocumentKind, LegalBasis
from markets.models import DocumentTemplate
from markets.services.document_templates import (
    INVENTED,
    THE_LAST,
    WITHDRAWN,
    load_shipped,
    preview_docx,
    preview_pdf,
    upload_template,
    withdraw_template,
)
from tests.factories.accounts import UserFactory
from tests.support.papers import parts_of
from tests.support.paperwork import template, text_of, word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CCAP = DocumentKind.CCAP


@pytest.fixture
def officer(db):
    return UserFactory()


@pytest.fixture
def shipped(db):
    load_shipped()
    return DocumentTemplate.objects.current(CCAP)


def give(officer, content, name="ccap.docx", kind=CCAP):
    return upload_template(kind=kind, file_name=name, content=content, note="Délais revus", by=officer)


def with_macros():
    content = io.BytesIO(word("{{ heures }}"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    return content.getvalue()


def test_each_kind_is_shipped_with_a_template(db):
    reference.load()
    assert {row.kind: bytes(row.content) for row in DocumentTemplate.objects.all()} == shipped_templates()
    assert {(row.version, row.uploaded_at, row.note) for row in DocumentTemplate.objects.all()} == {
        (1, None, "Modèle livré avec le portail")
    }
    load_shipped()
    assert DocumentTemplate.objects.count() == len(DocumentKind)


def test_a_kind_the_office_has_is_left_to_her(officer):
    mine = give(officer, word("{{ heures }}"))
    load_shipped()
    assert (DocumentTemplate.objects.current(CCAP), DocumentTemplate.objects.count()) == (mine, len(DocumentKind))


def test_a_template_given_is_in_use_at_once_and_the_former_ones_stay(shipped, officer):
    given = give(officer, word("Le titulaire réalise {{ heures }} heures."))
    assert (given.version, given.uploaded_by, given.note) == (2, officer, "Délais revus")
    assert DocumentTemplate.objects.current(CCAP) == given
    assert DocumentTemplate.objects.filter(kind=CCAP).count() == 2
    assert DocumentTemplate.objects.current(DocumentKind.RC).version == 1


def test_an_unknown_field_is_named_with_those_admitted(shipped, officer):
    with pytest.raises(ValidationError) as refusal:
        give(officer, word("{{ montant_estime }}", "{{ heurs }}"))
    (sentence,) = refusal.value.messages
    assert sentence.startswith("Champs inconnus")
    assert "montant_estime" in sentence
    assert "vouliez-vous dire «\u00a0heures\u00a0»" in sentence
    assert list(DocumentTemplate.objects.filter(kind=CCAP)) == [shipped]


REFUSED = {
    "call": (word("{{ heures|upper }}"), "ccap.docx", "Une balise ne contient que des noms de champs"),
    "heavy": (b"PK" + b"0" * (LARGEST_FILE + 2**20), "ccap.docx", "la limite est de 10"),
    "disguised": (b"%PDF-1.7 not a word file", "ccap.docx", "le contenu de ce fichier n’est pas celui d’un fichier"),
    "of another type": (word("{{ heures }}"), "ccap.pdf", "Déposez un fichier DOCX"),
    "old": (b"\xd0\xcf\x11\xe0", "ccap.doc", "ancien format"),
    "macro": (with_macros(), "ccap.docx", "contient des macros"),
    "macro announced": (word("{{ heures }}"), "ccap.docm", "contient des macros"),
    "empty": (b"", "ccap.docx", "Ce fichier est vide"),
    "unclosed": (word("{% if alloti %}Lot {{ lot_numero }}"), "ccap.docx", "n’est pas refermée"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_no_template_is_a_sentence_and_nothing_is_lost(shipped, officer, reason):
    content, name, said = REFUSED[reason]
    with pytest.raises((DomainError, ValidationError)) as refusal:
        give(officer, content, name)
    told = getattr(refusal.value, "messages", None) or [refusal.value.message]
    assert said in " ".join(told).replace("\u00a0", " ")
    assert DocumentTemplate.objects.current(CCAP) == shipped


def test_the_same_file_is_not_given_twice(shipped, officer):
    with pytest.raises(DomainError, match="version 1"):
        give(officer, shipped_templates()[CCAP])
    content = word("{{ heures }}")
    give(officer, content)
    back = give(officer, shipped_templates()[CCAP])
    assert (back.version, DocumentTemplate.objects.current(CCAP)) == (3, back)


def test_withdrawn_it_gives_way_to_the_one_before_down_to_the_shipped_one(shipped, officer):
    second, third = (give(officer, word(f"{text} {{{{ heures }}}}")) for text in ("Deux", "Trois"))
    for gone, back in ((third, second), (second, shipped)):
        assert withdraw_template(template=gone, by=officer).withdrawn_by == officer
        assert DocumentTemplate.objects.current(CCAP) == back
    with pytest.raises(Conflict, match=WITHDRAWN):
        withdraw_template(template=second, by=officer)
    with pytest.raises(DomainError, match=THE_LAST):
        withdraw_template(template=shipped, by=officer)
    assert give(officer, word("Quatre {{ heures }}")).version == 4


def test_a_preview_is_the_template_on_an_invented_lot(shipped):
    execution, criterion = (
        text_of(preview_docx(shipped, basis)) for basis in (LegalBasis.EXECUTION, LegalBasis.CRITERION)
    )
    assert "Réhabilitation du collège Les Cyprès" in execution
    assert "est une condition d’exécution" in execution
    assert "est une condition d’exécution" not in criterion


def test_a_preview_says_that_it_is_worth_nothing(officer):
    given = give(officer, word("Heures : {{ heures }}"))
    text = " ".join(parts_of(preview_pdf(given, LegalBasis.EXECUTION))["text"].split())
    assert INVENTED.replace("\u00a0", " ")[:30] in text.replace("\u00a0", " ")
    assert "1 250" in text.replace("\u00a0", " ")


def test_a_preview_of_a_spoilt_template_is_a_sentence():
    with pytest.raises(DomainError, match="ne se remplit plus"):
        preview_docx(template(CCAP, word("{{ champ_disparu }}")), LegalBasis.EXECUTION)
