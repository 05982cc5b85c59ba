"""The tables that a plan was made from, with what others have changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from wizard.drift_parts import Difference, Place, name_of, reference_name
from wizard.model.schema import (
    Column,
    Constraint,
    Dependent,
    Enum,
    Index,
    Reference,
    Schema,
    Table,
    Trigger,
)

T = TypeVar("T")


def brought_up(before: Schema, drift: Sequence[Difference]) -> Schema:
    """Return the tables before the plan as they would be, had the drift been there then.

    What stands on a column that only the plan brings is left out: it was not there, nor could be.
    """
    tables = tuple(
        _table_with(table, [one for one in drift if one.place.table == str(table.name)])
        for table in before.tables
    )
    enums = tuple(
        next(
            (
                one.found
                for one in drift
                if one.place == Place(str(enum.name), "type", "") and isinstance(one.found, Enum)
            ),
            enum,
        )
        for enum in before.enums
    )
    return replace(before, tables=tables, enums=enums)


def _table_with(table: Table, drift: Sequence[Difference]) -> Table:
    for one in drift:
        table = _with_part(table, one)
    return table


def _with_part(table: Table, one: Difference) -> Table:
    name, new = one.place.name, one.found
    match one.place.kind:
        case "column":
            column = new if isinstance(new, Column) else None
            was = table.column(name)
            if column is not None and was is not None:
                column = replace(column, counter=was.counter, grants=was.grants)
            return replace(table, columns=_put(table.columns, name, column, lambda it: it.name))
        case "index":
            index = new if isinstance(new, Index) else None
            if index is not None and not _has(table, (*index.columns, *index.include)):
                return table
            return replace(table, indexes=_put(table.indexes, name, index, lambda it: it.name))
        case "constraint":
            constraint = new if isinstance(new, Constraint) else None
            if constraint is not None and not _has(table, getattr(constraint, "columns", ())):
                return table
            kept = _put(table.constraints, name, constraint, name_of)
            return replace(table, constraints=kept)
        case "trigger":
            trigger = new if isinstance(new, Trigger) else None
            return replace(table, triggers=_put(table.triggers, name, trigger, lambda it: it.name))
        case "dependent":
            dependent = new if isinstance(new, Dependent) else None
            if dependent is not None and not _has(table, dependent.columns):
                return table
            return replace(table, dependents=_put(table.dependents, name, dependent, str))
        case "reference":
            reference = new if isinstance(new, Reference) else None
            if reference is not None and not _has(table, reference.foreign_key.ref_columns):
                return table
            put = _put(table.referenced_by, name, reference, reference_name)
            return replace(table, referenced_by=put)
        case "comment":
            return replace(table, comment=new if isinstance(new, str) else None)
        case _:
            return table


def _put(
    parts: tuple[T, ...], name: str, new: T | None, named: Callable[[T], str]
) -> tuple[T, ...]:
    """Return the parts with the one of that name replaced, taken out (None), or added at the end."""
    if new is None:
        return tuple(one for one in parts if named(one) != name)
    if any(named(one) == name for one in parts):
        return tuple(new if named(one) == name else one for one in parts)
    return (*parts, new)


def _has(table: Table, columns: Iterable[str]) -> bool:
    return all(table.column(one) is not None for one in columns)
