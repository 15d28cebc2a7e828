"""Lists written as XLSX, ODS and CSV: read back equal, typed, inert, the same bytes for the same data."""

import datetime as dt
import io
import tracemalloc
import zipfile
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from clauses_portal.core.exports import Column, Format, Kind
from clauses_portal.core.exports.answers import WRITERS
from clauses_portal.core.exports.documents import COUNTED, Document
from clauses_portal.core.french import NBSP
from clauses_portal.core.tables import read_table
from tests.core.made_files import members_of

NOW = dt.datetime(2026, 9, 15, 8, 30, tzinfo=dt.UTC)
FORMULAS = ["=cmd|'/c calc'!A0", "+33 4 91 00 00 00", "-1", "@SUM(A1)", "\t=1", " =1", "{=1}", "＝1", "\n=1"]
COLUMNS = (
    Column("Marché", Kind.TEXT, "number"),
    Column("Lots", Kind.INTEGER, "lots"),
    Column("Heures", Kind.HOURS, "hours"),
    Column("Durée", Kind.NUMBER, "length"),
    Column("Réalisé", Kind.PERCENT, "done"),
    Column("Notifié le", Kind.DATE, "day"),
    Column("Relevé", Kind.MOMENT, "moment"),
    Column("Réservé", Kind.FLAG, "reserved"),
)
ROW = SimpleNamespace(
    number=f"Écoles{NBSP}: « l’aile  nord » & <fin>",
    lots=12,
    hours=Decimal("1234.5"),
    length=Decimal("7.25"),
    done=Decimal("52.5"),
    day=dt.date(2026, 9, 1),
    moment=dt.datetime(2026, 9, 15, 8, 30, tzinfo=dt.UTC),
    reserved=True,
)
EMPTY = SimpleNamespace(
    number="", lots=None, hours=Decimal("-7.5"), length=None, done=None, day=None, moment=None, reserved=False
)


def written(file_format, rows, columns=COLUMNS, title="Marchés", **told):
    """The bytes of these rows in this format."""
    file = io.BytesIO()
    WRITERS[file_format][0](file, Document(title, columns, rows, NOW, **told))
    return file.getvalue()


