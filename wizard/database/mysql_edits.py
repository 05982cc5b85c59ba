"""A table of MySQL or MariaDB after one change of ALTER TABLE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wizard.database.mysql_keys import used_columns
from wizard.model.schema import Check, Column, ForeignKey, Index, PrimaryKey, Table


def placed(columns: tuple[Column, ...], column: Column, after: str | None) -> tuple[Column, ...]:
    """Return the columns with one more: last for None, first for an empty name."""
    if after is None:
        return (*columns, column)
    at = 0
    if after:
        names = [one.name.lower() for one in columns]
        at = names.index(after.lower()) + 1 if after.lower() in names else len(columns)
    return (*columns[:at], column, *columns[at:])


def redefined(table: Table, column: Column, after: str | None) -> Table:
    """Return the table with a column's new definition; checks written beside it are forgotten."""
    name = column.name.lower()
    if name in (one.lower() for one in table.primary_key):
        column = replace(column, nullable=False)
    if after is None:
        columns = tuple(column if one.name.lower() == name else one for one in table.columns)
    else:
        rest = tuple(one for one in table.columns if one.name.lower() != name)
        columns = placed(rest, column, after)
    kept = tuple(
        one
        for one in table.constraints
        if not (isinstance(one, Check) and one.name is None and one.columns == (column.name,))
    )
    return replace(table, columns=columns, constraints=kept)


def without_column(table: Table, name: str) -> Table:
    """Return the table without a column, which leaves the indexes that it is in."""
    gone = name.lower()
    return replace(
        table,
        columns=tuple(one for one in table.columns if one.name.lower() != gone),
        indexes=tuple(
            replace(one, parts=parts)
            for one in table.indexes
            if (parts := tuple(p for p in one.parts if (p.column or "").lower() != gone))
        ),
        constraints=tuple(
            one
            for one in table.constraints
            if not (isinstance(one, Check) and gone in [column.lower() for column in one.columns])
        ),
    )


def without_index(table: Table, name: str) -> Table:
    """Return the table without an index; that of the primary key takes the key along."""
    gone = name.lower()
    return replace(
        table,
        indexes=tuple(one for one in table.indexes if one.name.lower() != gone),
        constraints=tuple(
            one
            for one in table.constraints
            if not (gone == "primary" and isinstance(one, PrimaryKey))
        ),
    )


def without_constraint(table: Table, name: str) -> Table:
    """Return the table without a foreign key or check, or else without an index of that name."""
    kept = tuple(
        one
        for one in table.constraints
        if isinstance(one, PrimaryKey) or (one.name or "").lower() != name.lower()
    )
    if len(kept) == len(table.constraints):
        return without_index(table, name)
    return replace(table, constraints=kept)


def with_changed_index(table: Table, name: str, change: Callable[[Index], Index]) -> Table:
    """Return the table with one index changed."""
    wanted = name.lower()
    indexes = tuple(change(one) if one.name.lower() == wanted else one for one in table.indexes)
    return replace(table, indexes=indexes)


def enforcing(table: Table, name: str, *, enforced: bool) -> Table:
    """Return the table with a check that is enforced, or not."""
    return replace(
        table,
        constraints=tuple(
            replace(one, validated=enforced)
            if isinstance(one, Check) and (one.name or "").lower() == name.lower()
            else one
            for one in table.constraints
        ),
    )


def can_rename(table: Table, name: str) -> bool:
    """Tell whether no expression names the column: those cannot be followed in a DDL file."""
    column = tuple(one for one in table.columns if one.name.lower() == name.lower())
    expressions = [one.expression for one in table.checks]
    expressions += [one.generated.expression for one in table.columns if one.generated]
    expressions += [part.expression or "" for one in table.indexes for part in one.parts]
    return bool(column) and not any(used_columns(text, column) for text in expressions)


def renamed_column(table: Table, old: str, new: str) -> Table:
    """Return the table with a column of another name."""

    def fresh(name: str) -> str:
        return new if name.lower() == old.lower() else name

    return replace(
        table,
        columns=tuple(replace(one, name=fresh(one.name)) for one in table.columns),
        indexes=tuple(
            replace(
                one,
                parts=tuple(
                    replace(part, column=fresh(part.column)) if part.column else part
                    for part in one.parts
                ),
            )
            for one in table.indexes
        ),
        constraints=tuple(
            replace(one, columns=tuple(fresh(name) for name in one.columns))
            if isinstance(one, PrimaryKey | ForeignKey)
            else one
            for one in table.constraints
        ),
    )


def with_renamed_reference(table: Table, parent: Table, old: str, new: str) -> Table:
    """Return a table whose foreign keys point to a renamed column."""
    return replace(
        table,
        constraints=tuple(
            replace(
                one,
                ref_columns=tuple(
                    new if name.lower() == old.lower() else name for name in one.ref_columns
                ),
            )
            if isinstance(one, ForeignKey) and one.ref_table == parent.name
            else one
            for one in table.constraints
        ),
    )
