"""Renames in a schema, followed wherever the old name is told."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.model.constraint_edits import refer, unrefer
from wizard.model.enums import with_type
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    NotNull,
    Reference,
    Schema,
)
from wizard.model.schema_edits import CannotApply, require_columns, require_table, with_other_name


def rename_constraint(schema: Schema, name: TableName, old: str, new: str) -> Schema:
    """Return the schema with another name of a constraint, and of the index behind it."""
    table = require_table(schema, name)
    found = table.constraint(old)
    if found is None:
        raise CannotApply(f"{name} has no constraint {old}")
    if table.constraint(new) is not None:
        raise CannotApply(f"{name} has a constraint {new} already")
    renamed = replace(found, name=new)
    after = schema.with_table(
        replace(
            table,
            constraints=tuple(renamed if one is found else one for one in table.constraints),
            indexes=tuple(
                replace(one, name=new) if one.constraint and one.name == old else one
                for one in table.indexes
            ),
        )
    )
    if isinstance(found, ForeignKey) and isinstance(renamed, ForeignKey):
        after = refer(unrefer(after, name, found), name, renamed)
    return after


def rename_column(schema: Schema, name: TableName, old: str, new: str) -> Schema:
    """Return the schema in which all that says a column's name says the new one."""
    table = require_table(schema, name)
    require_columns(table, (old,))
    if table.column(new):
        raise CannotApply(f"{name} has a column {new} already")

    def constraint(one: Constraint) -> Constraint:
        match one:
            case NotNull(column=column):
                return replace(one, column=new if column == old else column)
            case Check(expression=expression):
                columns = with_other_name(one.columns, old, new)
                return replace(one, columns=columns, expression=_renamed(expression, old, new))
            case _:
                return replace(one, columns=with_other_name(one.columns, old, new))

    def column(one: Column) -> Column:
        if one.generated is not None:
            expression = _renamed(one.generated.expression, old, new)
            one = replace(one, generated=replace(one.generated, expression=expression))
        return replace(one, name=new) if one.name == old else one

    def index(one: Index) -> Index:
        parts = tuple(
            replace(
                part,
                column=new if part.column == old else part.column,
                expression=_renamed(part.expression, old, new) if part.expression else None,
            )
            for part in one.parts
        )
        where = _renamed(one.where, old, new) if one.where else None
        return replace(
            one, parts=parts, include=with_other_name(one.include, old, new), where=where
        )

    def reference(one: Reference) -> Reference:
        columns = with_other_name(one.foreign_key.ref_columns, old, new)
        return replace(one, foreign_key=replace(one.foreign_key, ref_columns=columns))

    return schema.with_table(
        replace(
            table,
            columns=tuple(column(one) for one in table.columns),
            constraints=tuple(constraint(one) for one in table.constraints),
            indexes=tuple(index(one) for one in table.indexes),
            referenced_by=tuple(reference(one) for one in table.referenced_by),
        )
    )


def rename_table(schema: Schema, name: TableName, new: TableName) -> Schema:
    """Return the schema in which all that says a table's name says the new one."""
    table = require_table(schema, name)
    if schema.table(new) is not None:
        raise CannotApply(f"there is a table {new} already")

    def key(one: Constraint) -> Constraint:
        if isinstance(one, ForeignKey) and one.ref_table == name:
            return replace(one, ref_table=new)
        return one

    def reference(one: Reference) -> Reference:
        return replace(one, table=new) if one.table == name else one

    tables = []
    for one in schema.tables:
        renamed = replace(one, name=new) if one is table else one
        tables.append(
            replace(
                renamed,
                partition_of=new if renamed.partition_of == name else renamed.partition_of,
                partitions=tuple(new if each == name else each for each in renamed.partitions),
                constraints=tuple(key(each) for each in renamed.constraints),
                referenced_by=tuple(reference(each) for each in renamed.referenced_by),
            )
        )
    return replace(schema, tables=tuple(tables))


def rename_enum(schema: Schema, name: TableName, new: TableName) -> Schema:
    """Return the schema with another name of a type, in the columns that are of it, too."""
    if schema.enum(new) is not None:
        raise CannotApply(f"there is a type {new} already")
    return replace(
        schema,
        enums=tuple(replace(one, name=new) if one.name == name else one for one in schema.enums),
        tables=tuple(
            replace(table, columns=tuple(with_type(one, name, new) for one in table.columns))
            for table in schema.tables
        ),
    )


def _renamed(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)
