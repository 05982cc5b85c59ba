"""A live PostgreSQL database, read from its system catalogues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, cast

from wizard.database import postgresql_queries as queries
from wizard.database.connection import Read, Reader, Row
from wizard.database.postgresql_columns import EXTRAS, with_extras
from wizard.database.postgresql_dependents import read_dependents
from wizard.database.sqltext import unknown_table, unwrap, wrap_query
from wizard.dialects.flavours import Signs, recognise, spread_query
from wizard.model.errors import ReachError
from wizard.model.names import TableName
from wizard.model.schema import (
    Action,
    Check,
    Column,
    Constraint,
    Enum,
    Exclusion,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Reference,
    Spread,
    Table,
    TableKind,
    TableSummary,
    Trigger,
    TypeUse,
    Unique,
)

_KINDS: dict[str, TableKind] = {
    "r": "table",
    "p": "partitioned",
    "f": "foreign",
    "v": "view",
    "m": "materialized view",
}
_ACTIONS: dict[str, Action] = {
    "a": "no action",
    "r": "restrict",
    "c": "cascade",
    "n": "set null",
    "d": "set default",
}
_DESC, _NULLS_FIRST = 1, 2


class PostgresCatalog:
    """The `Catalog` of a PostgreSQL database.

    ``bytes`` counts a table's heap and TOAST, not its indexes. Partitions and tables that belong
    to an extension are not in the list, but `table` reads them. A dependent without columns needs
    the table only as a whole; views that read other views are listed after those.
    """

    dialect = "postgresql"
    live = True

    def __init__(self, connection: Reader) -> None:
        self._connection = connection
        found = connection.rows(queries.SERVER)[0]
        number, self._database, self._schema = found[:3]
        self._version = (number // 10_000, number % 10_000)
        self._flavour = recognise(_signs(*found[3:]), self.dialect)
        self._spread_query = spread_query(self._flavour)

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version, as (15, 4)."""
        return self._version

    @property
    def flavour(self) -> str:
        """The engine behind the protocol with its own version, empty for PostgreSQL itself."""
        return self._flavour

    @property
    def database(self) -> str:
        """The database's name."""
        return str(self._database)

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables and partitioned parents with their sizes, sorted by name."""
        try:
            rows = self._connection.rows(queries.tables(self._version))
        except ReachError as error:
            if error.code != "locked":
                raise
            rows = self._connection.rows(queries.tables(self._version, exact=False))
        found = [
            TableSummary(name=self._name(schema, name), kind=_KINDS[kind], rows=count, bytes=size)
            for schema, name, kind, count, size in rows
        ]
        return tuple(sorted(found, key=lambda one: (one.name.schema or "", one.name.name)))

    def table(self, name: TableName) -> Table:
        """Return one table's details; raises AnswerError (`unknown-table`) with near names."""
        try:
            with self._connection.reading() as read:
                return self._table(name, read, exact=True)
        except ReachError as error:
            if error.code != "locked":
                raise
        # It may be a partition that is locked, whose size alone cannot be read.
        with self._connection.reading() as read:
            return self._table(name, read, exact=False)

    def enums(self) -> tuple[Enum, ...]:
        """Return the enumerated types, with what uses them."""
        with self._connection.reading() as read:
            found = [
                Enum(name=self._name(schema, name), labels=tuple(labels or ()))
                for schema, name, labels in read(queries.ENUMS)
            ]
            uses = read(queries.ENUM_USES) if found else []
        columns: dict[TableName, list[TypeUse]] = {one.name: [] for one in found}
        others: dict[TableName, list[str]] = {one.name: [] for one in found}
        for type_schema, type_name, is_column, schema, table, column, array, described in uses:
            name = self._name(type_schema, type_name)
            if name not in columns:
                continue
            if is_column:
                use = TypeUse(table=self._name(schema, table), column=column, array=array)
                columns[name].append(use)
            else:
                others[name].append(described)
        return tuple(
            replace(one, used_by=tuple(columns[one.name]), others=tuple(others[one.name]))
            for one in found
        )

    def query(self, sql: str, *, limit: int = 5, patience_ms: int | None = None) -> list[Row]:
        """Run one SELECT, read-only, and return at most ``limit`` rows."""
        # A parameter makes the driver use the protocol that takes one statement only.
        text = wrap_query(sql).replace("%", "%%") + " LIMIT %s"
        with self._connection.reading() as read:
            if patience_ms is not None:
                read("SELECT set_config('statement_timeout', %s, true)", (str(patience_ms),))
            return read(text, (limit,))

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
        self._connection.close()

    def _name(self, schema: str, name: str) -> TableName:
        return TableName(name, None if schema == self._schema else schema)

    def _table(self, name: TableName, read: Read, *, exact: bool) -> Table:
        own = read(
            queries.relation(self._version, exact=exact), (name.schema or self._schema, name.name)
        )
        if not own:
            known = (self._name(*row) for row in read(queries.NEAR_NAMES))
            raise unknown_table(name, known)
        oid, kind, is_partition, key, comment, rows, size, parent_schema, parent, found_by = own[0]
        constraints, references, unproven = self._constraints(
            read(queries.constraints(self._version), (oid, oid, oid))
        )
        triggers = read(queries.triggers(self._version), (oid,))
        columns = with_extras(
            (_column(row, unproven) for row in read(queries.COLUMNS, (oid,))),
            read(EXTRAS, (oid,)),
            self._name,
        )
        dependents = read_dependents(
            read,
            oid,
            version=self._version,
            named=self._name,
            order=tuple(one.name for one in columns),
            watched={row[0]: tuple(row[3] or ()) for row in triggers},
        )
        return Table(
            name=self._name(name.schema or self._schema, name.name),
            kind="partition" if is_partition and kind != "p" else _KINDS[kind],
            columns=columns,
            constraints=constraints,
            indexes=_indexes(read(queries.indexes(self._version), (oid,))),
            triggers=tuple(
                Trigger(name=row[0], definition=row[1], function=row[2]) for row in triggers
            ),
            dependents=dependents,
            referenced_by=references,
            partition_of=self._name(parent_schema, parent) if parent else None,
            partitions=tuple(self._name(*row) for row in read(queries.PARTITIONS, (oid,)))
            if kind == "p"
            else (),
            partition_key=key,
            replica_identity=found_by,
            comment=comment,
            rows=rows,
            bytes=size,
            spread=self._spread(read, name),
        )

    def _spread(self, read: Read, name: TableName) -> Spread | None:
        """Return how the engine spreads the table, None where engines of its kind do not."""
        if self._spread_query is None:
            return None
        found = read(self._spread_query, (name.schema or self._schema, name.name))
        if not found:
            return Spread(kind="whole")
        kind, columns, compression, compressed = found[0]
        return Spread(
            kind=kind,
            columns=tuple(columns),
            compression=bool(compression),
            compressed=bool(compressed),
        )

    def _constraints(
        self, rows: Iterable[Row]
    ) -> tuple[tuple[Constraint, ...], tuple[Reference, ...], frozenset[str]]:
        own: list[Constraint] = []
        references: list[Reference] = []
        unproven: set[str] = set()
        for row in rows:
            is_own, kind, validated, schema, table = row[0], row[2], row[5], row[7], row[8]
            if kind == "f":
                key = self._foreign_key(row)
                if is_own:
                    own.append(key)
                # A key of a table to itself is both.
                if not is_own or (row[9], row[10]) == (schema, table):
                    references.append(Reference(table=self._name(schema, table), foreign_key=key))
            elif kind == "n":
                if not validated:
                    own.append(NotNull(name=row[1], column=row[6][0]))
                    unproven.update(row[6])
            else:
                own.append(_constraint(row))
        return tuple(own), tuple(references), frozenset(unproven)

    def _foreign_key(self, row: Row) -> ForeignKey:
        return ForeignKey(
            name=row[1],
            deferrable=row[3],
            initially_deferred=row[4],
            validated=row[5],
            columns=tuple(row[6]),
            ref_table=self._name(row[9], row[10]),
            ref_columns=tuple(row[11]),
            on_delete=_ACTIONS[row[12]],
            on_update=_ACTIONS[row[13]],
        )


