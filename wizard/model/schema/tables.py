"""A table with all that a plan must know about it, and how its engine keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName
from wizard.model.schema.columns import Column
from wizard.model.schema.constraints import Check, Constraint, ForeignKey, PrimaryKey, Reference
from wizard.model.schema.dependents import Dependent, Trigger
from wizard.model.schema.indexes import Index

TableKind = Literal["table", "partitioned", "partition", "foreign", "view", "materialized view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSummary:
    """A line of the table list: cheap to read for a thousand tables at once.

    ``rows`` and ``bytes`` are estimates from statistics, None when the server has none. ``record``
    is a table in which a tool keeps what it has done, which is not the application's.
    """

    name: TableName
    kind: TableKind = "table"
    rows: int | None = None
    bytes: int | None = None
    record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How MySQL and MariaDB keep a table, as far as it decides what can be done in an instant.

    ``row_versions`` counts the instant changes since the table was last rebuilt, None where the
    server does not tell.
    """

    engine: str = "InnoDB"
    row_format: str | None = None
    collation: str | None = None
    row_versions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How an engine that outgrows one machine, or one heap, spreads the rows of a table.

    ``sharded`` by the value of ``columns``, ``copied`` whole to every machine, ``whole`` on one, or
    cut into ``chunks`` along ``columns``. ``compression`` is on for a table whose chunks may be
    compressed, ``compressed`` when some are.
    """

    kind: Literal["sharded", "copied", "whole", "chunks"]
    columns: tuple[str, ...] = ()
    compression: bool = False
    compressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table with all that a plan must know about it. ``rows`` and ``bytes`` are estimates."""

    name: TableName
    columns: tuple[Column, ...]
    kind: TableKind = "table"
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    dependents: tuple[Dependent, ...] = ()
    referenced_by: tuple[Reference, ...] = ()
    partition_of: TableName | None = None
    partitions: tuple[TableName, ...] = ()
    partition_key: str | None = None
    #: The index by which subscribers of logical replication find rows, where it is not the key's.
    replica_identity: str | None = None
    comment: str | None = None
    rows: int | None = None
    bytes: int | None = None
    #: The CREATE TABLE text; SQLite only, whose rebuild starts from it.
    sql: str | None = None
    storage: Storage | None = None
    #: None on an engine that does not spread tables, and where it was not looked at.
    spread: Spread | None = None

    def column(self, name: str) -> Column | None:
        """Return the named column, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def index(self, name: str) -> Index | None:
        """Return the named index, or None."""
        return next((index for index in self.indexes if index.name == name), None)

    def constraint(self, name: str) -> Constraint | None:
        """Return the named constraint, or None."""
        return next((one for one in self.constraints if one.name == name), None)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key, in key order; empty when there is none."""
        for one in self.constraints:
            if isinstance(one, PrimaryKey):
                return one.columns
        return ()

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The foreign keys of this table."""
        return tuple(one for one in self.constraints if isinstance(one, ForeignKey))

    @property
    def checks(self) -> tuple[Check, ...]:
        """The check constraints of this table."""
        return tuple(one for one in self.constraints if isinstance(one, Check))
