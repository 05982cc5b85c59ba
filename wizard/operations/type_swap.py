"""The parts of a change of type by a second column: add, fill, swap, and drop the old one.

Until the swap the new column only follows the old one; from then on the old one follows, so that the
way back loses nothing that the old type can hold (safety.md PG-8). A swap changes names only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.dialects.base import DefaultKind
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Change, Migration, Reversibility
from wizard.model.schema import Check, Constraint, Index, Table
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    CreateSync,
    DropColumn,
    DropConstraint,
    DropNotNull,
    DropSync,
    MoveNumbering,
    Nothing,
    RenameConstraint,
    RenameIndex,
    Require,
    SetDefault,
    SetNotNull,
    Step,
    SwapColumns,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, not_null_check
from wizard.operations.new_names import free_name
from wizard.operations.releases import leaving
from wizard.operations.retyping import spare_name
from wizard.operations.twin_objects import drop_objects, twin_names
from wizard.operations.twins import (
    Pair,
    Twins,
    constraints_of,
    indexes_of,
    mismatch,
    refill,
    sync_of,
)


def added(twins: Twins, context: Context) -> tuple[Migration, ...]:
    """Return the new columns, and the triggers by which they follow the old ones."""
    table = twins.table
    changes: list[Change] = []
    for pair in twins.pairs:
        twin, default = pair.twin, pair.twin.default
        volatile = context.dialect.default_kind(default) is DefaultKind.VOLATILE
        first = replace(twin, default=None, nullable=True) if volatile else twin
        note = f"every value stands in {pair.old} too"
        add = AddColumn(table=table.name, column=first)
        changes.append(change(add, reversibility=LOSSLESS, note=note))
        if volatile:
            # For new rows only: worked out for each old one it would write the table anew.
            changes.append(change(SetDefault(table=table.name, column=first, default=default)))
    syncs = (change(CreateSync(sync=sync_of(twins, one, context))) for one in twins.pairs)
    new = " and ".join(one.new for one in twins.pairs)
    pairs = " and ".join(f"{one.old} with {one.new}" for one in twins.pairs)
    return (
        ddl(context, f"add {new} to {table.name}", *changes),
        ddl(context, f"sync {pairs} of {table.name}", *syncs),
    )


def agreeing(twins: Twins, context: Context) -> Migration:
    """Return the file that stops unless each column and its twin agree; it holds no lock."""
    differ = mismatch(twins, context)
    title = f"check that {' and '.join(twins.names.values())} of {twins.table.name} is complete"
    step = Require(query=differ.query, message=differ.problem, table=twins.table.name)
    stay = Nothing(reason="it only looks: nothing to undo")
    return Migration(
        slug=slugify(title), title=title, kind="data", changes=(change(step, undo=(stay,)),)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What one table takes to swap its columns: changes for one short transaction.

    ``proofs`` are the checks that a way back needs, which are added behind everything else and go
    in a file of their own. ``pairs`` are the columns with their new names: the old one follows.
    """

    changes: tuple[Change, ...]
    proofs: tuple[Check, ...]
    pairs: tuple[Pair, ...]


def swap(twins: Twins, context: Context, *, apart: frozenset[str] = frozenset()) -> Swap:
    """Return the swap of a table's columns with their twins.

    ``apart`` names the constraints that get no twin, since they are dropped and made anew.
    """
    changes: list[Change] = []
    table = twins.table
    pairs = tuple(_turned(twins, one, context) for one in twins.pairs)
    turned = Twins(table=table, pairs=pairs, leads="new")
    for before, after in zip(twins.pairs, pairs, strict=True):
        step = SwapColumns(
            before=sync_of(twins, before, context), after=sync_of(turned, after, context)
        )
        changes.append(change(step))
    changes += _renamed(twins, apart, context)
    proofs: list[Check] = []
    for before, after in zip(twins.pairs, pairs, strict=True):
        changes += _defaults(table, before, after)
        loose = not before.column.nullable and after.column.nullable
        if loose:
            required = replace(after.column, nullable=False)
            check = not_null_check(context, table, after.old)
            lift = DropNotNull(table=table.name, column=required)
            back: tuple[Step, ...] = (
                SetNotNull(table=table.name, column=after.column, proof=check.name),
                DropConstraint(table=table.name, constraint=replace(check, validated=True)),
            )
            if context.rollout.direct or not context.dialect.capabilities.not_valid:
                back = (SetNotNull(table=table.name, column=after.column),)
            else:
                proofs.append(check)
            changes.append(change(lift, undo=back, reversibility=LOSSLESS))
    return Swap(changes=tuple(changes), proofs=tuple(proofs), pairs=pairs)


def _turned(twins: Twins, pair: Pair, context: Context) -> Pair:
    """Return a pair as it is after the swap: the old column under a name that sets it aside."""
    way = pair.way
    assert way is not None
    loose = way.closes != ""
    if loose and not leaving(pair.column, context).nullable:
        # It stays required: what it cannot hold leaves a value there that says nothing.
        neutral = context.dialect.neutral(pair.column)
        way, loose = replace(way, to_old=f"coalesce({way.to_old}, {neutral})"), False
    column = replace(
        pair.column,
        name=spare_name(twins.table, f"{pair.old}_old", context),
        default=None,
        identity=None,
        counter=None,
        nullable=pair.column.nullable or loose,
    )
    default = pair.twin.default if pair.column.default is not None else None
    twin = replace(
        pair.twin,
        name=pair.old,
        default=default,
        nullable=pair.column.nullable or pair.twin.nullable,
    )
    if not pair.column.nullable:
        twin = replace(twin, nullable=False)
    return Pair(column=column, twin=twin, way=way)


