"""Lifting NOT NULL and checks, so that their way back needs no scan under a strong lock."""

from __future__ import annotations

from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Migration
from wizard.model.schema import Check, Column, Table
from wizard.model.steps import (
    AddCheck,
    DropConstraint,
    Nothing,
    SetDefault,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, release_value


def release(
    context: Context,
    table: Table,
    *,
    name: str,
    required: tuple[Column, ...],
    checks: tuple[Check, ...],
    exact: bool = True,
    bare: bool = False,
) -> tuple[Migration, ...]:
    """Lift NOT NULL of some columns, and some checks, in two files; ``name`` says of what.

    The way back runs them in reverse: the second file's downgrade adds everything unproven, under
    one short lock; the first one's proves it under a lock that lets reads and writes go on, and
    only then sets NOT NULL, which the proof makes instant. ``exact`` is that of `release_value`;
    ``bare`` lifts NOT NULL also where a default would do.
    """
    drops = tuple(change(DropConstraint(table=table.name, constraint=one)) for one in checks)
    if context.rollout.direct or not context.dialect.capabilities.not_valid:
        back = tuple(
            replace(one, undo=(AddCheck(table=table.name, constraint=check),))
            for one, check in zip(drops, checks, strict=True)
        )
        found = (ddl(context, f"drop the checks of {name}", *back),) if checks else ()
        return (*found, *_each(context, table, required, exact=exact, bare=bare))
    proofs: tuple[Step, ...] = tuple(
        ValidateConstraint(table=table.name, constraint=replace(one, validated=False))
        for one in checks
        if one.validated
    )
    if not required:
        if not checks:
            return ()
        nothing = Nothing(reason=f"only the downgrade has work to do: it proves {name} again")
        title = f"prove the checks of {name} on the way back"
        first = Migration(slug=slugify(title), title=title, changes=(change(nothing, undo=proofs),))
        kept = (first,) if proofs else ()
        return (*kept, ddl(context, f"drop the checks of {name}", *drops))
    *others, last = required
    lift, drop = release_value(context, table, last, exact=exact)
    held = lift.changes[-1]
    lift = replace(lift, changes=(*lift.changes[:-1], replace(held, undo=(*proofs, *held.undo))))
    if checks:
        drop = ddl(context, f"drop the checks of {name}", *drops, *drop.changes)
    return (*_each(context, table, tuple(others), exact=exact, bare=bare), lift, drop)


def leaving(column: Column, context: Context) -> Column:
    """Return an old column as it is when it goes: rows can leave it out.

    Where lifting NOT NULL is a rebuild it stays required to its end, with a default.
    """
    filler = context.dialect.filler(replace(column, default=None))
    if column.nullable or filler is None:
        return replace(column, nullable=True, default=None)
    return replace(column, default=column.default or filler)


def _let_out(
    context: Context, table: Table, column: Column, *, exact: bool
) -> tuple[Migration, ...]:
    """Return what lets rows leave a required column out."""
    last = leaving(column, context)
    if last.nullable:
        return release_value(context, table, column, exact=exact)
    if last.default == column.default:
        return ()
    step = SetDefault(table=table.name, column=column, default=last.default)
    return (ddl(context, f"let rows leave out {table.name}.{column.name}", change(step)),)


def _each(
    context: Context, table: Table, columns: tuple[Column, ...], *, exact: bool, bare: bool
) -> tuple[Migration, ...]:
    lift = release_value if bare else _let_out
    return tuple(
        migration for one in columns for migration in lift(context, table, one, exact=exact)
    )
