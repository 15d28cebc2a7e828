"""The four templates that come with the portal: good in law, good in Word, whatever the clause rests on."""

import re

import pytest
from docx.oxml.ns import qn

from markets.documents.fields import BY_NAME
from markets.documents.fill import fill
from markets.documents.sample import bare_context, sample_context
from markets.documents.shipped import shipped_templates
from markets.documents.shipped.markup import Block, parse
from markets.documents.templates import check_template
from markets.enums import DocumentKind, LegalBasis
from tests.support.word import opened, text_of

# Every article the dossier of the trade vouches for; another one in a contract would be an invention.
KNOWN_ARTICLES = {
    *("L. 2112-2", "L. 2112-2-1", "L. 2152-7", "R. 2152-7", "L. 2113-12", "L. 2113-13", "L. 2113-13-1", "L. 2113-14"),
    *("L. 2113-15", "L. 2113-16", "R. 2113-7", "R. 2113-8", "R. 2123-1", "L. 5213-13", "L. 5132-4", "L. 344-2"),
    *("L. 5212-13", "L. 3114-2", "L. 3114-2-1"),
}
ARTICLE = re.compile(r"\b[LRD]\.\s?[0-9]+(?:-[0-9]+)*")
KINDS = list(DocumentKind)
BASES = list(LegalBasis)


