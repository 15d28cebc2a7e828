"""A10: hostile workbooks. Each is refused with a sentence, soon, with little memory, and the worker goes on."""

import io
import resource
import socket
import struct
import warnings
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from clauses_portal.core.archives import MOST_ENTRIES
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import COMPOUND_FILE, ENCRYPTED_PACKAGE
from clauses_portal.core.french import NBSP
from clauses_portal.core.jobs import JobState
from clauses_portal.core.jobs.worker import FAILED
from clauses_portal.core.tables import read_table, sources, workbook_reader
from participants.models import HoursImport, ImportedLine
from participants.tasks import import_hours
from tests.core.made_files import PROGRAM, calc, excel, members_of, zipped
from tests.support.doors import DOORS

MEGABYTE = 1024 * 1024
ROWS = [["Nom", "Durée"], ["Voirie", 12], ["Éclairage", 7]]
BOOK, SHEET = excel({"Feuille": ROWS}), calc(ROWS)
SHEET_XML, SHARED, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELS, CONTENT = "xl/_rels/workbook.xml.rels", "content.xml"
SECRET = Path("/etc/hostname")
MOST_SECONDS, MOST_MEMORY = 5, 256 * 1024 * 1024  # of processor; bytes


def changed(part, old, new, content=BOOK):
    """The workbook with a text replaced in a part."""
    parts = members_of(content)
    assert old in parts[part], old
    return zipped(parts | {part: parts[part].replace(old, new, 1)})


def with_doctype(declared, used):
    """Shared strings that begin by declaring an entity, and use it for « Voirie »."""
    text = members_of(BOOK)[SHARED].replace(b"<sst", b"<!DOCTYPE sst [" + declared + b"]><sst", 1)
    return zipped(members_of(BOOK) | {SHARED: text.replace(b"Voirie", used, 1)})


def laughs():
    lines = [b'<!ENTITY a0 "ha">']
    lines += [b'<!ENTITY a%d "%s">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 11)]
    return with_doctype(b"".join(lines), b"&a10;")


def in_utf16(content):
    parts = members_of(content)
    text = parts[SHARED].decode().replace("UTF-8", "UTF-16")
    return zipped(parts | {SHARED: text.encode("utf-16")})


def twice():
    out = zipped(members_of(BOOK))
    buffer = io.BytesIO(out)
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET_XML, b"<worksheet/>")
    return buffer.getvalue()


def lying():
    bomb = zipped(members_of(BOOK) | {"xl/media/a.bin": b"\0" * 0x1234567})
    return bomb.replace(struct.pack("<L", 0x1234567), struct.pack("<L", 10))


HOSTILE = {
    "an entity that is a file": lambda: with_doctype(b'<!ENTITY x SYSTEM "file:///etc/hostname">', b"&x;"),
    "an entity of the network": lambda: with_doctype(b'<!ENTITY x SYSTEM "http://127.0.0.1:9/x">', b"&x;"),
    "a parameter entity": lambda: with_doctype(b'<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;', b"&x;"),
    "an entity nobody declares": lambda: changed(SHARED, b"Voirie", b"&secret;"),
    "a billion laughs": laughs,
    "a quadratic bomb": lambda: with_doctype(b'<!ENTITY x "' + b"x" * 100_000 + b'">', b"&x;" * 100_000),
    "an entity in UTF-16": lambda: in_utf16(with_doctype(b'<!ENTITY x SYSTEM "file:///etc/hostname">', b"&x;")),
    "a cell at the end of the world": lambda: changed(SHEET_XML, b'r="A2"', b'r="XFD1048576"'),
    "a row at the end of the world": lambda: changed(SHEET_XML, b'r="B3"', b'r="B999999999"'),
    "a cell without a place": lambda: changed(SHEET_XML, b'r="A2"', b'r="2"'),
    "a column that no spreadsheet has": lambda: changed(SHEET_XML, b'r="A2"', b'r="XFE2"'),
    "a row whose number is none": lambda: changed(SHEET_XML, b'<row r="2"', b'<row r="x"'),
    "an element left open": lambda: changed(SHEET_XML, b"</sheetData>", b""),
    "a sheet nested for ever": lambda: changed(SHEET_XML, b"<sheetData>", b"<sheetData>" + b"<a>" * 300_000),
    "billions of texts announced": lambda: changed(SHARED, b'uniqueCount="4"', b'uniqueCount="4294967296"'),
    "a hundred thousand sheets": lambda: changed(
        WORKBOOK, b"<sheets>", b"<sheets>" + b'<sheet name="x" sheetId="9" r:id="rId1"/>' * 100_000
    ),
    "a sheet that is a file of the server": lambda: changed(
        RELS, b"worksheets/sheet1.xml", b"../../../../../../etc/hostname"
    ),
    "no workbook": lambda: zipped({n: c for n, c in members_of(BOOK).items() if n != WORKBOOK}),
    "no sheet": lambda: zipped({n: c for n, c in members_of(BOOK).items() if n != SHEET_XML}),
    "macros": lambda: zipped(members_of(BOOK) | {"xl/vbaProject.bin": PROGRAM}),
    "old macros": lambda: zipped(members_of(BOOK) | {"xl/macrosheets/sheet1.xml": "x"}),
    "a bomb": lambda: zipped(members_of(BOOK) | {f"{n}.bin": b"\0" * 16 * MEGABYTE for n in range(4)}),
    "a bomb that lies": lying,
    "a crowd of members": lambda: zipped(members_of(BOOK) | {f"{n}.xml": "" for n in range(MOST_ENTRIES)}),
    "a password": lambda: COMPOUND_FILE + b"\0" * 600 + ENCRYPTED_PACKAGE,
    "a part twice": twice,
    "half a file": lambda: BOOK[: len(BOOK) // 2],
    "a workbook in a workbook": lambda: zipped({"xl/workbook.xlsx": BOOK}),
    "a gigabyte of one text": lambda: excel({"A": [["Nom", "Note"], *(["x" * 30_000] * 20 for _ in range(2000))]}),
    "too many rows": lambda: excel({"A": [["Nom", "Durée"], *(["x", 1] for _ in range(5001))]}),
    "too many columns": lambda: excel({"A": [[f"c{n}" for n in range(61)], ["x"] * 61]}),
    "calc: blanks repeated": lambda: changed(
        CONTENT, b"<text:p>", b'<text:p><text:s text:c="999999999999"/>', content=SHEET
    ),
    "calc: a table left open": lambda: changed(CONTENT, b"</table:table>", b"</table:tabl>", content=SHEET),
    "calc: an entity": lambda: changed(
        CONTENT,
        b"<office:document-content",
        b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]><office:document-content',
        content=SHEET,
    ),
    "csv: a quote left open": lambda: b'Nom;"' + b"a" * 2_000_000,
    "csv: endless columns": lambda: b"Nom;1\n" + b"x;" * 20_000,
    "csv: a program": lambda: b"Nom;Heures\n\0\0\0",
}


