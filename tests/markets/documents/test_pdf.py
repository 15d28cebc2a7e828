"""The PDF of a contract document: what the Word file says, tagged and archivable, in the portal's letterhead."""

import datetime as dt
import io

import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from PIL import Image

from clauses_portal.core.pdf import FundingPeriod, Logo, checks, letterhead
from clauses_portal.core.pdf.structure import elements
from markets.documents.fill import fill
from markets.documents.page import cleaned
from markets.documents.pdf import docx_to_pdf, to_html
from markets.documents.sample import sample_context
from markets.documents.shipped import shipped_templates
from markets.enums import DocumentKind
from tests.core.pdf_sample import picture
from tests.support.papers import parts_of
from tests.support.word import opened, saved, template

MADE_AT = dt.datetime(2026, 11, 2, 11, tzinfo=dt.UTC)
HEAD = letterhead([Logo("Département", "Logo du Département")], FundingPeriod.CURRENT)


def pdf_of(content, **changes):
    arguments = {"title": "CCAP – lot 2", "identifier": "2026-TX-014-L2-CCAP-v1", "created_at": MADE_AT}
    return docx_to_pdf(content, **(arguments | changes))


def words(document):
    """Text of a PDF on one line, whatever the lines it was laid out on."""
    return " ".join(parts_of(document)["text"].replace("-\n", "").split())


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_each_document_is_a_faultless_pdf_with_hours_and_contact(kind):
    content = fill(shipped_templates()[kind], sample_context(), department_logo=picture(300, 200))
    document = pdf_of(content, letterhead=HEAD)
    assert checks.check(document, letterhead=HEAD) == []
    text = words(document)
    assert "1 250" in text
    assert "Camille Exemple" in text
    assert "04 00 00 00 01" in text
    assert "{{" not in text
    with pikepdf.open(io.BytesIO(document)) as pdf:
        figures = [element for element, _ in elements(pdf) if element.S == "/Figure"]
        tables = [element for element, _ in elements(pdf) if element.S == "/Table"]
        captions = [element for element, _ in elements(pdf) if element.S == "/Caption"]
    assert len(figures) == 2, "the logos of the Word file would come twice"
    assert len(captions) == len(tables) > 0


def test_articles_have_the_numbers_that_word_shows():
    body = to_html(fill(shipped_templates()[DocumentKind.CCAP], sample_context())).body
    assert "<h2>1. Fondement et objet</h2>" in body
    assert "<h2>20. Reprise du personnel</h2>" in body


def test_equal_files_give_equal_bytes():
    content = fill(template("Texte {{ heures }}"), sample_context())
    assert pdf_of(content) == pdf_of(content)


def test_a_notice_stands_above_a_preview():
    assert "Aperçu sur un lot imaginaire" in words(pdf_of(template("Texte"), notice="Aperçu sur un lot imaginaire."))


def test_the_title_is_that_of_the_file_or_the_one_given():
    document = opened(template("Texte"))
    document.add_paragraph("Clause du lot", style="Title")
    document.add_paragraph("Second titre", style="Title")
    page = to_html(saved(document))
    assert (page.heading, page.body) == ("Clause du lot", "<p>Texte</p><h2>Second titre</h2>")
    assert words(pdf_of(template("Texte"))).startswith("CCAP – lot 2 Texte")


def test_numbered_headings_of_a_template_made_by_others_are_numbered():
    """Levels « 1 », « 1.1 », a number of the heading's own, one without."""
    document = opened(template())
    levels = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (form, text) in enumerate([("decimal", "Article %1 –"), ("lowerLetter", "%1.%2)")])
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='77'>{levels}</w:abstractNum>"))
    number = numbering.add_num(77).numId
    for text, level, depth in (("Un", 1, 0), ("Deux", 1, 0), ("Petit", 2, 1), ("Autre", 2, 1), ("Libre", 1, None)):
        heading = document.add_heading(text, level)
        if depth is not None:
            properties = heading._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val, properties.get_or_add_ilvl().val = number, depth
    assert to_html(saved(document)).body == (
        "<h2>Article 1 – Un</h2><h2>Article 2 – Deux</h2><h3>2.a) Petit</h3><h3>2.b) Autre</h3><h2>Libre</h2>"
    )


def test_a_table_keeps_widths_heights_headers_and_caption():
    document = opened(template())
    document.add_paragraph("Contacts", style="Caption")
    table = document.add_table(rows=2, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, (30, 90), strict=True):
        column.width = Mm(width)
    table.cell(0, 0).text = "Signature"
    table.rows[0].height = Mm(30)
    assert to_html(saved(document)).body == (
        '<table class="short"><caption>Contacts</caption>'
        '<colgroup><col style="width:25.0%"><col style="width:75.0%"></colgroup>'
        '<tr><th scope="row" style="height:30mm"><p>Signature</p></th><td></td></tr>'
        "<tr><td></td><td></td></tr></table>"
    )


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>aalert(1)b</p>"),
        ('<p onclick="x" style="y" class="z">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "a"),
        ('<a href="file:///etc/passwd">a</a>', "a"),
        ('<a href="https://exemple.example/">a</a>', '<a href="https://exemple.example/">a</a>'),
        ('<a id="_Toc1"></a><p>a</p>', "<p>a</p>"),
        ('<img src="http://ailleurs.example/a.png" alt="a">', ""),
        ('<p>a</p><!-- b --><iframe src="x">c</iframe>', "<p>a</p>c"),
        ('<table><tr><td colspan="2" rowspan="x">a</td></tr></table>', '<td colspan="2">a</td>'),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_only_known_tags_reach_the_page(markup, kept):
    assert kept in cleaned(markup, opened(template())).body
    assert "script" not in cleaned(markup, opened(template())).body


def with_picture(content):
    document = opened(template("Texte"))
    document.add_picture(io.BytesIO(content), width=Mm(20))
    return saved(document)


def test_a_picture_of_the_text_is_drawn_with_a_text_that_stands_for_it():
    body = to_html(with_picture(picture(60, 40, "JPEG"))).body
    assert 'alt="Illustration du document"' in body
    assert 'src="data:image/png;base64,' in body
    assert checks.check_accessibility(pdf_of(with_picture(picture(60, 40)))) == []


@pytest.mark.parametrize("kind", ["GIF", "TIFF"])
def test_a_picture_that_a_pdf_cannot_hold_is_left_out(kind):
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, kind)
    assert "<img" not in to_html(with_picture(content.getvalue())).body