def _signs(version: str, extensions: Iterable[str], aurora: bool) -> Signs:
    named = (one.partition(" ") for one in extensions)
    return Signs(
        version=version,
        extensions={name: version for name, _, version in named},
        aurora="" if aurora else None,
    )


def _column(row: Row, unproven: frozenset[str]) -> Column:
    _, name, kind, required, default, identity, generated, collation, comment = row
    return Column(
        name=name,
        type=kind,
        nullable=not required or name in unproven,
        default=None if generated else default,
        identity=cast(
            'Literal["always", "by default"] | None',
            {"a": "always", "d": "by default"}.get(identity),
        ),
        generated=Generated(expression=unwrap(default), stored=generated == "s")
        if generated
        else None,
        collation=collation,
        comment=comment,
    )


def _constraint(row: Row) -> Constraint:
    _, name, kind, deferrable, deferred, validated, columns = row[:7]
    names = tuple(columns or ())
    expression, definition, not_distinct = row[14:17]
    if kind == "c":
        return Check(name=name, expression=unwrap(expression), validated=validated, columns=names)
    if kind == "p" and "WITHOUT OVERLAPS" not in definition:
        return PrimaryKey(name=name, columns=names, deferrable=deferrable)
    if kind == "u" and "WITHOUT OVERLAPS" not in definition:
        return Unique(
            name=name,
            columns=names,
            nulls_not_distinct=not_distinct,
            deferrable=deferrable,
            initially_deferred=deferred,
        )
    return Exclusion(name=name, definition=definition, columns=names)


def _indexes(rows: Iterable[Row]) -> tuple[Index, ...]:
    found: dict[str, Index] = {}
    parts: dict[str, list[IndexPart]] = {}
    included: dict[str, list[str]] = {}
    for row in rows:
        name, method, unique, valid, not_distinct, where, constraint, is_key = row[:8]
        column, expression, option, opclass, collation, inherits = row[8:]
        found[name] = Index(
            name=name,
            parts=(),
            unique=unique,
            method=None if method == "btree" else method,
            where=unwrap(where) if where else None,
            nulls_not_distinct=not_distinct,
            valid=valid,
            constraint=constraint,
            inherits=inherits,
        )
        if not is_key:
            included.setdefault(name, []).append(column)
            continue
        descending, first = bool(option & _DESC), bool(option & _NULLS_FIRST)
        parts.setdefault(name, []).append(
            IndexPart(
                column=column,
                expression=unwrap(expression) if expression else None,
                order="desc" if descending else "asc",
                nulls=None if first == descending else ("first" if first else "last"),
                opclass=opclass,
                collation=collation,
            )
        )
    return tuple(
        replace(index, parts=tuple(parts.get(name, ())), include=tuple(included.get(name, ())))
        for name, index in found.items()
    )
