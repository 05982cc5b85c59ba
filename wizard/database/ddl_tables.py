"""The tables, views and enums that a DDL script has defined so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from wizard.database.ddl_links import Query, linked
from wizard.database.ddl_names import SERIALS, type_name
from wizard.database.ddl_table import TableBody
from wizard.database.ddl_tokens import Cursor
from wizard.database.references import columns_in
from wizard.model.names import TableName, object_name, parse_table_name
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Table,
    TableKind,
    Unique,
)

DEFAULT_SCHEMA = "public"


def column_details(expression: str, table: Table) -> tuple[str, ...]:
    """Return the table's columns that an expression uses."""
    return columns_in(expression, (column.name for column in table.columns), "postgresql")


@dataclass(slots=True)
class Definitions:
    """What exists after the statements read so far; a script changes it step by step."""

    tables: dict[TableName, Table] = field(default_factory=dict)
    views: dict[TableName, Query] = field(default_factory=dict)
    enums: dict[TableName, tuple[str, ...]] = field(default_factory=dict)

    def key(self, name: TableName) -> TableName:
        """Return the name with schema None for the default schema."""
        return TableName(name.name) if name.schema == DEFAULT_SCHEMA else name

    def table(self, name: TableName) -> Table | None:
        """Return a table, None when there is none."""
        return self.tables.get(self.key(name))

    def change(self, name: TableName, how: Callable[[Table], Table], cursor: Cursor) -> None:
        """Replace a table; raises DdlError when it is not there (a view is passed over)."""
        key = self.key(name)
        if key in self.views:
            return
        if key not in self.tables:
            raise cursor.error(f"there is no table {name} yet")
        self.tables[key] = how(self.tables[key])

    def add(self, table: Table) -> None:
        """Add a table, and make it known to its partitioned parent; an existing one stays."""
        if table.name in self.tables:
            return
        self.tables[table.name] = table
        if table.partition_of is not None:
            self.attach(table.partition_of, table.name)

    def attach(self, parent: TableName, child: TableName) -> None:
        """Make ``child`` a partition of ``parent``."""
        parent, child = self.key(parent), self.key(child)
        above, below = self.tables.get(parent), self.tables.get(child)
        if above is None or below is None:
            return
        self.tables[parent] = replace(
            above, partitions=tuple(sorted({*above.partitions, child}, key=str))
        )
        self.tables[child] = replace(
            below,
            partition_of=parent,
            kind="partitioned" if below.kind == "partitioned" else "partition",
        )

    def drop(self, kind: str, name: TableName) -> None:
        """Forget a table, view, index or type."""
        key = self.key(name)
        if kind == "TABLE":
            self.tables.pop(key, None)
        elif kind == "VIEW":
            self.views.pop(key, None)
        elif kind == "TYPE":
            self.enums.pop(key, None)
        else:
            for table in list(self.tables.values()):
                kept = tuple(index for index in table.indexes if index.name != key.name)
                self.tables[table.name] = replace(table, indexes=kept)

    def from_body(self, name: TableName, body: TableBody, kind: TableKind, cursor: Cursor) -> Table:
        """Return the table that a list of definitions makes."""
        columns: list[Column] = []
        for other in body.like:
            source = self.table(other)
            if source is None:
                raise cursor.error(f"there is no table {other} yet")
            columns += [
                Column(name=c.name, type=c.type, nullable=c.nullable) for c in source.columns
            ]
        columns += [self.column(name, column) for column in body.columns]
        table = Table(name=self.key(name), columns=tuple(columns), kind=kind)
        for constraint in body.constraints:
            table = self.with_constraint(table, constraint)
        return table

    def partition(self, name: TableName, parent: TableName, cursor: Cursor) -> Table:
        """Return the table that CREATE TABLE … PARTITION OF makes."""
        above = self.table(parent)
        if above is None:
            raise cursor.error(f"there is no table {parent} yet")
        return Table(
            name=self.key(name),
            kind="partition",
            columns=tuple(replace(column, comment=None) for column in above.columns),
            constraints=tuple(c for c in above.constraints if isinstance(c, Check)),
            partition_of=above.name,
        )

    def inherit(self, table: Table, parents: str, schema: str | None) -> Table:
        """Return the table with the columns of its parents in front."""
        columns: list[Column] = []
        for text in parents.split(","):
            try:
                name = parse_table_name(text)
            except ValueError:
                continue
            parent = self.table(name if name.schema else TableName(name.name, schema))
            columns += parent.columns if parent else ()
        own = {column.name for column in table.columns}
        return replace(
            table,
            columns=(*(c for c in columns if c.name not in own), *table.columns),
        )

    def column(self, table: TableName, column: Column) -> Column:
        """Return the column as the server would show it."""
        kind = type_name(column.type)
        if kind not in SERIALS:
            return replace(column, type=kind)
        key = self.key(table)
        sequence = object_name(key.name, column.name, "seq")
        where = ".".join(_quoted(part) for part in (key.schema, sequence) if part)
        return replace(
            column,
            type=SERIALS[kind],
            nullable=False,
            default=f"nextval('{where}'::regclass)",
        )

    def with_constraint(self, table: Table, constraint: Constraint) -> Table:
        """Return the table with one more constraint, named and with its index as the server does."""
        taken = {one.name for one in table.constraints if one.name}
        name = constraint.name or _name(table, constraint, taken)
        columns = table.columns
        added: Constraint
        index: Index | None = None
        match constraint:
            case PrimaryKey():
                added = replace(constraint, name=name)
                columns = tuple(
                    replace(c, nullable=False) if c.name in constraint.columns else c
                    for c in columns
                )
                index = _index(name, constraint.columns)
            case Unique():
                added = replace(constraint, name=name)
                index = replace(
                    _index(name, constraint.columns),
                    nulls_not_distinct=constraint.nulls_not_distinct,
                )
            case Check():
                used = column_details(constraint.expression, table)
                added = replace(constraint, name=name, columns=used)
            case ForeignKey():
                added = replace(constraint, name=name, ref_table=self.key(constraint.ref_table))
            case NotNull():
                if constraint.validated:
                    return replace(
                        table,
                        columns=tuple(
                            replace(c, nullable=False) if c.name == constraint.column else c
                            for c in columns
                        ),
                    )
                added = replace(constraint, name=name)
            case Exclusion():
                used = column_details(constraint.definition.partition("(")[2], table)
                added = replace(constraint, name=name, columns=used)
        indexes = table.indexes if index is None else (*table.indexes, index)
        return replace(
            table, columns=columns, constraints=(*table.constraints, added), indexes=indexes
        )

    def finished(self) -> Iterator[Table]:
        """Yield all tables with their references, dependents and referenced columns filled in."""
        return linked(self.tables, self.views, dialect="postgresql", key=self.key)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""').replace("'", "''")
    return name if re.fullmatch(r"[a-z_][a-z0-9_$]*", name) else f'"{doubled}"'


def _index(name: str, columns: tuple[str, ...]) -> Index:
    parts = tuple(IndexPart(column=column) for column in columns)
    return Index(name=name, parts=parts, unique=True, constraint=True)


def _name(table: Table, constraint: Constraint, taken: set[str]) -> str:
    own = table.name.name
    match constraint:
        case PrimaryKey():
            return object_name(own, "", "pkey", taken)
        case Unique(columns=columns):
            return object_name(own, "_".join(columns), "key", taken)
        case ForeignKey(columns=columns):
            return object_name(own, "_".join(columns), "fkey", taken)
        case Check(expression=expression):
            used = column_details(expression, table)
            return object_name(own, used[0] if len(used) == 1 else "", "check", taken)
        case NotNull(column=column):
            return object_name(own, column, "not_null", taken)
        case Exclusion(definition=definition):
            used = column_details(definition.partition("(")[2], table)
            return object_name(own, "_".join(used), "excl", taken)
