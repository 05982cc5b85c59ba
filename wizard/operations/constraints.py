"""Migrations that add and drop constraints: what several operations share.

Dropped constraints come back without a scan under a strong lock: unproven first, then proven in a
file of their own, whose upgrade does nothing (safety.md §1.7).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.findings import danger
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Grade, Migration, Preflight, Reversibility
from wizard.model.schema import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddUnique,
    DropConstraint,
    LockTables,
    Nothing,
    RebuildTable,
    Require,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import (
    ddl,
    duplicates,
    rebuild_migration,
    validate_migration,
)
from wizard.operations.partition_keys import (
    add_key,
    build_key,
    foreign_key_parts,
    key_by_parts,
    key_index,
)
from wizard.operations.partitions import one_by_one
from wizard.operations.phases import Refusal


def unique_index(
    context: Context, table: Table, unique: Unique, include: tuple[str, ...] | None = None
) -> Index:
    """Return the bare index that becomes the constraint's own; included columns are kept."""
    return key_index(context, table, unique, include)


def unique_build(
    context: Context, table: Table, unique: Unique, include: tuple[str, ...] | None = None
) -> tuple[AddIndex, AddUnique, bool]:
    """Return the steps that bring a unique constraint, and whether they fit one transaction.

    ``include`` are the columns that its index includes, where it is not there yet.
    """
    capabilities = context.dialect.capabilities
    index = unique_index(context, table, unique, include)
    concurrently = capabilities.concurrent_index and not context.rollout.stopped
    build = AddIndex(table=table.name, index=index, concurrently=concurrently)
    add = AddUnique(table=table.name, constraint=unique, using=index)
    return build, add, not concurrently


def rule_of(constraint: Constraint) -> str:
    """Say in a few words what a constraint asks for."""
    match constraint:
        case Check(expression=expression):
            return f"check {expression}"
        case ForeignKey(columns=columns, ref_table=parent):
            return f"({', '.join(columns)}) points to {parent}"
        case Unique(columns=columns):
            return f"unique ({', '.join(columns)})"
        case NotNull(column=column):
            return f"{column} is not null, not proven yet"
        case PrimaryKey(columns=columns):
            return f"primary key ({', '.join(columns)})"
        case Exclusion(definition=definition):
            return definition


def constraint_step(
    table: Table, constraint: ForeignKey | Check | NotNull
) -> AddForeignKey | AddCheck | AddNotNull:
    """Return the step that adds the constraint as it is, proven or not."""
    match constraint:
        case ForeignKey():
            return AddForeignKey(table=table.name, constraint=constraint)
        case Check():
            return AddCheck(table=table.name, constraint=constraint)
        case NotNull():
            return AddNotNull(table=table.name, constraint=constraint)


def constraint_locks(
    context: Context, table: Table, constraint: Constraint, mode: str
) -> tuple[LockTables, ...]:
    """Return the locks to take up front, in one order: only foreign keys hold two tables."""
    if not isinstance(constraint, ForeignKey) or not context.dialect.capabilities.lock_tables:
        return ()
    both = tuple(dict.fromkeys((constraint.ref_table, table.name)))
    return (LockTables(tables=both, mode=mode),)


def drop_constraint(
    context: Context,
    table: Table,
    constraint: Constraint,
    *,
    reversibility: Reversibility = LOSSLESS,
    guard: Preflight | None = None,
) -> tuple[Migration, ...]:
    """Return the migrations that drop a constraint; the way back adds it unproven, then proves it.

    A key comes back from an index that is built while writes go on. ``guard`` stops the way back
    before it changes anything when rows break the rule by then.
    """
    title = f"drop {constraint.name} from {table.name}"
    drop = DropConstraint(table=table.name, constraint=constraint)
    first = required(table, guard)
    if isinstance(constraint, Unique | PrimaryKey):
        undo, together = _key_back(context, table, constraint)
        return (
            Migration(
                slug=slugify(title),
                title=title,
                changes=(change(drop, undo=(*first, *undo), reversibility=reversibility),),
                transactional=together,
                lock_timeout_ms=context.rollout.lock_budget_ms,
            ),
        )
    if isinstance(constraint, ForeignKey) and key_by_parts(context, table):
        return _drop_parts(context, table, constraint, first, reversibility)
    if isinstance(constraint, Exclusion):
        again = AddExclusion(table=table.name, constraint=constraint)
        return (ddl(context, title, change(drop, undo=(again,), reversibility=reversibility)),)
    direct = proven_at_once(context, constraint)
    pending = replace(constraint, validated=direct and constraint.validated)
    back: tuple[Step, ...] = (
        *first,
        *constraint_locks(context, table, constraint, "share row exclusive"),
        constraint_step(table, pending),
    )
    changes = (
        *(change(one) for one in constraint_locks(context, table, constraint, "access exclusive")),
        change(drop, undo=back, reversibility=reversibility),
    )
    found = (ddl(context, title, *changes),)
    if direct or not constraint.validated:
        return found
    prove = f"prove {constraint.name} on the way back"
    nothing = Nothing(reason=f"only the downgrade has work to do: it proves {constraint.name}")
    proof = ValidateConstraint(table=table.name, constraint=pending)
    return (
        Migration(slug=slugify(prove), title=prove, changes=(change(nothing, undo=(proof,)),)),
        *found,
    )


