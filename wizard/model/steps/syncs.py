"""Steps around the trigger that keeps columns equal while old and new code both run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName
from wizard.model.syncs import SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Two columns of one table kept equal by a trigger.

    ``leads`` names the one whose value counts: with "both" whichever is written, the new one first;
    with "old" the new column is worked out of the old one at every write, whatever is written to
    it; with "new" the old one is worked out whenever the new one changes. ``compare_as`` is the
    type to which values are cast for comparison, see `Dialect.compare_as`. ``to_new`` and
    ``to_old`` are the expressions that make a value of one column from the other, named as in the
    table; None where both are of one type. With ``forgiving`` a value that does not convert leaves
    NULL in the column that follows, instead of failing the write.
    """

    name: str
    table: TableName
    old: str
    new: str
    compare_as: str | None = None
    to_new: str | None = None
    to_old: str | None = None
    leads: Literal["both", "old", "new"] = "both"
    forgiving: bool = False

    @property
    def olds(self) -> tuple[str, ...]:
        """The name of the old column, as `SyncSets` has several."""
        return (self.old,)

    @property
    def news(self) -> tuple[str, ...]:
        """The name of the new column, as `SyncSets` has several."""
        return (self.new,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSync:
    """Create the trigger (and its function) that keeps columns in step."""

    sync: Sync | SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSync:
    """Drop the trigger (and its function) that keeps columns in step."""

    sync: Sync | SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapColumns:
    """Give a column's name to the one that follows it, and turn the trigger between them around.

    All of it in one moment, so that nobody meets a table without the name. ``before`` is the
    trigger so far, ``after`` the one from then on: ``before.old`` becomes ``after.old``, and
    ``before.new`` gets its name as ``after.new``.
    """

    before: Sync
    after: Sync

    @property
    def table(self) -> TableName:
        """The table of both columns."""
        return self.before.table

    @property
    def renames(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Old and new name of each column, in an order in which each new name is free."""
        old = (self.before.old, self.after.old)
        new = (self.before.new, self.after.new)
        return (old, new) if new[1] == old[0] else (new, old)


SyncStep = CreateSync | DropSync | SwapColumns
