"""The constraints of a table, and the foreign keys that point at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName


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
class Reference:
    """A foreign key of another table that points here."""

    table: TableName
    foreign_key: ForeignKey
