"""A live SQLite file, read from its PRAGMAs and from the text of its definitions."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.database import sqlite_table as parts
from wizard.database.connection import Read, Reader, Row
from wizard.database.references import tables_in
from wizard.database.sqltext import unknown_table, wrap_query
from wizard.model.errors import ReachError
from wizard.model.names import TableName
from wizard.model.schema import Dependent, Enum, Reference, Table, TableSummary, Trigger

#: dbstat reads every page of the file, which is a moment's work up to this size.
_DBSTAT_LIMIT = 64 * 1024 * 1024

# Virtual tables (rootpage 0) and the tables behind them are not for migrations.
_TABLES = """
SELECT m.name, m.sql, coalesce(l.wr, 0) FROM sqlite_master m
LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.name
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND coalesce(l.type, 'table') = 'table' ORDER BY m.name
"""
# pragma_table_list came with 3.37.
_TABLES_OLD = """
SELECT name, sql, upper(sql) LIKE '%WITHOUT ROWID%' FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND rootpage > 0 ORDER BY name
"""


class SqliteCatalog:
    """The `Catalog` of an SQLite file.

    ``rows`` is the figure of ANALYZE where there is one, else the largest rowid, which counts
    deleted rows too; a table is never counted. ``bytes`` is exact (indexes not included) for files
    up to 64 MB where SQLite has dbstat, else the table's share of the file by rows. AUTOINCREMENT
    shows as ``identity="by default"``.
    """

    dialect = "sqlite"
    #: No other engine speaks it.
    flavour = ""

    def __init__(
        self,
        connection: Reader,
        *,
        label: str,
        live: bool = True,
        version: tuple[int, ...] | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self._connection = connection
        self._live = live
        self._label = label
        text = connection.rows("SELECT sqlite_version()")[0][0]
        self._library = tuple(int(part) for part in text.split("."))
        self._version = version or self._library
        #: What of a DDL file was passed over.
        self.notes = notes

    @property
    def live(self) -> bool:
        """Whether queries can be run, which a DDL file cannot."""
        return self._live

    @property
    def version(self) -> tuple[int, ...]:
        """The version of the SQLite library here, as (3, 40, 1), or the one that was given."""
        return self._version

    @property
    def database(self) -> str:
        """The file's name."""
        return self._label

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables with their sizes, sorted by name."""
        with self._connection.reading() as read:
            listed = self._list(read)
            if not self._live:
                return tuple(TableSummary(name=TableName(row[0])) for row in listed)
            rows = {name: _rows(read, name, bool(wr)) for name, _, wr in listed}
            sizes = _sizes(read, rows)
        return tuple(
            TableSummary(name=TableName(name), rows=count, bytes=sizes.get(name))
            for name, count in rows.items()
        )

    def table(self, name: TableName) -> Table:
        """Return one table's details; raises AnswerError (`unknown-table`) with near names."""
        with self._connection.reading() as read:
            listed = self._list(read)
            mine = next((row for row in listed if row[0].lower() == name.name.lower()), None)
            if mine is None or name.schema not in (None, "main"):
                raise unknown_table(name, (TableName(row[0]) for row in listed))
            own, sql, wr = mine
            body = parts.body_of(sql or "")
            columns = parts.read_columns(read, own, body, without_rowid=bool(wr))
            count = _rows(read, own, bool(wr)) if self._live else None
            triggers, dependents = _watchers(read, own, [column.name for column in columns])
            return Table(
                name=TableName(own),
                columns=columns,
                constraints=parts.read_constraints(read, own, body, columns),
                indexes=parts.read_indexes(read, own),
                triggers=triggers,
                dependents=dependents,
                referenced_by=_references(read, own, [row[0] for row in listed]),
                rows=count,
                bytes=_sizes(read, {own: count}).get(own) if self._live else None,
                sql=sql,
            )

    def enums(self) -> tuple[Enum, ...]:
        """Return nothing: SQLite has no enumerated types."""
        return ()

    def query(
        self,
        sql: str,
        *,
        limit: int = 5,
        patience_ms: int | None = None,  # noqa: ARG002  SQLite has no statement timeout
    ) -> list[Row]:
        """Run one SELECT, read-only, and return at most ``limit`` rows."""
        if not self._live:
            raise ReachError(
                "offline",
                "a DDL file holds no rows to query",
                next_actions=("connect to a database with --url",),
                flag="--url",
            )
        return self._connection.rows(f"{wrap_query(sql)} LIMIT ?", (limit,))

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
        self._connection.close()

    def _list(self, read: Read) -> list[Row]:
        return read(_TABLES if self._library >= (3, 37) else _TABLES_OLD)


