"""The swap of a key and of all that point to it: one short transaction, and what lies around it.

Foreign keys and primary keys are dropped and made anew over finished indexes, so that no row is read
in it (safety.md PG-8i). What the way back needs is built before its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.model.inverse import change
from wizard.model.names import TableName, slugify
from wizard.model.plan import Change, Migration
from wizard.model.schema import Check, Column, Index, IndexPart, PrimaryKey, Table
from wizard.model.steps import (
    AddCheck,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    DropConstraint,
    LockTables,
    Nothing,
    Require,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, validate_migration
from wizard.operations.dependents import around
from wizard.operations.key_family import Edge, Family
from wizard.operations.new_names import free_name
from wizard.operations.retyping import Retype, twins_of, way_back
from wizard.operations.twins import Twins, key_of
from wizard.operations.type_swap import Swap, agreeing, guard_of, swap, unproven


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One table of the family: its twins, and what takes the place of its primary key.

    ``new`` is the unique index that becomes the key, ``old`` the one by which the old columns
    become it again on the way back; None where the key holds none of the columns.
    """

    twins: Twins
    retypes: tuple[Retype, ...]
    swap: Swap
    key: PrimaryKey | None
    new: Index | None
    old: Index | None

    @property
    def table(self) -> Table:
        """The table, before any of it."""
        return self.twins.table

    @property
    def kept(self) -> Index | None:
        """The index like ``new`` that is built on the way back, over the columns' own names."""
        if self.new is None or self.key is None:
            return None
        return replace(self.new, parts=tuple(IndexPart(column=one) for one in self.key.columns))


def member_of(
    table: Table, retypes: tuple[Retype, ...], apart: frozenset[str], context: Context
) -> Member:
    """Return a table of the family; ``apart`` are the foreign keys that the swap makes anew."""
    twins = twins_of(table, retypes, context)
    turned = swap(twins, context, apart=apart)
    key = key_of(twins)
    if key is None:
        return Member(twins=twins, retypes=retypes, swap=turned, key=None, new=None, old=None)
    limit = context.dialect.capabilities.name_bytes
    taken = {one.name for one in (*table.indexes, *table.constraints) if one.name}
    stem = key.name or f"{table.name.name}_pkey"
    own = table.index(stem)
    include = own.include if own is not None else ()
    aside = {one.new: one.old for one in turned.pairs}

    def index(name: str, columns: Iterable[str]) -> Index:
        parts = tuple(IndexPart(column=one) for one in columns)
        return Index(name=free_name(name, taken, limit), parts=parts, unique=True, include=include)

    return Member(
        twins=twins,
        retypes=retypes,
        swap=turned,
        key=key,
        new=index(f"{stem}_new", twins.swapped(key.columns)),
        old=index(f"{stem}_old", (aside.get(one, one) for one in key.columns)),
    )


def switch_of(
    retype: Retype,
    family: Family,
    members: tuple[Member, ...],
    closes: str,
    context: Context,
) -> tuple[Migration, ...]:
    """Return the swap, the looks before it and the proofs behind it; ``closes`` ends its way back."""
    title = f"swap {retype.name} and what points to it for {retype.to.type}"
    validated = tuple(one for one in family.edges if one.key.validated)
    return (
        *(agreeing(one.twins, context) for one in members),
        *(_proof_back(one) for one in validated),
        ddl(context, title, *_swapping(retype, family, members, closes, context)),
        *(_proof(one, family) for one in validated),
        *(each for one in members for each in unproven(context, one.table, one.swap.proofs)),
    )


def _pending(edge: Edge) -> AddForeignKey:
    return AddForeignKey(table=edge.table, constraint=replace(edge.key, validated=False))


def _proof_back(edge: Edge) -> Migration:
    """Return the file whose downgrade proves a foreign key again after the swap back."""
    title = f"prove {edge.key.name} on the way back"
    nothing = Nothing(reason=f"only the downgrade has work to do: it proves {edge.key.name}")
    proof = ValidateConstraint(table=edge.table, constraint=_pending(edge).constraint)
    return Migration(slug=slugify(title), title=title, changes=(change(nothing, undo=(proof,)),))


