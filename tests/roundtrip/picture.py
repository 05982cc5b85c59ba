"""A database as it is, schema and rows, to compare with another: read by queries of its own."""

from __future__ import annotations

from typing import Any

import psycopg

Picture = dict[str, list[tuple[Any, ...]]]

_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
_TABLE = f"pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {_OURS}"
_NAME = "n.nspname || '.' || c.relname"
_QUERIES = {
    "tables": f"SELECT {_NAME}, c.relkind::text, c.relrowsecurity, c.reloptions::text, obj_description(c.oid),"
    f" CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, pg_get_partkeydef(c.oid)"
    f" FROM {_TABLE} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')",
    "columns": f"SELECT {_NAME}, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    " pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text, a.attcollation::regcollation::text,"
    f" col_description(c.oid, a.attnum) FROM {_TABLE} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
    " AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm')",
    "constraints": f"SELECT {_NAME}, o.conname, o.convalidated, pg_get_constraintdef(o.oid)"
    f" FROM {_TABLE} JOIN pg_constraint o ON o.conrelid = c.oid",
    "indexes": f"SELECT {_NAME}, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive"
    f" FROM {_TABLE} JOIN pg_index i ON i.indrelid = c.oid",
    "triggers": f"SELECT {_NAME}, pg_get_triggerdef(t.oid), t.tgenabled::text"
    f" FROM {_TABLE} JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal",
    "policies": f"SELECT {_NAME}, p.polname, pg_get_expr(p.polqual, p.polrelid)"
    f" FROM {_TABLE} JOIN pg_policy p ON p.polrelid = c.oid",
    "partitions": "SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits",
    "functions": "SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n"
    f" ON n.oid = p.pronamespace AND {_OURS} WHERE p.prokind IN ('f', 'p')",
    "enums": "SELECT enumtypid::regtype::text, string_agg(enumlabel, ', ' ORDER BY enumsortorder)"
    " FROM pg_enum GROUP BY 1",
    "version": "SELECT version_num FROM alembic_version",
}
#: Values that differ from run to run: only how many there are is compared.
_OF_THEIR_OWN = ("uuid", "timestamp with time zone")


def picture(url: str) -> Picture:
    """Return all that should be equal; ``url`` is libpq's."""
    with psycopg.connect(url) as connection:
        found = {
            what: sorted(connection.execute(query.encode()).fetchall(), key=str)
            for what, query in _QUERIES.items()
        }
        tables = connection.execute(
            f"SELECT c.oid::regclass::text, c.oid::bigint FROM {_TABLE} WHERE c.relkind = 'r'".encode()
        ).fetchall()
        found["rows"] = sorted(_rows(connection, name, oid) for name, oid in tables)
    return found


def _rows(connection: psycopg.Connection[tuple[Any, ...]], name: str, oid: int) -> tuple[Any, ...]:
    columns = connection.execute(
        "SELECT quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::bigint::oid AND attnum > 0 AND NOT attisdropped ORDER BY attname",
        (oid,),
    ).fetchall()
    values = ", ".join(
        f"({column} IS NULL)::text" if kind in _OF_THEIR_OWN else f"coalesce({column}::text, '∅')"
        for column, kind in columns
    )
    row = f"concat_ws('|', {values})" if columns else "''"
    summed = f"SELECT count(*), md5(string_agg({row}, chr(10) ORDER BY {row})) FROM {name}"
    return (name, *(connection.execute(summed.encode()).fetchone() or ()))
