"""Workbooks handed out: read back equal, inert, and the same bytes for the same data."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from clauses_portal.core.tables import Sheet, read_table, write_xlsx
from tests.core.made_files import members_of

SHEET = Sheet(
    "Programme 2027",
    ["Intitulé", "Heures", "Début", "Réservé"],
    [["Voirie – lot 1", Decimal("1234.5"), dt.date(2027, 9, 1), True], ["Collège", 12, None, False]],
)
FORMULAS = ["=1+1", '=HYPERLINK("x")', "+33 4 91 00 00 00", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0", "{=1}"]


def titles(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names


def page(content):
    return members_of(content)["xl/worksheets/sheet1.xml"].decode()


def test_what_is_written_is_read_back():
    table = read_table("export.xlsx", write_xlsx([SHEET]))
    assert (table.sheet, table.headers) == ("Programme 2027", SHEET.headers)
    assert table.rows == [
        ["Voirie – lot 1", Decimal("1234.5"), dt.date(2027, 9, 1), "oui"],
        ["Collège", Decimal(12), None, "non"],
    ]


def test_headers_are_frozen_and_filtered_and_columns_wide_enough():
    xml = page(write_xlsx([SHEET]))
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in xml
    assert '<autoFilter ref="A1:D3"/>' in xml
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', xml)]
    assert len(widths) == 4
    assert 15 < widths[0] < 20
    assert all(8 < width < 61 for width in widths)


def test_the_same_data_gives_the_same_bytes_on_another_day():
    with time_machine.travel("2026-09-15 10:00"):
        first = write_xlsx([SHEET])
    with time_machine.travel("2031-01-02 03:04"):
        assert write_xlsx([SHEET]) == first


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_ever_a_formula_nor_a_link(text):
    content = write_xlsx([Sheet("A", ["Nom", "Note", text], [["x", text], [text, "https://exemple.fr"]])])
    assert "<f>" not in page(content)
    assert "hyperlink" not in page(content)
    assert read_table("x.xlsx", content).rows[0][:2] == ["x", text.strip()]


def test_signs_that_break_a_workbook_are_left_out():
    content = write_xlsx(
        [Sheet("A\x00", ["Nom", "Note\x0b"], [["a\x00b\x1f", "\ud800c\ufffe"], ["d\ne", "x" * 40_000]])]
    )
    table = read_table("x.xlsx", content)
    assert table.headers == ["Nom", "Note"]
    assert table.rows == [["ab", "c"], ["d\ne", "x" * 32_767]]


def test_titles_are_those_that_excel_accepts():
    sheets = [Sheet(title, ["a", "b"], []) for title in ["Lot [1]: a/b", "L" * 40, "l" * 40, "'", "", "l" * 40]]
    assert titles(write_xlsx(sheets)) == [
        *("Lot 1 a b", "L" * 31, "l" * 27 + " (2)", "Feuille", "Feuille (2)", "l" * 27 + " (3)"),
    ]


def test_a_moment_is_written_as_its_day_and_a_number_that_is_none_as_text():
    rows = [[dt.datetime(2027, 9, 1, 10, tzinfo=dt.UTC), Decimal("NaN")], ["x", float("inf")]]
    assert read_table("x.xlsx", write_xlsx([Sheet("A", ["Jour", "Nombre"], rows)])).rows == [
        [dt.date(2027, 9, 1), "NaN"],
        ["x", "inf"],
    ]


CELLS = st.one_of(
    st.none(), st.text(max_size=20), st.booleans(), st.integers(-(10**14), 10**14), st.dates(dt.date(1990, 1, 1))
)


@given(st.text(max_size=40), st.lists(st.lists(CELLS, max_size=4), max_size=5))
def test_any_data_makes_a_workbook_that_opens(title, rows):
    content = write_xlsx([Sheet(title, ["Nom", "Note"], rows)])
    assert len(titles(content)) == 1
    assert content == write_xlsx([Sheet(title, ["Nom", "Note"], rows)])
