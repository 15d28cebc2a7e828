"""Bringing the database to what `protected_tables` says, after each migration. Twice, it changes nothing more.

Policies, triggers and rights are declared, not migrated one by one: a table added tomorrow has them on the first day.
"""

import hashlib
from importlib import import_module

from django.conf import settings
from django.db import connection, transaction

from clauses_portal.core.second_lock import functions, rights

POLICY = "second_lock"


def declared():
    """The module named by the settings: PROTECTED, WRITTEN_ONCE, REMOVABLE, AUDITED…"""
    return import_module(settings.PROTECTED_TABLES)


@transaction.atomic
def apply():
    """Create what is missing, change what is different; returns the names of the tables whose policy changed."""
    tables, wanted = set(connection.introspection.table_names()), declared()
    with connection.cursor() as cursor:
        cursor.execute(functions.SQL)
        changed = [item.table for item in wanted.PROTECTED if item.table in tables and _protect(cursor, item)]
        for table in sorted(filter(is_history, tables)):
            _on_each_row(cursor, table, functions.ONLY_GROWS, "BEFORE UPDATE OR DELETE")
        for table in sorted(tables & set(wanted.AUDITED)):
            _on_each_row(cursor, table, functions.AUDIT, "AFTER INSERT OR UPDATE OR DELETE", wanted.AUDITED[table])
        for table in sorted(tables & set(wanted.KEPT_A_YEAR)):
            _on_each_row(cursor, table, functions.JOURNAL, "BEFORE UPDATE OR DELETE")
        if has_role(cursor, settings.APPLICATION_ROLE):
            rights.give(cursor, settings.APPLICATION_ROLE, tables, wanted)
    return changed


def is_history(table):
    """True for a table of simple-history."""
    return "_historical" in table


def has_role(cursor, role):
    """True when the server knows this role: the rights of a role that is not there cannot be given."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def _protect(cursor, item):
    """Give the table its policy, unless it has it: the lock on the table is then not asked for."""
    condition = item.condition()
    digest = hashlib.sha256(condition.encode()).hexdigest()
    cursor.execute(
        "SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = %s::regclass AND polname = %s",
        [item.table, POLICY],
    )
    if cursor.fetchone() == (digest,):
        return False
    table = connection.ops.quote_name(item.table)
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {table}")
    cursor.execute(f"CREATE POLICY {POLICY} ON {table} USING ({condition}) WITH CHECK ({condition})")
    cursor.execute(f"COMMENT ON POLICY {POLICY} ON {table} IS '{digest}'")
    return True


def _on_each_row(cursor, table, function, moment, arguments=()):
    """Have `function` run at this moment on each row of the table; nothing when it does already."""
    cursor.execute(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s AND tgargs = %s",
        [table, function, b"".join(name.encode() + b"\0" for name in arguments)],
    )
    if cursor.fetchone() is None:
        texts = ", ".join(f"'{name}'" for name in arguments)
        table = connection.ops.quote_name(table)
        run = f"EXECUTE FUNCTION {function}({texts})"
        cursor.execute(f"CREATE OR REPLACE TRIGGER {function} {moment} ON {table} FOR EACH ROW {run}")
