"""Writing many rows at once: COPY, histories by one statement, sizes told to the planner. Nothing is measured here."""

import csv
import io

from django.db import connection


def copy(model, names, rows):
    """Write `rows` (tuples of the columns `names`) by COPY: an empty value of a text column is an empty text."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    text.seek(0)
    columns = ", ".join(model._meta.get_field(name).column for name in names)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", text)


def remember(*models):
    """Give every row of these models its history line « created », as the services would have left it."""
    with connection.cursor() as cursor:
        for model in models:
            history = model.history.model._meta
            kept = {field.column for field in history.get_fields() if getattr(field, "column", None)}
            columns = ", ".join(f.column for f in model._meta.concrete_fields if f.column in kept)
            cursor.execute(
                f"INSERT INTO {history.db_table} ({columns}, history_date, history_type) "  # noqa: S608
                f"SELECT {columns}, now(), '+' FROM {model._meta.db_table}"
            )


def analyse():
    """Let PostgreSQL know what it holds, and make its index-only scans possible. Outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
