"""The smallest edits of a schema: a column, an index, a value of a type, what depends on a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)
from wizard.model.steps import (
    TableView,
)


class CannotApply(ValueError):
    """A step does not fit the schema: a bug in a plan, or a schema that has changed meanwhile."""


def require_table(schema: Schema, name: TableName) -> Table:
    """Return a table; raises CannotApply when there is none."""
    table = schema.table(name)
    if table is None:
        raise CannotApply(f"there is no table {name}")
    return table


def require_columns(table: Table, names: tuple[str, ...]) -> None:
    """Raise CannotApply for a column that the table does not have."""
    for name in names:
        if table.column(name) is None:
            raise CannotApply(f"{table.name} has no column {name}")


def alter_column(
    schema: Schema, name: TableName, column: str, change: Callable[[Column], Column]
) -> Schema:
    """Return the schema with one column changed; raises CannotApply when there is none."""
    table = require_table(schema, name)
    require_columns(table, (column,))
    columns = tuple(change(one) if one.name == column else one for one in table.columns)
    return schema.with_table(replace(table, columns=columns))


def move_numbering(schema: Schema, name: TableName, column: Column, to: Column) -> Schema:
    """Return the schema in which another column takes over the numbering of rows."""
    free = alter_column(
        schema, name, column.name, lambda one: replace(one, identity=None, default=None)
    )
    return alter_column(
        free,
        name,
        to.name,
        lambda one: replace(one, identity=column.identity, default=column.default),
    )


def without_index(table: Table, name: str) -> Table:
    """Return the table without an index; nothing happens when it has none of that name."""
    return replace(table, indexes=tuple(one for one in table.indexes if one.name != name))


def alter_index(
    schema: Schema,
    name: TableName,
    index: str,
    change: Callable[[Index], Index],
    new: str | None = None,
) -> Schema:
    """Return the schema with one index changed; ``new`` is a name that must be free."""
    table = require_table(schema, name)
    if table.index(index) is None:
        raise CannotApply(f"{name} has no index {index}")
    if new is not None and table.index(new) is not None:
        raise CannotApply(f"{name} has an index {new} already")
    indexes = tuple(change(one) if one.name == index else one for one in table.indexes)
    return schema.with_table(replace(table, indexes=indexes))


def without_attached(schema: Schema, parent: Table, index: str) -> Schema:
    """Drop the indexes of partitions that belong to a dropped one of their parent."""
    for name in parent.partitions:
        partition = schema.table(name)
        if partition is None:
            continue
        for gone in (one.name for one in partition.indexes if one.inherits == index):
            schema = schema.with_table(without_index(partition, gone))
            schema = without_attached(schema, partition, gone)
    return schema


def view_dependent(view: TableView) -> Dependent:
    """Return what a table's view is among its dependents."""
    return Dependent(kind="view", name=str(view.shown), columns=view.columns)


def add_dependent(schema: Schema, name: TableName, dependent: Dependent) -> Schema:
    """Return the schema in which one more thing depends on a table."""
    table = require_table(schema, name)
    return schema.with_table(replace(table, dependents=(*table.dependents, dependent)))


def free_dependent(schema: Schema, name: TableName, dependent: Dependent) -> Schema:
    """Return the schema in which a thing no longer depends on a table; it must have done so."""
    table = require_table(schema, name)
    others = tuple(
        one
        for one in table.dependents
        if (one.kind, one.name, one.on) != (dependent.kind, dependent.name, dependent.on)
    )
    if len(others) == len(table.dependents):
        raise CannotApply(f"{name} has no {dependent}")
    return schema.with_table(replace(table, dependents=others))


def with_labels(schema: Schema, name: TableName, labels: tuple[str, ...]) -> Schema:
    """Return the schema with other labels of a type."""
    return replace(
        schema,
        enums=tuple(
            replace(one, labels=labels) if one.name == name else one for one in schema.enums
        ),
    )


def with_label(enum: Enum, value: str, before: str | None, after: str | None) -> tuple[str, ...]:
    """Return a type's labels with one more, before or after another, else at the end."""
    if value in enum.labels:
        raise CannotApply(f"{enum.name} has a value {value} already")
    labels = list(enum.labels)
    place = len(labels)
    if before is not None:
        place = labels.index(before)
    elif after is not None:
        place = labels.index(after) + 1
    labels.insert(place, value)
    return tuple(labels)


def with_other_name(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    """Return names with one of them changed."""
    return tuple(new if one == old else one for one in names)


def columns_of(constraint: Constraint) -> tuple[str, ...]:
    """Return the columns that a constraint names."""
    match constraint:
        case NotNull(column=column):
            return (column,)
        case PrimaryKey() | Unique() | ForeignKey() | Check() | Exclusion():
            return constraint.columns
        case _:
            assert_never(constraint)
