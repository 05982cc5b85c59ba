"""Building an enumerated type anew under its name, with every column that holds it.

Measured on PostgreSQL 15 and 18: a default, a check and the condition of an index are tied to the
old type's own operators, so that the server refuses to change the column under them. They are
dropped and made again around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard.model.enums import with_type
from wizard.model.inverse import change
from wizard.model.names import TableName, fit_name
from wizard.model.plan import LOSSLESS, Change, Migration
from wizard.model.schema import Check, Enum, Index
from wizard.model.steps import (
    AddCheck,
    AddIndex,
    ChangeType,
    CreateEnum,
    DropConstraint,
    DropEnum,
    DropIndex,
    RenameEnum,
    SetDefault,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.constraints import required
from wizard.operations.enum_values import Enumeration, Use, rows_with


def retype(
    context: Context, found: Enumeration, after: Enum, *, gone: str, title: str
) -> Migration:
    """Return the migration that replaces a type by one without the value ``gone``.

    One transaction: the old type steps aside, the new one takes its name, columns follow, and the
    old one goes. Before anything is changed it stops when a row holds the value.
    """
    enum = found.enum
    assert enum is not None
    if not found.uses:
        return ddl(context, title, change(DropEnum(enum=enum)), change(CreateEnum(enum=after)))
    aside = replace(enum, name=_aside(enum.name, context))
    guards = [
        change(one)
        for use in found.uses
        for one in required(use.table, rows_with(context, use, gone))
    ]
    return ddl(
        context,
        title,
        *guards,
        *_free(found.uses, context),
        change(RenameEnum(enum=enum, new=aside.name.name)),
        change(CreateEnum(enum=after)),
        *(_change(use, enum.name, aside.name, context) for use in found.uses),
        change(DropEnum(enum=aside)),
        *_bind(found.uses, context),
    )


def _aside(name: TableName, context: Context) -> TableName:
    limit = context.dialect.capabilities.name_bytes
    taken = set(context.enums)
    stem, number = f"{name.name}_old", 2
    found = TableName(fit_name(stem, limit=limit), name.schema)
    while str(found) in taken:
        found = TableName(fit_name(f"{stem}_{number}", limit=limit), name.schema)
        number += 1
    return found


def _change(use: Use, own: TableName, aside: TableName, context: Context) -> Change:
    """Return the change of a column from the old type, which is called ``aside`` by then."""
    to = replace(use.column, default=None)
    before = with_type(to, own, aside)
    step = ChangeType(
        table=use.table.name, column=before, to=to, using=_as_text(use, to.type, context)
    )
    back = ChangeType(
        table=use.table.name, column=to, to=before, using=_as_text(use, before.type, context)
    )
    return change(step, undo=(back,), reversibility=LOSSLESS)


def _as_text(use: Use, kind: str, context: Context) -> str:
    column = context.dialect.quote(use.column.name)
    return f"{column}::text{'[]' * use.array}::{kind}"


def _free(uses: Iterable[Use], context: Context) -> tuple[Change, ...]:
    """Return the changes that drop defaults, checks and indexes which are tied to the type.

    Their way back is the last that happens: it makes them again as they were.
    """
    found = [
        change(DropIndex(table=table, index=index)) for table, index in _indexes(uses, context)
    ]
    for table, check in _checks(uses, context):
        drop = DropConstraint(table=table, constraint=check)
        again = AddCheck(table=table, constraint=check)
        found.append(change(drop, undo=(again,), reversibility=LOSSLESS))
    for use in uses:
        if use.column.default is not None:
            step = SetDefault(table=use.table.name, column=use.column, default=None)
            found.append(change(step))
    return tuple(found)


def _bind(uses: Iterable[Use], context: Context) -> tuple[Change, ...]:
    """Return the changes that make them again, of the new type."""
    found: list[Change] = []
    for use in uses:
        if use.column.default is not None:
            bare, default = replace(use.column, default=None), use.column.default
            step = SetDefault(table=use.table.name, column=bare, default=default)
            found.append(change(step))
    found += [
        change(AddCheck(table=table, constraint=one)) for table, one in _checks(uses, context)
    ]
    found += [change(AddIndex(table=table, index=one)) for table, one in _indexes(uses, context)]
    return tuple(found)


def _checks(uses: Iterable[Use], context: Context) -> tuple[tuple[TableName, Check], ...]:
    """Return the checks that read any of the columns, each once."""
    reads = context.dialect.columns_in
    found = (
        (use.table.name, one)
        for use in uses
        for one in use.table.checks
        if one.name and use.column.name in reads(one.expression)
    )
    return tuple(dict.fromkeys(found))


def _indexes(uses: Iterable[Use], context: Context) -> tuple[tuple[TableName, Index], ...]:
    """Return the indexes with conditions or expressions over any of the columns, each once."""
    reads = context.dialect.columns_in
    found = (
        (use.table.name, one)
        for use in uses
        for one in use.table.indexes
        if not one.constraint
        and any(
            use.column.name in reads(text)
            for text in (one.where, *(part.expression for part in one.parts))
            if text
        )
    )
    return tuple(dict.fromkeys(found))