def check_migrations(
    context: Context, table: Table, check: Check, *, title: str
) -> tuple[tuple[Migration, ...], tuple[Migration, ...]]:
    """Return what adds a check, and what proves the old rows afterwards."""
    dialect = context.dialect
    guard = required(table, violators(context, table, check))
    direct = context.rollout.direct or not dialect.capabilities.not_valid
    pending = check if direct else replace(check, validated=False)
    add = AddCheck(table=table.name, constraint=pending)
    reason = dialect.supports(add)
    if reason is not None and dialect.supports(RebuildTable) is not None:
        raise Refusal(
            danger(
                "engine-cannot",
                f"{dialect.label} cannot keep a check: {reason}.",
                safer="Let the application check it, or upgrade the server.",
            )
        )
    if reason is not None:
        after = replace(table, constraints=(*table.constraints, check))
        step = RebuildTable(before=table, after=after)
        return (rebuild_migration(title, step, guard=guard),), ()
    adding = ddl(context, title, *(change(one) for one in guard), change(add))
    if direct:
        return (adding,), ()
    proof = validate_migration(table, pending, title=f"validate {check.name} of {table.name}")
    return (adding,), (proof,)


def drop_keys(context: Context, table: Table) -> tuple[Migration, ...]:
    """Return the migrations that free a table of its keys to others, one hot table in each.

    Nothing where the engine locks no parent for a drop, or drops a key only with the table.
    """
    found: list[Migration] = []
    for key in table.foreign_keys:
        drop = DropConstraint(table=table.name, constraint=key)
        back = constraint_step(table, key)
        supports = context.dialect.supports
        if key.ref_table == table.name or not key.name or supports(drop) or supports(back):
            continue
        grade = Reversibility(
            grade=Grade.LOSSLESS_UNTIL,
            until=f"a row of {key.ref_table} is deleted to which one of {table.name} points",
            reason=f"{key.name} cannot be proven while rows point nowhere",
        )
        guard = orphans(context, table, key) if key.validated else None
        found += drop_constraint(context, table, key, reversibility=grade, guard=guard)
        table = replace(table, constraints=tuple(one for one in table.constraints if one != key))
    return tuple(found)


def _drop_parts(
    context: Context,
    table: Table,
    key: ForeignKey,
    first: tuple[Require, ...],
    reversibility: Reversibility,
) -> tuple[Migration, ...]:
    """Drop a key of a partitioned table; the way back adds and proves it in each partition first.

    First the partitions get it in place of the whole, then it is dropped from them, so that each
    file can be taken back alone.
    """
    parts = foreign_key_parts(context, table, key)
    lock = constraint_locks(context, table, key, "access exclusive")
    drop = DropConstraint(table=table.name, constraint=key)
    loose = (one for one in parts.again if isinstance(one, AddForeignKey))
    title = f"drop {key.name} from {table.name}"
    return (
        ddl(
            context,
            f"keep {key.name} of {table.name} in its partitions",
            *(change(one, undo=()) for one in lock),
            change(drop, undo=(*parts.prove, *parts.whole)),
            *(change(one, undo=()) for one in loose),
        ),
        ddl(
            context,
            title,
            *(change(one, undo=()) for one in parts.drop[:-1]),
            change(
                parts.drop[-1],
                undo=(*first, *parts.add),
                reversibility=reversibility,
            ),
        ),
    )


