"""Enumerated types."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.names import TableName


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
