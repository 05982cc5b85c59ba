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


#: Modes that stop a query. Held on an index they stop every query of its table, which locks all
#: of the table's indexes before it is planned.
STRONG = MODES[MODES.index("SHARE") :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the catalogue says of a table: its file, 0 for none, and its indexes' files.

    An index that is made anew may keep its file, and that of a partitioned table has none: neither
    is built.
    """

    file: int
    indexes: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The tables that are looked at: their ids, and the table's id for the id of each index."""

    oids: dict[TableName, int]
    indexes: dict[int, int]


def watched(connection: Connection, tables: Sequence[TableName]) -> Watched:
    """Look the tables up; raises RehearsalError when one is missing."""
    found = connection.execute(
        "SELECT to_regclass(name)::oid::bigint FROM unnest(%s::text[]) WITH ORDINALITY AS n (name, place)"
        " ORDER BY place",
        ([quoted(one) for one in tables],),
    ).fetchall()
    oids = {one: oid for one, (oid,) in zip(tables, found, strict=True)}
    for one, oid in oids.items():
        if oid is None:
            raise RehearsalError("trace-failed", f"the scratch database has no table {one}")
    rows = connection.execute(
        "SELECT indexrelid::bigint, indrelid::bigint FROM pg_index"
        " WHERE indrelid = ANY (%s::bigint[]::oid[])",
        (list(oids.values()),),
    ).fetchall()
    return Watched(oids=oids, indexes=dict(rows))


def shapes_of(connection: Connection, tables: Watched) -> dict[TableName, Shape]:
    """Return the shape of each table, an empty one for a table that is gone."""
    rows = connection.execute(
        "SELECT c.oid::bigint, c.relfilenode::bigint,"
        " coalesce(array_agg(x.relfilenode::bigint) FILTER (WHERE x.relfilenode <> 0), '{}')"
        " FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid"
        " LEFT JOIN pg_class x ON x.oid = i.indexrelid"
        " WHERE c.oid = ANY (%s::bigint[]::oid[]) GROUP BY c.oid, c.relfilenode",
        (list(tables.oids.values()),),
    ).fetchall()
    by_oid = {row[0]: Shape(file=row[1], indexes=frozenset(row[2])) for row in rows}
    gone = Shape(file=0, indexes=frozenset())
    return {table: by_oid.get(oid, gone) for table, oid in tables.oids.items()}


def rows_read(connection: Connection, tables: Watched) -> dict[TableName, int]:
    """Return how many rows this transaction has read from each table, in whatever way."""
    rows = connection.execute(
        "SELECT id, coalesce(pg_stat_get_xact_tuples_returned(id::oid), 0)"
        " + coalesce(pg_stat_get_xact_tuples_fetched(id::oid), 0) FROM unnest(%s::bigint[]) AS n (id)",
        (list(tables.oids.values()),),
    ).fetchall()
    counts: dict[int, int] = dict(rows)
    return {table: counts[oid] for table, oid in tables.oids.items()}


def modes_of(connection: Connection, tables: Watched, pid: int) -> dict[TableName, str | None]:
    """Return the strongest lock on each table that a session holds, None for none.

    What stops queries on an index that was there before stops them on its table.
    """
    rows = connection.execute(
        "SELECT relation::bigint, mode FROM pg_locks"
        " WHERE pid = %s AND granted AND locktype = 'relation' AND relation = ANY (%s::bigint[]::oid[])"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (pid, [*tables.oids.values(), *tables.indexes]),
    ).fetchall()
    found: dict[TableName, str | None] = {}
    for table, oid in tables.oids.items():
        held = [_BY_CATALOGUE[mode] for relation, mode in rows if relation == oid]
        held += [
            _BY_CATALOGUE[mode]
            for relation, mode in rows
            if tables.indexes.get(relation) == oid and _BY_CATALOGUE[mode] in STRONG
        ]
        found[table] = max(held, key=MODES.index, default=None)
    return found
