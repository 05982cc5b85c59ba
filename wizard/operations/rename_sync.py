"""Renaming a column by expand and contract: a second column, kept equal by a trigger.

The upgrade of every file has a downgrade that brings back what was there, values included: both
columns hold the same values until the old one goes, and its downgrade fills it again from the new
one (safety.md PG-10, option 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Change, Migration, Preflight
from wizard.model.schema import Column, Table
from wizard.model.steps import (
    AddColumn,
    CreateSync,
    DropColumn,
    DropSync,
    Require,
    SetDefault,
)
from wizard.operations import rename_views
from wizard.operations import twins as pairs
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.releases import leaving
from wizard.operations.twin_objects import (
    constraint_migrations,
    drop_objects,
    index_migrations,
    required_migrations,
)
from wizard.operations.twins import Pair, Twins, constraints_of, sync_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """One column under two names."""

    table: Table
    column: Column
    new: str

    @property
    def pair(self) -> Pair:
        """The column and the new one: no default there, so that the old code's value wins."""
        return Pair(
            column=self.column,
            twin=replace(self.column, name=self.new, default=None, nullable=True),
        )

    @property
    def twins(self) -> Twins:
        """The table with both."""
        return Twins(table=self.table, pairs=(self.pair,))


def mismatch(rename: Rename, context: Context) -> Preflight:
    """Return the query for rows in which the two columns differ."""
    return pairs.mismatch(rename.twins, context)


def expand(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return the new column and the trigger that keeps both equal."""
    table, new, old = rename.table, rename.new, rename.column.name
    add = change(
        AddColumn(table=table.name, column=rename.pair.twin),
        reversibility=LOSSLESS,
        note=f"every value stands in {old} too",
    )
    sync = change(CreateSync(sync=sync_of(rename.twins, rename.pair, context)))
    return (
        ddl(context, f"add {new} to {table.name}", add),
        ddl(context, f"sync {old} and {new} of {table.name}", sync),
    )


def backfill(rename: Rename, context: Context) -> Migration:
    """Return the copy of the old values."""
    title = f"fill {rename.table.name}.{rename.new} from {rename.column.name}"
    return pairs.fill(rename.twins, context, title=title)


def validate(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return what the old column has and the new one needs: indexes, keys, checks, NOT NULL."""
    twins = rename.twins
    return (
        *index_migrations(twins, context),
        *(
            each
            for one in constraints_of(twins)
            for each in constraint_migrations(twins, one, context)
        ),
        *required_migrations(twins, context),
    )


def contract(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return the removal of the old column, in an order whose way back is complete."""
    table, column, new = rename.table, rename.column, rename.new
    last = leaving(column, context)
    twin = replace(rename.pair.twin, nullable=column.nullable)
    changes: list[Change] = []
    if column.default is not None:
        # The new column's first: at no moment does a row that names neither go without a default.
        move = SetDefault(table=table.name, column=twin, default=column.default)
        changes.append(change(move))
        if last.default is None:
            loose = replace(column, nullable=True)
            changes.append(change(SetDefault(table=table.name, column=loose, default=None)))
    changes.append(change(DropSync(sync=sync_of(rename.twins, rename.pair, context))))
    drop = DropColumn(table=table.name, column=last)
    note = f"the downgrade fills {column.name} again from {new}"
    changes.append(change(drop, reversibility=LOSSLESS, note=note))
    return (
        # First, so that on the way back the views read the old column only when it is filled again.
        *rename_views.lead(context, table, column.name, new),
        *drop_objects(rename.twins, context),
        _equal(rename, context),
        ddl(context, f"drop {column.name} from {table.name}", *changes),
    )


def _equal(rename: Rename, context: Context) -> Migration:
    """Stop unless both columns are equal; on the way back, fill the old one again."""
    table, column, new = rename.table, rename.column, rename.new
    differ = mismatch(rename, context)
    again = pairs.refill(rename.twins, context)
    step = Require(query=differ.query, message=differ.problem, table=table.name)
    title = f"check that {column.name} and {new} of {table.name} agree"
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not again.key,
        changes=(change(step, undo=(again,)),),
    )