def named(attack, content):
    """The name under which it is given."""
    return "releve.csv" if attack.startswith("csv") else "releve.ods" if attack.startswith("calc") else "releve.xlsx"


def elsewhere(content, address):
    """The same workbook, what it asks of the network asked there."""
    if not zipfile.is_zipfile(io.BytesIO(content)) or content.count(b"PK\x01\x02") > 100:
        return content
    try:
        parts = members_of(content)
    except zipfile.BadZipFile:
        return content
    moved = {name: text.replace(b"127.0.0.1:9", address) for name, text in parts.items()}
    return content if moved == parts else zipped(moved)


def spent():
    """Seconds of processor, those of the readers it started too; bytes this process took at most."""
    mine, made = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + made.ru_utime + made.ru_stime, mine.ru_maxrss * 1024


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_workbook_says_nothing_of_the_server_and_costs_little(attack, monkeypatch):
    monkeypatch.setattr(sources, "CPU_SECONDS", 2)
    content = HOSTILE[attack]()
    before, taken = spent()
    try:
        table = read_table(named(attack, content), content)
    except DomainError as refusal:
        said = refusal.message.replace(NBSP, " ")
        assert said.startswith(("Ce ", "Type de fichier refusé")), said
    else:
        assert attack in READ_ALL_THE_SAME
        assert SECRET.read_text().strip() not in repr(table)
    seconds, memory = spent()
    assert seconds - before < MOST_SECONDS
    assert memory - taken < MOST_MEMORY


# The reader knows no entity, opens no address and no file: what is left is a table without that text.
READ_ALL_THE_SAME = {"calc: an entity", "an entity in UTF-16", "a sheet nested for ever", "a hundred thousand sheets"}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_no_hostile_workbook_stops_the_worker_nor_leaves_a_line(as_role, territory, convention, monkeypatch):
    """By the door, then by the worker, one after the other; a sound one follows."""
    monkeypatch.setattr(sources, "CPU_SECONDS", 2)
    door = DOORS["statement"](SimpleNamespace(as_role=as_role, territory=territory, convention=convention))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.01)
        asked = f"127.0.0.1:{listener.getsockname()[1]}".encode()
        for attack, make in HOSTILE.items():
            content = elsewhere(make(), asked)
            if door.give(named(attack, content), content).status_code == 302:
                run = HoursImport.objects.latest("pk")
                import_hours(run.pk)
                run.refresh_from_db()
                assert run.error != FAILED, attack
                assert run.state == JobState.FAILED or attack in READ_ALL_THE_SAME, attack
        with pytest.raises(TimeoutError):
            listener.accept()
    assert not ImportedLine.objects.exists()
    assert door.give("releve.xlsx", excel({"A": [["Nom", "Heures"], ["Le Goff", 7]]})).status_code == 302
    import_hours(HoursImport.objects.latest("pk").pk)
    assert HoursImport.objects.latest("pk").state == JobState.DONE


def test_the_reader_has_little_memory_whatever_the_workbook():
    assert workbook_reader.MEMORY <= MOST_MEMORY