def _defaults(table: Table, before: Pair, after: Pair) -> list[Change]:
    """Move the default and the numbering, and take a value away that said nothing."""
    found: list[Change] = []
    numbered = before.column.identity is not None or before.column.counter is not None
    if before.column.default is None and before.twin.default is not None:
        filled = replace(after.twin, default=before.twin.default)
        found.append(change(SetDefault(table=table.name, column=filled, default=None)))
    if numbered:
        counter = before.column.counter
        old = replace(before.column, name=after.old, nullable=False, counter=None)
        found.append(
            change(
                MoveNumbering(
                    table=table.name,
                    column=old,
                    to=replace(after.twin, default=None),
                    sequence=None if counter is None else counter.name,
                    increment=1 if counter is None else counter.increment,
                )
            )
        )
    elif before.column.default is not None:
        old = replace(before.column, name=after.old)
        found.append(change(SetDefault(table=table.name, column=old, default=None)))
    return found


def _renamed(twins: Twins, apart: frozenset[str], context: Context) -> list[Change]:
    """Give the names of the old columns' indexes and constraints to those of the new ones."""
    table, names, supports = twins.table, twin_names(twins, context), context.dialect.supports
    taken = {one.name for one in (*table.indexes, *table.constraints) if one.name}
    taken |= set(names.values())
    limit = context.dialect.capabilities.name_bytes
    found: list[Change] = []
    items: tuple[Index | Constraint, ...] = (*indexes_of(twins, context), *constraints_of(twins))
    for one in items:
        kind = RenameIndex if isinstance(one, Index) else RenameConstraint
        if one.name is None or one.name in apart or supports(kind) is not None:
            continue
        aside = free_name(f"{one.name}_old", taken, limit)
        taken.add(aside)
        for old, new in ((one.name, aside), (names[one.name], one.name)):
            found.append(change(kind(table=table.name, old=old, new=new)))
    return found


def proven(
    table: Table, proofs: tuple[Check, ...], guards: tuple[Require, ...]
) -> tuple[Change, ...]:
    """Return the checks that the way back of a swap counts on; it begins with a look at the rows.

    To be put behind all else in the swap's file: the way back runs from there.
    """
    if not proofs:
        nothing = Nothing(reason="the way back looks first whether every value still has a place")
        return (change(nothing, undo=guards),) if guards else ()
    *first, last = proofs
    changes = []
    for one in (*first, last):
        step = AddCheck(table=table.name, constraint=one)
        undo: tuple[Step, ...] = (ValidateConstraint(table=table.name, constraint=one),)
        changes.append(change(step, undo=(*guards, *undo) if one is last else undo))
    return tuple(changes)


def guard_of(table: Table, pair: Pair, context: Context) -> Require | None:
    """Return the step that stops the way back at a value which the old column cannot hold."""
    dialect, way = context.dialect, pair.way
    if way is None or way.closes == "":
        return None
    old, new = dialect.quote(pair.old), dialect.quote(pair.new)
    gone = way.closes or f"{old} IS NULL AND {new} IS NOT NULL"
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    return Require(
        query=f"SELECT {key} FROM {dialect.table(table.name)} WHERE {gone} LIMIT 5",
        message=f"the way back is closed: {table.name}.{pair.new} holds values that "
        f"{pair.column.type} cannot hold",
        table=table.name,
    )


def unproven(context: Context, table: Table, proofs: tuple[Check, ...]) -> tuple[Migration, ...]:
    """Return the file that takes the checks away again, so that every new value can be written."""
    if not proofs:
        return ()
    names = " and ".join(f"{table.name}.{one.columns[0]}" for one in proofs)
    drops = (change(DropConstraint(table=table.name, constraint=one)) for one in proofs)
    return (ddl(context, f"drop the proof of {names}", *drops),)


def finished(
    twins: Twins, context: Context, grades: tuple[Reversibility, ...]
) -> tuple[Migration, ...]:
    """Return the removal of the old columns; ``twins`` are those after the swap."""
    table = twins.table
    again = refill(twins, context)
    names = " and ".join(one.old for one in twins.pairs)
    title = f"fill {names} of {table.name} on the way back"
    nothing = Nothing(reason=f"only the downgrade has work to do: it fills {names}")
    changes: list[Change] = [
        change(DropSync(sync=sync_of(twins, one, context))) for one in twins.pairs
    ]
    for pair, grade in zip(twins.pairs, grades, strict=True):
        drop = DropColumn(table=table.name, column=leaving(pair.column, context))
        note = f"the downgrade fills {pair.old} again from {pair.new}"
        changes.append(change(drop, reversibility=grade, note=note))
    return (
        *drop_objects(twins, context),
        Migration(
            slug=slugify(title),
            title=title,
            kind="data",
            transactional=not again.key,
            changes=(change(nothing, undo=(again,)),),
        ),
        ddl(context, f"drop {names} from {table.name}", *changes),
    )
