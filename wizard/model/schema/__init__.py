"""A database schema as plain data: what was read from a server or a DDL file, or simulated.

Each module here holds one kind of object. Whoever needs one imports it from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from wizard.model.names import TableName
from wizard.model.schema.columns import *
from wizard.model.schema.constraints import *
from wizard.model.schema.dependents import *
from wizard.model.schema.enums import *
from wizard.model.schema.indexes import *
from wizard.model.schema.tables import *

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The part of a database that a plan looks at. Immutable: a step yields a new one."""

    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    enums: tuple[Enum, ...] = ()
    #: Names of the sync triggers' functions and the like which migwiz has created.
    routines: frozenset[str] = field(default_factory=frozenset)

    def table(self, name: TableName) -> Table | None:
        """Return the named table, or None."""
        return next((table for table in self.tables if table.name == name), None)

    def enum(self, name: TableName) -> Enum | None:
        """Return the enumerated type of that name, or None."""
        return next((one for one in self.enums if one.name == name), None)

    def with_table(self, table: Table) -> Schema:
        """Return this schema with ``table`` in place of the one of the same name, or added."""
        if self.table(table.name) is None:
            return replace(self, tables=(*self.tables, table))
        return replace(
            self, tables=tuple(table if one.name == table.name else one for one in self.tables)
        )

    def without_table(self, name: TableName) -> Schema:
        """Return this schema without the named table."""
        return replace(self, tables=tuple(one for one in self.tables if one.name != name))


def comparable(schema: Schema) -> Schema:
    """Return the schema in a form in which order and statistics do not count.

    Column order does not count because no engine can restore it in place; statistics, because
    they are estimates; how far a counter has come, because it goes on.
    """

    def by_text(items: Iterable[T]) -> tuple[T, ...]:
        return tuple(sorted(items, key=repr))

    tables = (
        replace(
            table,
            columns=by_text(replace(one, counter=None) for one in table.columns),
            constraints=by_text(table.constraints),
            indexes=by_text(table.indexes),
            triggers=by_text(table.triggers),
            dependents=by_text(
                replace(one, columns=tuple(sorted(one.columns))) for one in table.dependents
            ),
            referenced_by=by_text(table.referenced_by),
            rows=None,
            bytes=None,
            sql=None,
            storage=None,
            spread=None,
        )
        for table in schema.tables
    )
    return Schema(
        tables=by_text(tables),
        views=by_text(schema.views),
        enums=by_text(one.bare for one in schema.enums),
        routines=schema.routines,
    )
