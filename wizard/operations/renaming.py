"""A rename of a column, as it was asked for: one column under two names for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.names import slugify
from wizard.model.plan import Naive
from wizard.model.schema import Column, Table
from wizard.model.steps import RenameColumn
from wizard.operations.base import Context
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


def title_of(rename: Rename) -> str:
    """Return what is to be done, in a few words."""
    return f"rename {rename.table.name}.{rename.column.name} to {rename.new}"


def slug_of(rename: Rename) -> str:
    """Return the name of the plan."""
    return slugify(f"rename {rename.table.name} {rename.column.name}", separator="-")


def naive_of(rename: Rename, context: Context) -> Naive:
    """Return what a migration of one line would have done."""
    step = RenameColumn(table=rename.table.name, old=rename.column.name, new=rename.new)
    return Naive(
        up=(step,),
        lock=context.dialect.lock(step, context.size(rename.table)),
        effect=f"every running instance that says {rename.column.name} fails until it is replaced",
    )
