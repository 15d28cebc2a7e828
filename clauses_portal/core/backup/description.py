"""What a database holds, in words that can be compared: its rows, its rules, its rights.

Two descriptions are equal when the databases are; sequences apart, which a running portal moves at any moment.
"""

from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

# The text of a value must not depend on who asks; a policy that would hide rows must stop us, not shorten the count.
OUTPUT = """
    SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL timezone = 'UTC';
    SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL row_security = off;
    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL search_path = pg_catalog
"""
OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
NOT_OF_AN_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"
RELATIONS = f"pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {OURS}"
RIGHTS = """
    string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ' ' ORDER BY a.privilege_type)
"""
GRANTEE = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END"

# What is compared, by kind: each query gives pairs (name, definition).
STRUCTURE = {
    "tables": f"""
        SELECT n.nspname || '.' || c.relname,
               concat_ws(' ', c.relkind, pg_get_userbyid(c.relowner), c.reloptions::text,
                         CASE WHEN c.relrowsecurity THEN 'RLS' END, CASE WHEN c.relforcerowsecurity THEN 'FORCE' END)
        FROM {RELATIONS} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')""",
    "columns": f"""
        SELECT n.nspname || '.' || c.relname || '.' || t.attname,
               concat_ws(' ', format_type(t.atttypid, t.atttypmod), CASE WHEN t.attnotnull THEN 'NOT NULL' END,
                         t.attgenerated, t.attidentity, pg_get_expr(f.adbin, f.adrelid))
        FROM {RELATIONS} JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped
        LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = t.attnum WHERE c.relkind IN ('r', 'p', 'v', 'm')""",
    "constraints": f"""
        SELECT n.nspname || '.' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
        FROM {RELATIONS} JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype <> 't'""",
    "indexes": f"""
        SELECT n.nspname || '.' || c.relname, pg_get_indexdef(c.oid) FROM {RELATIONS} WHERE c.relkind = 'i'""",
    "triggers": f"""
        SELECT n.nspname || '.' || c.relname || '.' || t.tgname, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
        FROM {RELATIONS} JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal""",
    "functions": f"""
        SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner) || ' ' || pg_get_functiondef(p.oid)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND {OURS}
        WHERE p.prokind IN ('f', 'p') AND {NOT_OF_AN_EXTENSION.format("p")}""",
    "views": f"""
        SELECT n.nspname || '.' || c.relname, pg_get_viewdef(c.oid) FROM {RELATIONS} WHERE c.relkind IN ('v', 'm')""",
    "policies": f"""
        SELECT n.nspname || '.' || c.relname || '.' || p.polname,
               concat_ws(' ', p.polcmd, p.polpermissive,
                         (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(role) END, ' '
                                            ORDER BY 1) FROM unnest(p.polroles) role),
                         pg_get_expr(p.polqual, c.oid), 'CHECK', pg_get_expr(p.polwithcheck, c.oid))
        FROM {RELATIONS} JOIN pg_policy p ON p.polrelid = c.oid""",
    "grants": f"""
        SELECT n.nspname || '.' || c.relname || ' à ' || {GRANTEE}, {RIGHTS}
        FROM {RELATIONS}, aclexplode(coalesce(c.relacl,
             acldefault((CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", c.relowner))) a
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') GROUP BY n.nspname, c.relname, a.grantee
        UNION ALL
        SELECT n.nspname || '.' || c.relname || '.' || t.attname || ' à ' || {GRANTEE}, {RIGHTS}
        FROM {RELATIONS} JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
        GROUP BY n.nspname, c.relname, t.attname, a.grantee
        UNION ALL
        SELECT p.oid::regprocedure::text || ' à ' || {GRANTEE}, {RIGHTS}
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND {OURS},
             aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE {NOT_OF_AN_EXTENSION.format("p")} GROUP BY p.oid, a.grantee
        UNION ALL
        SELECT 'schéma ' || n.nspname || ' à ' || {GRANTEE}, {RIGHTS}
        FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
        WHERE {OURS} GROUP BY n.nspname, a.grantee
        UNION ALL
        SELECT concat_ws(' ', 'par défaut', pg_get_userbyid(f.defaclrole), n.nspname, f.defaclobjtype::text,
                         'à', {GRANTEE}), {RIGHTS}
        FROM pg_default_acl f LEFT JOIN pg_namespace n ON n.oid = f.defaclnamespace, aclexplode(f.defaclacl) a
        GROUP BY f.defaclrole, n.nspname, f.defaclobjtype, a.grantee""",
    "extensions": "SELECT extname::text, extversion FROM pg_extension",
}
ROLES = f"""
    SELECT DISTINCT pg_get_userbyid(role) FROM (
        SELECT c.relowner FROM {RELATIONS}
        UNION SELECT a.grantee FROM {RELATIONS}, aclexplode(c.relacl) a
        UNION SELECT unnest(p.polroles) FROM {RELATIONS} JOIN pg_policy p ON p.polrelid = c.oid
    ) named(role) WHERE role <> 0 ORDER BY 1
"""


def reading(connection):
    """Begin, on a psycopg2 connection, the transaction in which everything is read as it stood at one instant."""
    connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True, autocommit=False)
    cursor = connection.cursor()
    cursor.execute(OUTPUT)
    return cursor


def describe(cursor):
    """Return {tables, structure, sequences, migrations, roles} of the database, all of it JSON."""
    return {
        "structure": {kind: dict(_rows(cursor, query)) for kind, query in STRUCTURE.items()},
        "sequences": {name: _position(cursor, *name.split(".")) for name in _relations(cursor, "S")},
        "tables": {name: _content(cursor, *name.split(".")) for name in _relations(cursor, "r", "m")},
        "migrations": _migrations(cursor),
        "roles": [name for (name,) in _rows(cursor, ROLES)],
    }


def _rows(cursor, query, values=None):
    cursor.execute(query, values)
    return cursor.fetchall()


def _relations(cursor, *kinds):
    query = f"SELECT n.nspname || '.' || c.relname FROM {RELATIONS} WHERE c.relkind::text = ANY(%s) ORDER BY 1"
    return [name for (name,) in _rows(cursor, query, [list(kinds)])]


def _content(cursor, schema, table):
    """Number of rows, and digest of their texts put in order: equal for two tables that hold the same rows."""
    query = sql.SQL("""
        SELECT count(*), coalesce(md5(string_agg(line, '' ORDER BY line COLLATE "C")), '')
        FROM (SELECT md5(t::text) AS line FROM {} t) lines
    """).format(sql.Identifier(schema, table))
    (rows, digest), *_ = _rows(cursor, query)
    return {"rows": rows, "digest": digest}


def _position(cursor, schema, sequence):
    query = sql.SQL("SELECT last_value + is_called::int FROM {}").format(sql.Identifier(schema, sequence))
    return _rows(cursor, query)[0][0]


def _migrations(cursor):
    if "public.django_migrations" not in _relations(cursor, "r"):
        return []
    return [name for (name,) in _rows(cursor, "SELECT app || '.' || name FROM public.django_migrations ORDER BY 1")]
