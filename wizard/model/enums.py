"""Enumerated types: looking one up, and the columns that hold it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import replace

from wizard.model.errors import AnswerError
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import Column, Enum, Table, TypeUse


def find_enum(enums: Iterable[Enum], name: TableName) -> Enum:
    """Return the type of that name; raises AnswerError (`unknown-enum`) with near names."""
    known = tuple(enums)
    for one in known:
        if one.name == name:
            return one
    names = [str(one.name) for one in known]
    near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.5)
    hint = "the database has no enumerated type at all"
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    elif names:
        hint = f"its enumerated types are {', '.join(names[:12])}"
    raise AnswerError(
        "unknown-enum", f"there is no enumerated type {name}", next_actions=(hint,), flag="--type"
    )


def no_enum(name: TableName) -> Enum:
    """Return no type: what a database without enumerated types answers; raises AnswerError."""
    return find_enum((), name)


def type_of(column: Column) -> tuple[TableName | None, bool]:
    """Return the name of the column's type, None where it can be no user's, and if it is an array."""
    array = column.type.endswith("[]")
    try:
        return parse_table_name(column.type.removesuffix("[]")), array
    except ValueError:
        return None, array


def columns_of_type(name: TableName, tables: Iterable[Table]) -> tuple[TypeUse, ...]:
    """Return the columns of that type; those of partitions are their parent's."""
    return tuple(
        TypeUse(table=table.name, column=column.name, array=array)
        for table in tables
        if table.partition_of is None
        for column in table.columns
        for found, array in (type_of(column),)
        if found == name
    )


def with_type(column: Column, name: TableName, new: TableName) -> Column:
    """Return the column with the type ``new`` in place of ``name``, and unchanged without that."""
    found, array = type_of(column)
    if found != name:
        return column
    parts = (_written(one) for one in (new.schema, new.name) if one is not None)
    return replace(column, type=".".join(parts) + "[]" * array)


def _written(part: str) -> str:
    """Return a name as engines write it inside a type: in quotes unless it is plain."""
    if re.fullmatch(r"[a-z_][a-z0-9_$]*", part):
        return part
    doubled = part.replace('"', '""')
    return f'"{doubled}"'
