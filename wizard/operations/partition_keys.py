"""Unique constraints, primary keys and foreign keys of partitioned tables.

Each partition gets its own while reads and writes go on; the parent takes them in without a build
or a look at the rows, as tests/rehearsal/test_partitions.py measures. For that the whole tree is
locked for a moment, reads included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.model.findings import danger
from wizard.model.inverse import change
from wizard.model.names import TableName, fit_name
from wizard.model.plan import Change
from wizard.model.schema import ForeignKey, Index, IndexPart, PrimaryKey, Table, Unique
from wizard.model.spreading import own_constraint, part_of
from wizard.model.steps import (
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    AddUnique,
    DropConstraint,
    LockTables,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.partitions import (
    Tree,
    having,
    one_by_one,
    part_name,
    require_key,
    taking_in,
    tree_of,
)
from wizard.operations.phases import Refusal

Key = Unique | PrimaryKey


def key_index(
    context: Context, table: Table, key: Key, include: tuple[str, ...] | None = None
) -> Index:
    """Return the bare index that becomes the constraint's own; included columns are kept."""
    own = table.index(key.name or "")
    if include is None:
        include = own.include if own is not None else ()
    return Index(
        name=fit_name(f"{key.name}_idx", limit=context.dialect.capabilities.name_bytes),
        parts=tuple(IndexPart(column=one) for one in key.columns),
        unique=True,
        include=include,
        nulls_not_distinct=isinstance(key, Unique) and key.nulls_not_distinct,
    )


def add_key(
    table: Table,
    key: Key,
    *,
    using: Index | None = None,
    ready: tuple[TableName, ...] = (),
) -> AddUnique | AddPrimaryKey:
    """Return the step that adds a unique constraint or a primary key."""
    if isinstance(key, Unique):
        return AddUnique(table=table.name, constraint=key, using=using, ready=ready)
    columns = tuple(one for name in key.columns if (one := table.column(name)) is not None)
    return AddPrimaryKey(
        table=table.name, constraint=key, columns=columns, using=using, ready=ready
    )


def refuse_rivals(tree: Tree, key: Key) -> None:
    """Raise Refusal when a partition has another kind of constraint on the same columns.

    A parent takes in whichever index fits and belongs to a constraint, of whatever kind: its key
    would stand for the wrong one.
    """
    for one in (*tree.branches, *tree.leaves):
        for other in one.constraints:
            index = one.index(getattr(other, "name", None) or "")
            if (
                isinstance(other, Unique | PrimaryKey)
                and type(other) is not type(key)
                and other.columns == key.columns
                and index is not None
                and index.inherits is None
            ):
                raise Refusal(
                    danger(
                        "rival-key",
                        f"{one.name} has {other.name} on ({', '.join(key.columns)}), which the "
                        f"{what(key)} of {tree.table.name} would take in by mistake.",
                        why="The server looks at columns only, not at the kind of constraint.",
                        safer=f"Drop it first: migwiz drop-constraint --table {one.name} "
                        f"--name {other.name}",
                    )
                )


def what(key: Key) -> str:
    """Name the kind of a key."""
    return "unique constraint" if isinstance(key, Unique) else "primary key"


def build_key(context: Context, table: Table, key: Key) -> tuple[Change, ...]:
    """Return the changes of one file that give a partitioned table a key, part by part.

    While writes go on, unless the rollout says that they may wait. The way back, which stands at
    the last change, drops it with those of the partitions; one that a partition had before is built
    again. Raises Refusal where the key lacks a column by which the table is partitioned. A primary
    key's columns must be NOT NULL by then.
    """
    tree = tree_of(context, table)
    concurrently = one_by_one(context, table)
    require_key(context, tree, key.columns, what=what(key))
    refuse_rivals(tree, key)
    done = having(tree, add_key(table, key))
    known = tree.parts(key.name or "")
    own = {
        one.name: replace(
            key, name=known.get(one.name) or part_name(context, table, key.name or "", one)
        )
        for one in (*tree.leaves, *tree.branches)
        if one.name not in done
    }
    leaves = [one for one in tree.leaves if one.name in own]
    indexes = {one.name: key_index(context, one, own[one.name]) for one in leaves if concurrently}
    builds = (
        AddIndex(table=one.name, index=indexes[one.name], concurrently=True)
        for one in leaves
        if concurrently
    )
    keys = (
        add_key(_filled(one, key), own[one.name], using=indexes.get(one.name)) for one in leaves
    )
    parents = (
        add_key(_filled(one, key), own[one.name], ready=tree_of(context, one).names)
        for one in tree.branches
        if one.name in own
    )
    back = drop_key(context, tree, key, concurrently=concurrently)
    return (
        *_kept(builds),
        *(taking_in(context, tree, "access exclusive") if concurrently else ()),
        *_kept(keys),
        *_kept(parents),
        change(add_key(_filled(table, key), key, ready=tree.names), undo=back),
    )


