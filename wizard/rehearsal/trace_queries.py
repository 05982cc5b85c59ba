"""What the tracer reads from PostgreSQL's catalogue: files, indexes, locks, rows read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.dialects.postgresql.words import table as quoted
from wizard.model.errors import RehearsalError
from wizard.model.names import TableName

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

#: The modes of table locks, weakest first: the manual's chapter "Explicit Locking".
MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
_BY_CATALOGUE = {one.title().replace(" ", "") + "Lock": one for one in MODES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the catalogue says of a table: its file, and the ids of its indexes."""

    file: int
    indexes: frozenset[int]


def oids_of(connection: Connection, tables: Sequence[TableName]) -> dict[TableName, int]:
    """Return the id of each table; raises RehearsalError when one is missing."""
    found = {}
    for one in tables:
        row = connection.execute("SELECT to_regclass(%s)::oid::bigint", (quoted(one),)).fetchone()
        if row is None or row[0] is None:
            raise RehearsalError("trace-failed", f"the scratch database has no table {one}")
        found[one] = int(row[0])
    return found


def shapes_of(connection: Connection, oids: dict[TableName, int]) -> dict[TableName, Shape]:
    """Return the shape of each table, an empty one for a table that is gone."""
    rows = connection.execute(
        "SELECT c.oid::bigint, c.relfilenode::bigint,"
        " coalesce(array_agg(i.indexrelid::bigint) FILTER (WHERE i.indexrelid IS NOT NULL), '{}')"
        " FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid"
        " WHERE c.oid = ANY (%s::bigint[]::oid[]) GROUP BY c.oid, c.relfilenode",
        (list(oids.values()),),
    ).fetchall()
    by_oid = {row[0]: Shape(file=row[1], indexes=frozenset(row[2])) for row in rows}
    gone = Shape(file=0, indexes=frozenset())
    return {table: by_oid.get(oid, gone) for table, oid in oids.items()}


def rows_read(connection: Connection, oids: dict[TableName, int]) -> dict[TableName, int]:
    """Return how many rows this transaction has read from each table, in whatever way."""
    return {
        table: _number(
            connection,
            "SELECT pg_stat_get_xact_tuples_returned(%s::bigint::oid)"
            " + pg_stat_get_xact_tuples_fetched(%s::bigint::oid)",
            (oid, oid),
        )
        for table, oid in oids.items()
    }


def _number(connection: Connection, query: str, values: tuple[int, ...]) -> int:
    row = connection.execute(query, values).fetchone()
    return int(row[0] or 0) if row else 0


def modes_of(
    connection: Connection, oids: dict[TableName, int], pid: int
) -> dict[TableName, str | None]:
    """Return the strongest lock on each table that a session holds, None for none."""
    rows = connection.execute(
        "SELECT relation::bigint, mode FROM pg_locks"
        " WHERE pid = %s AND granted AND locktype = 'relation' AND relation = ANY (%s::bigint[]::oid[])"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (pid, list(oids.values())),
    ).fetchall()
    found: dict[TableName, str | None] = {}
    for table, oid in oids.items():
        held = [_BY_CATALOGUE[mode] for relation, mode in rows if relation == oid]
        found[table] = max(held, key=MODES.index, default=None)
    return found
