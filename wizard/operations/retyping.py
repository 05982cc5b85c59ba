"""A change of a column's type, as it was asked for: what converts values, what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from wizard.dialects.base import Conversion
from wizard.model.names import fit_name
from wizard.model.plan import Grade, Preflight, Reversibility
from wizard.model.schema import Column, Table
from wizard.model.steps import ChangeType
from wizard.operations.base import Context
from wizard.operations.column_uses import (
    beside,
)
from wizard.operations.twins import Pair, Twins

How = Literal["in_place", "shadow", "check", "tool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retype:
    """One column of a table, what it is to be, and how its values go there and back.

    ``home`` is the change back as a conversion of its own.
    """

    table: Table
    column: Column
    to: Column
    way: Conversion
    home: Conversion
    using: str | None = None
    back: str | None = None

    @property
    def name(self) -> str:
        """The column with its table, for people."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def title(self) -> str:
        """What is to be done, in a few words."""
        if self.column.type == self.to.type:
            return f"sort {self.name} by collation {self.to.collation or 'default'}"
        return f"change {self.name} to {self.to.type}"


def step_of(retype: Retype, context: Context) -> ChangeType:
    """Return the change in place, with all that holds the column."""
    return ChangeType(
        table=retype.table.name,
        column=retype.column,
        to=retype.to,
        using=retype.using or written(retype, context),
        beside=beside(retype.table, retype.column, context),
    )


def back_of(retype: Retype, step: ChangeType, context: Context) -> ChangeType:
    """Return the change back in place."""
    using = retype.back or _written(retype.home, retype.to, retype.column, context)
    return replace(step, column=step.to, to=step.column, using=using)


def written(retype: Retype, context: Context) -> str | None:
    """Return the conversion to write out, None where the server makes it by itself."""
    return _written(retype.way, retype.column, retype.to, context)


def _written(way: Conversion, column: Column, to: Column, context: Context) -> str | None:
    dialect = context.dialect
    if way.alike or way.plain == dialect.quote(column.name):
        return None
    return way.plain if dialect.type_change(column, to) == "rewrite" else None


def misfits(retype: Retype, context: Context) -> Preflight | None:
    """Return the query for rows whose value has no place in the new type, None where none is known."""
    if not retype.way.misfits:
        return None
    return _rows(
        retype,
        context,
        retype.way.misfits,
        f"{retype.name} holds values that {retype.to.type} cannot hold: mend them first",
    )


def closing(retype: Retype, context: Context) -> Preflight | None:
    """Return the query for rows whose value has no place in the old type any more."""
    if not retype.way.closes:
        return None
    return _rows(
        retype,
        context,
        retype.way.closes,
        f"the way back is closed: {retype.name} holds values that {retype.column.type} cannot hold",
    )


def _rows(retype: Retype, context: Context, where: str, problem: str) -> Preflight:
    dialect, table = context.dialect, retype.table
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    return Preflight(
        query=f"SELECT {key} FROM {dialect.table(table.name)} WHERE {where} LIMIT 5",
        problem=problem,
    )


def way_back(retype: Retype, *, until: str = "") -> Reversibility:
    """Return how good the way back is while values can still be converted back."""
    if retype.way.closes == "":
        return Reversibility()
    limit = until or f"{retype.name} holds a value that {retype.column.type} cannot hold"
    return Reversibility(
        grade=Grade.LOSSLESS_UNTIL,
        until=limit,
        reason=f"such a value has no place in {retype.column.type}",
    )


def way_home(retype: Retype, *, until: str = "") -> Reversibility:
    """Return how good the way back is once only the converted values are left."""
    if retype.way.exact:
        return way_back(retype, until=until)
    return Reversibility(
        grade=Grade.STRUCTURE_ONLY,
        reason=f"the values of {retype.name} come back converted from {retype.to.type}: what "
        "that type does not tell apart is lost",
    )


def twins_of(table: Table, retypes: tuple[Retype, ...], context: Context) -> Twins:
    """Return a table whose columns get twins of another type, which follow them."""
    pairs = tuple(
        Pair(column=one.column, twin=_twin(table, one, context), way=one.way) for one in retypes
    )
    return Twins(table=table, pairs=pairs, leads="old")


def _twin(table: Table, retype: Retype, context: Context) -> Column:
    """Return the column to be, as it is while the old one leads.

    A required one has a default from the start, and with it a value in each row; where the column
    itself has none, a value that says nothing, until the fill has come by.
    """
    column, dialect = retype.column, context.dialect
    default = None
    if column.default is not None and column.counter is None:
        default = converted(retype, column.default, context)
    neutral = None if column.nullable or default is not None else dialect.neutral(retype.to)
    return replace(
        retype.to,
        name=spare_name(table, f"{column.name}_new", context),
        default=default or neutral,
        nullable=column.nullable or (default is None and neutral is None),
        identity=None,
        counter=None,
    )


def converted(retype: Retype, value: str, context: Context) -> str:
    """Return a value of the old type as one of the new type."""
    if retype.way.alike:
        return value
    return context.dialect.put_in(retype.way.plain, retype.column.name, value)


def spare_name(table: Table, wanted: str, context: Context) -> str:
    """Return a column's name that the table does not have yet."""
    limit = context.dialect.capabilities.name_bytes
    name, number = fit_name(wanted, limit=limit), 2
    while table.column(name) is not None:
        name, number = fit_name(f"{wanted}_{number}", limit=limit), number + 1
    return name
