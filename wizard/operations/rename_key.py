"""A primary key that moves to the new name of its column: over a finished index, in an instant.

The index of the new key is built while everybody works on. The way back builds the old key's index
again in the same manner, and one in place of the new key's own, which goes with its constraint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Migration
from wizard.model.schema import Column, Index, IndexPart, PrimaryKey
from wizard.model.steps import (
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    DropConstraint,
    LockTables,
    Nothing,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, index_migration
from wizard.operations.constraints import proven_at_once
from wizard.operations.new_names import free_name
from wizard.operations.rename_pointing import Pointing
from wizard.operations.renaming import Rename
from wizard.operations.twin_objects import twin_names
from wizard.operations.twins import included, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A primary key before and after; ``old`` and ``new`` are the bare indexes that become them."""

    before: PrimaryKey
    after: PrimaryKey
    old: Index
    new: Index


def turn_of(rename: Rename, context: Context) -> Turn | None:
    """Return how the primary key moves, None where it does not hold the column."""
    table, twins = rename.table, rename.twins
    key = key_of(twins)
    if key is None:
        return None
    stem, limit = key.name or f"{table.name.name}_pkey", context.dialect.capabilities.name_bytes
    taken = {one.name for one in (*table.indexes, *table.constraints) if one.name}
    taken |= set(twin_names(twins, context).values())
    after = replace(key, columns=twins.swapped(key.columns))

    def index(end: str, columns: Iterable[str]) -> Index:
        name = free_name(f"{stem}_{end}", taken, limit)
        parts = tuple(IndexPart(column=one) for one in columns)
        return Index(name=name, parts=parts, unique=True, include=included(table, key.name))

    return Turn(
        before=key, after=after, old=index("old", key.columns), new=index("new", after.columns)
    )


def key_index_migrations(
    rename: Rename, turn: Turn | None, context: Context
) -> tuple[Migration, ...]:
    """Return the build of the index that becomes the key."""
    if turn is None:
        return ()
    table = rename.table
    title = f"index {table.name.name} {' '.join(turn.new.columns)} as its key"
    build = index_migration(context, rename.twins.both, turn.new, title=title)
    return (replace(build, slug=slugify(f"add {turn.new.name}")),)


def turn_migrations(
    rename: Rename, turn: Turn | None, found: tuple[Pointing, ...], context: Context
) -> tuple[Migration, ...]:
    """Return the move of the key; ``found`` point to the new column alone by then.

    A key cannot go while others point to it: on the way back these go with it for a moment, come
    back unproven in the same transaction, and are proven in a file of their own.
    """
    if turn is None:
        return ()
    table = rename.table
    # Only keys that use this very index would hold it: a second unique one is no matter.
    held = tuple(one for one in found if set(one.renamed.ref_columns) == set(turn.after.columns))
    pending = {one.renamed: proven_at_once(context, one.renamed) for one in held}
    again = tuple(
        AddForeignKey(
            table=one.child.name,
            constraint=replace(
                one.renamed, validated=pending[one.renamed] and one.renamed.validated
            ),
        )
        for one in held
    )
    free = tuple(DropConstraint(table=one.child.name, constraint=one.renamed) for one in held)
    tables = tuple(dict.fromkeys((table.name, *(one.child.name for one in held))))
    lock = LockTables(tables=tables, mode="access exclusive")
    turned = {rename.new: replace(rename.pair.twin, nullable=False)}

    def columns(names: Iterable[str]) -> tuple[Column, ...]:
        found = (turned.get(one) or table.column(one) for one in names)
        return tuple(one for one in found if one is not None)

    before = AddPrimaryKey(
        table=table.name,
        constraint=turn.before,
        columns=columns(turn.before.columns),
        using=turn.old,
    )
    after = AddPrimaryKey(
        table=table.name, constraint=turn.after, columns=columns(turn.after.columns), using=turn.new
    )
    concurrently = context.dialect.capabilities.concurrent_index and not context.rollout.stopped
    builds = tuple(
        AddIndex(table=table.name, index=one, concurrently=concurrently)
        for one in (turn.new, turn.old)
    )
    nothing = Nothing(reason="the way back builds two indexes first, while reads and writes go on")
    drop_old = DropConstraint(table=table.name, constraint=turn.before)
    drop_new = DropConstraint(table=table.name, constraint=turn.after)
    move = ddl(
        context,
        f"make {', '.join(turn.after.columns)} the key of {table.name}",
        change(drop_old, undo=(before, *again)),
        change(after, undo=(lock, *free, drop_new)),
        change(nothing, undo=builds),
    )
    proofs = tuple(
        _proof(one) for one in held if one.renamed.validated and not pending[one.renamed]
    )
    return (*proofs, move)


def _proof(one: Pointing) -> Migration:
    key = replace(one.renamed, validated=False)
    title = f"prove {key.name} to {', '.join(key.ref_columns)} on the way back"
    nothing = Nothing(reason=f"only the downgrade has work to do: it proves {key.name}")
    proof = ValidateConstraint(table=one.child.name, constraint=key)
    return Migration(slug=slugify(title), title=title, changes=(change(nothing, undo=(proof,)),))
