"""Steps: the closed set of primitive changes of which every plan is made.

A Step is data. What it does to a schema is `wizard.model.simulate`, how to take it back is
`wizard.model.inverse`, its SQL and its locks are the dialect's, its framework form the
generator's. A new Step makes every dialect and generator fail its registry test, on purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Reference,
    Table,
    Unique,
)
from wizard.model.syncs import SyncSets

#: What a step costs on a table which does not take it the usual way (MySQL and MariaDB, by row format,
#: indexes and foreign keys): an index goes with it, the table is rebuilt in place, the same while
#: writes wait, or it is copied while they wait. `Dialect.fit` fills it in.
Rebuild = Literal["index", "online", "locked", "copy"]
#: What of a table holds a column and may be built or looked at anew when the column's type changes.
Beside = Index | Check | ForeignKey | Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """Create a table with its columns, constraints and indexes; nobody can know it yet."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """Drop a table; ``table`` is its full definition, so that it can come back, empty."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """Add a column, with its default and NOT NULL if it carries them."""

    table: TableName
    column: Column
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """Drop a column; ``column`` is its full definition, so that it can come back."""

    table: TableName
    column: Column
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeType:
    """Change a column's type or collation in place.

    ``column`` is the definition before the step, ``to`` the one after it; they differ in type and
    collation only. ``using`` is the expression that converts a value, None for the engine's own.
    ``beside`` are the table's indexes, checks and keys that hold the column, as they are then.
    """

    table: TableName
    column: Column
    to: Column
    using: str | None = None
    rebuild: Rebuild | None = None
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIdentity:
    """Let the database number a column, or no longer when ``identity`` is None.

    ``column`` is the definition before the step. The numbers go on behind the largest there is.
    """

    table: TableName
    column: Column
    identity: Literal["always", "by default"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDefault:
    """Set the default of a column to ``default``, or drop it when None."""

    table: TableName
    column: Column
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNotNull:
    """Forbid NULL. ``proof`` names a validated check that spares the scan, None means a scan.

    ``column`` is the definition before the step.
    """

    table: TableName
    column: Column
    proof: str | None = None
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNotNull:
    """Allow NULL again. ``column`` is the definition before the step."""

    table: TableName
    column: Column
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """Rename a column in place."""

    table: TableName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """Rename a table in place; its schema stays."""

    table: TableName
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex:
    """Rename an index in place."""

    table: TableName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint:
    """Rename a constraint in place; the index behind a unique or primary one follows."""

    table: TableName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIndex:
    """Build an index; ``concurrently`` needs no lock that stops writes, and no transaction.

    ``ready`` are the partitions of a partitioned table, at any depth, when each has an index of the
    same definition: these become its parts, and nothing is built. ``piecewise`` builds it on one chunk
    of the table after the other, each in a transaction of its own, where an engine has such tables.
    """

    table: TableName
    index: Index
    concurrently: bool = False
    ready: tuple[TableName, ...] = ()
    piecewise: bool = False
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """Drop an index; ``index`` is its full definition, so that it can come back."""

    table: TableName
    index: Index
    concurrently: bool = False
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVisible:
    """Let queries use an index, or hide it from them while writes keep it up to date."""

    table: TableName
    index: Index
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddForeignKey:
    """Add a foreign key; not validated when ``constraint.validated`` is false.

    ``ready`` are the partitions of a partitioned table, at any depth, when each has the same key,
    proven: these become its parts, and no row is looked at.
    """

    table: TableName
    constraint: ForeignKey
    ready: tuple[TableName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheck:
    """Add a check; not validated when ``constraint.validated`` is false."""

    table: TableName
    constraint: Check
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNotNull:
    """Add a named NOT NULL that is not validated (where the engine has it)."""

    table: TableName
    constraint: NotNull


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUnique:
    """Add a unique constraint, from the finished unique index ``using`` when it is given.

    ``ready`` are the partitions of a partitioned table, at any depth, when each has the same
    constraint: these become its parts, and nothing is built.
    """

    table: TableName
    constraint: Unique
    using: Index | None = None
    ready: tuple[TableName, ...] = ()
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPrimaryKey:
    """Add a primary key, from the finished unique index ``using`` when it is given.

    ``columns`` are the key's columns before the step: those that may be NULL are read once more
    to see that none is, unless a validated check proves it. ``ready`` are the partitions of a
    partitioned table, at any depth, when each has the same key: these become its parts, and nothing
    is built.
    """

    table: TableName
    constraint: PrimaryKey
    columns: tuple[Column, ...]
    using: Index | None = None
    proven: bool = False
    ready: tuple[TableName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddExclusion:
    """Add an exclusion constraint; its index is built at once."""

    table: TableName
    constraint: Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateConstraint:
    """Check the existing rows against a constraint that was added without looking at them.

    Doing it again is harmless, and instant when the constraint is already validated.
    """

    table: TableName
    constraint: ForeignKey | Check | NotNull


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint:
    """Drop a constraint; it is given whole, so that it can come back.

    ``leaves`` is the index that a unique constraint took over and that must be there afterwards.
    """

    table: TableName
    constraint: Constraint
    leaves: Index | None = None
    rebuild: Rebuild | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Two columns of one table kept equal by a trigger.

    ``leads`` names the one whose value counts: with "both" whichever is written, the new one first;
    with "old" the new column is worked out of the old one at every write, whatever is written to
    it; with "new" the old one is worked out whenever the new one changes. ``compare_as`` is the
    type to which values are cast for comparison, see `Dialect.compare_as`. ``to_new`` and
    ``to_old`` are the expressions that make a value of one column from the other, named as in the
    table; None where both are of one type. With ``forgiving`` a value that does not convert leaves
    NULL in the column that follows, instead of failing the write.
    """

    name: str
    table: TableName
    old: str
    new: str
    compare_as: str | None = None
    to_new: str | None = None
    to_old: str | None = None
    leads: Literal["both", "old", "new"] = "both"
    forgiving: bool = False

    @property
    def olds(self) -> tuple[str, ...]:
        """The name of the old column, as `SyncSets` has several."""
        return (self.old,)

    @property
    def news(self) -> tuple[str, ...]:
        """The name of the new column, as `SyncSets` has several."""
        return (self.new,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSync:
    """Create the trigger (and its function) that keeps columns in step."""

    sync: Sync | SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSync:
    """Drop the trigger (and its function) that keeps columns in step."""

    sync: Sync | SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapColumns:
    """Give a column's name to the one that follows it, and turn the trigger between them around.

    All of it in one moment, so that nobody meets a table without the name. ``before`` is the
    trigger so far, ``after`` the one from then on: ``before.old`` becomes ``after.old``, and
    ``before.new`` gets its name as ``after.new``.
    """

    before: Sync
    after: Sync

    @property
    def table(self) -> TableName:
        """The table of both columns."""
        return self.before.table

    @property
    def renames(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Old and new name of each column, in an order in which each new name is free."""
        old = (self.before.old, self.after.old)
        new = (self.before.new, self.after.new)
        return (old, new) if new[1] == old[0] else (new, old)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveNumbering:
    """Let the database number the column ``to`` in place of ``column``, and go on counting.

    ``column`` is numbered as an identity column or by a sequence in its default, ``to`` is not yet.
    Where both have one name only the type has changed, and the sequence learns how far it may
    count. ``sequence`` is None for the one that the engine would have named itself.
    """

    table: TableName
    column: Column
    to: Column
    sequence: TableName | None = None
    increment: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowView:
    """A view under a table's old name that shows one column under two names.

    The table itself moves to ``base``.
    """

    table: TableName
    base: str
    columns: tuple[str, ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateShadowView:
    """Rename the table aside and put a view with both column names in its place."""

    view: ShadowView


@dataclass(frozen=True, slots=True, kw_only=True)
class DropShadowView:
    """Drop the view and give the table its name back."""

    view: ShadowView


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A view that shows a whole table under a second name in its schema, and takes writes for it."""

    table: TableName
    name: str
    columns: tuple[str, ...]

    @property
    def shown(self) -> TableName:
        """The view's whole name."""
        return TableName(self.name, self.table.schema)

    @property
    def swapped(self) -> TableView:
        """The view as it is when the two have exchanged their names."""
        return TableView(table=self.shown, name=self.table.name, columns=self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTableView:
    """Create the view, with the table's owner and privileges."""

    view: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTableView:
    """Drop the view; the table stays."""

    view: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapTableView:
    """Let a table and the view over it exchange their names, in one moment for everybody.

    ``view`` is as it is before the step.
    """

    view: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDependent:
    """Drop a view, policy, trigger or rule that stands in the way; `CreateDependent` brings it back."""

    table: TableName
    dependent: Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDependent:
    """Create a view, policy, trigger or rule as its ``definition`` says, privileges included."""

    table: TableName
    dependent: Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceView:
    """Give a view another query in place: who may use it, and what reads it, stays as it is.

    ``before`` and ``after`` differ in columns and definition only, and show the same columns.
    """

    table: TableName
    before: Dependent
    after: Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEnum:
    """Create an enumerated type."""

    enum: Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class DropEnum:
    """Drop an enumerated type; ``enum`` is its full definition."""

    enum: Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnum:
    """Rename an enumerated type in place; its schema stays, and columns that hold it follow."""

    enum: Enum
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue:
    """Add a label to an enumerated type; at the end when neither ``before`` nor ``after`` is given.

    ``enum`` is the definition before the step. The label can be used from the next transaction on.
    """

    enum: Enum
    value: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnumValue:
    """Rename a label of an enumerated type; ``enum`` is the definition before the step."""

    enum: Enum
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One column and the SQL expression it is set to."""

    column: str
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Change existing rows in batches along ``key``, each batch its own transaction.

    ``needed`` is a predicate that holds just for the rows still to be changed, so that a second
    run does nothing. ``join`` is a FROM item for values from elsewhere, with ``on`` its condition.
    ``batch`` is the first batch's size in rows. ``overwrites`` says whether values are lost.
    An empty ``key`` means one statement for all rows: small tables, and engines with one writer.
    ``keeps`` are columns which the server would set with each change of a row, and which stay as
    they are; with ``touches`` they need not.
    """

    table: TableName
    assignments: tuple[Assignment, ...]
    needed: str
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    batch: int = 1_000
    join: str | None = None
    on: str | None = None
    overwrites: bool = False
    keeps: tuple[str, ...] = ()
    touches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRows:
    """Delete existing rows in batches along ``key``, each batch its own transaction."""

    table: TableName
    needed: str
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    batch: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRows:
    """Copy rows of one table into another in batches along ``key``, each its own transaction.

    ``columns`` have the same names in both tables, ``key`` is unique in both and among them. A row
    whose key is in ``target`` already is left as it is, so that a second run does nothing.
    ``table`` is the source.
    """

    table: TableName
    target: TableName
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    needed: str = ""
    batch: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Require:
    """Stop with ``message`` unless ``query`` returns no row: a pre-flight inside the migration.

    ``named`` says that the query returns names of objects, which the error then lists.
    """

    query: str
    message: str
    table: TableName
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTables:
    """Take table locks up front and in one fixed order, so that two lockers cannot deadlock.

    ``mode`` is "share row exclusive" or "access exclusive". Engines without such locks skip it.
    """

    tables: tuple[TableName, ...]
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildTable:
    """Replace a table by a copy with another definition (SQLite, where ALTER cannot).

    ``before`` and ``after`` are whole tables; columns of the same name are copied.
    """

    before: Table
    after: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No change: the way back of what needs none. ``reason`` is shown and written in the file."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """A way back that does not exist. The generated downgrade raises ``reason``."""

    reason: str


Step = (
    CreateTable
    | DropTable
    | AddColumn
    | DropColumn
    | ChangeType
    | SetIdentity
    | MoveNumbering
    | SetDefault
    | SetNotNull
    | DropNotNull
    | RenameColumn
    | RenameTable
    | RenameIndex
    | RenameConstraint
    | AddIndex
    | DropIndex
    | SetVisible
    | AddForeignKey
    | AddCheck
    | AddNotNull
    | AddUnique
    | AddPrimaryKey
    | AddExclusion
    | ValidateConstraint
    | DropConstraint
    | CreateSync
    | DropSync
    | SwapColumns
    | CreateShadowView
    | DropShadowView
    | CreateTableView
    | DropTableView
    | SwapTableView
    | DropDependent
    | CreateDependent
    | ReplaceView
    | CreateEnum
    | DropEnum
    | RenameEnum
    | AddEnumValue
    | RenameEnumValue
    | Backfill
    | DeleteRows
    | CopyRows
    | Require
    | LockTables
    | RebuildTable
    | Nothing
    | Impossible
)

STEP_TYPES: tuple[type, ...] = get_args(Step)

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def step_name(step: Step | type) -> str:
    """Return the stable name of a step as documents show it: ``AddColumn`` is ``add_column``."""
    kind = step if isinstance(step, type) else type(step)
    return _CAPITAL.sub("_", kind.__name__).lower()


#: The steps that walk a table in batches.
Batched = Backfill | DeleteRows | CopyRows


def is_data(step: Step) -> bool:
    """Tell whether a step changes rows rather than the schema."""
    return isinstance(step, Batched)
