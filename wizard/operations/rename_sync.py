"""Renaming a column by expand and contract: a second column, kept equal by a trigger.

The upgrade of every file has a downgrade that brings back what was there, values included: both
columns hold the same values until the old one goes, and its downgrade fills it again from the new
one (safety.md PG-10, option 1).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Change, Migration, Preflight
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
from wizard.operations.blocks import ddl, with_column
from wizard.operations.releases import leaving
from wizard.operations.rename_key import key_index_migrations, turn_migrations, turn_of
from wizard.operations.rename_numbering import number_migrations, settled
from wizard.operations.rename_pointing import (
    pointing_at_name,
    pointing_migrations,
    unpointing_migrations,
)
from wizard.operations.renaming import Rename
from wizard.operations.twin_objects import (
    constraint_migrations,
    drop_objects,
    index_migrations,
    required_migrations,
)
from wizard.operations.twins import constraints_of, sync_of, turned


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
        *key_index_migrations(rename, turn_of(rename, context), context),
        # Last: each of them needs a unique index to point to.
        *pointing_migrations(pointing_at_name(rename, context), context),
    )


def contract(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return the removal of the old column, in an order whose way back is complete."""
    table, column, new = rename.table, rename.column, rename.new
    pointing, turn = pointing_at_name(rename, context), turn_of(rename, context)
    left = settled(column)
    plain = replace(rename, table=with_column(table, left), column=left)
    last = leaving(left, context)
    twin = replace(rename.pair.twin, nullable=column.nullable)
    changes: list[Change] = []
    if left.default is not None:
        # The new column's first: at no moment does a row that names neither go without a default.
        move = SetDefault(table=table.name, column=twin, default=left.default)
        changes.append(change(move))
        if last.default is None:
            loose = replace(left, nullable=True)
            changes.append(change(SetDefault(table=table.name, column=loose, default=None)))
    changes.append(change(DropSync(sync=sync_of(rename.twins, rename.pair, context))))
    drop = DropColumn(table=table.name, column=last)
    note = f"the downgrade fills {column.name} again from {new}"
    changes.append(change(drop, reversibility=LOSSLESS, note=note))
    return (
        # First, so that on the way back the views read the old column only when it is filled again.
        *rename_views.lead(context, table, column.name, new),
        *number_migrations(rename, context),
        *unpointing_migrations(pointing, context),
        *turn_migrations(rename, turn, pointing, context),
        *drop_objects(plain.twins, context),
        _equal(rename, context),
        ddl(context, f"drop {column.name} from {table.name}", *changes),
    )


def _equal(rename: Rename, context: Context) -> Migration:
    """Stop unless both columns are equal; on the way back, fill the old one again."""
    table, column, new = rename.table, rename.column, rename.new
    differ = mismatch(rename, context)
    # By then no key and no index holds the old column.
    again = pairs.refill(replace(rename.twins, table=turned(rename.twins)), context)
    step = Require(query=differ.query, message=differ.problem, table=table.name)
    title = f"check that {column.name} and {new} of {table.name} agree"
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not again.key,
        changes=(change(step, undo=(again,)),),
    )
