"""Numbering that moves to the new name of a column: the new code's rows count on where it was.

While both names are in use the old column numbers, and the trigger copies each number: a row that
names neither column, or only one, has the same number in both (the defaults of a row are worked
out before its BEFORE triggers run).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.plan import Migration
from wizard.model.schema import Column
from wizard.model.steps import MoveNumbering
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.rename_anchors import numbered
from wizard.operations.renaming import Rename


def settled(column: Column) -> Column:
    """Return the old column as it is once another one numbers the rows."""
    if not numbered(column):
        return column
    return replace(column, identity=None, counter=None, default=None)


def number_migrations(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return what lets the new column number the rows: before the old one may be left out."""
    table, column = rename.table, rename.column
    if not numbered(column):
        return ()
    counter = column.counter
    step = MoveNumbering(
        table=table.name,
        column=column,
        to=replace(rename.pair.twin, nullable=column.nullable),
        sequence=None if counter is None else counter.name,
        increment=1 if counter is None else counter.increment,
    )
    return (ddl(context, f"number {table.name} by {rename.new}", change(step)),)