def words(kind, context):
    """Text of a filled document, its unbreakable spaces made plain."""
    return text_of(fill(shipped_templates()[kind], context)).replace("\u00a0", " ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_template_passes_the_check(kind):
    assert check_template(shipped_templates()[kind]) == []


def test_building_again_gives_the_same_bytes():
    before = dict(shipped_templates())
    shipped_templates.cache_clear()
    assert shipped_templates() == before


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_document_is_filled_on_each_legal_basis(kind, basis):
    check_text(kind, sample_context(basis))


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_is_filled_with_the_least_that_is_known(kind):
    check_text(kind, bare_context(LegalBasis.EXECUTION))
    check_text(kind, bare_context(LegalBasis.RESERVED_BOTH))


def check_text(kind, context):
    text = words(kind, context)
    assert "{{" not in text
    assert "{%" not in text
    assert context.buyer_name in text
    assert context.market_title in text
    assert context.facilitator.name in text
    assert set(ARTICLE.findall(text)) <= KNOWN_ARTICLES
    assert not re.search(r" ,|\(\)|\.\.| \.", text), "a punctuation left alone by an empty field"


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("kind", [DocumentKind.AAPC, DocumentKind.RC, DocumentKind.CCAP])
def test_the_articles_of_the_basis_are_cited(kind, basis):
    text = words(kind, sample_context(basis))
    assert [article for article in sample_context(basis).articles if article.split(",")[0] not in text] == []


@pytest.mark.parametrize(
    ("basis", "said", "unsaid"),
    [
        (LegalBasis.EXECUTION, "n’est pas un critère d’attribution", "Pondération"),
        (LegalBasis.CRITERION, "L’absence de proposition ne rend pas l’offre irrégulière", "elle est irrégulière"),
        (LegalBasis.EXECUTION_AND_CRITERION, "elle est irrégulière", "n’est pas un critère"),
        (LegalBasis.RESERVED_INSERTION, "structures d’insertion par l’activité économique", "travailleurs handicapés"),
        (LegalBasis.RESERVED_DISABILITY, "au moins 50 % de travailleurs handicapés", "pénitentiaire"),
        (LegalBasis.RESERVED_PRISON, "établissement pénitentiaire", "économie sociale"),
        (LegalBasis.RESERVED_ESS, "économie sociale et solidaire", "50 %"),
        (LegalBasis.QUALIFICATION, "services de qualification et d’insertion professionnelle", "est réservé"),
    ],
)
def test_the_regulation_of_the_consultation_follows_the_basis(basis, said, unsaid):
    text = words(DocumentKind.RC, sample_context(basis, lots=()))
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize(
    ("basis", "said", "unsaid"),
    [
        (LegalBasis.CRITERION, "réalise les heures d’insertion qu’il a proposées", "au moins 1 250"),
        (LegalBasis.EXECUTION_AND_CRITERION, "prévoit davantage d’heures", "qu’il a proposées dans l’annexe"),
        (LegalBasis.RESERVED_DISABILITY, "emploie au titre de la réservation", "choisit librement"),
        (LegalBasis.RESERVED_ESS, "choisit librement", "emploie au titre de la réservation"),
        (LegalBasis.QUALIFICATION, "accompagnement social et professionnel", "a été un critère"),
    ],
)
def test_the_ccap_follows_the_basis(basis, said, unsaid):
    text = words(DocumentKind.CCAP, sample_context(basis))
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize(
    "said",
    [
        "L’exécution du lot n° 2 comporte une action d’insertion",
        "au moins 1 250 heures d’insertion pendant la période ferme de 18 mois",
        "35,7 semaines de 35 heures",
        "Tranche optionnelle 1 – Demi-pension",
        "Chaque bon de commande fixe les heures",
        "habitants des quartiers prioritaires",
        "validée par le facilitateur avant son embauche",
        "choisit librement une ou plusieurs des modalités suivantes, sans qu’aucune ne lui soit imposée",
        "pendant 24 mois à compter de sa première embauche",
        "ne transfère aucune des responsabilités de l’acheteur",
        "désigne un correspondant insertion",
        "30 jours après la notification",
        "le 10 du mois suivant",
        "10 jours ouvrés",
        "L’obligation porte sur le titulaire",
        "difficultés économiques",
        "globalisation suppose l’accord écrit et préalable",
        "constaté par l’acte qui modifie le marché",
        "50 € par heure non réalisée",
        "met le titulaire en demeure",
        "embauche pérenne",
        "RGPD",
        "emblème de l’Union européenne",
        "Reprise du personnel",
    ],
)
def test_the_ccap_holds_each_element_of_the_model_clause(said):
    assert said in words(DocumentKind.CCAP, sample_context())


def test_an_article_that_has_no_object_is_left_out():
    text = words(DocumentKind.CCAP, bare_context())
    assert [part for part in ("Reprise du personnel", "Financement européen", "Suppléant") if part in text] == []
    assert "ne peuvent pas être regroupées avec celles d’un autre marché" in text


def test_the_annex_has_the_hours_filled_and_leaves_the_rest_to_the_candidate():
    document = opened(fill(shipped_templates()[DocumentKind.ANNEX], sample_context()))
    cells = {row.cells[0].text: row.cells[1].text.replace("\u00a0", " ") for t in document.tables for row in t.rows}
    assert cells["Période ferme (18\u00a0mois)"] == "1 250 heures"
    assert [cells[name] for name in ("Raison sociale", "SIRET", "Signature", "Correspondant insertion")] == [""] * 4


def test_the_notice_lists_the_hours_of_every_lot_or_gives_those_of_the_only_one():
    assert "Peinture et revêtements" in words(DocumentKind.AAPC, sample_context())
    alone = sample_context(lots=(), lot_number="")
    assert "Volume horaire d’insertion : au moins 1 250 heures" in words(DocumentKind.AAPC, alone)


@pytest.mark.parametrize("kind", KINDS)
def test_word_finds_headings_header_rows_page_numbers_and_french(kind):
    document = opened(fill(shipped_templates()[kind], sample_context()))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "Caption"} <= styles
    assert document.styles["Heading 1"].element.pPr.numPr is not None
    assert any(row._tr.find(f".//{qn('w:tblHeader')}") is not None for table in document.tables for row in table.rows)
    for footer in (document.sections[0].footer, document.sections[0].first_page_footer):
        codes = [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))]
        assert codes == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_amount_nor_calculation_is_spoken_of(kind):
    text = words(kind, sample_context(penalties=()))
    assert re.findall(r"(?i)€|montant|taux|formule|coût|part de main", text) == []


def test_every_field_of_a_shipped_template_is_known():
    used = {tag for kind in KINDS for tag in re.findall(r"\{\{ (\w+) \}\}", text_of(shipped_templates()[kind]))}
    assert len(used) > 30
    assert used - set(BY_NAME) <= {"public", "modalite"}


def test_long_texts_do_not_break_a_document():
    long = "Réhabilitation et extension " * 35
    context = sample_context(market_title=long, operation_title=long, places=("Aix-en-Provence",) * 40)
    assert long in words(DocumentKind.CCAP, context)


def test_the_markup_of_the_texts_is_read_line_by_line():
    assert parse("# Un\ntitre\n\n{% if a %}\ntexte\nsuite\n- point\n\n> note") == [
        Block("title", "Un titre"),
        Block("tag", "{% if a %}"),
        Block("text", "texte suite"),
        Block("item", "point"),
        Block("note", "note"),
    ]


@pytest.mark.parametrize("text", ["| a | b |", ":: 50 50 : Légende\n| a |"])
def test_a_row_that_fits_no_table_stops_the_building(text):
    with pytest.raises(ValueError, match="row outside|cells expected"):
        parse(text)
