"""Add a primary key.

What it does
    Makes one or several columns the key by which a row is known: no two rows with the same values,
    and no NULL in any of them.

Why it is dangerous
    A plain ADD PRIMARY KEY builds its index while nobody can read or write the table, and reads
    every row once more to see that none is NULL. It fails at the first two rows that are equal.
    And every running instance that still writes such rows, or NULL, fails from then on.

How migwiz does it
    Looks for equal rows and NULLs first. Proves that the columns hold no NULL while reads and writes
    go on, builds a unique index the same way, then makes it the key's own, which takes a lock of
    milliseconds. A finished unique index on the columns is taken over instead. On a partitioned
    table each partition gets its key on its own; the parent takes them in.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint_using_index; safety.md PG-17.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.answers import Value
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Change, Gate, Migration, Naive, Plan, Preflight
from wizard.model.schema import Index, PrimaryKey, Table
from wizard.model.steps import (
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    DropConstraint,
    DropNotNull,
    RebuildTable,
    Step,
)
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import (
    ddl,
    duplicates,
    nulls,
    rebuild_finding,
    rebuild_migration,
    require_value,
)
from wizard.operations.constraints import required
from wizard.operations.partition_keys import add_key, build_key, drop_key, key_index, refuse_rivals
from wizard.operations.partitions import one_by_one, partition_findings, require_key, tree_of
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.operations.primary_key_request import QUESTIONS, Request, read


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: no NULLs, no equal rows, then the key."""
    table, key = request.table, request.key
    _refuse(request, context)
    rollout = context.rollout
    what = ", ".join(key.columns)
    title = f"make {table.name} ({what}) the primary key"
    naive = AddPrimaryKey(table=table.name, constraint=key, columns=request.columns)
    apart = f"writes no two rows of {table.name} with equal {what}, and no NULL there"
    looks = _looks(request, context)
    query = " OR ".join(f"EXISTS ({one.query})" for one in looks)
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=_migrations(request, context, title=title),
                when=f"after the deploy whose code {apart}",
                application=apart,
                gate=Gate(
                    text=f"{everywhere(rollout, apart)}; no such rows are there",
                    query=f"SELECT 1 WHERE {query}",
                ),
            ),
        ),
        findings=_findings(request, context),
        preflights=looks,
        naive=Naive(
            up=(naive,),
            lock=context.dialect.lock(naive, context.size(table)),
            effect=f"nobody can read or write {table.name} until the index is built, "
            "and it fails at the first two rows that are equal",
        ),
    )


def _refuse(request: Request, context: Context) -> None:
    table, key = request.table, request.key
    same = next((one for one in table.constraints if isinstance(one, PrimaryKey)), None)
    if same is not None:
        listed = ", ".join(same.columns)
        raise Refusal(
            info(
                "primary-key-exists",
                f"{table.name} has a primary key already: ({listed}).",
                why="A table has one at most.",
                safer="Nothing to do."
                if same.columns == key.columns
                else "Add a unique constraint instead (migwiz add-unique), or drop that key first "
                "(migwiz drop-constraint).",
            )
        )
    if table.kind == "partitioned":
        tree = tree_of(context, table)
        require_key(context, tree, key.columns, what="primary key")
        refuse_rivals(tree, key)
    step = add_key(table, key)
    reason = context.dialect.supports(step) if context.dialect.capabilities.add_constraint else None
    if reason is not None:
        raise Refusal(
            danger(
                "unsupported",
                reason,
                safer=f"Add a unique index on {', '.join(key.columns)} (migwiz add-index --unique).",
            )
        )


def _looks(request: Request, context: Context) -> tuple[Preflight, ...]:
    """Return the queries for rows that the key would refuse."""
    table, key = request.table, request.key
    called = "the key" if key.name == context.dialect.capabilities.key_name else key.name
    index = replace(key_index(context, table, key), name=called or "the key")
    found = [nulls(context, table, one.name) for one in request.columns if one.nullable]
    if request.index is None:
        found.append(duplicates(context, table, index))
    return tuple(found) or (duplicates(context, table, index),)