def key_migrations_by_parts(
    context: Context, table: Table, key: ForeignKey, *, title: str
) -> tuple[Migration, ...]:
    """Return the migrations that add the key to each partition, then prove it and make it whole."""
    parts = foreign_key_parts(context, table, key)
    add = [change(one, undo=()) for one in parts.add]
    add[-1] = replace(add[-1], undo=parts.drop)
    whole = [change(one, undo=()) for one in (*parts.prove, *parts.whole)]
    lock = constraint_locks(context, table, key, "access exclusive")
    drop = DropConstraint(table=table.name, constraint=key)
    # The keys of the partitions go with it, and were there before.
    whole[-1] = replace(whole[-1], undo=(*lock, drop, *parts.again))
    prove = f"validate {key.name} of each partition"
    return (
        ddl(context, f"{title} to each partition", *add),
        Migration(
            slug=slugify(prove),
            title=prove,
            changes=tuple(whole),
            transactional=False,
            lock_timeout_ms=context.rollout.lock_budget_ms,
        ),
    )


def required(table: Table, guard: Preflight | None) -> tuple[Require, ...]:
    """Return the step that stops a migration when the query finds rows."""
    if guard is None:
        return ()
    return (Require(query=guard.query, message=guard.problem, table=table.name),)


def proven_at_once(context: Context, constraint: ForeignKey | Check | NotNull) -> bool:
    """Tell whether a constraint is added and proven in one step: a short one, or the only one."""
    rollout, capabilities = context.rollout, context.dialect.capabilities
    if not isinstance(constraint, ForeignKey):
        return rollout.direct or not capabilities.not_valid
    if not capabilities.not_valid_key:
        return True
    # Where a proven key takes a copy of the table, looking afterwards is quicker, application or not.
    return rollout.small if capabilities.online_ddl else rollout.direct


def _key_back(
    context: Context, table: Table, key: Unique | PrimaryKey
) -> tuple[tuple[Step, ...], bool]:
    """Return the steps that bring a key back, and whether they fit one transaction."""
    capabilities = context.dialect.capabilities
    if table.kind == "partitioned":
        together = not one_by_one(context, table)
        return tuple(one.step for one in build_key(context, table, key)), together
    if not capabilities.unique_using_index:
        return (add_key(table, key),), True
    index = key_index(context, table, key)
    concurrently = capabilities.concurrent_index and not context.rollout.stopped
    build = AddIndex(table=table.name, index=index, concurrently=concurrently)
    return (build, add_key(table, key, using=index)), not concurrently


def unique_doubles(context: Context, table: Table, unique: Unique | PrimaryKey) -> Preflight:
    """Return the query for rows that a unique constraint or a primary key would refuse."""
    index = replace(key_index(context, table, unique), name=unique.name or "the constraint")
    return duplicates(context, table, index)


def violators(context: Context, table: Table, check: Check) -> Preflight:
    """Return the query for rows that a check would refuse; NULL passes a check."""
    dialect = context.dialect
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    return Preflight(
        query=f"SELECT {key} FROM {dialect.table(table.name)} "
        f"WHERE NOT ({check.expression}) LIMIT 5",
        problem=f"{table.name} holds rows for which {check.expression} does not hold: "
        f"mend them before {check.name} forbids them",
    )


def orphans(context: Context, table: Table, key: ForeignKey) -> Preflight:
    """Return the query for rows that point to rows which do not exist."""
    dialect, quote = context.dialect, context.dialect.quote
    shown = table.primary_key or key.columns
    present = " AND ".join(f"child.{quote(one)} IS NOT NULL" for one in key.columns)
    joined = " AND ".join(
        f"parent.{quote(ref)} = child.{quote(own)}"
        for own, ref in zip(key.columns, key.ref_columns, strict=True)
    )
    return Preflight(
        query=f"SELECT {', '.join('child.' + quote(one) for one in shown)} "
        f"FROM {dialect.table(table.name)} AS child "
        f"WHERE {present} AND NOT EXISTS (SELECT 1 FROM {dialect.table(key.ref_table)} "
        f"AS parent WHERE {joined}) LIMIT 5",
        problem=f"rows of {table.name} point to rows of {key.ref_table} that do not exist",
    )
