"""Migrations that several changes of an enumeration share: forbid a value, move rows off it."""

from __future__ import annotations

from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Grade, Migration, Reversibility
from wizard.model.schema import Check, Enum, Table
from wizard.model.steps import AddEnumValue, Assignment, Backfill, ChangeType, Nothing
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, walk_key
from wizard.operations.common import object_name
from wizard.operations.constraints import check_migrations, required
from wizard.operations.enum_values import (
    Use,
    holds,
    lacks,
    listing_type,
    names_label,
    rows_with,
)

Migrations = tuple[Migration, ...]


def add_value(
    enum: Enum, value: str, *, before: str | None = None, after: str | None = None
) -> Migration:
    """Return the migration that adds a value to a type, alone: it counts once it is committed."""
    step = AddEnumValue(enum=enum, value=value, before=before, after=after)
    stays = Nothing(reason=f"the value {value} stays in {enum.name}, which harms nothing")
    title = f"add {value} to {enum.name}"
    return Migration(slug=slugify(title), title=title, changes=(change(step, undo=(stays,)),))


def forbid(context: Context, uses: tuple[Use, ...], label: str) -> tuple[Migrations, Migrations]:
    """Return what keeps new rows from a value in each column, and what proves the old ones."""
    adding: Migrations = ()
    proving: Migrations = ()
    grown: dict[str, Table] = {}
    for use in uses:
        table = grown.get(str(use.table.name), use.table)
        check = _check(context, table, use, label)
        grown[str(table.name)] = replace(table, constraints=(*table.constraints, check))
        title = f"forbid {label} in {use}"
        first, then = check_migrations(context, table, check, title=title)
        adding, proving = (*adding, *first), (*proving, *then)
    return adding, proving


def _check(context: Context, table: Table, use: Use, label: str) -> Check:
    column = use.column.name
    named = (column, f"not_{slugify(label)}")
    limit = context.dialect.capabilities.name_bytes
    name = object_name(table, named, kind="check", limit=limit)
    return Check(name=name, expression=lacks(context, use, label), columns=(column,))


def forbids(context: Context, use: Use, label: str) -> Check | None:
    """Return a proven check that keeps the value from the column already."""
    column, literal = context.dialect.quote(use.column.name), context.dialect.literal(label)
    for one in use.table.checks:
        words = one.expression.replace("(", " ").replace(")", " ").split()
        # The server casts the value to the type: 'lost'::delivery.
        plain = [word.partition("::")[0] for word in words]
        if one.validated and plain == [column, "<>", literal] and not use.array:
            return one
    return None


def move_rows(context: Context, use: Use, old: str, new: str, *, back: bool) -> Migration:
    """Return the data migration that gives rows another value.

    ``back`` says that both values mean the same, so that the way back moves the rows again;
    otherwise nobody can tell the moved rows from the others afterwards.
    """
    key = walk_key(context, use.table)

    def step(first: str, then: str) -> Backfill:
        column = use.column.name
        return Backfill(
            table=use.table.name,
            assignments=(Assignment(column=column, expression=context.dialect.literal(then)),),
            needed=holds(context, use, first),
            key=tuple(one.name for one in key),
            key_types=tuple(one.type for one in key),
            overwrites=not back,
        )

    title = f"change {old} to {new} in {use}"
    moved = step(old, new)
    undo = (step(new, old),) if back else None
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not key,
        changes=(change(moved, undo=undo, reversibility=LOSSLESS if back else None),),
    )


def relist(
    context: Context,
    use: Use,
    labels: tuple[str, ...],
    *,
    title: str,
    gone: str | None = None,
    new: str | None = None,
    moved: bool = False,
) -> Migration:
    """Return the migration that gives a column another list of values.

    ``gone`` is a value that no row may hold before it, ``new`` one that no row may hold on the
    way back; ``moved`` says that the way back of another file has changed such rows by then.
    """
    to = replace(use.column, type=listing_type(labels, context))
    step = ChangeType(table=use.table.name, column=use.column, to=to)
    usual = change(step)
    before = required(use.table, rows_with(context, use, gone) if gone is not None else None)
    guard = required(use.table, rows_with(context, use, new) if new is not None else None)
    grade = usual.reversibility
    if new is not None and not moved:
        grade = Reversibility(
            grade=Grade.LOSSLESS_UNTIL,
            until=f"a row of {use.table.name} holds {new}",
            reason=f"the list cannot lose {new} while a row holds it",
        )
    return ddl(
        context,
        title,
        *(change(one) for one in before),
        replace(usual, undo=(*guard, *usual.undo), reversibility=grade),
    )


def named_by(context: Context, use: Use, label: str) -> tuple[str, ...]:
    """Return what of the table names the value: its default, checks, indexes, generated columns."""
    table = use.table
    found = [
        f"check {one.name}" for one in table.checks if names_label(one.expression, label, context)
    ]
    found += [
        f"index {one.name}"
        for one in table.indexes
        if names_label(one.where, label, context)
        or any(names_label(part.expression, label, context) for part in one.parts)
    ]
    found += [
        f"generated column {one.name}"
        for one in table.columns
        if one.generated is not None and names_label(one.generated.expression, label, context)
    ]
    found += [
        f"trigger {one.name}"
        for one in table.triggers
        if names_label(one.definition, label, context)
    ]
    return tuple(found)
