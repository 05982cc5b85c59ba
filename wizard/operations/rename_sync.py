"""Renaming a column by expand and contract: a second column, kept equal by a trigger.

The upgrade of every file has a downgrade that brings back what was there, values included: both
columns hold the same values until the old one goes, and its downgrade fills it again from the new
one (safety.md PG-10, option 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.inverse import change
from wizard.model.names import fit_name, slugify
from wizard.model.plan import LOSSLESS, Change, Migration, Preflight
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    Table,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddUnique,
    Assignment,
    Backfill,
    CreateSync,
    DropColumn,
    DropConstraint,
    DropSync,
    Nothing,
    Require,
    SetDefault,
    Step,
    Sync,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import (
    backfill_migration,
    ddl,
    drop_index_migration,
    index_migration,
    release_value,
    require_value,
    validate_migration,
    walk_key,
)
from wizard.operations.constraints import (
    constraint_locks,
    constraint_step,
    drop_constraint,
    proven_at_once,
    unique_build,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """One column under two names."""

    table: Table
    column: Column
    new: str

    @property
    def twin(self) -> Column:
        """The new column while both exist: no default, so that the old code's value wins."""
        return replace(self.column, name=self.new, default=None, nullable=True)

    @property
    def both(self) -> Table:
        """The table while both columns exist."""
        return replace(self.table, columns=(*self.table.columns, self.twin))


def sync_of(rename: Rename, context: Context) -> Sync:
    """Return the trigger: named to fire last, since triggers fire in the order of their names."""
    name = fit_name(
        f"zz_sync_{rename.table.name.name}_{rename.column.name}_{rename.new}",
        limit=context.dialect.capabilities.name_bytes,
    )
    return Sync(
        name=name,
        table=rename.table.name,
        old=rename.column.name,
        new=rename.new,
        compare_as=context.dialect.compare_as(rename.column),
    )


def mismatch(rename: Rename, context: Context) -> Preflight:
    """Return the query for rows in which the two columns differ."""
    dialect, table = context.dialect, rename.table
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    return Preflight(
        query=f"SELECT {key} FROM {dialect.table(table.name)} "
        f"WHERE {_differ(rename, context, rename.new, rename.column.name)} LIMIT 5",
        problem=f"{rename.column.name} and {rename.new} of {table.name} still differ: "
        "run the backfill to its end first",
    )


def _differ(rename: Rename, context: Context, left: str, right: str) -> str:
    dialect = context.dialect
    compare_as = dialect.compare_as(rename.column)
    return dialect.distinct(dialect.quote(left), dialect.quote(right), compare_as=compare_as)