def _proof(edge: Edge, family: Family) -> Migration:
    table = next(one for one in family.tables if one.name == edge.table)
    title = f"validate {edge.key.name} of {edge.table}"
    return validate_migration(table, _pending(edge).constraint, title=title)


def _swapping(
    retype: Retype,
    family: Family,
    members: tuple[Member, ...],
    closes: str,
    context: Context,
) -> tuple[Change, ...]:
    """Return all changes of the one transaction, and behind them what only the way back needs."""
    lock = LockTables(tables=tuple(one.name for one in family.tables), mode="access exclusive")
    grade = way_back(retype, until=closes)
    changes: list[Change] = []
    for edge in family.edges:
        drop = DropConstraint(table=edge.table, constraint=edge.key)
        changes.append(change(drop, undo=(_pending(edge),)))
    for one in members:
        changes += _unkeyed(one)
    for one in members:
        swaps = around(context, one.table, one.twins.names, one.swap.changes)
        changes += (replace(each, reversibility=grade) for each in swaps)
    for one in members:
        changes += _keyed(one)
    for edge in family.edges:
        free = DropConstraint(table=edge.table, constraint=_pending(edge).constraint)
        changes.append(change(_pending(edge), undo=(free,)))
    last = changes[-1]
    changes[-1] = replace(last, undo=(lock, *last.undo))
    checks = [(one.table.name, check) for one in members for check in one.swap.proofs]
    return (
        change(lock, undo=()),
        *changes,
        *(_checked(table, check) for table, check in checks),
        *_prepared(members, context),
    )


def _checked(table: TableName, check: Check) -> Change:
    """Return the check by which the way back proves that an old column holds no NULL."""
    proof = ValidateConstraint(table=table, constraint=check)
    return change(AddCheck(table=table, constraint=check), undo=(proof,))


def _unkeyed(member: Member) -> list[Change]:
    """Return the drop of the primary key; on the way back it is made again over the old columns."""
    if member.key is None:
        return []
    columns = tuple(_column(member.table, one) for one in member.key.columns)
    again = AddPrimaryKey(
        table=member.table.name, constraint=member.key, columns=columns, using=member.old
    )
    drop = DropConstraint(table=member.table.name, constraint=member.key)
    return [change(drop, undo=(again,))]


def _keyed(member: Member) -> list[Change]:
    """Return the new primary key, which takes over the finished index."""
    if member.key is None:
        return []
    turned = {one.new: one.twin for one in member.swap.pairs}
    columns = tuple(
        replace(turned.get(one) or _column(member.table, one), nullable=False)
        for one in member.key.columns
    )
    add = AddPrimaryKey(
        table=member.table.name, constraint=member.key, columns=columns, using=member.new
    )
    drop = DropConstraint(table=member.table.name, constraint=member.key)
    return [change(add, undo=(drop,))]


def _column(table: Table, name: str) -> Column:
    found = table.column(name)
    assert found is not None
    return found


def _prepared(members: tuple[Member, ...], context: Context) -> tuple[Change, ...]:
    """Return what the way back does before its transaction: look, then build two indexes a key.

    One for the old key; one in place of the new key's own, which goes with it.
    """
    concurrently = context.dialect.capabilities.concurrent_index and not context.rollout.stopped
    steps: list[Step] = []
    guards: list[Require] = []
    for one in members:
        guards += (
            found
            for pair in one.swap.pairs
            if (found := guard_of(one.table, pair, context)) is not None
        )
        steps += (
            AddIndex(table=one.table.name, index=index, concurrently=concurrently)
            for index in (one.kept, one.old)
            if index is not None
        )
    nothing = Nothing(reason="the way back builds two indexes first, while reads and writes go on")
    return (change(nothing, undo=(*guards, *steps)),)
