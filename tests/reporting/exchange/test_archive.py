"""Archives nobody should have written: refused in French, within a second, nothing read of them (A10)."""

import hashlib
import io
import json
import stat
import time
import zipfile

import pytest
from django.conf import settings

from clauses_portal.core.errors import DomainError
from reporting.enums import ExchangeTable as T
from reporting.exchange import archive
from reporting.exchange.archive import Package
from reporting.exchange.cells import guarded, unguarded
from reporting.exchange.choices import CHOICES
from reporting.exchange.tables import TABLES
from tests.support.exchanged import zipped

ALERTS = TABLES[T.ALERTS]
LINE = "A1;AIX;;A04;watch;Rythme insuffisant.;2026-09-01;;"


def table(*lines, header=None):
    """The bytes of alertes.csv."""
    return ("\ufeff" + "\r\n".join([header or ";".join(ALERTS.names), *lines, ""])).encode()


def packed(content, **manifest):
    """The bytes of a package of this table; `manifest`: what it lies about."""
    digest = hashlib.sha256(content).hexdigest()
    files = [{"name": "alertes.csv", "rows": content.count(b"\r\n") - 1, "sha256": digest}]
    told = {"schema_version": "1.0", "system": "abc", "direction": "to_department", "files": files} | manifest
    return zipped({"manifest.json": json.dumps(told), "alertes.csv": content})


def with_member(name, content=b"x", **attributes):
    """A package with one more member."""
    out = io.BytesIO(packed(table(LINE)))
    with zipfile.ZipFile(out, "a") as opened:
        member = zipfile.ZipInfo(name)
        for attribute, value in attributes.items():
            setattr(member, attribute, value)
        opened.writestr(member, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def encrypted():
    content = bytearray(packed(table(LINE)))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


def test_a_package_is_read_line_by_line():
    read = Package(packed(table(LINE, LINE.replace("A1", "A2"))))
    assert read.counts() == {"alertes": 2}
    assert [(row, data["reference"]) for row, data in read.get(T.ALERTS)] == [(2, "A1"), (3, "A2")]
    assert read.get(T.HOURS) == []


HOSTILE = {
    "not a zip": b"%PDF-1.7",
    "truncated": packed(table(LINE))[:-30],
    "encrypted": encrypted(),
    "a path that leaves the folder": with_member("../../etc/passwd"),
    "an absolute path": with_member("/etc/passwd"),
    "a program": with_member("heures.exe"),
    "an archive in it": with_member("autre.zip", zipped({"a": "b"})),
    "a link": with_member("lots.csv", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16),
    "a bomb": packed(table(*[LINE] * 20, "A" * 30_000_000)),
    "too much once open": with_member("heures.csv", b"0" * (archive.EXPANDED + 1)),
    "a million lines": packed(table(*[";" * 8] * 1_000_000)),
    "too many lines": packed(table(*[f"A{n};AIX;;A04;watch;R{n * 7919};2026-09-01;;" for n in range(50_001)])),
    "NUL": packed(table(LINE.replace("Rythme", "\x00"))),
    "not UTF-8": packed(table(LINE).decode().encode("utf-16")),
    "a quote left open": packed(table(LINE.replace("Rythme", '"Rythme" x'))),
    "a line too short": packed(table("A1;AIX")),
    "an unknown column": packed(table("x", header="secret")),
    "columns twice": packed(table("x", header="reference;reference")),
    "another content than told": packed(table(LINE), files=[{"name": "alertes.csv", "rows": 1, "sha256": "0" * 64}]),
    "a manifest that names nothing": packed(table(LINE), files=[]),
    "a manifest that is a list": zipped({"manifest.json": "[]", "alertes.csv": table(LINE)}),
    "a manifest of another version": packed(table(LINE), schema_version="2.0"),
    "a manifest too deep": zipped({"manifest.json": "[" * 5000 + "]" * 5000}),
    "a system of two lines": packed(table(LINE), system="abc\nX"),
    "no manifest": zipped({"alertes.csv": table(LINE)}),
    "empty": zipped({}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_at_once(name):
    started = time.process_time()
    with pytest.raises(DomainError) as refusal:
        Package(HOSTILE[name])
    assert time.process_time() - started < 1
    assert str(refusal.value).endswith(".")


def test_a_file_said_to_be_something_else_is_refused():
    wrong = [{"name": "alertes.csv", "rows": True, "sha256": "x"}]
    with pytest.raises(DomainError, match="manifeste"):
        Package(packed(table(LINE), files=wrong))


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''@x", "-3", "+33", "\t=x", "＝x", "l’eau", "'quoted", "", "a=b"])
def test_a_text_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "＝"))


def test_the_documentation_tells_every_table_and_column():
    told = (settings.BASE_DIR / "docs" / "paquet.md").read_text(encoding="utf-8")
    sections = {part.partition("`")[0]: part for part in told.split("### `")[1:]}
    assert sorted(sections) == sorted(table.file_name for table in TABLES.values())
    for table in TABLES.values():
        lines = [f"| `{column.name}` | {column.label} |" for column in table.columns]
        assert [line for line in lines if line not in sections[table.file_name]] == []
        choices = {value for (kind, _), known in CHOICES.items() if kind == table.kind for value in known.values}
        assert [value for value in choices if f"`{value}`" not in sections[table.file_name]] == []
