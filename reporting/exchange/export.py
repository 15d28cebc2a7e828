"""Writing a package: what an account may read of the territories of a structure, in one direction (C22).

Files are in a fixed order, lines in the order of their identifiers: the same data give the same bytes.
"""

import csv
import hashlib
import json
import zipfile
from itertools import islice
from tempfile import SpooledTemporaryFile

from django.utils import timezone

from facilitators.enums import KeyDirection, Permission, StructureKind
from facilitators.models import AccessKey, Structure, Territory
from facilitators.permissions import scope_of
from reporting.enums import ExchangeTable as T
from reporting.exchange import names
from reporting.exchange.cells import write_cell
from reporting.exchange.lines import ORDER
from reporting.exchange.tables import SCHEMA_VERSION, SENT_BY_DEPARTMENT, SENT_BY_FACILITATOR

CHUNK = 1000
EPOCH = (1980, 1, 1, 0, 0, 0)  # of a member: the same data give the same archive
SENT = {KeyDirection.TO_FACILITATOR: SENT_BY_DEPARTMENT, KeyDirection.TO_DEPARTMENT: SENT_BY_FACILITATOR}
WRITING = "Écriture : {table}"


def write_package(asked, file, progress):
    """Write the archive of a PackageExport in this binary file, open for reading too; returns {table: lines}.

    A table its author may not read is absent, and named in the manifest.
    """
    territory_ids = list(Territory.objects.filter(conventions__structure=asked.structure).values_list("pk", flat=True))
    tables = [table for table in ORDER if table.kind in SENT[asked.direction]]
    readable = [table for table in tables if scope_of(asked.asked_by).allows(table.view_permission)]
    files = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(readable):
            progress(WRITING.format(table=table.kind.label.lower()), number)
            files.append(_write_table(archive, table, asked, territory_ids))
        absent = [table.table.file_name for table in tables if table not in readable]
        manifest = manifest_of(asked, files, absent)
        content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        archive.writestr(_member("manifest.json"), content)
    return {table.kind.value: entry["rows"] for table, entry in zip(readable, files, strict=True)}


def manifest_of(asked, files, absent):
    """What the package says of itself; nothing there is a secret (docs/paquet.md)."""
    key = AccessKey.objects.filter(account=asked.asked_by).first()
    period = {"from": _iso(asked.starts_on), "to": _iso(asked.ends_on)}
    return {
        "schema_version": SCHEMA_VERSION,
        "system": names.own_system(),
        "exporter": _identity(_exporter(asked)),
        "structure": _identity(asked.structure),
        "direction": asked.direction,
        "key": None if key is None else {"id": key.pk, "prefix": key.prefix},
        "period": period,
        "created_on": timezone.localdate(asked.asked_at).isoformat(),
        "files": files,
        "not_readable": absent,
    }


def _exporter(asked):
    """Whose data these are: the structure's, or the Département's."""
    if asked.direction == KeyDirection.TO_DEPARTMENT:
        return asked.structure
    return Structure.objects.filter(kind=StructureKind.DEPARTMENT).order_by("pk").first()


def _identity(structure):
    return {"name": structure.name, "siret": structure.siret} if structure else None


def _iso(day):
    return day.isoformat() if day else None


def _member(name):
    member = zipfile.ZipInfo(name, EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member


def _write_table(archive, table, asked, territory_ids):
    """Write a table; returns what the manifest says of it."""
    rows = table.of_period(table.sent(asked.asked_by, territory_ids), asked.starts_on, asked.ends_on)
    with archive.open(_member(table.table.file_name), "w", force_zip64=True) as file:
        out = _Digested(file)
        out.write("\ufeff")
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(table.table.names)
        count = 0
        for chunk in _chunks(rows.iterator(chunk_size=CHUNK)):
            writer.writerows(_lines(table, asked, chunk))
            count += len(chunk)
    return {"name": table.table.file_name, "rows": count, "sha256": out.digest.hexdigest()}


class _Digested:
    """What `csv` writes, as bytes, with their digest."""

    def __init__(self, file):
        self.file, self.digest = file, hashlib.sha256()

    def write(self, text):
        content = text.encode()
        self.digest.update(content)
        self.file.write(content)


def _chunks(rows):
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _lines(table, asked, rows):
    """The texts of these rows, what they refer to named as the other side does."""
    own = _names(asked, table.kind, [row.pk for row in rows])
    values = [table.values(row) for row in rows]
    named = {
        column: _names(asked, kind, {one[column] for one in values} - {None})
        for column, kind in table.references.items()
    }
    for row, one in zip(rows, values, strict=True):
        one["reference"] = own[row.pk]
        one |= {column: found[one[column]] for column, found in named.items() if one[column] is not None}
        yield [write_cell(column, one.get(column.name)) for column in table.table.columns]


def _names(asked, kind, ids):
    """{row id: reference}; a person is never named otherwise than by us to whoever may not read who she is."""
    hidden = kind == T.PERSONS and not scope_of(asked.asked_by).allows(Permission.VIEW_PERSONS)
    return names.own_references(kind, ids) if hidden else names.references_of(asked.structure, kind, ids)


def spool():
    """A file that stays in memory while it is small."""
    return SpooledTemporaryFile(max_size=8 * 1024 * 1024)


def digest_of(file):
    """SHA-256 of a whole binary file, which is then at its beginning again."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