def _filled(table: Table, key: Key) -> Table:
    """Return the table as it is when the columns of a primary key are NOT NULL."""
    columns = tuple(
        replace(one, nullable=False) if one.name in key.columns else one for one in table.columns
    )
    return replace(table, columns=columns) if isinstance(key, PrimaryKey) else table


def _kept(steps: Iterable[Step]) -> tuple[Change, ...]:
    return tuple(change(one, undo=()) for one in steps)


def drop_key(context: Context, tree: Tree, key: Key, *, concurrently: bool) -> tuple[Step, ...]:
    """Return the way back of a parent's key; what partitions had of their own is built again."""
    found: list[Step] = [DropConstraint(table=tree.table.name, constraint=key)]
    for one in (*tree.leaves, *tree.branches):
        own = one.constraint(part_of(add_key(tree.table, key), one) or "")
        if not isinstance(own, Unique | PrimaryKey):
            continue
        if not concurrently:
            found.append(add_key(one, own))
        elif one.kind == "partitioned":
            found += [each.step for each in build_key(context, one, own)]
        else:
            index = key_index(context, one, own)
            found.append(AddIndex(table=one.name, index=index, concurrently=True))
            found.append(add_key(one, own, using=index))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyParts:
    """A foreign key of a partitioned table that cannot be added unproven to the whole (PG-9).

    ``add`` gives it to each partition without a look at the rows, in a file of its own. ``prove``
    looks, and ``whole`` makes them parts of the parent's, which takes in what is proven only.
    ``drop`` is the way back of ``add``; ``again`` brings those of all partitions back, which go with
    the parent's.
    """

    add: tuple[Step, ...]
    prove: tuple[Step, ...]
    whole: tuple[Step, ...]
    drop: tuple[Step, ...]
    again: tuple[Step, ...]


def key_by_parts(context: Context, table: Table) -> bool:
    """Tell whether a foreign key has to be added to each partition first."""
    return (
        table.kind == "partitioned"
        and not context.dialect.capabilities.partitioned_not_valid_key
        and not context.rollout.direct
    )


def foreign_key_parts(context: Context, table: Table, key: ForeignKey) -> KeyParts:
    """Return the steps that add a foreign key to a partitioned table, partition by partition.

    What a partition has already stays, unless the table itself has the key: then it is to come back.
    """
    tree = tree_of(context, table)
    own = _own_keys(table, tree, key)
    lacking = [one for one in _members(tree, key) if one not in own]
    loose = [*lacking, *(one for one in own if not one.key.validated)]
    both = tuple(dict.fromkeys((key.ref_table, table.name)))
    shared = _locked(context, both, "share row exclusive")
    whole = replace(key, validated=True)
    return KeyParts(
        add=(*shared, *map(_add, lacking)),
        prove=tuple(map(_prove, loose)),
        whole=(
            # Their triggers on the other table go: it is locked first, and reads of it wait.
            *_locked(context, (key.ref_table,), "access exclusive"),
            *(one.step for one in taking_in(context, tree, "share row exclusive")),
            AddForeignKey(table=table.name, constraint=whole, ready=tree.names),
        ),
        drop=(
            *_locked(context, both, "access exclusive"),
            *(DropConstraint(table=one.table.name, constraint=one.key) for one in lacking),
        ),
        again=(*map(_add, lacking), *own_keys_again(context, table, key)),
    )


def own_keys_again(context: Context, table: Table, key: ForeignKey) -> tuple[Step, ...]:
    """Return the steps that bring back what partitions had of their own, and what goes with a key.

    Each is added unproven and then proven; nothing for a table without partitions.
    """
    own = _own_keys(table, tree_of(context, table), key)
    return (*map(_add, own), *(_prove(one) for one in own if one.key.validated))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """A partition with its part of a foreign key."""

    table: Table
    key: ForeignKey


def _members(tree: Tree, key: ForeignKey) -> list[_Member]:
    found = []
    for one in tree.leaves:
        own = own_constraint(one, key)
        if one.kind != "foreign":
            found.append(_Member(table=one, key=own if isinstance(own, ForeignKey) else key))
    return found


def _own_keys(table: Table, tree: Tree, key: ForeignKey) -> list[_Member]:
    """Return the keys that partitions have before the table has one."""
    if any(one.name == key.name for one in table.foreign_keys):
        return []
    return [one for one in _members(tree, key) if one.key in one.table.foreign_keys]


def _add(one: _Member) -> Step:
    return AddForeignKey(table=one.table.name, constraint=replace(one.key, validated=False))


def _prove(one: _Member) -> Step:
    return ValidateConstraint(table=one.table.name, constraint=replace(one.key, validated=False))


def _locked(context: Context, tables: tuple[TableName, ...], mode: str) -> tuple[LockTables, ...]:
    if not context.dialect.capabilities.lock_tables:
        return ()
    return (LockTables(tables=tables, mode=mode),)
