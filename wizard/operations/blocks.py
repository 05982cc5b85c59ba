"""Migrations from which several operations are built: indexes, proofs, backfills.

Every block is one lock lifetime: its file may share no transaction with another (safety.md,
conclusions 3, 7, 15).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from wizard.model.findings import Finding, danger, warning
from wizard.model.inverse import change, inverse
from wizard.model.keeping import Keep
from wizard.model.names import fit_name, slugify
from wizard.model.plan import LOSSLESS, Change, Migration, Preflight, Reversibility
from wizard.model.schema import Check, Column, ForeignKey, Index, NotNull, Table
from wizard.model.steps import (
    AddCheck,
    AddIndex,
    AddNotNull,
    Assignment,
    Backfill,
    DeleteRows,
    DropConstraint,
    DropIndex,
    DropNotNull,
    Nothing,
    RebuildTable,
    Require,
    SetNotNull,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.partitions import build_index, drop_whole, one_by_one, require_key, tree_of
from wizard.operations.phases import Refusal


def ddl(context: Context, title: str, *changes: Change) -> Migration:
    """Return a short transactional migration under the lock budget."""
    return Migration(
        slug=slugify(title),
        title=title,
        changes=changes,
        lock_timeout_ms=context.rollout.lock_budget_ms,
    )


def index_migration(context: Context, table: Table, index: Index, *, title: str) -> Migration:
    """Return the migration that builds one index, alone in its file.

    Concurrently wherever the engine can and somebody might write meanwhile (PG-12), on each
    partition of its own where the table has some (PG-13). Raises Refusal for a unique index that
    lacks a column by which the table is partitioned.
    """
    guard = (_require(duplicates(context, table, index), table),) if index.unique else ()
    if one_by_one(context, table):
        return Migration(
            slug=slugify(title),
            title=title,
            changes=(*guard, *build_index(context, table, index)),
            transactional=False,
            lock_timeout_ms=context.rollout.lock_budget_ms,
        )
    if index.unique and table.kind == "partitioned":
        require_key(context, tree_of(context, table), index.columns, what="unique index")
    capabilities, rollout = context.dialect.capabilities, context.rollout
    concurrently = (
        capabilities.concurrent_index and not rollout.stopped and table.kind != "partitioned"
    )
    step = AddIndex(table=table.name, index=index, concurrently=concurrently)
    undo = None
    if table.kind == "partitioned":
        undo = drop_whole(context, tree_of(context, table), index, concurrently=False)
    return Migration(
        slug=slugify(title),
        title=title,
        changes=(*guard, change(step, undo=undo)),
        transactional=not concurrently,
        lock_timeout_ms=None if concurrently else rollout.lock_budget_ms,
    )


def _require(preflight: Preflight, table: Table) -> Change:
    step = Require(query=preflight.query, message=preflight.problem, table=table.name)
    return change(step)


def duplicates(context: Context, table: Table, index: Index) -> Preflight:
    """Return the query for rows that a unique index would refuse."""
    dialect = context.dialect
    keys = [
        dialect.quote(part.column) if part.column is not None else f"({part.expression})"
        for part in index.parts
    ]
    filters = [] if index.nulls_not_distinct else [f"{key} IS NOT NULL" for key in keys]
    if index.where:
        filters.append(f"({index.where})")
    where = f" WHERE {' AND '.join(filters)}" if filters else ""
    listed = ", ".join(keys)
    return Preflight(
        query=f"SELECT {listed}, count(*) FROM {dialect.table(table.name)}{where} "
        f"GROUP BY {listed} HAVING count(*) > 1 LIMIT 5",
        problem=f"{table.name} holds rows with equal {', '.join(keys)}: "
        f"{index.name} cannot be unique before they differ",
    )


def row_key(table: Table) -> tuple[str, ...]:
    """Return columns that tell rows apart: the primary key, or a unique one without NULL."""
    if table.primary_key:
        return table.primary_key
    for index in table.indexes:
        found = [table.column(one) for one in index.columns]
        if index.unique and _sorts(index) and all(c and not c.nullable for c in found):
            return index.columns
    return ()


def _sorts(index: Index) -> bool:
    """Tell whether the index holds every row in the order in which its columns are sorted.

    One that does not would be read from end to end for each batch.
    """
    return (
        index.valid
        and index.visible
        and not index.where
        and len(index.columns) == len(index.parts)
        and len({one.order for one in index.parts}) == 1
        and not any(one.opclass or one.collation or one.length for one in index.parts)
    )


def walk_key(context: Context, table: Table) -> tuple[Column, ...]:
    """Return the columns along which batches walk: those of `row_key`, or what the engine hides.

    Empty for a small table without any, which is then changed in one statement. Raises Refusal for
    a larger one.
    """
    names = row_key(table)
    if not names and not context.rollout.small:
        hidden = context.dialect.hidden_key(table)
        if hidden is None:
            _no_key(table)
        return (hidden,)
    return tuple(column for name in names if (column := table.column(name)) is not None)


def lasting_key(context: Context, table: Table) -> tuple[Column, ...]:
    """Return the same for rows that are to be found again later: what is hidden does not last."""
    names = row_key(table)
    if not names and not context.rollout.small:
        _no_key(table)
    return tuple(column for name in names if (column := table.column(name)) is not None)


def _no_key(table: Table) -> NoReturn:
    raise Refusal(
        danger(
            "no-key",
            f"{table.name} has no primary key and no unique index without NULLs, so its rows "
            "cannot be walked in batches.",
            why="One UPDATE of a large table is one long transaction: it holds its row locks "
            "to the end, and readers and vacuum pay for it.",
            safer="Add a primary key or a unique index first (migwiz add-index --unique).",
        )
    )


def backfill_migration(
    context: Context,
    table: Table,
    assignments: tuple[Assignment, ...],
    *,
    needed: str,
    title: str,
    overwrites: bool = False,
    join: str | None = None,
    on: str | None = None,
    batch: int = 1_000,
    key: tuple[Column, ...] | None = None,
    reversibility: Reversibility | None = None,
    undo: str = "",
    touches: bool = False,
    keep: Keep | None = None,
    back: Backfill | None = None,
) -> Migration:
    """Return a data migration that changes rows in batches; ``undo`` says why nothing is undone.

    ``back`` is the step that puts back what ``keep`` has kept.
    """
    key = walk_key(context, table) if key is None else key
    step = Backfill(
        table=table.name,
        assignments=assignments,
        needed=needed,
        key=tuple(column.name for column in key),
        key_types=tuple(column.type for column in key),
        batch=batch,
        join=join,
        on=on,
        overwrites=overwrites,
        touches=touches,
        keep=keep,
    )
    steps: tuple[Step, ...] | None = (Nothing(reason=undo),) if undo and not overwrites else None
    if back is not None:
        steps = (back,)
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not key,
        changes=(change(step, undo=steps, reversibility=reversibility),),
    )


def delete_migration(context: Context, table: Table, *, needed: str, title: str) -> Migration:
    """Return a data migration that deletes rows in batches."""
    key = walk_key(context, table)
    step = DeleteRows(
        table=table.name,
        needed=needed,
        key=tuple(column.name for column in key),
        key_types=tuple(column.type for column in key),
    )
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not key,
        changes=(change(step),),
    )


def validate_migration(
    table: Table, constraint: ForeignKey | Check | NotNull, *, title: str
) -> Migration:
    """Return the migration that proves the existing rows, alone: it must not be cut short."""
    step = ValidateConstraint(table=table.name, constraint=constraint)
    return Migration(slug=slugify(title), title=title, changes=(change(step),))


def nulls(context: Context, table: Table, column: str) -> Preflight:
    """Return the query for rows in which a column that must not be is NULL."""
    dialect = context.dialect
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    return Preflight(
        query=f"SELECT {key} FROM {dialect.table(table.name)} "
        f"WHERE {dialect.quote(column)} IS NULL LIMIT 5",
        problem=f"{table.name}.{column} still holds NULLs: fill them before it becomes required",
    )


def not_null_check(context: Context, table: Table, column: str) -> Check:
    """Return the check that proves a column to hold no NULL.

    It is not called ``…_not_null``: PostgreSQL 18 gives that name to NOT NULL itself.
    """
    name = _proof_name(context, table, column, "required")
    expression = f"{context.dialect.quote(column)} IS NOT NULL"
    return Check(name=name, expression=expression, validated=False, columns=(column,))


def _proof_name(context: Context, table: Table, column: str, end: str) -> str:
    limit = context.dialect.capabilities.name_bytes
    return fit_name(f"{table.name.name}_{column}_{end}", limit=limit)


def proof_of_not_null(context: Context, table: Table, column: str) -> Check | None:
    """Return a validated check of the table that already rules out NULL in the column."""
    proves = context.dialect.proves_not_null
    return next(
        (one for one in table.checks if one.validated and proves(one.expression, column)), None
    )


def require_value(context: Context, table: Table, column: Column) -> tuple[Migration, ...]:
    """Return the migrations that make a filled column NOT NULL without a scan under a strong lock.

    PG-7 for checks, PG-7b where NOT NULL itself can be validated later, SL-1 where the table has
    to be rebuilt; one scanning step where the table is small or the application stopped.
    """
    capabilities, rollout = context.dialect.capabilities, context.rollout
    name = f"{table.name}.{column.name}"
    guard = _require(nulls(context, table, column.name), table)
    if not capabilities.alter_nullability:
        after = with_column(table, replace(column, nullable=False))
        step = RebuildTable(before=table, after=after)
        return (rebuild_migration(f"require {name}", step, guard=(guard.step,)),)
    setting = SetNotNull(table=table.name, column=column)
    proof = proof_of_not_null(context, table, column.name)
    if proof is not None and capabilities.not_null_from_check:
        proven = change(replace(setting, proof=proof.name), note=f"{proof.name} proves it: no scan")
        return (ddl(context, f"require {name}", proven),)
    if rollout.direct or not capabilities.not_valid:
        return (ddl(context, f"require {name}", guard, change(setting)),)
    if capabilities.not_null_not_valid:
        own = _proof_name(context, table, column.name, "not_null")
        not_null = NotNull(name=own, column=column.name)
        return (
            ddl(
                context,
                f"forbid new nulls in {name}",
                guard,
                change(AddNotNull(table=table.name, constraint=not_null)),
            ),
            validate_migration(table, not_null, title=f"prove {name} has no nulls"),
        )
    if not capabilities.not_null_from_check:
        return (ddl(context, f"require {name}", guard, change(setting)),)
    check = not_null_check(context, table, column.name)
    return (
        ddl(
            context,
            f"forbid new nulls in {name}",
            guard,
            change(AddCheck(table=table.name, constraint=check)),
        ),
        validate_migration(table, check, title=f"prove {name} has no nulls"),
        _swap_proof(context, table, column, check),
    )


def _swap_proof(context: Context, table: Table, column: Column, check: Check) -> Migration:
    """Set NOT NULL from the proof, then drop the proof as a statement of its own (conclusion 13).

    Validating again costs nothing the first time. After a downgrade the proof is back but not
    validated; then it is proven here, before the strong lock is taken, instead of by a scan under
    it.
    """
    proven = replace(check, validated=True)
    return ddl(
        context,
        f"require {table.name}.{column.name}",
        change(
            ValidateConstraint(table=table.name, constraint=check),
            undo=(),
            note="done already, unless a downgrade came between",
        ),
        change(SetNotNull(table=table.name, column=column, proof=check.name)),
        change(DropConstraint(table=table.name, constraint=proven)),
    )


def release_value(
    context: Context, table: Table, column: Column, *, exact: bool = True
) -> tuple[Migration, ...]:
    """Return the migrations that lift NOT NULL so that the way back needs no scan under a lock.

    The mirror of `require_value`: the first upgrade's downgrade validates and sets NOT NULL, the
    second one's adds the proof. ``exact`` says that no NULL can be there by then; otherwise the way
    back looks for NULLs before it changes anything.
    """
    capabilities = context.dialect.capabilities
    name = f"{table.name}.{column.name}"
    nullable = replace(column, nullable=True)
    drop = DropNotNull(table=table.name, column=column)
    title = f"no longer require {name}"
    grade = LOSSLESS if exact else inverse(drop)[1]
    preflight = nulls(context, table, column.name)
    look = Require(query=preflight.query, message=preflight.problem, table=table.name)
    guard: tuple[Step, ...] = () if exact else (look,)
    if not capabilities.alter_nullability:
        after = with_column(table, nullable)
        back = RebuildTable(before=after, after=table)
        step = RebuildTable(before=table, after=after)
        return (rebuild_migration(title, step, undo=(*guard, back), reversibility=grade),)
    if context.rollout.direct or not capabilities.not_valid:
        undo = (*guard, SetNotNull(table=table.name, column=nullable))
        return (ddl(context, title, change(drop, undo=undo, reversibility=grade)),)
    check = not_null_check(context, table, column.name)
    proven = replace(check, validated=True)
    proof = (
        ValidateConstraint(table=table.name, constraint=check),
        SetNotNull(table=table.name, column=nullable, proof=check.name),
        DropConstraint(table=table.name, constraint=proven),
    )
    add = change(AddCheck(table=table.name, constraint=check), undo=())
    free = DropConstraint(table=table.name, constraint=check)
    return (
        ddl(context, title, add, change(drop, undo=proof, reversibility=grade)),
        ddl(
            context,
            f"drop the proof of {name}",
            change(free, undo=(*guard, *inverse(free)[0]), reversibility=grade),
        ),
    )


def with_column(table: Table, column: Column) -> Table:
    """Return the table with another definition of one of its columns."""
    return replace(
        table,
        columns=tuple(column if one.name == column.name else one for one in table.columns),
    )


def rebuild_migration(
    title: str,
    step: RebuildTable,
    *,
    guard: tuple[Step, ...] = (),
    undo: tuple[Step, ...] | None = None,
    reversibility: Reversibility | None = None,
) -> Migration:
    """Return the migration that replaces a table by a copy, where the engine cannot alter it."""
    return Migration(
        slug=slugify(title),
        title=title,
        changes=(
            *(change(one) for one in guard),
            change(step, undo=undo, reversibility=reversibility),
        ),
        transactional=False,
    )


def rebuild_finding(context: Context, table: Table) -> Finding:
    """Say what a rebuild means for everybody else."""
    return warning(
        "table-rebuilt",
        f"{context.dialect.label} makes this change by a copy of {table.name}: nobody can write to "
        "the database meanwhile, and readers may have to wait too.",
        why="Its ALTER TABLE has no form for it.",
        safer="Run it while little is written; each row of the table is copied once.",
        reference="SQLite documentation, ALTER TABLE, Making Other Kinds Of Table Schema Changes",
    )


def drop_index_migration(
    context: Context,
    table: Table,
    index: Index,
    *,
    undo: tuple[Step, ...] | None = None,
    reversibility: Reversibility | None = None,
) -> Migration:
    """Return the migration that drops one index, alone in its file and concurrently if it can.

    That of a partitioned table goes at once with those of its partitions; on the way back each is
    built on its own while writes go on.
    """
    rollout = context.rollout
    concurrently = (
        context.dialect.capabilities.concurrent_index
        and not rollout.stopped
        and table.kind != "partitioned"
    )
    step = DropIndex(table=table.name, index=index, concurrently=concurrently)
    title = f"drop {index.name}"
    if undo is not None:
        undo = tuple(
            replace(one, concurrently=concurrently) if isinstance(one, AddIndex) else one
            for one in undo
        )
    if table.kind == "partitioned":
        undo = _parts_again(context, table, undo or inverse(step)[0])
    together = not concurrently and not one_by_one(context, table)
    return Migration(
        slug=slugify(title),
        title=title,
        changes=(change(step, undo=undo, reversibility=reversibility),),
        transactional=together,
        lock_timeout_ms=None if concurrently else rollout.lock_budget_ms,
    )


def _parts_again(context: Context, table: Table, undo: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the way back with an index whose parts get the names that they have."""
    found: list[Step] = []
    for one in undo:
        if isinstance(one, AddIndex):
            found += [each.step for each in build_index(context, table, one.index)]
        else:
            found.append(one)
    return tuple(found)
