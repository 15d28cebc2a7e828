"""A whole document: tagged, archivable, always the same bytes."""

import hashlib
import io
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.template.loader import render_to_string

from clauses_portal.core.pdf import Attachment, FundingPeriod, checks, letterhead
from clauses_portal.core.pdf.fetcher import static_path
from clauses_portal.core.pdf.glyphs import drawable
from clauses_portal.core.pdf.structure import elements
from tests.core import pdf_sample
from tests.core.pdf_sample import placeholder, png, sample

FONTLESS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>'
ELSEWHERE = """
import hashlib, warnings
warnings.simplefilter("ignore")
import django
django.setup()
from django.conf import settings
from django.test import override_settings
from tests.core import pdf_sample
with override_settings(TEMPLATES=pdf_sample.templates(settings.TEMPLATES)):
    print(hashlib.sha256(pdf_sample.sample(count=2)).hexdigest())
"""


@pytest.fixture(scope="module")
def pdf(sample_pdf):
    with pikepdf.open(io.BytesIO(sample_pdf)) as opened:
        yield opened


def texts_of(pdf, kind):
    return [element for element, _ in elements(pdf) if kind == element.S]


def test_the_sample_passes_every_check_of_ours(sample_pdf):
    head, names = pdf_sample.default_letterhead(), ["donnees.json", "lots.csv"]
    assert checks.check(sample_pdf, letterhead=head, attachments=names) == []


@pytest.mark.usefixtures("sample_templates")
def test_equal_arguments_give_equal_bytes_and_another_number_does_not():
    small = sample(count=2)
    assert sample(count=2) == small
    assert sample(count=2, identifier="2026-T3-AUBAGNE-v2") != small


@pytest.mark.usefixtures("sample_templates")
def test_another_process_without_any_system_font_gives_the_same_bytes(tmp_path):
    (tmp_path / "fonts.conf").write_text(FONTLESS)
    environment = os.environ | {
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
        "PYTHONHASHSEED": "5",
        "TZ": "Pacific/Noumea",
    }
    command = [sys.executable, "-c", ELSEWHERE]
    run = subprocess.run(  # noqa: S603 - our own interpreter
        command, cwd=django_settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == hashlib.sha256(sample(count=2)).hexdigest()


def test_title_dates_and_identifier_are_those_given(pdf):
    assert str(pdf.docinfo["/Title"]) == pdf_sample.TITLE
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261012100000")
    assert bytes(pdf.trailer.ID[0]) == pdf_sample.IDENTIFIER.encode()
    with pdf.open_metadata() as metadata:
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-10-12T10:00:00+00:00"


def test_headings_are_bookmarks(pdf):
    with pdf.open_outline() as outline:
        (first,) = outline.root
        assert first.title == "État trimestriel de suivi des clauses sociales"
        assert [item.title for item in first.children] == [
            *("L’essentiel", "Heures par lot", "Réalisation mois par mois", "Méthode"),
        ]


def test_headers_of_columns_and_rows_have_their_scope(pdf):
    scopes = {str(header.A.Scope) for header in texts_of(pdf, "/TH")}
    assert scopes == {"/Column", "/Row"}


def test_cells_point_at_headers_that_exist(pdf):
    (leaf,) = pdf.Root.StructTreeRoot.IDTree.Kids
    known = {bytes(leaf.Names[i]) for i in range(0, len(leaf.Names), 2)}
    used = {bytes(name) for cell in texts_of(pdf, "/TD") for name in cell.A.get("/Headers", [])}
    assert used
    assert used <= known


def test_the_total_of_a_long_table_is_written_once(pdf):
    assert len(texts_of(pdf, "/TFoot")) == 1
    assert len(texts_of(pdf, "/THead")) >= 4  # the headers come again on each page


def test_running_headers_and_footers_are_not_content(pdf):
    in_tree = {element.objgen for element, _ in elements(pdf)}
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    pages = [numbers[i + 1] for i in range(0, len(numbers), 2) if isinstance(numbers[i + 1], pikepdf.Array)]
    assert all(owner is None or owner.objgen in in_tree for owners in pages for owner in owners)
    assert all(b"/Type /Pagination" in page.Contents.read_bytes() for page in pdf.pages)


def test_a_wide_table_lies_on_a_landscape_page_and_the_text_goes_on_upright(pdf):
    shapes = ["wide" if page.MediaBox[2] > page.MediaBox[3] else "tall" for page in pdf.pages]
    assert shapes[-2:] == ["wide", "tall"]
    assert set(shapes[:-2]) == {"tall"}


def test_links_are_printed(pdf):
    links = [link for page in pdf.pages for link in page.get("/Annots", [])]
    assert len(links) == 2
    assert all(int(link.F) & 4 for link in links)


def test_attachments_are_carried_once_with_type_description_and_date(pdf):
    assert [str(item.UF) for item in pdf.Root.AF] == ["donnees.json", "lots.csv"]
    carried = pdf.attachments["lots.csv"]
    assert carried.get_file().read_bytes() == pdf_sample.attachments()[1].content
    assert (carried.get_file().mime_type, carried.description) == ("text/csv", "Heures par lot")
    assert str(carried.obj.AFRelationship) == "/Data"
    assert carried.obj.EF.F.Params.CreationDate == "D:20261012100000Z"


@pytest.mark.usefixtures("sample_templates")
@pytest.mark.parametrize("period", list(FundingPeriod))
def test_each_funding_period_gives_a_faultless_letterhead(period):
    head = letterhead([placeholder("Département"), png("Métropole", 300, 200)], period)
    assert checks.check(sample(head, count=2, attachments=()), letterhead=head) == []


def test_the_european_mention_is_upright_in_its_own_font_and_colour():
    head = letterhead([placeholder("Département")], "2021-2027")
    html = render_to_string("pdf/components/letterhead.html", {"letterhead": head})
    assert "Cofinancé par\nl’Union européenne" in html
    assert not re.search(r"<(em|i|u|strong)\b", html)
    rules = dict(
        re.findall(r"^(\.europe(?:-sentence)?) \{([^}]*)\}", static_path("static:pdf/print.css").read_text(), re.M)
    )
    assert len(rules) == 2
    for rule in rules.values():
        assert "color: #039;" in rule
        assert re.search(r"font: normal 500 [\d.]+pt/[\d.]+ Ubuntu", rule)


@pytest.mark.usefixtures("sample_templates")
def test_a_naive_date_and_twin_attachments_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        sample(created_at=datetime(2026, 10, 12))  # noqa: DTZ001 - the fault under test
    twins = [Attachment("a.csv", content, "text/csv", "A") for content in (b"1", b"2")]
    with pytest.raises(ValueError, match="same name"):
        sample(attachments=twins)


@pytest.mark.usefixtures("sample_templates")
def test_the_same_moment_in_another_zone_is_the_same_document():
    there = pdf_sample.CREATED_AT.astimezone(timezone(timedelta(hours=11)))
    assert sample(count=2, created_at=there) == sample(count=2)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Łukasz Ÿ, œuvre – 12 €", "Łukasz Ÿ, œuvre – 12 €"),
        ("lot 1 → lot 2 ≥ 3\u202fh", "lot 1 › lot 2 >= 3\u00a0h"),
        ("e\u0301 \u200bx\ufe0f", "é x"),
        ("① ﬁn Ａ", "1 fin A"),
        ("bravo 🎉 漢", "bravo ? ?"),
        ("<p>a\nb</p>", "<p>a\nb</p>"),
    ],
)
def test_only_characters_of_our_fonts_are_printed(text, printed):
    assert drawable(text) == printed
