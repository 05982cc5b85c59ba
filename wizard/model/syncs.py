"""Columns of one table that say the same for a while: several on either side, kept so by a trigger."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A column and the expression that makes its value out of the columns of the other side.

    ``expression`` is None where nothing makes it. ``compare_as`` is the type to which values are
    cast for comparison, see `Dialect.compare_as`.
    """

    column: str
    expression: str | None
    compare_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSets:
    """Old and new columns of one table, kept in step by a trigger.

    On insert the new ones win when one of them has a value; on update whichever side changed, the
    new one first. A side that already says what the other one says is left alone, unless the new one
    is all NULL: so a value that does not come back as it was is never touched by a fill of the other
    side. Where the old columns have no expression, what is written to the new ones stays there.
    """

    name: str
    table: TableName
    old: tuple[Follower, ...]
    new: tuple[Follower, ...]

    @property
    def olds(self) -> tuple[str, ...]:
        """The names of the columns that were there first."""
        return tuple(one.column for one in self.old)

    @property
    def news(self) -> tuple[str, ...]:
        """The names of the columns that take their place."""
        return tuple(one.column for one in self.new)

    @property
    def two_way(self) -> bool:
        """Whether the old columns follow, too."""
        return all(one.expression is not None for one in self.old)