def _rows(read: Read, table: str, without_rowid: bool) -> int | None:
    if read("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"):
        for (stat,) in read("SELECT stat FROM sqlite_stat1 WHERE tbl = ? LIMIT 1", (table,)):
            first = str(stat).split(" ", 1)[0]
            if first.isdigit():
                return int(first)
    if without_rowid:
        return None
    quoted = table.replace('"', '""')
    largest = read(f'SELECT max(rowid) FROM "{quoted}"')[0][0]
    return max(0, largest) if isinstance(largest, int) else 0


def _sizes(read: Read, rows: dict[str, int | None]) -> dict[str, int | None]:
    """Return the bytes of each table."""
    total = (
        read("SELECT page_count FROM pragma_page_count")[0][0]
        * read("SELECT page_size FROM pragma_page_size")[0][0]
    )
    if total <= _DBSTAT_LIMIT:
        try:
            found: dict[str, int] = dict(read("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
            return {name: found.get(name) for name in rows}
        except ReachError:
            pass  # this build of SQLite has no dbstat
    everything = [row[0] for row in read("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {**dict.fromkeys(everything), **rows}
    for name in everything:
        if name not in rows and not name.startswith("sqlite_"):
            try:
                counts[name] = _rows(read, name, False)
            except ReachError:
                counts[name] = None  # a table without rowid
    known = sum(count or 0 for count in counts.values()) or 1
    return {name: None if count is None else total * count // known for name, count in rows.items()}


def _watchers(
    read: Read, table: str, columns: list[str]
) -> tuple[tuple[Trigger, ...], tuple[Dependent, ...]]:
    """Return the table's own triggers, and what names it: views, then triggers.

    A view's own triggers go with it, so that they belong to its definition.
    """
    objects = read(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"
        " AND sql IS NOT NULL ORDER BY type, name"
    )
    written = {name: sql for kind, name, _, sql in objects if kind == "view"}
    views = _reading(table, columns, written)
    triggers = tuple(
        Trigger(name=name, definition=sql)
        for kind, name, owner, sql in objects
        if kind == "trigger" and owner.lower() == table.lower()
    )
    on_views: dict[str, list[str]] = {}
    others: list[Dependent] = []
    known = {one.lower(): one for one in views}
    for kind, name, owner, sql in objects:
        if kind != "trigger":
            continue
        if owner.lower() in known:
            on_views.setdefault(known[owner.lower()], []).append(sql)
            continue
        own, used = owner.lower() == table.lower(), _words(sql, columns)
        if used if own else _words(sql, [table]):
            on = None if own else TableName(owner)
            others.append(
                Dependent(kind="trigger", name=name, columns=used, on=on, definition=(sql,))
            )
    dependents = (
        Dependent(
            kind="view",
            name=name,
            columns=reads,
            definition=(written[name], *on_views.get(name, ())),
        )
        for name, reads in views.items()
    )
    return triggers, (*dependents, *others)


def _reading(table: str, columns: list[str], written: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the views that read a table, each behind those that it reads, with the columns."""
    below = {table.lower()}
    used_by: dict[str, tuple[str, ...]] = {}
    grown = True
    while grown:
        grown = False
        for name, sql in written.items():
            if name in used_by:
                continue
            reads = _view_columns(sql, below, columns, used_by)
            if reads is not None:
                used_by[name] = reads
                below.add(name.lower())
                grown = True
    return used_by


def _view_columns(
    sql: str, below: set[str], columns: list[str], views: dict[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """Return which of the columns a view needs, None when it does not read the table at all."""
    body = re.split(r"\bAS\b", sql, maxsplit=1, flags=re.I)[-1]
    used = tables_in(body, "sqlite")
    if not used:
        named = [name for name in below if _words(body, [name])]
        return _words(body, columns) or tuple(columns) if named else None
    needed: list[str] = []
    hit = False
    for name, seen in used.items():
        if name.name.lower() not in below:
            continue
        hit = True
        through = next((c for v, c in views.items() if v.lower() == name.name.lower()), None)
        if through is not None:
            needed.extend(through)
        else:
            needed.extend(c for c in columns if seen is None or c.lower() in seen)
    return tuple(c for c in columns if c in needed) if hit else None


def _words(sql: str, names: list[str]) -> tuple[str, ...]:
    """Return those of the names that the text holds as a whole word."""
    return tuple(
        name
        for name in names
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sql, flags=re.IGNORECASE)
    )


def _references(read: Read, table: str, others: list[str]) -> tuple[Reference, ...]:
    found = []
    own_key = read("SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", (table,))
    for other in others:
        for key in parts.foreign_key_rows(read(parts.FOREIGN_KEYS, (other,))):
            if key.ref_table.name.lower() == table.lower():
                columns = key.ref_columns or tuple(row[0] for row in own_key)
                full = replace(key, ref_table=TableName(table), ref_columns=columns)
                found.append(Reference(table=TableName(other), foreign_key=full))
    return tuple(found)
