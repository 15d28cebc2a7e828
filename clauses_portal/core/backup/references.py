"""Which files the rows name, and which contents carry their digest: read from the models, whatever the app."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from psycopg2 import sql

from clauses_portal.core.french import NBSP
from clauses_portal.core.jobs.models import Job

DIGEST = "sha256"
# Two files in a row and one digest: it is the digest of what was published.
DIGESTED = ("content", "pdf")


@dataclass(frozen=True)
class Column:
    """A column of a table, and the column of its digest (None when there is none)."""

    table: str
    name: str
    digest: str | None


def file_columns():
    """Return the Columns that name a stored file."""
    return list(_columns(models.FileField))


def content_columns():
    """Return the Columns that hold a document in the database, with its digest beside it.

    The digest of a job is that of the file it was given, of which it may keep a reading.
    """
    columns = _columns(models.BinaryField, but=Job)
    return [column for column in columns if column.digest and column.name in DIGESTED]


def _columns(kind, but=()):
    for model in apps.get_models():
        if issubclass(model, but):
            continue
        fields = {field.name: field.column for field in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            if isinstance(field, kind):
                yield Column(model._meta.db_table, field.column, fields.get(DIGEST))


def named_files(cursor):
    """Return {file name: SHA-256, or "" when its row gives none} of every file a row names."""
    named = {}
    for column in file_columns():
        digest = sql.Identifier(column.digest) if column.digest else sql.Literal("")
        query = sql.SQL("SELECT {0}, {1} FROM public.{2} WHERE {0} <> ''")
        cursor.execute(query.format(sql.Identifier(column.name), digest, sql.Identifier(column.table)))
        named |= dict(cursor.fetchall())
    return named


def altered_contents(cursor):
    """Compare each content kept in a row with the digest beside it. Returns [French sentence]."""
    found = []
    for column in content_columns():
        query = sql.SQL("""
            SELECT id FROM public.{table}
            WHERE length({content}) > 0 AND {digest} <> '' AND encode(sha256({content}), 'hex') <> {digest} ORDER BY id
        """)
        names = {"table": column.table, "content": column.name, "digest": column.digest}
        cursor.execute(query.format(**{name: sql.Identifier(value) for name, value in names.items()}))
        found += [
            f"Table «{NBSP}{column.table}{NBSP}», ligne {pk} : le contenu n’a pas son empreinte."
            for (pk,) in cursor.fetchall()
        ]
    return found


def file_differences(named, kept):
    """Compare what the rows name with {name: {"sha256"}} of the files. Returns [French sentence]."""
    missing = [f"Fichier «{NBSP}{name}{NBSP}» : nommé par une ligne, absent." for name in sorted(named.keys() - kept)]
    return missing + [
        f"Fichier «{NBSP}{name}{NBSP}» : n’a pas l’empreinte que sa ligne lui donne."
        for name in sorted(named.keys() & kept.keys())
        if named[name] and named[name] != kept[name]["sha256"]
    ]
