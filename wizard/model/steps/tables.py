"""Steps that change a table as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName
from wizard.model.schema import Table

#: What a step costs on a table which does not take it the usual way (MySQL and MariaDB, by row format,
#: indexes and foreign keys): an index goes with it, the table is rebuilt in place, the same while
#: writes wait, or it is copied while they wait. `Dialect.fit` fills it in.
Rebuild = Literal["index", "online", "locked", "copy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """Create a table with its columns, constraints and indexes; nobody can know it yet."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """Drop a table; ``table`` is its full definition, so that it can come back, empty."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """Rename a table in place; its schema stays."""

    table: TableName
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildTable:
    """Replace a table by a copy with another definition (SQLite, where ALTER cannot).

    ``before`` and ``after`` are whole tables; columns of the same name are copied.
    """

    before: Table
    after: Table


TableStep = CreateTable | DropTable | RenameTable | RebuildTable