def sheets(content):
    """[[rows of raw values]] of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(rank).to_python() for rank in range(len(book.sheet_names))]


def texts(file_format, values):
    """The texts of one column, read back."""
    rows = [SimpleNamespace(text=value, last="x") for value in values]
    columns = [Column("Nom", Kind.TEXT, "text"), Column("Fin", Kind.TEXT, "last")]
    content = written(file_format, rows, columns)
    return content, [row[0] for row in read_table(f"a.{file_format}", content).rows]


@pytest.mark.parametrize("file_format", [Format.XLSX, Format.ODS])
def test_a_workbook_keeps_the_type_of_each_value(file_format):
    lines, _ = sheets(written(file_format, [ROW, EMPTY]))
    assert lines[0] == [column.label for column in COLUMNS]
    moment = dt.datetime(2026, 9, 15, 10, 30)  # noqa: DTZ001 (a spreadsheet knows no time zone)
    assert lines[1] == [ROW.number, 12.0, 1234.5, 7.25, 0.53, ROW.day, moment, "oui"]
    assert lines[2] == ["", "", -7.5, "", "", "", "", "non"]


def test_a_csv_is_written_as_a_french_spreadsheet_reads_it():
    content = written(Format.CSV, [ROW, EMPTY])
    assert content.startswith(b"\xef\xbb\xbf")
    header, line, last, end = content.decode("utf-8-sig").split("\r\n")
    assert header == "Marché;Lots;Heures;Durée;Réalisé;Notifié le;Relevé;Réservé"
    assert line == f"{ROW.number};12;1234,50;7,25;53 %;01/09/2026;15/09/2026 10:30;oui"
    assert (last, end) == (";;-7,50;;;;;non", "")


@pytest.mark.parametrize("file_format", Format)
def test_what_is_written_is_read_back_by_the_portal(file_format):
    table = read_table(f"marches.{file_format}", written(file_format, [ROW, ROW]))
    assert table.headers == [column.label for column in COLUMNS]
    assert len(table.rows) == 2
    assert table.rows[0][0] == ROW.number


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_ever_a_formula(text):
    for file_format in (Format.XLSX, Format.ODS):
        content, (read,) = texts(file_format, [text])
        assert read == text.strip()
        xml = b"".join(members_of(content).values())
        assert not any(mark in xml for mark in (b"<f>", b"<f ", b"table:formula", b"hyperlink", b"xlink:href"))
    content, _ = texts(Format.CSV, [text])
    cell = content.decode("utf-8-sig").split("\r\n")[1]
    assert cell.lstrip('"').startswith("'") or text == "{=1}"


def test_a_header_is_inert_too():
    columns = [Column("=1+1", Kind.TEXT, "number"), Column("Fin", Kind.TEXT, "number")]
    assert written(Format.CSV, [ROW], columns).decode("utf-8-sig").startswith("'=1+1;")


def test_negative_hours_are_numbers_in_a_csv_and_a_name_is_not():
    columns = [Column("Nom", Kind.TEXT, lambda row: "-7,50"), Column("Heures", Kind.HOURS, "hours")]
    assert written(Format.CSV, [EMPTY], columns).decode("utf-8-sig").splitlines()[1] == "'-7,50;-7,50"


def test_the_second_sheet_says_where_the_figures_come_from():
    told = {"criteria": [("Territoire", "Pays d’Aix")], "notes": [COUNTED, "Sans montant."]}
    for file_format in (Format.XLSX, Format.ODS):
        _, source = sheets(written(file_format, [ROW] * 3, **told))
        assert source == [
            ["Liste", "Marchés"],
            ["Exportée le", "15/09/2026 à 10:30"],
            ["Nombre de lignes", "3"],
            [f"Filtre{NBSP}: Territoire", "Pays d’Aix"],
            ["À savoir", COUNTED],
            ["À savoir", "Sans montant."],
        ]
    _, source = sheets(written(Format.ODS, []))
    assert ["Filtres", "aucun"] in source


def test_headers_stay_in_sight_and_filter_the_lines():
    page = members_of(written(Format.XLSX, [ROW] * 3))["xl/worksheets/sheet1.xml"].decode()
    assert 'state="frozen"' in page
    assert '<autoFilter ref="A1:H4"/>' in page
    parts = members_of(written(Format.ODS, [ROW] * 3))
    assert "'Marchés'.A1:'Marchés'.H4" in parts["content.xml"].decode()
    assert 'config:name="VerticalSplitPosition" config:type="int">1<' in parts["settings.xml"].decode()


def test_an_open_document_is_what_the_standard_says():
    content = written(Format.ODS, [ROW])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, *others = archive.infolist()
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert content[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"
    parts = members_of(content)
    manifest = etree.fromstring(parts["META-INF/manifest.xml"])
    listed = {entry.get(f"{{{entry.nsmap['manifest']}}}full-path") for entry in manifest}
    assert listed == {"/", *(part.filename for part in others)} - {"META-INF/manifest.xml"}
    for name, part in parts.items():
        assert not name.endswith(".xml") or etree.fromstring(part) is not None


@pytest.mark.parametrize("file_format", [Format.XLSX, Format.ODS])
def test_the_title_and_the_language_are_told(file_format):
    parts = {name: part.decode() for name, part in members_of(written(file_format, [ROW])).items() if "xml" in name}
    text = "".join(parts.values())
    assert "<dc:title>Marchés</dc:title>" in text
    assert "fr-FR" in text


@pytest.mark.parametrize("file_format", Format)
def test_the_same_list_at_the_same_moment_gives_the_same_bytes(file_format):
    assert written(file_format, [ROW, EMPTY]) == written(file_format, [ROW, EMPTY])


@pytest.mark.parametrize("file_format", Format)
def test_memory_does_not_grow_with_the_list(file_format):
    def peak(lines):
        with SpooledTemporaryFile(max_size=1024) as file:
            document = Document("Marchés", COLUMNS, (ROW for _ in range(lines)), NOW)
            tracemalloc.start()
            WRITERS[file_format][0](file, document)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(10)
    assert peak(5000) < 1.5 * peak(500)


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_text_makes_a_file_that_opens(values):
    rows = [SimpleNamespace(text=value) for value in values]
    for file_format in (Format.XLSX, Format.ODS):
        content = written(file_format, rows, [Column("Nom", Kind.TEXT, "text")])
        assert len(sheets(content)) == 2


def test_a_path_stops_where_there_is_nothing():
    column = Column("Lot", Kind.TEXT, "lot.market.number")
    assert column.of(SimpleNamespace(lot=None)) is None
    assert Column("Lot", Kind.TEXT, "name.upper").of(SimpleNamespace(name="a")) == "A"
