"""What a column has and its twin needs: indexes, constraints, NOT NULL. And how the old ones go.

Each index is built and each constraint proven without stopping reads or writes, in a file of its
own. Dropped, they come back in the same way: each downgrade is as gentle as the upgrade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.names import fit_name, slugify
from wizard.model.plan import Migration
from wizard.model.schema import (
    Check,
    ForeignKey,
    Index,
    IndexPart,
    Table,
    Unique,
)
from wizard.model.steps import (
    AddUnique,
    DropConstraint,
    Step,
)
from wizard.operations.base import Context
from wizard.operations.blocks import (
    ddl,
    drop_index_migration,
    index_migration,
    require_value,
    validate_migration,
)
from wizard.operations.constraints import (
    constraint_locks,
    constraint_step,
    drop_constraint,
    key_migrations_by_parts,
    proven_at_once,
    unique_build,
)
from wizard.operations.partition_keys import build_key, key_by_parts
from wizard.operations.partitions import one_by_one
from wizard.operations.releases import release
from wizard.operations.twins import (
    Twins,
    constraints_of,
    in_twins,
    included,
    indexes_of,
)


def twin_names(twins: Twins, context: Context) -> Mapping[str, str]:
    """Return the names of the twins' indexes and constraints, by those of the old ones.

    The new column's name stands in place of the old one's; changed until it is free.
    """
    table, limit = twins.table, context.dialect.capabilities.name_bytes
    taken = {one.name for one in table.indexes} | {one.name for one in table.constraints}
    found: dict[str, str] = {}
    for one in (*indexes_of(twins, context), *constraints_of(twins)):
        name = one.name or "constraint"
        stem = name
        for old, new in twins.names.items():
            stem = stem.replace(old, new) if old in name else stem
        if stem == name:
            stem = f"{name}_{next(iter(twins.names.values()))}"
        fitted, number = fit_name(stem, limit=limit), 2
        while fitted in taken:
            fitted, number = fit_name(f"{stem}_{number}", limit=limit), number + 1
        taken.add(fitted)
        found[name] = fitted
    return found


def twin_index(twins: Twins, index: Index, name: str, context: Context) -> Index:
    """Return an index with the twins in place of the columns."""

    def part(one: IndexPart) -> IndexPart:
        if one.expression is not None:
            return replace(one, expression=in_twins(twins, one.expression, context))
        return replace(one, column=twins.names.get(one.column or "", one.column))

    return replace(
        index,
        name=name,
        parts=tuple(part(one) for one in index.parts),
        include=twins.swapped(index.include),
        where=in_twins(twins, index.where, context) if index.where else None,
    )


def twin_constraint(
    twins: Twins, constraint: ForeignKey | Check | Unique, name: str, context: Context
) -> ForeignKey | Check | Unique:
    """Return a constraint with the twins in place of the columns."""
    columns = twins.swapped(constraint.columns)
    if isinstance(constraint, Check):
        expression = in_twins(twins, constraint.expression, context)
        return replace(constraint, name=name, columns=columns, expression=expression)
    return replace(constraint, name=name, columns=columns)


def index_migrations(twins: Twins, context: Context) -> tuple[Migration, ...]:
    """Return the builds of the twins' indexes."""
    found, names = [], twin_names(twins, context)
    for index in indexes_of(twins, context):
        twin = twin_index(twins, index, names[index.name], context)
        listed = " ".join(one.column or "expr" for one in twin.parts)
        title = f"index {twins.table.name.name} {listed}"
        build = index_migration(context, twins.both, twin, title=title)
        found.append(replace(build, slug=slugify(f"add {twin.name}")))
    return tuple(found)


def constraint_migrations(
    twins: Twins, constraint: ForeignKey | Check | Unique, context: Context
) -> tuple[Migration, ...]:
    """Return what adds a constraint's twin and proves it."""
    table = twins.both
    name = twin_names(twins, context)[constraint.name or "constraint"]
    twin = twin_constraint(twins, constraint, name, context)
    title = f"add {twin.name} to {table.name}"
    if isinstance(twin, Unique) and one_by_one(context, table):
        return (
            Migration(
                slug=slugify(title),
                title=title,
                changes=build_key(context, table, twin),
                transactional=False,
                lock_timeout_ms=context.rollout.lock_budget_ms,
            ),
        )
    if isinstance(twin, Unique) and table.kind == "partitioned":
        return (ddl(context, title, change(AddUnique(table=table.name, constraint=twin))),)
    if isinstance(twin, Unique) and not context.dialect.capabilities.unique_using_index:
        return (ddl(context, title, change(AddUnique(table=table.name, constraint=twin))),)
    if isinstance(twin, Unique):
        also = twins.swapped(included(twins.table, constraint.name))
        build, unique, together = unique_build(context, table, twin, also)
        drop = DropConstraint(table=table.name, constraint=twin)
        return (
            Migration(
                slug=slugify(title),
                title=title,
                changes=(change(build, undo=()), change(unique, undo=(drop,))),
                transactional=together,
                lock_timeout_ms=context.rollout.lock_budget_ms,
            ),
        )
    return added_constraint(context, table, twin, title=title)


def added_constraint(
    context: Context, table: Table, constraint: ForeignKey | Check, *, title: str
) -> tuple[Migration, ...]:
    """Return what adds a foreign key or a check and proves it; one that was never proven stays so."""
    if isinstance(constraint, ForeignKey) and key_by_parts(context, table):
        return key_migrations_by_parts(context, table, constraint, title=title)
    direct = proven_at_once(context, constraint)
    pending = replace(constraint, validated=direct)
    undo: tuple[Step, ...] = (
        *constraint_locks(context, table, constraint, "access exclusive"),
        DropConstraint(table=table.name, constraint=constraint),
    )
    changes = (
        *(
            change(one)
            for one in constraint_locks(context, table, constraint, "share row exclusive")
        ),
        change(constraint_step(table, pending), undo=undo),
    )
    found = (ddl(context, title, *changes),)
    if direct or not constraint.validated:
        return found
    return (*found, validate_migration(table, pending, title=f"validate {constraint.name}"))


def required_migrations(twins: Twins, context: Context) -> tuple[Migration, ...]:
    """Return what makes the twins of required columns required."""
    return tuple(
        migration
        for one in twins.pairs
        if not one.column.nullable and one.twin.nullable
        for migration in require_value(context, twins.both, one.twin)
    )


def drop_objects(twins: Twins, context: Context) -> tuple[Migration, ...]:
    """Return the removal of the old columns' indexes and constraints, and of their NOT NULL."""
    table = twins.table
    # Keys go first: an engine may refuse to drop the index that serves one.
    keys: list[Migration] = []
    others: list[Migration] = []
    checks: list[Check] = []
    for constraint in constraints_of(twins):
        if isinstance(constraint, Check):
            checks.append(constraint)
        else:
            dropped = drop_constraint(context, table, constraint)
            (keys if isinstance(constraint, ForeignKey) else others).extend(dropped)
    indexes = [drop_index_migration(context, table, one) for one in indexes_of(twins, context)]
    released = release(
        context,
        table,
        name=" and ".join(f"{table.name}.{one.old}" for one in twins.pairs),
        required=tuple(one.column for one in twins.pairs if not one.column.nullable),
        checks=tuple(checks),
    )
    return (*keys, *indexes, *others, *released)
