"""Tables as people bring them: XLSX, ODS and CSV give the same rows, and no file hurts."""

import contextlib
import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import NBSP
from clauses_portal.core.tables import guess_mapping, read_table, sources, workbook_reader
from tests.core.made_files import PDF, calc, excel, members_of, open_document, zipped

AUTUMN = dt.date(2027, 9, 1)
ROWS = [
    ["Programme 2027"],
    [],
    ["Intitulé", "Montant estimé HT", "Durée", "Début"],
    ["  Voirie de l’Étang ", 125000.5, 12, AUTUMN],
    [],
    ["Collège\u00a0", None, 3.0, None],
]
READ = [["Voirie de l’Étang", Decimal("125000.5"), Decimal(12), AUTUMN], ["Collège", None, Decimal(3), None]]
WORKBOOK = excel({"Programme": ROWS})
SHEET = calc(ROWS)


def refusal(name, content, **limits):
    """The sentence of the refusal."""
    with pytest.raises(DomainError) as refused:
        read_table(name, content, **limits)
    return refused.value.message.replace(NBSP, " ")


@pytest.mark.parametrize(("name", "content"), [("p.xlsx", WORKBOOK), ("p.ods", SHEET)])
def test_a_workbook_is_read_under_its_titles(name, content):
    table = read_table(name, content)
    assert table.headers == ["Intitulé", "Montant estimé HT", "Durée", "Début"]
    assert table.rows == READ
    assert (table.lines, table.sheet, table.notes) == ([4, 6], "Programme", [])
    assert [str(value) for value in table.rows[0]] == ["Voirie de l’Étang", "125000.5", "12", "2027-09-01"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_whatever_its_encoding_and_delimiter(encoding, delimiter):
    lines = [["Programme"], ["Intitulé", "Note"], ["Été", '"un\r\ndeux"'], ["", " "], ["Hôpital", '"a;b,c\td"']]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    table = read_table("p.csv", content)
    assert table.headers == ["Intitulé", "Note"]
    assert table.rows == [["Été", "un\ndeux"], ["Hôpital", "a;b,c\td"]]
    assert (table.lines, table.sheet) == ([3, 5], "")


def test_french_numbers_of_a_csv_stay_text_and_do_not_cut_cells():
    table = read_table("p.csv", b"Lot;Montant\r\n1;1 234,50\r\n2;12,5\r\n3;7,25\r\n")
    assert table.rows == [["1", "1 234,50"], ["2", "12,5"], ["3", "7,25"]]


def test_a_workbook_gives_what_it_shows():
    moment = dt.datetime(2027, 9, 1, 10, 30)  # noqa: DTZ001 (a spreadsheet knows no time zone)
    rows = [["Nom", "Valeur"], ["siret", 22130001500247], ["somme", 0.1 + 0.2], ["vrai", True], ["faux", False]]
    table = read_table("p.xlsx", excel({"A": [*rows, ["grand", 1e20], ["moment", moment], ["texte", "=1+1"]]}))
    values = [value for _, value in table.rows]
    assert values == [Decimal(22130001500247), Decimal("0.3"), "oui", "non", Decimal(10**20), AUTUMN, "=1+1"]
    assert str(values[4]) == "1" + "0" * 20


def test_times_and_durations_are_hours():
    rows = [["Nom", "Durée"], ["matin", dt.time(7, 30)], ["semaine", dt.timedelta(hours=35, minutes=5)]]
    assert [value for _, value in read_table("p.xlsx", excel({"A": rows})).rows] == ["7h30", "35h05"]


def test_the_reader_sends_plain_cells_from_the_first_column_on():
    rows = [[], [None, "  Nom ", AUTUMN], [None, dt.time(7, 30), 2.5], [None, " "]]
    assert list(workbook_reader.sheets(excel({"A": rows}), 10)) == [
        ("A", [(2, ["", "Nom", {"day": "2027-09-01"}]), (3, ["", "7h30", 2.5])]),
    ]


def test_a_number_that_is_none_is_text():
    content = replaced(SHEET, ODS_XML, b'office:value="125000.5"', b'office:value="inf"')
    assert read_table("p.ods", content).rows[0][1] == "inf"


def test_the_first_visible_sheet_that_holds_a_table_is_read():
    sheets = {
        "Caché": [["Nom", "Durée"], ["x", 1]],
        "Lisez-moi": [["Mode d’emploi"], ["Une ligne par opération"]],
        "Vide": [["Nom", "Durée"]],
        "Programme": [["Nom", "Durée"], ["Voirie", 12]],
        "Archives": [["Nom", "Durée"], ["Ancien", 1]],
    }
    table = read_table("p.xlsx", excel(sheets, hidden=["Caché"]))
    assert (table.sheet, table.rows) == ("Programme", [["Voirie", Decimal(12)]])
    assert [note.replace(NBSP, " ") for note in table.notes] == [
        "Seule la feuille « Programme » est lue ; non lues : « Lisez-moi », « Vide », « Archives ».",
    ]


def test_lines_above_the_titles_are_passed_over():
    rows = [["Direction", "Routes"], ["Année", 2027], ["Nom", "Lieu", "Durée", "Début"], ["a", "b", 1, 2]]
    assert read_table("p.xlsx", excel({"A": rows})).headers == ["Nom", "Lieu", "Durée", "Début"]


def test_titles_may_be_fewer_than_half_the_columns():
    table = read_table("p.xlsx", excel({"A": [["Nom", "Lieu"], ["a", "b", 1, 2, 3, 4]]}))
    assert table.headers == ["Nom", "Lieu", "Colonne 3", "Colonne 4", "Colonne 5", "Colonne 6"]


def test_each_column_has_a_title_of_its_own():
    rows = [["Lot", "Montant", None, "montant", "Montant", None, 2027], ["1", 1, 2, 3, 4, None, 5]]
    table = read_table("p.xlsx", excel({"A": rows}))
    assert table.headers == ["Lot", "Montant", "Colonne 3", "montant (2)", "Montant (3)", "2027"]
    assert table.rows == [["1", *map(Decimal, (1, 2, 3, 4, 5))]]
    assert [note.replace(NBSP, " ") for note in table.notes] == [
        "La colonne 3 n’a pas de titre : elle est appelée « Colonne 3 ».",
        "Plusieurs colonnes s’appellent « montant » : l’une devient « montant (2) ».",
        "Plusieurs colonnes s’appellent « Montant » : l’une devient « Montant (3) ».",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.xlsx", excel({"A": []})),
        ("p.xlsx", excel({"A": [["Nom", "Durée"]]})),
        ("p.xlsx", excel({"A": [[1, 2], [3, 4]]})),
        ("p.xlsx", excel({"A": [["Nom", "Durée"], ["x", 1]], "B": []}, hidden=["A"])),
        ("p.ods", calc([["Programme"]])),
        ("p.csv", b"Nom;Dur\xc3\xa9e\r\n;;\r\n"),
        ("p.csv", b" \r\n"),
    ],
)
def test_a_file_without_a_table_says_what_is_missing(name, content):
    assert refusal(name, content).startswith("Ce fichier ne contient pas de tableau : ")


