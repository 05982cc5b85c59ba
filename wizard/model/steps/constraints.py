"""Steps that change a constraint of a table."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Unique,
)
from wizard.model.steps.tables import Rebuild


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
class RenameConstraint:
    """Rename a constraint in place; the index behind a unique or primary one follows."""

    table: TableName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint:
    """Drop a constraint; it is given whole, so that it can come back.

    ``leaves`` is the index that a unique constraint took over and that must be there afterwards.
    """

    table: TableName
    constraint: Constraint
    leaves: Index | None = None
    rebuild: Rebuild | None = None


ConstraintStep = (
    AddForeignKey
    | AddCheck
    | AddNotNull
    | AddUnique
    | AddPrimaryKey
    | AddExclusion
    | ValidateConstraint
    | RenameConstraint
    | DropConstraint
)
