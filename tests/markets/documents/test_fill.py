"""A template and a context give a Word file that opens, says what it must, and is always the same."""

import datetime as dt
import hashlib
import os
import subprocess
import sys

import pytest
from django.conf import settings
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from clauses_portal.core.pdf import UnreadableLogo, emblem
from markets.documents.fill import fill
from markets.documents.grammar import TemplateRefused
from markets.documents.sample import bare_context, sample_context
from tests.core.made_files import image, members_of
from tests.core.pdf_sample import picture
from tests.support.word import opened, saved, template, text_of, with_member

ELSEWHERE = """
import django, hashlib; django.setup()
from markets.documents.fill import fill
from markets.documents.sample import sample_context
from markets.documents.shipped import shipped_templates
print(hashlib.sha256(fill(shipped_templates()["ccap"], sample_context())).hexdigest())
"""
LOGOS = "{{ logo_departement }} | {{ logo_ue }} | {{ mention_ue }}"


def pictures(content):
    """[(alternative text, width, height)] of the pictures of the header, in millimetres."""
    drawings = opened(content).sections[0].header._element.iter(qn("wp:inline"))
    return [
        (drawing.docPr.get("descr"), round(drawing.extent.cx.mm, 1), round(drawing.extent.cy.mm, 1))
        for drawing in drawings
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Voirie & réseaux <RD 7> \"lot d'essai\" 'B'",
        "Rénovation 🏫 du collège — 3ᵉ tranche 漢",
        "{{ heures }} {% if %} }}",
        "Ligne un\nligne deux\tet une tabulation",
        "Œuvre\x00 sans\x0b contrôle\x1f",
    ],
)
def test_a_title_is_printed_as_it_was_typed(title):
    content = fill(
        template("Objet : {{ marche_objet }} !", header="{{ marche_objet }}"), sample_context(market_title=title)
    )
    expected = title.translate({0: None, 11: None, 31: None})
    assert opened(content).paragraphs[0].text == f"Objet : {expected} !"
    assert opened(content).sections[0].header.paragraphs[0].text == expected


def test_a_loop_makes_a_row_and_a_condition_takes_one_away():
    rows = [
        ("Option", "Heures"),
        ("{%tr for option in options %}", ""),
        ("{{ option.libelle }}", "{{ option.heures }}"),
        ("{%tr endfor %}", ""),
        ("{%tr if reserve %}", ""),
        ("Réservé", ""),
        ("{%tr endif %}", ""),
    ]
    (table,) = opened(fill(template(rows=rows), sample_context())).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Option", "Heures"],
        ["Tranche optionnelle 1 – Demi-pension", "300"],
        ["Reconduction n° 1", "140"],
    ]


def test_footnotes_are_filled_once_whatever_the_sections():
    document = opened(template("Texte"))
    document.add_section()
    paragraph = "<w:p><w:r><w:t>{{ marche_objet }}</w:t></w:r></w:p>"
    note = f"<w:footnotes {nsdecls('w')}><w:footnote w:id='1'>{paragraph}</w:footnote></w:footnotes>"
    content = fill(with_footnotes(saved(document), note), sample_context(market_title="{{ objet }}"))
    assert "{{ objet }}" in members_of(content)["word/footnotes.xml"].decode()


def with_footnotes(content, notes):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    link = f'<Relationship Id="rId901" Type="{base}" Target="footnotes.xml"/></Relationships>'
    members = {name: part.decode() for name, part in members_of(content).items() if name.endswith((".xml", ".rels"))}
    content = with_member(content, "word/footnotes.xml", notes)
    content = with_member(content, "[Content_Types].xml", members["[Content_Types].xml"].replace("</Types>", override))
    links = "word/_rels/document.xml.rels"
    return with_member(content, links, members[links].replace("</Relationships>", link))


def test_without_a_logo_its_place_says_so_and_the_emblem_comes_with_its_mention():
    content = fill(template("Texte", header=LOGOS), sample_context())
    assert "[Logo du Département]" in text_of(content)
    assert "Cofinancé par l’Union européenne" in text_of(content)
    assert pictures(content) == [(emblem.ALT, 30.0, 20.0)]


