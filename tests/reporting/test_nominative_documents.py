"""The two files of a nominative list: what they say, the watermark on each page, nothing that runs."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pikepdf
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from clauses_portal.core.pdf import checks
from reporting.statements.nominative import Content, Line
from reporting.statements.nominative_documents import list_workbook, render_list, watermark
from tests.factories.accounts import UserFactory
from tests.factories.nominative import NominativeListFactory
from tests.support.pages import tidy
from tests.support.papers import parts_of

pytestmark = pytest.mark.django_db

MARK = "Ne pas diffuser – LN-2026-000012 – demandée par Ada B & fils le 15/09/2026 à 10:00"


@pytest.fixture
def asked(territory):
    return NominativeListFactory(
        number="LN-2026-000012",
        territory=territory,
        asked_at=datetime(2026, 9, 15, 8, tzinfo=UTC),
        asked_by=UserFactory(first_name="Ada", last_name="B & fils"),
    )


def line(rank=0, **values):
    return Line(
        **{
            "person": rank,
            "last_name": f"Nom-{rank:03}",
            "first_name": "Zoé",
            "birth_date": date(1980, 3, 7),
            "commune": "Aix-en-Provence",
            "prescriber": "PLIE",
            "referent": "M. Ali",
            "evidence_on": date(2025, 12, 20),
            "market": "2026-001",
            "lot": "1",
            "employer": "Bâtisseurs du Sud",
            "contract_type": "CDD",
            "starts_on": date(2026, 2, 1),
            "ends_on": date(2026, 6, 15),
            "hours": Decimal("1012.5"),
            "situation": "Contrat en cours",
        }
        | values
    )


def content(*lines):
    return Content(list(lines), len({one.person for one in lines}), sum((one.hours for one in lines), Decimal(0)))


def pages_of(document):
    """[text] of each page."""
    texts = []
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            alone = pikepdf.new()
            alone.pages.append(page)
            file = io.BytesIO()
            alone.save(file)
            texts.append(tidy(parts_of(file.getvalue())["text"]))
    return texts


def sheets(workbook):
    """{name of the sheet: rows of values}."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def pages_xml(workbook):
    """The two sheets as XML trees."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return [etree.fromstring(archive.read(f"xl/worksheets/sheet{rank}.xml")) for rank in (1, 2)]


def test_the_watermark_says_who_asked_when_and_under_which_number(asked):
    assert watermark(asked) == MARK


def test_the_watermark_is_twice_on_each_page_of_the_pdf(asked):
    pages = pages_of(render_list(asked, content(*map(line, range(60)))))
    assert len(pages) > 3
    assert [page.count("Ne pas diffuser") for page in pages] == [2] * len(pages)
    assert all(MARK in page for page in pages)


def test_the_pdf_tells_each_line_and_the_totals(asked):
    second = {"evidence_on": None, "ends_on": None, "hours": Decimal(20), "referent": ""}
    text = tidy(parts_of(render_list(asked, content(line(), line(1, **second))))["text"])
    for told in ("2 personnes, 1 032,5 h comptabilisées.", "Nom-000 Zoé", "07/03/1980", "20/12/2025", "1 012,50"):
        assert tidy(told) in text
    for told in ("du 01/02/2026 au 15/06/2026", "Total 1 032,50", "Pays d’Aix", "du 01/04/2026 au 30/06/2026"):
        assert tidy(told) in text
    assert "Valorisation du trimestre." in text
    assert "allocataire CAF ou MSA : non tenu par le portail" in text


def test_an_empty_list_says_so(asked):
    text = tidy(parts_of(render_list(asked, content()))["text"])
    assert "0 personne, 0 h comptabilisées." in text
    assert "Aucune personne ne répond à ces conditions dans la période." in text


def test_the_pdf_is_accessible_and_always_the_same(asked):
    document = render_list(asked, content(line()))
    assert checks.check(document) == []
    assert render_list(asked, content(line())) == document
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert list(pdf.attachments) == []


def test_the_workbook_has_a_typed_column_for_each_thing(asked):
    table = next(iter(sheets(list_workbook(asked, content(line()))).values()))
    assert table[0] == [
        *("Nom", "Prénom", "Date de naissance", "Commune", "Prescripteur", "Référent", "RSA justifié le", "Marché"),
        *("Lot", "Employeur", "Type de contrat", "Début", "Fin", "Heures comptabilisées", "Situation à l’issue"),
    ]
    assert table[1] == [
        *("Nom-000", "Zoé", date(1980, 3, 7), "Aix-en-Provence", "PLIE", "M. Ali", date(2025, 12, 20)),
        *("2026-001", "1", "Bâtisseurs du Sud", "CDD", date(2026, 2, 1), date(2026, 6, 15), 1012.5),
        "Contrat en cours",
    ]


def test_the_workbook_says_where_it_comes_from(asked):
    told = " ".join(str(cell) for row in sheets(list_workbook(asked, content(line())))["Source"] for cell in row)
    for sentence in ("Demandée par : Ada B & fils", "Motif : Valorisation du trimestre.", "Pays d’Aix", "non tenu"):
        assert sentence in tidy(told)


def test_the_watermark_is_in_the_head_and_the_foot_of_each_sheet(asked):
    for page in pages_xml(list_workbook(asked, content(line()))):
        told = [page.findtext(f".//{{*}}{place}") for place in ("oddHeader", "oddFooter")]
        assert told == [f"&C{MARK.replace('&', '&&')}", f"&C{MARK.replace('&', '&&')}&R&P / &N"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+33", "-1", "@SUM(A1)", "\t=1", "https://example.test"])
def test_no_name_is_a_formula_nor_a_link(asked, name):
    workbook = list_workbook(asked, content(line(last_name=name)))
    assert next(iter(sheets(workbook).values()))[1][0].strip() == name.strip()
    for page in pages_xml(workbook):
        assert page.xpath("//*[local-name()='f' or local-name()='hyperlink']") == []
    cell = pages_xml(workbook)[0].find(".//{*}c[@r='A2']")
    assert cell.get("t") in {"s", "inlineStr"}