def _migrations(request: Request, context: Context, *, title: str) -> tuple[Migration, ...]:
    table, key, index = request.table, request.key, request.index
    capabilities = context.dialect.capabilities
    loose = tuple(one for one in request.columns if one.nullable)
    full = tuple(replace(one, nullable=False) for one in request.columns)
    guard = tuple(look for one in _looks(request, context) for look in required(table, one))
    if not capabilities.add_constraint:
        after = _with_key(table, key)
        return (rebuild_migration(title, RebuildTable(before=table, after=after), guard=guard),)
    at_once = context.rollout.direct or not capabilities.unique_using_index
    # Where no transaction takes both back, what makes the columns NOT NULL has a file of its own.
    if at_once and (capabilities.transactional_ddl or not loose):
        first = tuple(change(one) for one in guard)
        return (ddl(context, title, *first, _at_once(request, context)),)
    proven = tuple(
        _freed(context, table, each) for one in loose for each in require_value(context, table, one)
    )
    target = replace(
        table,
        columns=tuple(
            next((each for each in full if each.name == one.name), one) for one in table.columns
        ),
    )
    changes: tuple[Change, ...]
    if at_once:
        looks = () if index is not None else guard[-1:]
        key_at_once = _at_once(replace(request, table=target), context)
        return (*proven, ddl(context, title, *(change(one) for one in looks), key_at_once))
    if one_by_one(context, table):
        changes = build_key(context, target, key)
    elif index is not None:
        changes = (_adopt(context, target, key, index),)
    else:
        own = key_index(context, table, key)
        build = AddIndex(table=table.name, index=own, concurrently=capabilities.concurrent_index)
        drop = DropConstraint(table=table.name, constraint=key)
        add = add_key(target, key, using=own)
        changes = (change(build, undo=()), change(add, undo=(drop,)))
    doubles = () if index is not None else guard[-1:]
    last = Migration(
        slug=slugify(title),
        title=title,
        changes=(*(change(one) for one in doubles), *changes),
        transactional=False,
        lock_timeout_ms=context.rollout.lock_budget_ms,
    )
    return (*proven, last)


def _freed(context: Context, table: Table, migration: Migration) -> Migration:
    """Free the partitions' columns on the way back: their own key made NOT NULL their own, too.

    Where NOT NULL is a constraint with a name, that of a partition does not go with its parent's.
    """
    if table.kind != "partitioned":
        return migration
    leaves = tree_of(context, table).leaves

    def freed(one: Change) -> Change:
        if not isinstance(one.step, AddNotNull):
            return one
        name = one.step.constraint.column
        columns = ((leaf.name, column) for leaf in leaves if (column := leaf.column(name)))
        free = (
            DropNotNull(table=leaf, column=replace(column, nullable=False))
            for leaf, column in columns
            if column.nullable
        )
        return replace(one, undo=(*one.undo, *free))

    return replace(migration, changes=tuple(freed(one) for one in migration.changes))


def _with_key(table: Table, key: PrimaryKey) -> Table:
    """Return the table with the key, for an engine that makes it by a copy."""
    columns = tuple(
        replace(one, nullable=False) if one.name in key.columns else one for one in table.columns
    )
    return replace(table, columns=columns, constraints=(key, *table.constraints))


def _at_once(request: Request, context: Context) -> Change:
    """Return the key in one step, where everybody can wait for it."""
    table, key, index = request.table, request.key, request.index
    step = add_key(table, key)
    if table.kind == "partitioned":
        back = change(step).undo[1:]
        tree = tree_of(context, table)
        return change(step, undo=(*drop_key(context, tree, key, concurrently=False), *back))
    if index is None:
        return change(step)
    return _adopt(context, table, key, index)


def _adopt(context: Context, table: Table, key: PrimaryKey, index: Index) -> Change:
    """Make an index the key's own; the way back leaves no moment without the rule."""
    add = add_key(table, key, using=index)
    concurrently = context.dialect.capabilities.concurrent_index and not context.rollout.direct
    build = AddIndex(table=table.name, index=index, concurrently=concurrently)
    drop = DropConstraint(table=table.name, constraint=key)
    first: tuple[Step, ...] = (drop, build) if index.name == key.name else (build, drop)
    return change(add, undo=(*first, *change(add).undo[1:]))


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, key, index = request.table, request.key, request.index
    what = ", ".join(key.columns)
    found: list[Finding] = []
    if index is not None:
        found.append(
            info(
                "index-taken-over",
                f"The unique index {index.name} becomes the key {key.name}"
                + ("." if index.name == key.name else f", and is called {key.name} then."),
                why="It is built already, so that nothing has to be built.",
                safer="The way back builds it again, which takes as long as the first time.",
            )
        )
    if not context.rollout.stopped:
        found.append(
            warning(
                "key-and-old-code",
                f"From the moment the work begins, code that writes a second row with equal {what}, "
                f"or NULL there, into {table.name} fails, old code too.",
                why="The rules are enforced for everybody, also while they are being proven.",
                safer="Deploy the code that never writes such rows first; the gate says so.",
            )
        )
    if one_by_one(context, table):
        found += partition_findings(context, table, "primary key", reads_wait=True)
    if not context.dialect.capabilities.add_constraint:
        found.append(rebuild_finding(context, table))
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    columns = values.get("columns")
    listed = ", ".join(map(str, columns)) if isinstance(columns, tuple) else str(columns or "…")
    return f"primary key of {values.get('table', '…')} ({listed})"


OPERATION = Operation(
    kind="add_primary_key",
    group="Constraint",
    label="Add a primary key",
    verb="primary key",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
