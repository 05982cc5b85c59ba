"""A rename of a column, as it was asked for: one column under two names for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.schema import Column, Table
from wizard.operations.twins import Pair, Twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """One column under two names."""

    table: Table
    column: Column
    new: str

    @property
    def pair(self) -> Pair:
        """The column and the new one: no default there, so that the old code's value wins."""
        twin = replace(
            self.column, name=self.new, default=None, nullable=True, identity=None, counter=None
        )
        return Pair(column=self.column, twin=twin)

    @property
    def twins(self) -> Twins:
        """The table with both."""
        return Twins(table=self.table, pairs=(self.pair,))