def test_the_number_of_rows_is_bounded():
    rows = [["Nom", "Durée"], *([f"n{number}", number] for number in range(5000))]
    csv = "\n\n".join(";".join(map(str, row)) for row in rows).encode()
    for name, content in (("p.xlsx", excel({"A": rows})), ("p.ods", calc(rows)), ("p.csv", csv)):
        assert len(read_table(name, content).rows) == 5000
        assert "plus de 4 999 lignes" in refusal(name, content, max_rows=4999)
        assert "plus de 10 lignes" in refusal(name, content, max_rows=10)


def test_the_number_of_columns_is_bounded():
    for count in (60, 61, 16_384):
        rows = [[f"c{number}" for number in range(count)]] * 2
        content = "\n".join(";".join(row) for row in rows).encode()
        if count == 60:
            assert len(read_table("p.csv", content).headers) == 60
        else:
            assert f"compte {count} colonnes" in refusal("p.csv", content)


def test_only_spreadsheets_are_read():
    assert refusal("p.pdf", PDF) == "Type de fichier refusé. Déposez un fichier XLSX, ODS ou CSV."
    assert "est vide" in refusal("p.csv", b"")
    assert "CSV est illisible" in refusal("p.csv", b"Nom;Dur\x81e\r\nx;1\r\n")
    assert "CSV est illisible" in refusal("p.csv", b'Nom;"' + b"a" * 200_000)
    assert "CSV est illisible" in refusal("p.csv", b"Nom;1\n" + b"x;" * 16_384)
    assert "illisible" in refusal("p.ods", open_document("application/vnd.oasis.opendocument.spreadsheet", "<a"))


def replaced(content, name, old, new):
    """The workbook with a text replaced in a part."""
    parts = members_of(content)
    assert old in parts[name]
    return zipped(parts | {name: parts[name].replace(old, new)})


