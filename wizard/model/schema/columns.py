"""A column of a table, and what numbers or computes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName


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
