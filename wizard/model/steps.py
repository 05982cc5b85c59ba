"""Steps: the closed set of primitive changes of which every plan is made.

A Step is data. What it does to a schema is `wizard.model.simulate`, how to take it back is
`wizard.model.inverse`, its SQL and its locks are the dialect's, its framework form the
generator's. A new Step makes every dialect and generator fail its registry test, on purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    NotNull,
    Table,
    Unique,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """Add a column, with its default and NOT NULL if it carries them."""

    table: TableName
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """Drop a column; ``column`` is its full definition, so that it can come back."""

    table: TableName
    column: Column


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNotNull:
    """Allow NULL again. ``column`` is the definition before the step."""

    table: TableName
    column: Column


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
class AddIndex:
    """Build an index; ``concurrently`` needs no lock that stops writes, and no transaction."""

    table: TableName
    index: Index
    concurrently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """Drop an index; ``index`` is its full definition, so that it can come back."""

    table: TableName
    index: Index
    concurrently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddForeignKey:
    """Add a foreign key; not validated when ``constraint.validated`` is false."""

    table: TableName
    constraint: ForeignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheck:
    """Add a check; not validated when ``constraint.validated`` is false."""

    table: TableName
    constraint: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNotNull:
    """Add a named NOT NULL that is not validated (where the engine has it)."""

    table: TableName
    constraint: NotNull


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUnique:
    """Add a unique constraint, from the finished unique index ``using`` when it is given."""

    table: TableName
    constraint: Unique
    using: Index | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Two columns of one table kept equal by a trigger, whichever of them is written.

    ``compare_as`` is a type to which both are cast for comparison, for types without an
    equality operator (PostgreSQL json).
    """

    name: str
    table: TableName
    old: str
    new: str
    compare_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSync:
    """Create the trigger (and its function) that keeps two columns equal."""

    sync: Sync


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSync:
    """Drop the trigger (and its function) that keeps two columns equal."""

    sync: Sync


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRows:
    """Delete existing rows in batches along ``key``, each batch its own transaction."""

    table: TableName
    needed: str
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    batch: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Require:
    """Stop with ``message`` unless ``query`` returns no row: a pre-flight inside the migration."""

    query: str
    message: str
    table: TableName


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
    AddColumn
    | DropColumn
    | SetDefault
    | SetNotNull
    | DropNotNull
    | RenameColumn
    | RenameTable
    | AddIndex
    | DropIndex
    | AddForeignKey
    | AddCheck
    | AddNotNull
    | AddUnique
    | ValidateConstraint
    | DropConstraint
    | CreateSync
    | DropSync
    | CreateShadowView
    | DropShadowView
    | Backfill
    | DeleteRows
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


def is_data(step: Step) -> bool:
    """Tell whether a step changes rows rather than the schema."""
    return isinstance(step, Backfill | DeleteRows)
