"""A live MySQL or MariaDB database, read from what the server writes of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from wizard.database import mysql_queries as queries
from wizard.database.connection import Read, Reader, Row
from wizard.database.mysql_bodies import Body, view_columns, watchers
from wizard.database.mysql_script import read_create_table
from wizard.database.mysql_server import AURORA, SERVER, read_engine
from wizard.database.sqltext import unknown_table, wrap_query
from wizard.dialects.flavours import Signs, recognise
from wizard.dialects.mysql_family.words import quote
from wizard.model.errors import ReachError
from wizard.model.names import TableName
from wizard.model.schema import (
    Dependent,
    Enum,
    ForeignKey,
    Reference,
    Storage,
    Table,
    TableKind,
    TableSummary,
    Trigger,
)


class MysqlCatalog:
    """The `Catalog` of one MySQL or MariaDB database.

    A table is read from SHOW CREATE TABLE, the one text that leaves nothing out and that the reader
    of DDL files understands as well. ``bytes`` counts data and indexes, for a rebuild writes both;
    ``rows`` are InnoDB's estimates, in `tables` up to a day old, and None where they would take long.
    A partitioned table is one table, so
    that it has no ``partitions``.

    Only this database is listed; `table` reads others by ``database.table``. Views, triggers,
    routines and events that use a table are looked for in the table's own database, on MySQL views
    everywhere; the server shows triggers to users with the privilege TRIGGER, and the bodies of
    routines to those who may see them.
    """

    live = True

    def __init__(self, connection: Reader) -> None:
        self._connection = connection
        version, comment, _, lower, database = connection.rows(SERVER)[0]
        self._engine = read_engine(_text(version), _text(comment))
        plain = self._engine.dialect == "mysql" and self._engine.vendor == "MySQL"
        told = connection.rows(AURORA) if plain else []
        signs = Signs(
            version=_text(version),
            comment=_text(comment),
            aurora=_text(told[0][1]) if told else None,
        )
        self._flavour = recognise(signs, self._engine.dialect)
        #: Whether the server compares names of tables without case.
        self._folds = int(lower) > 0
        self._database = _text(database)

    @property
    def dialect(self) -> str:
        """``mysql`` or ``mariadb``, whatever the URL called it."""
        return self._engine.dialect

    @property
    def flavour(self) -> str:
        """The engine that only speaks this language, with its version; empty for the plain one."""
        return self._flavour

    @property
    def vendor(self) -> str:
        """Whose build the server is, such as Aurora or Percona Server."""
        return self._engine.vendor

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version, as (10, 11, 6)."""
        return self._engine.version

    @property
    def database(self) -> str:
        """The database's name."""
        return self._database

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables with their sizes, sorted by name."""
        with self._connection.reading() as read:
            if queries.keeps_statistics(self._engine):
                read(queries.CACHED_STATISTICS)
            found = self._list(read)
        return tuple(sorted(found, key=lambda one: one.name.name))

    def table(self, name: TableName) -> Table:
        """Return one table's details; raises AnswerError (`unknown-table`) with near names."""
        schema = name.schema or self._database
        with self._connection.reading() as read:
            if queries.keeps_statistics(self._engine):
                read(queries.FRESH_STATISTICS)
            own = self._own_row(read, name)
            known, _, engine, row_format, collation, rows, size = own
            written = self._written(read, schema, known, collation)
            storage = Storage(
                engine=_text(engine),
                row_format=_text(row_format).upper() or None,
                collation=collation and _text(collation),
                row_versions=self._row_versions(read, schema, known),
            )
            triggers, dependents = self._watchers(read, schema, written)
            return replace(
                written,
                triggers=triggers,
                dependents=(*self._views(read, schema, written), *dependents),
                referenced_by=tuple(self._references(read, schema, written)),
                rows=rows,
                bytes=size,
                storage=storage,
            )

    def enums(self) -> tuple[Enum, ...]:
        """Return nothing: enumerations are types of columns here."""
        return ()

    def query(self, sql: str, *, limit: int = 5, patience_ms: int | None = None) -> list[Row]:
        """Run one SELECT, read-only, and return at most ``limit`` rows."""
        text = wrap_query(sql).replace("%", "%%") + " LIMIT %s"
        if patience_ms is not None and self._engine.maria:
            text = f"SET STATEMENT max_statement_time = {patience_ms / 1000} FOR {text}"
        elif patience_ms is not None:
            text = text.replace("SELECT", f"SELECT /*+ MAX_EXECUTION_TIME({patience_ms}) */", 1)
        return self._connection.rows(text, (limit,))

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
        self._connection.close()

    # --- the list ----------------------------------------------------------------------------

    def _list(self, read: Read) -> Iterator[TableSummary]:
        names = list(self._names(read))
        figures = self._figures(read)
        for name in names:
            rows, size, partitioned = figures.get(name, (None, None, False))
            kind: TableKind = "partitioned" if partitioned else "table"
            yield TableSummary(name=TableName(name), kind=kind, rows=rows, bytes=size)

    def _names(self, read: Read) -> Iterator[str]:
        for name, kind in read(queries.NAMES, (self._database,)):
            if kind in queries.TABLE_TYPES:
                yield _text(name)

    def _figures(self, read: Read) -> dict[str, tuple[int | None, int | None, bool]]:
        """Return the rows and bytes of each table; nothing when that would take too long."""
        for query in queries.figures(self._engine):
            try:
                return _summed(read(query, (self._database,)))
            except ReachError as error:
                if error.code not in ("no-permission", "query-timeout"):
                    raise
        return {}

    # --- one table ---------------------------------------------------------------------------

    def _own_row(self, read: Read, name: TableName) -> Row:
        schema = name.schema or self._database
        found = [
            row for row in read(queries.TABLE, (schema, name.name)) if row[1] in queries.TABLE_TYPES
        ]
        if not found:
            raise unknown_table(name, (TableName(one) for one in self._names(read)))
        # Where names differ by case alone, some servers return all that are alike.
        return next((row for row in found if row[0] == name.name), found[0])

    def _name(self, schema: str, name: str) -> TableName:
        same = schema.lower() == self._database.lower() if self._folds else schema == self._database
        return TableName(name, None if same else schema)

    def _written(self, read: Read, schema: str, name: str, collation: str | None) -> Table:
        """Return a table as the server writes it, names of this database without a schema."""
        place = f"{quote(schema)}.{quote(name)}".replace("%", "%%")
        text = _text(read(f"SHOW CREATE TABLE {place}")[0][1])
        table = read_create_table(text, self._engine, schema=schema, collation=collation)
        return replace(
            table,
            name=self._name(schema, name),
            constraints=tuple(
                replace(
                    one, ref_table=self._name(one.ref_table.schema or schema, one.ref_table.name)
                )
                if isinstance(one, ForeignKey)
                else one
                for one in table.constraints
            ),
        )

    def _row_versions(self, read: Read, schema: str, name: str) -> int | None:
        if not queries.counts_row_versions(self._engine):
            return None
        try:
            place = f"{schema}/{name}"
            ((count,),) = read(queries.ROW_VERSIONS, (place, f"{place}#p#%"))
        except ReachError as error:
            # InnoDB looks at all tables for this, also at one that waits for its ALTER (measured).
            if error.code not in ("no-permission", "locked"):
                raise
            return None
        return None if count is None else int(count)

    def _references(self, read: Read, schema: str, table: Table) -> Iterator[Reference]:
        for child_schema, child in self._children(read, schema, table.name.name):
            own = (child_schema, child) == (schema, table.name.name)
            other = table if own else self._written(read, child_schema, child, None)
            for key in other.foreign_keys:
                if key.ref_table == table.name:
                    yield Reference(table=other.name, foreign_key=key)

    def _children(self, read: Read, schema: str, name: str) -> list[tuple[str, str]]:
        quick = queries.children_of_innodb(self._engine)
        # InnoDB writes names with other characters in a code of its own.
        if quick is not None and not self._folds and _is_plain(schema) and _is_plain(name):
            try:
                found = [_text(row[0]).split("/", 1) for row in read(quick, (f"{schema}/{name}",))]
            except ReachError as error:
                if error.code != "no-permission":
                    raise
            else:
                if all(_is_plain(part) for place in found for part in place):
                    return sorted((place[0], place[1]) for place in found)
        rows = read(queries.CHILDREN, (schema, name))
        return sorted((_text(row[0]), _text(row[1])) for row in rows)

    def _views(self, read: Read, schema: str, table: Table) -> Iterator[Dependent]:
        """Yield the views that read the table, those that read other views after these."""
        own = (schema, table.name.name)
        everything = frozenset(column.name.lower() for column in table.columns)
        level, seen = {own: everything}, {own}
        while level:
            following: dict[tuple[str, str], frozenset[str]] = {}
            for below, through in level.items():
                sql, parameters = queries.views(self._engine, *below)
                for row in read(sql, parameters):
                    view, text = (_text(row[0]), _text(row[1])), _text(row[2])
                    used = view_columns(text, *below) if text else everything
                    if view not in seen and used is not None:
                        seen.add(view)
                        following[view] = used if below == own else through
            for view, used in following.items():
                columns = tuple(c.name for c in table.columns if c.name.lower() in used)
                yield self._view(read, view, columns)
            level = following

    def _view(self, read: Read, view: tuple[str, str], columns: tuple[str, ...]) -> Dependent:
        place = f"{quote(view[0])}.{quote(view[1])}".replace("%", "%%")
        try:
            definition: tuple[str, ...] = (_text(read(f"SHOW CREATE VIEW {place}")[0][1]),)
        except ReachError as error:
            if error.code != "no-permission":
                raise
            definition = ()
        name = str(self._name(*view))
        return Dependent(kind="view", name=name, columns=columns, definition=definition)

    def _watchers(
        self, read: Read, schema: str, table: Table
    ) -> tuple[tuple[Trigger, ...], tuple[Dependent, ...]]:
        """Return the table's own triggers, and what names the table or its columns in a body."""
        name = table.name.name
        triggers: list[Trigger] = []
        bodies: list[Body] = []
        for trigger, on, body in read(queries.TRIGGERS, (schema, schema, name, name)):
            label, place = _text(trigger), self._name(schema, _text(on))
            bodies.append(Body(kind="trigger", name=label, text=_text(body), on=place))
            if place == table.name:
                where = f"{quote(schema)}.{quote(label)}".replace("%", "%%")
                text = _text(read(f"SHOW CREATE TRIGGER {where}")[0][2])
                triggers.append(Trigger(name=label, definition=text))
        for kind, place_schema, routine, body in read(
            queries.ROUTINES, (schema, name, schema, name)
        ):
            label = f"{_text(kind)} {self._name(_text(place_schema), _text(routine))}"
            bodies.append(Body(kind="function", name=label, text=_text(body)))
        return tuple(triggers), watchers(table, bodies)


def _summed(rows: list[Row]) -> dict[str, tuple[int | None, int | None, bool]]:
    """Return the rows and bytes of each table, over its partitions where it has some."""
    found: dict[str, tuple[int | None, int | None, bool]] = {}
    for place, count, size, partitioned in rows:
        name, mark, _ = _text(place).replace("#p#", "#P#").partition("#P#")
        before = found.get(name, (None, None, False))
        known = before[2] or bool(mark) or bool(partitioned)
        found[name] = (_added(before[0], count), _added(before[1], size), known)
    return found


def _added(before: int | None, more: Any) -> int | None:
    return before if more is None else (before or 0) + int(more)


def _is_plain(name: str) -> bool:
    return name.isascii() and name.replace("_", "a").isalnum()


def _text(value: object) -> str:
    """Return a text; some servers send those of their catalogue as bytes."""
    if isinstance(value, bytes | bytearray):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
