"""What the role of the application may do on each table. No DDL, no TRUNCATE; histories are read and grow."""

from django.db import connection

WRITE_ONCE = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
REMOVE = "SELECT, INSERT, UPDATE, DELETE"


def give(cursor, role, tables, declared):
    """Take everything back from this role, then give what is declared, in the transaction under way."""
    role = connection.ops.quote_name(role)
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    for given, names in _by_rights(tables, declared).items():
        listed = ", ".join(connection.ops.quote_name(name) for name in sorted(names))
        cursor.execute(f"GRANT {given} ON {listed} TO {role}")
    for function in declared.CALLABLE:
        cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
        if cursor.fetchone()[0]:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


def of_table(table, declared):
    """The rights of the application on this table, as SQL; empty, none."""
    if table in declared.UNREADABLE:
        return ""
    if table in declared.MIGRATED:
        return "SELECT"
    if "_historical" in table or table in declared.WRITTEN_ONCE:
        return WRITE_ONCE
    return REMOVE if table in declared.REMOVABLE else CHANGE


def _by_rights(tables, declared):
    """{rights: tables}."""
    found = {}
    for table in tables:
        if given := of_table(table, declared):
            found.setdefault(given, set()).add(table)
    return found
