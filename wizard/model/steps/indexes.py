"""Steps that change an index of a table."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName
from wizard.model.schema import Index
from wizard.model.steps.tables import Rebuild


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
class RenameIndex:
    """Rename an index in place."""

    table: TableName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVisible:
    """Let queries use an index, or hide it from them while writes keep it up to date."""

    table: TableName
    index: Index
    visible: bool


IndexStep = AddIndex | DropIndex | RenameIndex | SetVisible
