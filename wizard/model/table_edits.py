"""Edits that make, drop or narrow a whole table."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.model.constraint_edits import refer, unrefer
from wizard.model.names import TableName
from wizard.model.schema import (
    Schema,
    Table,
)
from wizard.model.schema_edits import CannotApply, columns_of, require_columns, require_table


def create_table(schema: Schema, table: Table) -> Schema:
    """Return the schema with a new table; those that it points to know of it."""
    if schema.table(table.name) is not None:
        raise CannotApply(f"there is a table {table.name} already")
    after = schema.with_table(table)
    for key in table.foreign_keys:
        after = refer(after, table.name, key)
    return after


def drop_table(schema: Schema, name: TableName) -> Schema:
    """Return the schema without a table and its partitions; nothing may point to it."""
    table = require_table(schema, name)
    others = [one for one in table.referenced_by if one.table != name]
    if others:
        raise CannotApply(f"{others[0].table} points to {name}")
    after = schema
    for partition in table.partitions:
        if after.table(partition) is not None:
            after = drop_table(after, partition)
    after = after.without_table(name)
    for key in table.foreign_keys:
        after = unrefer(after, name, key)
    return after


def without_column(table: Table, column: str) -> Table:
    """Return the table without a column and whatever would vanish with it."""
    require_columns(table, (column,))
    return replace(
        table,
        columns=tuple(one for one in table.columns if one.name != column),
        constraints=tuple(one for one in table.constraints if column not in columns_of(one)),
        indexes=tuple(
            index
            for index in table.indexes
            if column not in (*index.columns, *index.include)
            and not any(_mentions(part.expression, column) for part in index.parts)
            and not _mentions(index.where, column)
        ),
    )


def _mentions(text: str | None, column: str) -> bool:
    return text is not None and re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) is not None
