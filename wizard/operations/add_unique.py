"""Add a unique constraint.

What it does
    Refuses two rows with the same values in the columns, as a constraint with a name.

Why it is dangerous
    A plain ADD UNIQUE builds its index while nobody can read or write the table, and fails at the
    first two rows that are equal. And every running instance that still writes a second one fails
    from then on.

How migwiz does it
    Looks for equal rows first. Builds a unique index while reads and writes go on, then makes it the
    constraint's own, which takes a lock of milliseconds. When a finished unique index on the columns
    is there already, it is taken over instead, and the way back builds it again while writes go on.
    On a partitioned table each partition is made unique on its own; the parent takes that over.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint_using_index; safety.md PG-15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.answers import Value
from wizard.model.findings import Finding, info, warning
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Index, PrimaryKey, Unique
from wizard.model.steps import AddIndex, AddUnique, DropConstraint, RebuildTable, Step
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl, rebuild_finding, rebuild_migration
from wizard.operations.constraints import required, unique_build, unique_doubles
from wizard.operations.partition_keys import build_key, drop_key, refuse_rivals
from wizard.operations.partitions import one_by_one, partition_findings, require_key, tree_of
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.operations.unique_request import QUESTIONS, Request, read


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: index and constraint, once the code writes no doubles."""
    table, unique = request.table, request.unique
    _refuse(request, context)
    rollout = context.rollout
    what = ", ".join(unique.columns)
    title = f"make {table.name} ({what}) unique"
    naive = AddUnique(table=table.name, constraint=unique)
    differs = f"writes no two rows with equal {what} into {table.name}"
    doubles = unique_doubles(context, table, unique)
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(_migration(request, context, title=title),),
                when="at any time"
                if request.index is not None
                else "after the deploy whose code writes no doubles",
                application="need not change" if request.index is not None else differs,
                gate=None
                if request.index is not None
                else Gate(
                    text=f"{everywhere(rollout, differs)}; no two such rows are there",
                    query=doubles.query,
                ),
            ),
        ),
        findings=_findings(request, context),
        preflights=() if request.index is not None else (doubles,),
        naive=Naive(
            up=(naive,),
            lock=context.dialect.lock(naive, context.size(table)),
            effect=f"nobody can read or write {table.name} until the index is built, "
            "and it fails at the first two rows that are equal",
        ),
    )


def _refuse(request: Request, context: Context) -> None:
    table, unique = request.table, request.unique
    same = next(
        (
            one
            for one in table.constraints
            if isinstance(one, Unique | PrimaryKey) and set(one.columns) == set(unique.columns)
        ),
        None,
    )
    if same is not None and (
        isinstance(same, PrimaryKey) or same.nulls_not_distinct == unique.nulls_not_distinct
    ):
        raise Refusal(
            info(
                "unique-exists",
                f"{same.name or 'A constraint'} of {table.name} already keeps "
                f"({', '.join(unique.columns)}) unique.",
                why="A second one would cost writes and disk, and refuse nothing more.",
                safer="Nothing to do.",
            )
        )
    if table.kind == "partitioned":
        tree = tree_of(context, table)
        require_key(context, tree, unique.columns, what="unique constraint")
        refuse_rivals(tree, unique)