@pytest.mark.parametrize("size", [(640, 900), (1500, 260), (300, 300)])
def test_the_emblem_is_no_smaller_than_the_logo(size):
    content = fill(template("Texte", header=LOGOS), sample_context(), department_logo=picture(*size))
    (alt, width, height), (european, flag_width, flag_height) = pictures(content)
    assert (alt, european) == ("Logo du Département", emblem.ALT)
    assert flag_width >= width
    assert flag_height >= max(height, 10)
    assert flag_width == pytest.approx(1.5 * flag_height, abs=0.1)


def test_no_emblem_nor_mention_where_no_european_fund_takes_part():
    content = fill(template("Texte", header=LOGOS), bare_context(), department_logo=picture(300, 200, "JPEG"))
    assert [alt for alt, _, _ in pictures(content)] == ["Logo du Département"]
    assert "européenne" not in text_of(content)


def test_the_programme_before_has_its_own_sentence():
    content = fill(template("{{ mention_ue }}"), sample_context(eu_funding="2014-2020"))
    assert "Fonds social européen dans le cadre du programme opérationnel national" in text_of(content)


@pytest.mark.parametrize("logo", [b"texte", image("PNG")[:-8]])
def test_a_logo_that_cannot_be_drawn_is_refused(logo):
    with pytest.raises(UnreadableLogo):
        fill(template(LOGOS), sample_context(), department_logo=logo)


@pytest.mark.parametrize("text", ["{{ montant }}", "{{ heures.__class__ }}", "{% if critere %}", "{{ heures|safe }}"])
def test_a_template_that_was_never_checked_is_refused_all_the_same(text):
    with pytest.raises(TemplateRefused):
        fill(template("Texte", header=text), sample_context())


def test_the_file_says_whose_it_is_and_nothing_of_who_wrote_the_template():
    document = opened(template("Texte"))
    document.core_properties.author = document.core_properties.last_modified_by = "Un rédacteur"
    document.core_properties.comments = document.core_properties.keywords = "brouillon"
    content = fill(saved(document), sample_context(), title="CCAP – lot 2")
    properties = opened(content).core_properties
    assert (properties.title, properties.author) == ("CCAP – lot 2", "Département des Bouches-du-Rhône")
    assert (properties.language, properties.revision) == ("fr-FR", 1)
    assert properties.created == properties.modified == dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
    core = members_of(content)["docProps/core.xml"].decode()
    assert "rédacteur" not in core
    assert "brouillon" not in core
    assert '<w:lang w:val="fr-FR"' in members_of(content)["word/styles.xml"].decode()


def test_the_path_of_the_attached_template_stays_here():
    document = opened(template("Texte"))
    settings_part = document.settings.element
    attached = f'<w:attachedTemplate {nsdecls("w", "r")} r:id="rId1"/>'
    settings_part.insert(0, parse_xml(attached))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/settings"))
    part.relate_to("file:///C:/Users/quelqu-un/Normal.dotm", kind, is_external=True)
    before, after = saved(document), fill(saved(document), sample_context())
    assert any(b"quelqu-un" in member for member in members_of(before).values())
    assert not any(b"quelqu-un" in member or b"attachedTemplate" in member for member in members_of(after).values())


def test_equal_arguments_give_equal_bytes_and_another_date_does_not():
    content = template("{{ heures }}", header=LOGOS)
    once = fill(content, sample_context(), department_logo=picture(300, 200))
    assert fill(content, sample_context(), department_logo=picture(300, 200)) == once
    assert fill(content, sample_context(date=dt.date(2026, 11, 3)), department_logo=picture(300, 200)) != once


def test_another_process_gives_the_same_bytes():
    from markets.documents.shipped import shipped_templates

    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", ELSEWHERE],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONHASHSEED": "5", "TZ": "Pacific/Noumea"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == hashlib.sha256(fill(shipped_templates()["ccap"], sample_context())).hexdigest()
