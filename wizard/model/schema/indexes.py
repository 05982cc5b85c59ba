"""An index of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
