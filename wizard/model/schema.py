"""A database schema as plain data: what was read from a server or a DDL file, or simulated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from wizard.model.names import TableName

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The expression of a generated column; ``stored`` says whether its value is kept on disk."""

    expression: str
    stored: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A privilege on one column; ``role`` is None for everybody."""

    privilege: str
    role: str | None = None
    grantable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """The sequence that belongs to a numbered column, and how far it has come.

    ``last`` is the number given last, None before the first. ``per_day`` is how many rows a day the
    table has taken on average, None where nobody counts them. ``read_on`` is the day on which the
    server said so, as 2026-11-23.
    """

    name: TableName
    increment: int = 1
    last: int | None = None
    per_day: int | None = None
    read_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``type`` and ``default`` are SQL as the engine itself writes them."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    identity: Literal["always", "by default"] | None = None
    generated: Generated | None = None
    collation: str | None = None
    comment: str | None = None
    #: What each UPDATE sets the column to by itself (MySQL and MariaDB: CURRENT_TIMESTAMP).
    on_update: str | None = None
    #: Left out of ``SELECT *`` and of INSERT without a column list (MySQL and MariaDB).
    invisible: bool = False
    #: A rule in the column's own definition (MariaDB), where a change of the column must repeat it.
    check: str | None = None
    #: What the type stands for, where it is a domain without conditions (PostgreSQL).
    base: str | None = None
    #: Privileges on this column alone.
    grants: tuple[Grant, ...] = ()
    #: What numbers the column, for an identity column and one whose default is its own sequence.
    counter: Counter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPart:
    """One key of an index: exactly one of ``column`` and ``expression`` is set."""

    column: str | None = None
    expression: str | None = None
    order: Literal["asc", "desc"] = "asc"
    nulls: Literal["first", "last"] | None = None
    opclass: str | None = None
    collation: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index. ``constraint`` is true when it belongs to a unique, primary or exclusion constraint.

    ``method`` is None for the engine's default (btree). ``valid`` is false for what an interrupted
    concurrent build leaves behind. ``visible`` is false for an index which is kept up to date but
    serves no query (MySQL: invisible, MariaDB: ignored). ``inherits`` names the index of the
    partitioned parent to which a partition's index belongs: it cannot be dropped alone.
    """

    name: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    method: str | None = None
    where: str | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    valid: bool = True
    constraint: bool = False
    visible: bool = True
    inherits: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The plain columns among the keys, in order."""
        return tuple(part.column for part in self.parts if part.column is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey:
    """A primary key."""

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """A unique constraint."""

    columns: tuple[str, ...]
    name: str | None = None
    nulls_not_distinct: bool = False
    deferrable: bool = False
    initially_deferred: bool = False


Action = Literal["no action", "restrict", "cascade", "set null", "set default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key; ``validated`` is false while existing rows have not been checked."""

    columns: tuple[str, ...]
    ref_table: TableName
    ref_columns: tuple[str, ...]
    name: str | None = None
    on_delete: Action = "no action"
    on_update: Action = "no action"
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check constraint; ``validated`` is false while existing rows have not been checked."""

    expression: str
    name: str | None = None
    validated: bool = True
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNull:
    """A named NOT NULL that is not validated yet (PostgreSQL 18 and later).

    Validated ones are not listed: they are the column's own ``nullable=False``.
    """

    name: str
    column: str
    validated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An exclusion constraint, as the engine writes it."""

    name: str
    definition: str
    columns: tuple[str, ...] = ()


Constraint = PrimaryKey | Unique | ForeignKey | Check | NotNull | Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger; ``definition`` is the statement that creates it, ``function`` what it calls."""

    name: str
    definition: str
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """An object outside the table that would break with it, or with the named columns of it.

    A table lists them in an order in which they can be created; they are dropped in reverse.
    ``on`` is the relation on which a policy, trigger or rule stands, None for the table itself.
    ``definition`` are the statements that create it again as it is: the object, then its comment,
    indexes and rules. Empty where it cannot be dropped and brought back; ``obstacle`` says why.
    ``privileges`` are the statements that give it the owner and the grants which it has in the
    database that was read; in others they may differ.
    """

    kind: Literal[
        "view", "materialized view", "policy", "trigger", "rule", "publication", "function"
    ]
    name: str
    columns: tuple[str, ...] = ()
    definition: tuple[str, ...] = ()
    privileges: tuple[str, ...] = ()
    on: TableName | None = None
    obstacle: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" on {self.on}" if self.on else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key of another table that points here."""

    table: TableName
    foreign_key: ForeignKey


TableKind = Literal["table", "partitioned", "partition", "foreign", "view", "materialized view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSummary:
    """A line of the table list: cheap to read for a thousand tables at once.

    ``rows`` and ``bytes`` are estimates from statistics, None when the server has none.
    """

    name: TableName
    kind: TableKind = "table"
    rows: int | None = None
    bytes: int | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view and the query behind it."""

    name: TableName
    definition: str
    materialized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeUse:
    """A column of an enumerated type; ``array`` says that it holds several values."""

    table: TableName
    column: str
    array: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An enumerated type and its labels in order.

    ``used_by`` are the columns that hold it, ``others`` name what else the server ties to it, such
    as functions. Both tell of the moment: steps hold a type without them, see `bare`.
    """

    name: TableName
    labels: tuple[str, ...]
    used_by: tuple[TypeUse, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def bare(self) -> Enum:
        """The definition alone."""
        return replace(self, used_by=(), others=())


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
