"""What the demo looks at to say that a change is gone without a trace, or that both names work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from wizard.model.errors import RehearsalError

if TYPE_CHECKING:
    import psycopg

# Sets and not a dump: a column that went and came back stands at the end of its table.
_SCHEMA = """
SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
       || ' ' || attnotnull || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') || ' ' || attidentity::text
FROM pg_attribute
JOIN pg_class c ON c.oid = attrelid AND relkind IN ('r', 'p', 'v')
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass || '.' || conname || ' ' || pg_get_constraintdef(oid)
       || ' ' || convalidated
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid
FROM pg_index JOIN pg_class c ON c.oid = indexrelid
WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
UNION ALL
SELECT 'function ' || oid::regprocedure || ' ' || md5(prosrc)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
"""

_ROWS = (
    "SELECT count(*) || ' ' || coalesce(sum(hashtextextended("
    "concat_ws('|', id, customer_id, status_code, channel, total_cents, placed_at), 0)), 0)"
    " FROM orders"
)


# The server writes `varchar IN (…)` in one form the first time and in another when it has read its
# own words again; both differ in casts and brackets only.
_WORDING = re.compile(r"::(?:text|character varying)(?:\[\])?|[()]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The shop at one moment: every object's definition, and a sum over the rows of orders."""

    objects: frozenset[str]
    rows: str


def look(url: str) -> Look:
    """Return the shop as it is; ``url`` is a SQLAlchemy URL."""
    with connect(url) as connection:
        rows = connection.execute(_SCHEMA).fetchall()
        objects = frozenset(_WORDING.sub("", str(row[0])) for row in rows)
        return Look(objects=objects, rows=str(_one(connection, _ROWS)))


def same_objects(before: Look, after: Look) -> None:
    """Raise RehearsalError (`demo-failed`) unless a way back has led to where it started."""
    left = sorted(before.objects ^ after.objects)
    if left:
        raise RehearsalError(
            "demo-failed", "The way back did not lead to where it started.", why="; ".join(left)
        )


def same(before: Look, after: Look) -> None:
    """Raise RehearsalError (`demo-failed`) unless objects and rows are as they were."""
    same_objects(before, after)
    if before.rows != after.rows:
        raise RehearsalError(
            "demo-failed",
            "The way back did not lead to where it started.",
            why="rows of orders differ",
        )


def has_column(url: str, table: str, column: str) -> bool:
    """Say whether a table of the shop has a column."""
    with connect(url) as connection:
        query = "SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
        found = connection.execute(query, (table, column)).fetchone()
        return found is not None


def both_names_work(url: str, old: str, new: str) -> bool:
    """Say whether an order written under one name is read under the other; changes nothing."""
    from psycopg import sql

    with connect(url) as connection:
        for written, read in ((old, new), (new, old)):
            for value in ("shipped", "paid"):
                statement = sql.SQL("UPDATE orders SET {} = {} WHERE id = 99999 RETURNING {}")
                parts = (sql.Identifier(written), sql.Literal(value), sql.Identifier(read))
                row = connection.execute(statement.format(*parts)).fetchone()
                if row != (value,):
                    return False
        connection.rollback()
    return True


def connect(url: str) -> psycopg.Connection:
    """Return a connection to the shop; ``url`` is a SQLAlchemy URL."""
    import psycopg
    from sqlalchemy import make_url

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address)


def _one(connection: psycopg.Connection, query: LiteralString) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