SHEET_XML, SHARED_XML, ODS_XML = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "content.xml"
HOSTILE = {
    "a cell at the end of the world": (SHEET_XML, b'r="A4"', b'r="XFD1048576"'),
    "a row at the end of the world": (SHEET_XML, b'r="C6"', b'r="C999999999"'),
    "a cell without a place": (SHEET_XML, b'r="A4"', b'r="4"'),
    "a column that no spreadsheet has": (SHEET_XML, b'r="A4"', b'r="XFE4"'),
    "a row whose number is none": (SHEET_XML, b'<row r="4"', b'<row r="x"'),
    "an element left open": (SHEET_XML, b"</sheetData>", b""),
    "billions of texts announced": (SHARED_XML, b'uniqueCount="7"', b'uniqueCount="4294967296"'),
    "an entity": (SHARED_XML, b"Voirie", b"&secret;"),
    "blanks repeated": (ODS_XML, b"<text:p>", b'<text:p><text:s text:c="999999999999"/>'),
    "a table left open, read for ever": (ODS_XML, b"</table:table>", b"</table:tabl>"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_workbook_takes_neither_memory_nor_time(attack, monkeypatch):
    monkeypatch.setattr(sources, "CPU_SECONDS", 1)
    part, old, new = HOSTILE[attack]
    name, content = ("p.ods", SHEET) if part == ODS_XML else ("p.xlsx", WORKBOOK)
    sentence = refusal(name, replaced(content, part, old, new))
    assert sentence.startswith("Ce classeur est illisible ou dépasse les limites (5 000 lignes, 60 colonnes).")


def test_a_long_text_shared_by_many_cells_is_refused():
    """150 000 bytes that would be a gigabyte of text."""
    content = excel({"A": [["Nom", "Note"], *(["x" * 30_000] * 20 for _ in range(2000))]})
    assert len(content) < 200_000
    assert "dépasse les limites" in refusal("p.xlsx", content)


def test_a_reader_that_never_answers_is_left(monkeypatch):
    monkeypatch.setattr(sources, "PATIENCE", 0.001)
    assert "illisible" in refusal("p.xlsx", WORKBOOK)


def test_a_sheet_too_far_behind_others_is_not_read_in_part():
    rows = [["Nom", "Durée"], ["x", 1]]
    content = excel({"Journal": [["ligne"]] * 102, "Programme": rows})
    assert read_table("p.xlsx", content).sheet == "Programme"
    assert "dépasse les limites" in refusal("p.xlsx", content, max_rows=1)
    assert list(workbook_reader.sheets(content, 102))[1] == ("Programme", None)


def test_pictures_and_blank_formats_do_not_count():
    parts = members_of(WORKBOOK)
    far = parts[SHEET_XML].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    content = zipped(parts | {SHEET_XML: far, "xl/media/image1.png": random.Random(1).randbytes(1000)})
    assert read_table("p.xlsx", content).rows == READ


@given(st.binary(max_size=300), st.sampled_from(["p.xlsx", "p.ods", "p.csv"]))
def test_junk_is_refused_with_a_sentence(content, name):
    with contextlib.suppress(DomainError):
        table = read_table(name, content)
        assert (name, len(table.rows)) == ("p.csv", len(table.lines))


@given(
    source=st.sampled_from([("p.xlsx", WORKBOOK), ("p.ods", SHEET)]),
    data=st.data(),
    piece=st.sampled_from([b"", b"9", b"-1", b"ZZZ", b"0", b"&#x0;", b"1e999", b"\xc3", b'"', b"<", b">", b"/"]),
    cut=st.integers(0, 12),
)
@settings(max_examples=40, deadline=None)
def test_a_spoiled_part_is_refused_or_read_but_never_an_error(source, data, piece, cut):
    name, content = source
    parts = members_of(content)
    part = data.draw(st.sampled_from(sorted(part for part in parts if part.endswith((".xml", ".rels")))))
    position = data.draw(st.integers(0, len(parts[part])))
    spoiled = parts[part][:position] + piece + parts[part][position + cut :]
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(DomainError):
        patch.setattr(sources, "CPU_SECONDS", 1)
        table = read_table(name, zipped(parts | {part: spoiled}))
        assert all(len(row) == len(table.headers) for row in table.rows)


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=12), st.sampled_from("; ,\t"))
def test_any_csv_gives_full_rows_or_a_sentence(rows, delimiter):
    content = "\n".join(delimiter.join(row) for row in rows).encode("utf-8", "replace")
    with contextlib.suppress(DomainError):
        table = read_table("p.csv", content)
        assert len(set(table.headers)) == len(table.headers)
        assert all(len(row) == len(table.headers) and any(row) for row in table.rows)
        assert len(table.lines) == len(table.rows)


FIELDS = {
    "title": ("Intitulé", "Objet", "Nom de l’opération"),
    "amount": ("Montant estimé", "Estimation", "Montant"),
    "territory": ("Territoire",),
    "date": ("Date de consultation", "Consultation"),
}


def test_columns_are_recognised_whatever_their_case_accents_and_units():
    headers = ["TERRITOIRE", "Montant lot", "objet", "Montant estimé HT (€)", "Consultation", "Remarque"]
    assert guess_mapping(headers, FIELDS) == {"title": 2, "amount": 3, "territory": 0, "date": 4}


def test_a_header_serves_once_and_the_exact_one_wins():
    fields = {"start": ("Date",), "end": ("Date de fin", "Date")}
    assert guess_mapping(["Date de début", "Date"], fields) == {"start": 1, "end": 0}
    assert guess_mapping(["Dates", "Mandataire"], fields) == {}
    assert guess_mapping([], fields) == {}
