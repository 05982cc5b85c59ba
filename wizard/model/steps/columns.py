"""Steps that change one column of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName
from wizard.model.schema import Check, Column, ForeignKey, Index, Reference
from wizard.model.steps.tables import Rebuild

#: What of a table holds a column and may be built or looked at anew when the column's type changes.
Beside = Index | Check | ForeignKey | Reference


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
class RenameColumn:
    """Rename a column in place."""

    table: TableName
    old: str
    new: str


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
class SetDefault:
    """Set the default of a column to ``default``, or drop it when None."""

    table: TableName
    column: Column
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIdentity:
    """Let the database number a column, or no longer when ``identity`` is None.

    ``column`` is the definition before the step. The numbers go on behind the largest there is.
    """

    table: TableName
    column: Column
    identity: Literal["always", "by default"] | None


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


ColumnStep = (
    AddColumn
    | DropColumn
    | RenameColumn
    | ChangeType
    | SetNotNull
    | DropNotNull
    | SetDefault
    | SetIdentity
    | MoveNumbering
)