def _migration(request: Request, context: Context, *, title: str) -> Migration:
    table, unique, index = request.table, request.unique, request.index
    capabilities = context.dialect.capabilities
    drop = DropConstraint(table=table.name, constraint=unique)
    if index is not None:
        return _adopt(request, context, index, title=title)
    guard = required(table, unique_doubles(context, table, unique))
    if not capabilities.add_constraint:
        after = replace(table, constraints=(*table.constraints, unique))
        return rebuild_migration(title, RebuildTable(before=table, after=after), guard=guard)
    first = tuple(change(one) for one in guard)
    if one_by_one(context, table):
        return Migration(
            slug=slugify(title),
            title=title,
            changes=(*first, *build_key(context, table, unique)),
            transactional=False,
            lock_timeout_ms=context.rollout.lock_budget_ms,
        )
    if table.kind == "partitioned":
        back = drop_key(context, tree_of(context, table), unique, concurrently=False)
        add = AddUnique(table=table.name, constraint=unique)
        return ddl(context, title, *first, change(add, undo=back))
    if context.rollout.direct or not capabilities.unique_using_index:
        return ddl(context, title, *first, change(AddUnique(table=table.name, constraint=unique)))
    build, add, together = unique_build(context, table, unique)
    return Migration(
        slug=slugify(title),
        title=title,
        changes=(*first, change(build, undo=()), change(add, undo=(drop,))),
        transactional=together,
        lock_timeout_ms=context.rollout.lock_budget_ms,
    )


def _adopt(request: Request, context: Context, index: Index, *, title: str) -> Migration:
    """Make an index the constraint's own; the way back leaves no moment without the rule.

    The index takes the constraint's name, so that its old name is free for the new build unless
    both are the same.
    """
    table, unique = request.table, request.unique
    concurrently = context.dialect.capabilities.concurrent_index and not context.rollout.stopped
    build = AddIndex(table=table.name, index=index, concurrently=concurrently)
    drop = DropConstraint(table=table.name, constraint=unique)
    undo: tuple[Step, ...] = (drop, build) if index.name == unique.name else (build, drop)
    add = AddUnique(table=table.name, constraint=unique, using=index)
    return Migration(
        slug=slugify(title),
        title=title,
        changes=(change(add, undo=undo),),
        transactional=not concurrently,
        lock_timeout_ms=context.rollout.lock_budget_ms,
    )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, unique, index = request.table, request.unique, request.index
    what = ", ".join(unique.columns)
    found: list[Finding] = []
    if index is not None:
        found.append(
            info(
                "index-taken-over",
                f"The unique index {index.name} becomes the constraint {unique.name}"
                + ("." if index.name == unique.name else f", and is called {unique.name} then."),
                why="It is built already, so that nothing has to be scanned.",
                safer="The way back builds it again, which takes as long as the first time.",
            )
        )
    elif not context.rollout.stopped:
        found.append(
            warning(
                "unique-and-old-code",
                "From the moment the build begins, code that writes a second row with equal "
                f"{what} into {table.name} fails, old code too.",
                why="A unique index is enforced for everybody, also while it is being built.",
                safer="Deploy the code that never writes doubles first; the gate says so.",
            )
        )
    loose = [one.name for one in table.columns if one.name in unique.columns and one.nullable]
    if loose and not unique.nulls_not_distinct:
        found.append(
            info(
                "nulls-differ",
                f"Any number of rows may hold NULL in {', '.join(loose)}.",
                why="Two NULLs are not equal, so that such rows do not break the rule.",
                safer="If that is not meant, make the column required (migwiz set-not-null).",
            )
        )
    if unique.deferrable:
        found.append(
            info(
                "deferrable-serves-less",
                f"{unique.name} serves no ON CONFLICT and no foreign key.",
                why="Both need a rule that is never broken, not even within a transaction.",
            )
        )
    if one_by_one(context, table):
        found += partition_findings(context, table, "unique constraint", reads_wait=True)
    if not context.dialect.capabilities.add_constraint:
        found.append(rebuild_finding(context, table))
        found.append(
            info(
                "unique-index-instead",
                "A unique index keeps the same rule, and is added without a copy of the table.",
                safer=f"migwiz add-index --table {table.name} --columns {','.join(unique.columns)} "
                "--unique",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    columns = values.get("columns")
    shown = ", ".join(str(one) for one in columns) if isinstance(columns, tuple) else columns
    return f"make {values.get('table', '…')} ({shown or '…'}) unique"


OPERATION = Operation(
    kind="add_unique",
    group="Constraint",
    label="Add a unique constraint",
    verb="unique",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
