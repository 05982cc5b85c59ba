"""What needs a constraint or an index, so that it cannot simply go."""

from __future__ import annotations

from wizard.model.names import TableName
from wizard.model.schema import Column, ForeignKey, Index, Table
from wizard.operations.base import Context


def pointing(table: Table, columns: tuple[str, ...]) -> tuple[tuple[TableName, ForeignKey], ...]:
    """Return the foreign keys, of any table, that point to just these columns."""
    found = [(one.table, one.foreign_key) for one in table.referenced_by]
    found += [(table.name, one) for one in table.foreign_keys if one.ref_table == table.name]
    unique = {(owner, key.name, key.columns): (owner, key) for owner, key in found}
    return tuple(one for one in unique.values() if set(one[1].ref_columns) == set(columns))


def listed(keys: tuple[tuple[TableName, ForeignKey], ...]) -> str:
    """Name foreign keys with their tables."""
    return ", ".join(f"{key.name or 'a foreign key'} of {owner}" for owner, key in keys)


def serves(index: Index, columns: tuple[str, ...]) -> bool:
    """Tell whether an index begins with the columns, in any order, and holds every row."""
    leading = {part.column for part in index.parts[: len(columns)]}
    return index.valid and not index.where and leading == set(columns)


def losing(table: Table, index: Index) -> tuple[ForeignKey, ...]:
    """Return the table's own foreign keys that only this index serves."""
    others = [one for one in table.indexes if one.name != index.name]
    return tuple(
        key
        for key in table.foreign_keys
        if serves(index, key.columns)
        and not any(serves(one, key.columns) for one in others)
        and set(table.primary_key[: len(key.columns)]) != set(key.columns)
    )


def parent_of(context: Context, table: Table) -> Table | None:
    """Return the table of which this one is a partition."""
    return None if table.partition_of is None else context.tables(table.partition_of)


def required_above(context: Context, table: Table, column: Column) -> Table | None:
    """Return the parent of a partition in which the column is required."""
    parent = parent_of(context, table)
    above = None if parent is None else parent.column(column.name)
    return parent if above is not None and not above.nullable else None
