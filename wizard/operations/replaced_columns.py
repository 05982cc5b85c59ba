"""The end of columns whose values live on elsewhere: what stands on them goes, then they do.

The way back runs in reverse: bare columns come first, a file between fills them, and only then what
stood on them is built and proven again.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.plan import LOSSLESS, Change, Migration, Reversibility
from wizard.model.schema import Check, Column, Table
from wizard.model.steps import DropColumn, SetDefault
from wizard.operations.base import Context
from wizard.operations.blocks import drop_index_migration
from wizard.operations.column_sets import listed
from wizard.operations.constraints import drop_constraint
from wizard.operations.releases import leaving, release
from wizard.operations.twins import Pair, Twins, constraints_of, indexes_of


def standing_on(columns: tuple[Column, ...], table: Table) -> Twins:
    """Return the columns in the form in which what stands on them is asked for."""
    return Twins(table=table, pairs=tuple(Pair(column=one, twin=one) for one in columns))


def unbound(table: Table, columns: tuple[Column, ...], context: Context) -> tuple[Migration, ...]:
    """Return the removal of the columns' indexes, constraints and NOT NULL."""
    twins = standing_on(columns, table)
    constraints = constraints_of(twins)
    found = [drop_index_migration(context, table, one) for one in indexes_of(twins, context)]
    for one in constraints:
        if not isinstance(one, Check):
            found.extend(drop_constraint(context, table, one))
    released = release(
        context,
        table,
        name=listed(f"{table.name}.{one.name}" for one in columns),
        required=tuple(one for one in columns if not one.nullable),
        checks=tuple(one for one in constraints if isinstance(one, Check)),
        # What new code has written may make no value.
        exact=False,
    )
    return (*found, *released)


def dropped(
    table: Table,
    columns: tuple[Column, ...],
    context: Context,
    *before: Change,
    source: str,
    grade: Reversibility = LOSSLESS,
) -> tuple[Change, ...]:
    """Return the drops themselves; ``source`` names what the downgrade makes the columns of."""
    defaults, drops = [], []
    for one in columns:
        last = leaving(one, context)
        if one.default is not None and last.default is None:
            loose = replace(one, nullable=True)
            defaults.append(change(SetDefault(table=table.name, column=loose, default=None)))
        drop = DropColumn(table=table.name, column=last)
        note = f"the downgrade makes {one.name} again from {source}"
        drops.append(change(drop, reversibility=grade, note=note))
    return (*defaults, *before, *drops)
