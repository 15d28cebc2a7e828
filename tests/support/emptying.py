"""What a test with real transactions leaves is removed table by table, only where there is something.

Django truncates every table, then writes the content types and the permissions again: a second of the server's work
for the ten tables a race fills. Here those two stay, as the migrations made them.
"""

from graphlib import TopologicalSorter

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from clauses_portal.core.second_lock.functions import AUDIT, ONLY_GROWS

KEPT = {"django_migrations", ContentType._meta.db_table, Permission._meta.db_table}
# pg_trigger.tgtype: it runs when a row is deleted.
ON_DELETE = 8


def empty_quickly(patch):
    """Have every test with real transactions end this way (`patch`: a MonkeyPatch)."""
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty())


@transaction.atomic
def empty():
    """Remove every row. Tables whose rows are never deleted (ledgers, frozen papers) are truncated."""
    with connection.cursor() as cursor:
        # as the owner, whoever the test worked for; histories may be forgotten
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL portal.forgetting = 'on'")
        written = filled(cursor, sorted({*connection.introspection.table_names(cursor)} - KEPT))
        guarded = written & _guarded(cursor)
        if guarded:
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, sorted(guarded)))} CASCADE")
        for table in _children_first(cursor, written - guarded):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our tables
        cursor.execute("DELETE FROM core_auditedchange")  # last: it grows with each row removed above


def filled(cursor, tables):
    """Those of these tables that hold a row."""
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(name)})" for name in tables)  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return {name for (name,) in cursor.fetchall()}


def _guarded(cursor):
    """Tables with a trigger on the deletion of a row."""
    cursor.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgtype & %s <> 0 AND tgname <> ALL(%s)",
        [ON_DELETE, [ONLY_GROWS, AUDIT]],
    )
    return {name.strip('"') for (name,) in cursor.fetchall()}


def _children_first(cursor, tables):
    """These tables, those that point to another before it where the key is checked at once."""
    cursor.execute(
        """
        SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
        WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
        """
    )
    order = TopologicalSorter({table: [] for table in tables})
    for child, parent in cursor.fetchall():
        if {child, parent} <= tables:
            order.add(parent, child)
    return list(order.static_order())
