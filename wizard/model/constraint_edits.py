"""Edits of a schema's constraints, with the indexes behind them and the keys that point here."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Reference,
    Schema,
    Table,
    Unique,
)
from wizard.model.schema_edits import (
    CannotApply,
    alter_column,
    columns_of,
    require_columns,
    require_table,
    without_index,
)


def constrain(schema: Schema, name: TableName, constraint: Constraint) -> Schema:
    """Return the schema with one more constraint; its name must be free."""
    table = require_table(schema, name)
    if constraint.name is not None and table.constraint(constraint.name):
        raise CannotApply(f"{name} has a constraint {constraint.name} already")
    require_columns(table, columns_of(constraint))
    return schema.with_table(replace(table, constraints=(*table.constraints, constraint)))


def refer(schema: Schema, name: TableName, key: ForeignKey) -> Schema:
    """Return the schema in which the table that a key points to knows of it."""
    parent = schema.table(key.ref_table)
    if parent is None:
        return schema
    reference = Reference(table=name, foreign_key=key)
    return schema.with_table(replace(parent, referenced_by=(*parent.referenced_by, reference)))


def unrefer(schema: Schema, name: TableName, key: ForeignKey) -> Schema:
    """Return the schema in which the table that a key pointed to no longer knows of it."""
    parent = schema.table(key.ref_table)
    if parent is None:
        return schema
    kept = tuple(
        one
        for one in parent.referenced_by
        if not (one.table == name and one.foreign_key.name == key.name)
    )
    return schema.with_table(replace(parent, referenced_by=kept))


def add_unique(schema: Schema, name: TableName, unique: Unique, using: Index | None) -> Schema:
    """Return the schema with a unique constraint, made from an index or with one of its own."""
    table = require_table(constrain(schema, name, unique), name)
    if using is not None:
        if table.index(using.name) is None:
            raise CannotApply(f"{name} has no index {using.name}")
        table = without_index(table, using.name)
    index = Index(
        name=unique.name or "_".join(unique.columns),
        include=using.include if using is not None else (),
        parts=tuple(IndexPart(column=one) for one in unique.columns),
        unique=True,
        nulls_not_distinct=unique.nulls_not_distinct,
        constraint=True,
    )
    return schema.with_table(replace(table, indexes=(*table.indexes, index)))


def add_primary_key(
    schema: Schema, name: TableName, primary: PrimaryKey, using: Index | None
) -> Schema:
    """Return the schema with a primary key, whose columns are required from then on."""
    table = require_table(constrain(schema, name, primary), name)
    if using is not None:
        if table.index(using.name) is None:
            raise CannotApply(f"{name} has no index {using.name}")
        table = without_index(table, using.name)
    index = Index(
        name=primary.name or f"{name.name}_pkey",
        parts=tuple(IndexPart(column=one) for one in primary.columns),
        unique=True,
        constraint=True,
    )
    columns = tuple(
        replace(one, nullable=False) if one.name in primary.columns else one
        for one in table.columns
    )
    return schema.with_table(replace(table, columns=columns, indexes=(*table.indexes, index)))


def add_exclusion(schema: Schema, name: TableName, exclusion: Exclusion) -> Schema:
    """Return the schema with an exclusion constraint and the index behind it."""
    table = require_table(constrain(schema, name, exclusion), name)
    method = re.search(r"\bUSING\s+(\w+)", exclusion.definition, re.IGNORECASE)
    index = Index(
        name=exclusion.name,
        parts=tuple(_compared(table, one) for one in _elements(exclusion.definition)),
        method=method.group(1).lower() if method else None,
        constraint=True,
    )
    return schema.with_table(replace(table, indexes=(*table.indexes, index)))


def _elements(definition: str) -> tuple[str, ...]:
    """Return what an exclusion compares, without the operators."""
    found, depth, current = [], 0, ""
    for one in definition[definition.find("(") + 1 :]:
        depth += {"(": 1, ")": -1}.get(one, 0)
        if depth < 0:
            break
        if one == "," and depth == 0:
            found.append(current)
            current = ""
        else:
            current += one
    return tuple(re.split(r"\s+WITH\s+", one.strip())[0] for one in (*found, current))


def _compared(table: Table, element: str) -> IndexPart:
    name = element.strip('"').replace('""', '"')
    return IndexPart(column=name) if table.column(name) else IndexPart(expression=element)


def validate(schema: Schema, name: TableName, constraint: ForeignKey | Check | NotNull) -> Schema:
    """Return the schema in which a constraint is proven for all rows."""
    table = require_table(schema, name)
    found = table.constraint(constraint.name or "")
    if isinstance(constraint, NotNull):
        kept = tuple(one for one in table.constraints if one.name != constraint.name)
        return alter_column(
            schema.with_table(replace(table, constraints=kept)),
            name,
            constraint.column,
            lambda one: replace(one, nullable=False),
        )
    if not isinstance(found, ForeignKey | Check):
        raise CannotApply(f"{name} has no constraint {constraint.name} to validate")
    proven = replace(found, validated=True)
    constraints = tuple(proven if one is found else one for one in table.constraints)
    after = schema.with_table(replace(table, constraints=constraints))
    if isinstance(proven, ForeignKey):
        after = refer(unrefer(after, name, proven), name, proven)
    return after


def drop_constraint(
    schema: Schema, name: TableName, constraint: Constraint, leaves: Index | None
) -> Schema:
    """Return the schema without a constraint; ``leaves`` is an index that stays behind."""
    table = require_table(schema, name)
    if isinstance(constraint, NotNull):
        kept = tuple(one for one in table.constraints if one.name != constraint.name)
        return alter_column(
            schema.with_table(replace(table, constraints=kept)),
            name,
            constraint.column,
            lambda one: replace(one, nullable=True),
        )
    if table.constraint(constraint.name or "") is None:
        raise CannotApply(f"{name} has no constraint {constraint.name}")
    table = replace(
        table, constraints=tuple(one for one in table.constraints if one.name != constraint.name)
    )
    if isinstance(constraint, Unique | PrimaryKey | Exclusion) and constraint.name:
        table = without_index(table, constraint.name)
    if leaves is not None:
        table = replace(table, indexes=(*table.indexes, leaves))
    after = schema.with_table(table)
    return unrefer(after, name, constraint) if isinstance(constraint, ForeignKey) else after
