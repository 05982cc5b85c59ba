"""Add a foreign key.

What it does
    Makes every row of a table name an existing row of another one, and builds the index that
    deletes in the other table need.

Why it is dangerous
    A plain ADD FOREIGN KEY locks both tables against writes while it looks up every row. Without
    an index on the referencing columns, each later delete in the other table scans this one. And
    taking the key away again locks both tables completely, reads too.

How migwiz does it
    Builds the index concurrently. Adds the key without looking at the existing rows, under a short
    lock on both tables that is taken up front in one fixed order, so that two lockers cannot
    deadlock. From then on new rows are checked. Deals with rows that point nowhere as you say, and
    proves the old rows in a transaction of its own, under a lock that lets reads and writes go on.
    The downgrade has the same lock budget: it needs the stronger lock. Where a partitioned table
    cannot have an unproven key, each partition gets and proves its own first.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint NOT VALID; safety.md PG-9, conclusions 2, 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.answers import Value
from wizard.model.findings import danger, info
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Change, Gate, Migration, Naive, Plan, Preflight
from wizard.model.schema import Index, IndexPart
from wizard.model.steps import (
    AddForeignKey,
    Assignment,
    LockTables,
    RebuildTable,
    Require,
)
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import (
    backfill_migration,
    ddl,
    delete_migration,
    index_migration,
    validate_migration,
)
from wizard.operations.common import (
    object_name,
)
from wizard.operations.constraints import key_migrations_by_parts, orphans, proven_at_once
from wizard.operations.foreign_key_findings import key_findings
from wizard.operations.foreign_key_request import QUESTIONS, Request, indexed, read
from wizard.operations.partition_keys import key_by_parts, own_keys_again
from wizard.operations.phases import Part, Refusal, phases


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: index, key, orphans, proof."""
    table, parent, key = request.table, request.parent, request.key
    rollout, dialect = context.rollout, context.dialect
    same = next(
        (
            one
            for one in table.foreign_keys
            if (one.columns, one.ref_table, one.ref_columns)
            == (key.columns, key.ref_table, key.ref_columns)
        ),
        None,
    )
    if same is not None:
        raise Refusal(
            info(
                "key-exists",
                f"{same.name} already is this key"
                + ("." if same.validated else ", but it is not validated yet."),
                safer="Nothing to do."
                if same.validated
                else f"migwiz validate-constraint --table {table.name} --name {same.name}",
            )
        )
    if not dialect.capabilities.partitioned_key and "partitioned" in (table.kind, parent.kind):
        raise Refusal(
            danger(
                "partitioned-key",
                f"{table.name if table.kind == 'partitioned' else parent.name} is partitioned, and "
                f"{dialect.label} has no foreign keys from or to such tables.",
                safer="Check it in the application.",
            )
        )
    what = f"{table.name} ({', '.join(key.columns)})"
    title = f"add foreign key from {what} to {parent.name}"
    orphan = orphans(context, table, key)
    repairs = _repairs(request, context)
    expand, validate = _migrations(request, context, orphan)
    if proven_at_once(context, key) and rollout.direct:
        expand, repairs = (*repairs, *expand), ()
    gate = Gate(
        text=f"every row of {table.name} points to an existing row of {parent.name}",
        query=orphan.query,
        people=False,
    )
    naive = AddForeignKey(table=table.name, constraint=key)
    return Plan(
        title=title,
        slug=slugify(f"add foreign key {table.name} {parent.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=expand,
                when="at any time",
                application=f"must write only {', '.join(key.columns)} that exist in {parent.name} "
                "from now on, old code too",
            ),
            Part(
                phase="backfill",
                migrations=repairs,
                when="after expand",
                application="need not change",
            ),
            Part(
                phase="validate",
                migrations=validate,
                when="after the repair" if repairs else "after expand",
                application="need not change",
                gate=gate,
            ),
        ),
        findings=key_findings(request, context),
        preflights=(orphan,) if request.orphans == "fail" else (),
        naive=Naive(
            up=(naive,),
            lock=dialect.lock(naive, context.size(table)),
            effect=f"writes to {table.name} and {parent.name} wait while every row is looked up",
        ),
    )