def expand(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return the new column and the trigger that keeps both equal."""
    table, new, old = rename.table, rename.new, rename.column.name
    add = change(
        AddColumn(table=table.name, column=rename.twin),
        reversibility=LOSSLESS,
        note=f"every value stands in {old} too",
    )
    sync = change(CreateSync(sync=sync_of(rename, context)))
    return (
        ddl(context, f"add {new} to {table.name}", add),
        ddl(context, f"sync {old} and {new} of {table.name}", sync),
    )


def backfill(rename: Rename, context: Context) -> Migration:
    """Return the copy of the old values."""
    old, new, table = rename.column.name, rename.new, rename.table
    return backfill_migration(
        context,
        rename.both,
        (Assignment(column=new, expression=context.dialect.quote(old)),),
        needed=_differ(rename, context, new, old),
        title=f"fill {table.name}.{new} from {old}",
        undo="both columns hold the same values: nothing to undo",
    )


def validate(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return what the old column has and the new one needs: indexes, keys, checks, NOT NULL."""
    found: list[Migration] = []
    table = rename.both
    for index in _indexes(rename):
        twin = _twin_index(rename, context, index)
        title = f"index {table.name.name} {' '.join(one.column or 'expr' for one in twin.parts)}"
        build = index_migration(context, table, twin, title=title)
        found.append(replace(build, slug=slugify(f"add {twin.name}")))
    for constraint in _constraints(rename):
        found.extend(_twin_constraint(rename, context, constraint))
    if not rename.column.nullable:
        found.extend(require_value(context, table, rename.twin))
    return tuple(found)


def contract(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return the removal of the old column, in an order whose way back is complete."""
    table, column, new = rename.table, rename.column, rename.new
    found: list[Migration] = [drop_index_migration(context, table, one) for one in _indexes(rename)]
    checks = []
    for constraint in _constraints(rename):
        if isinstance(constraint, Check):
            checks.append(constraint)
        else:
            found.extend(drop_constraint(context, rename.table, constraint))
    found.extend(_release(rename, context, tuple(checks)))
    found.append(_equal(rename, context))
    last = _last(rename, context)
    twin = replace(rename.twin, nullable=column.nullable)
    changes: list[Change] = []
    if column.default is not None:
        # The new column's first: at no moment does a row that names neither go without a default.
        move = SetDefault(table=table.name, column=twin, default=column.default)
        changes.append(change(move))
        if last.default is None:
            loose = replace(column, nullable=True)
            changes.append(change(SetDefault(table=table.name, column=loose, default=None)))
    changes.append(change(DropSync(sync=sync_of(rename, context))))
    drop = DropColumn(table=table.name, column=last)
    note = f"the downgrade fills {column.name} again from {new}"
    changes.append(change(drop, reversibility=LOSSLESS, note=note))
    found.append(ddl(context, f"drop {column.name} from {table.name}", *changes))
    return tuple(found)


def _keeps_rule(rename: Rename, context: Context) -> bool:
    """Tell whether the old column stays required to its end, since lifting that is a rebuild."""
    column = rename.column
    loose = replace(column, default=None)
    return not column.nullable and context.dialect.filler(loose) is not None


def _last(rename: Rename, context: Context) -> Column:
    """Return the old column as it is when it goes: rows can leave it out."""
    column = rename.column
    if _keeps_rule(rename, context):
        return replace(column, default=column.default or context.dialect.filler(column))
    return replace(column, nullable=True, default=None)


def _equal(rename: Rename, context: Context) -> Migration:
    """Stop unless both columns are equal; on the way back, fill the old one again."""
    table, column, new = rename.table, rename.column, rename.new
    differ = mismatch(rename, context)
    key = walk_key(context, table)
    refill = Backfill(
        table=table.name,
        assignments=(Assignment(column=column.name, expression=context.dialect.quote(new)),),
        needed=_differ(rename, context, column.name, new),
        key=tuple(one.name for one in key),
        key_types=tuple(one.type for one in key),
    )
    step = Require(query=differ.query, message=differ.problem, table=table.name)
    title = f"check that {column.name} and {new} of {table.name} agree"
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not key,
        changes=(change(step, undo=(refill,)),),
    )


def _indexes(rename: Rename) -> tuple[Index, ...]:
    """The table's own indexes that read the old column."""
    return tuple(
        index
        for index in rename.table.indexes
        if not index.constraint and index.valid and _reads(rename, index)
    )


def _reads(rename: Rename, index: Index) -> bool:
    name = rename.column.name
    if name in index.columns or name in index.include:
        return True
    texts = [part.expression or "" for part in index.parts] + [index.where or ""]
    return any(name in text for text in texts)


def _constraints(rename: Rename) -> tuple[ForeignKey | Check | Unique, ...]:
    """The constraints that name the old column."""
    name = rename.column.name
    return tuple(
        one
        for one in rename.table.constraints
        if isinstance(one, ForeignKey | Check | Unique) and name in one.columns
    )


def _swap(rename: Rename, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rename.new if one == rename.column.name else one for one in names)


def _free(rename: Rename, context: Context, name: str, taken: set[str]) -> str:
    """Return the name with the new column's in place of the old one's, changed until it is free."""
    limit = context.dialect.capabilities.name_bytes
    old, new = rename.column.name, rename.new
    stem = name.replace(old, new) if old in name else f"{name}_{new}"
    found, number = fit_name(stem, limit=limit), 2
    while found in taken or found == name:
        found, number = fit_name(f"{stem}_{number}", limit=limit), number + 1
    return found


def _twin_index(rename: Rename, context: Context, index: Index) -> Index:
    dialect, old, new = context.dialect, rename.column.name, rename.new

    def part(one: IndexPart) -> IndexPart:
        if one.expression is not None:
            return replace(one, expression=dialect.rename_in(one.expression, old, new))
        return replace(one, column=new if one.column == old else one.column)

    return replace(
        index,
        name=_free(rename, context, index.name, {one.name for one in rename.table.indexes}),
        parts=tuple(part(one) for one in index.parts),
        include=_swap(rename, index.include),
        where=dialect.rename_in(index.where, old, new) if index.where else None,
    )


def _twin(
    rename: Rename, context: Context, constraint: ForeignKey | Check | Unique
) -> ForeignKey | Check | Unique:
    taken = {one.name for one in rename.table.constraints if one.name}
    name = _free(rename, context, constraint.name or "constraint", taken)
    columns = _swap(rename, constraint.columns)
    if isinstance(constraint, Check):
        renamed = context.dialect.rename_in(constraint.expression, rename.column.name, rename.new)
        return replace(constraint, name=name, columns=columns, expression=renamed)
    return replace(constraint, name=name, columns=columns)


def _twin_constraint(
    rename: Rename, context: Context, constraint: ForeignKey | Check | Unique
) -> tuple[Migration, ...]:
    table, twin = rename.both, _twin(rename, context, constraint)
    title = f"add {twin.name} to {table.name}"
    if isinstance(twin, Unique) and not context.dialect.capabilities.unique_using_index:
        return (ddl(context, title, change(AddUnique(table=table.name, constraint=twin))),)
    if isinstance(twin, Unique):
        build, unique, together = unique_build(context, table, twin)
        drop = DropConstraint(table=table.name, constraint=twin)
        built = (change(build, undo=()), change(unique, undo=(drop,)))
        budget = context.rollout.lock_budget_ms
        return (
            Migration(
                slug=slugify(title),
                title=title,
                changes=built,
                transactional=together,
                lock_timeout_ms=budget,
            ),
        )
    assert not isinstance(constraint, Unique)
    direct = proven_at_once(context, twin)
    pending = replace(twin, validated=direct)
    add = constraint_step(table, pending)
    undo: tuple[Step, ...] = (
        *constraint_locks(context, table, twin, "access exclusive"),
        DropConstraint(table=table.name, constraint=twin),
    )
    changes = (
        *(change(one) for one in constraint_locks(context, table, twin, "share row exclusive")),
        change(add, undo=undo),
    )
    found = (ddl(context, title, *changes),)
    if direct or not constraint.validated:
        return found
    return (*found, validate_migration(table, pending, title=f"validate {twin.name}"))


def _fill_in(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Give the old column a default, so that rows can leave it out while it is still required."""
    table, column = rename.table, rename.column
    filler = context.dialect.filler(column)
    if filler is None:
        return ()
    step = SetDefault(table=table.name, column=column, default=filler)
    return (ddl(context, f"let rows leave out {table.name}.{column.name}", change(step)),)


def _release(rename: Rename, context: Context, checks: tuple[Check, ...]) -> tuple[Migration, ...]:
    """Lift NOT NULL and the checks of the old column, in two files.

    The way back runs them in reverse: the second file's downgrade adds everything unproven, under
    one short lock; the first one's proves it under a lock that lets reads and writes go on, and
    only then sets NOT NULL, which the proof makes instant.
    """
    table, column = rename.table, rename.column
    name = f"{table.name}.{column.name}"
    drops = tuple(change(DropConstraint(table=table.name, constraint=one)) for one in checks)
    if context.rollout.direct or not context.dialect.capabilities.not_valid:
        exact = tuple(
            replace(one, undo=(AddCheck(table=table.name, constraint=check),))
            for one, check in zip(drops, checks, strict=True)
        )
        found = (ddl(context, f"drop the checks of {name}", *exact),) if checks else ()
        if column.nullable:
            return found
        if _keeps_rule(rename, context):
            return (*found, *_fill_in(rename, context))
        return (*found, *release_value(context, table, column))
    proofs: tuple[Step, ...] = tuple(
        ValidateConstraint(table=table.name, constraint=replace(one, validated=False))
        for one in checks
        if one.validated
    )
    if column.nullable:
        if not checks:
            return ()
        nothing = Nothing(reason=f"only the downgrade has work to do: it proves {name} again")
        title = f"prove the checks of {name} on the way back"
        first = Migration(slug=slugify(title), title=title, changes=(change(nothing, undo=proofs),))
        kept = (first,) if proofs else ()
        return (*kept, ddl(context, f"drop the checks of {name}", *drops))
    lift, drop = release_value(context, table, column)
    last = lift.changes[-1]
    lift = replace(lift, changes=(*lift.changes[:-1], replace(last, undo=(*proofs, *last.undo))))
    if not checks:
        return lift, drop
    return lift, ddl(context, f"drop the checks of {name}", *drops, *drop.changes)