def _migrations(
    request: Request, context: Context, orphan: Preflight
) -> tuple[tuple[Migration, ...], tuple[Migration, ...]]:
    """Return what to run at once, and what proves the old rows afterwards."""
    table, parent, key = request.table, request.parent, request.key
    capabilities = context.dialect.capabilities
    found: list[Migration] = []
    target = table
    if not indexed(table, key.columns):
        name = object_name(table, key.columns, kind="idx", limit=capabilities.name_bytes)
        index = Index(name=name, parts=tuple(IndexPart(column=one) for one in key.columns))
        found.append(
            index_migration(
                context,
                table,
                index,
                title=f"index {table.name} ({', '.join(key.columns)})",
            )
        )
        target = replace(table, indexes=(*table.indexes, index))
    title = f"add foreign key {table.name} {' '.join(key.columns)}"
    require = Require(query=orphan.query, message=orphan.problem, table=table.name)
    if not capabilities.add_constraint:
        after = replace(target, constraints=(*target.constraints, key))
        rebuild = change(RebuildTable(before=target, after=after))
        found.append(
            Migration(
                slug=slugify(title),
                title=title,
                changes=(change(require), rebuild),
                transactional=False,
            )
        )
        return tuple(found), ()
    if key_by_parts(context, table):
        first, *later = key_migrations_by_parts(context, table, key, title=title)
        return (*found, first), tuple(later)
    direct = proven_at_once(context, key)
    pending = key if direct else replace(key, validated=False)
    both = tuple(dict.fromkeys((parent.name, table.name)))
    add = AddForeignKey(table=table.name, constraint=pending)
    changes: list[Change] = [change(require)] if direct else []
    if capabilities.lock_tables:
        changes.append(change(LockTables(tables=both, mode="share row exclusive")))
        usual = change(add)
        undo = (LockTables(tables=both, mode="access exclusive"), *usual.undo)
        again = own_keys_again(context, table, key)
        changes.append(replace(usual, undo=(*undo, *again)))
    else:
        changes.append(change(add))
    found.append(ddl(context, title, *changes))
    if direct:
        return tuple(found), ()
    proof = validate_migration(table, pending, title=f"validate {key.name}")
    return tuple(found), (proof,)


def _joined(request: Request, context: Context, child: str) -> str:
    quote = context.dialect.quote
    pairs = zip(request.key.columns, request.key.ref_columns, strict=True)
    return " AND ".join(f"parent.{quote(ref)} = {child}.{quote(own)}" for own, ref in pairs)


def _repairs(request: Request, context: Context) -> tuple[Migration, ...]:
    if request.orphans == "fail":
        return ()
    table, key, dialect = request.table, request.key, context.dialect
    own = dialect.table(table.name)
    present = " AND ".join(f"{own}.{dialect.quote(one)} IS NOT NULL" for one in key.columns)
    needed = (
        f"{present} AND NOT EXISTS (SELECT 1 FROM {dialect.table(request.parent.name)} AS parent "
        f"WHERE {_joined(request, context, own)})"
    )
    if request.orphans == "delete":
        title = f"delete rows of {table.name} without {request.parent.name}"
        return (delete_migration(context, table, needed=needed, title=title),)
    title = f"clear {table.name}.{', '.join(key.columns)} that point nowhere"
    cleared = tuple(Assignment(column=one, expression="NULL") for one in key.columns)
    return (
        backfill_migration(context, table, cleared, needed=needed, title=title, overwrites=True),
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"foreign key from {values.get('table', '…')} to {values.get('ref_table', '…')}"


OPERATION = Operation(
    kind="add_foreign_key",
    group="Constraint",
    label="Add a foreign key",
    verb="foreign key",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
