"""Add a column.

What it does
    Adds a column, optionally with a default, a foreign key and a unique index, and optionally
    required.

Why it is dangerous
    Some columns cost nothing to add and some rewrite the whole table while nobody can read it:
    what decides is the default. A required column without a truthful default breaks every INSERT
    of the code that does not know it yet.

How migwiz does it
    A column without default, or with a constant or stable one, is added at once under a short lock
    budget. A volatile default (random, uuid, clock) is set after the column was added, and old
    rows are filled in batches. A required column without default is added as optional, filled when
    all code writes it, and then proven and required without a scan under a strong lock. A foreign
    key and a unique index follow as steps of their own.

Reference
    PostgreSQL manual, ALTER TABLE, Notes; safety.md PG-1, PG-2, PG-3, PG-9, PG-12, SL-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.answers import Value
from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply_all
from wizard.model.steps import AddColumn
from wizard.operations import add_foreign_key
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import nulls
from wizard.operations.new_column_findings import column_findings, refuse
from wizard.operations.new_column_migrations import column_migrations, unique_index
from wizard.operations.new_column_request import QUESTIONS, Request, read
from wizard.operations.phases import Part, additive, everywhere, phases


def plan(request: Request, context: Context) -> Plan:
    """Return the plan for this kind of column."""
    table, column, rollout = request.table, request.column, context.rollout
    name = f"{table.name}.{column.name}"
    refuse(request, context)
    expand, backfill, validate = column_migrations(request, context)
    wider = _after(table, (*expand, *backfill, *validate))
    if request.key is not None:
        inner = add_foreign_key.plan(replace(request.key, table=wider), context)
        proofs = tuple(
            one for phase in inner.phases if phase.name == "validate" for one in phase.migrations
        )
        keys = tuple(one for one in inner.migrations if one not in proofs)
        # A rebuild copies the table as it is by then, so it comes after what it must copy.
        late = backfill and not context.dialect.capabilities.add_constraint
        expand = expand if late else (*expand, *keys)
        validate = (*validate, *(keys if late else ()), *proofs)
        wider = _after(wider, (*keys, *proofs))
    if request.unique:
        build = unique_index(request, context, wider)
        validate = (*validate, build) if backfill else validate
        expand = expand if backfill else (*expand, build)
    writes = everywhere(rollout, f"always writes {name}")
    waits = request.fill is not None and not column.nullable and column.default is None
    preflight = nulls(context, wider, column.name)
    merge = rollout.small and not rollout.stopped
    if merge:
        # Nothing takes long, so only a deploy separates phases.
        if waits:
            backfill, validate = (), (*backfill, *validate)
        else:
            expand, backfill, validate = (*expand, *backfill, *validate), (), ()
    parts = [
        Part(
            phase="expand",
            migrations=expand,
            when=additive(rollout, name),
            application="need not change",
        ),
        Part(
            phase="backfill",
            migrations=backfill,
            when=f"after the deploy whose code always writes {name}" if waits else "after expand",
            application=f"always writes {column.name}" if waits else "need not change",
            gate=Gate(text=writes) if waits else None,
        ),
        Part(
            phase="validate",
            migrations=validate,
            when="when the fill is done" if backfill else "after expand",
            application=f"always writes {column.name}" if waits else "need not change",
            gate=Gate(
                text=f"no row of {table.name} holds NULL in {column.name}",
                query=preflight.query,
                people=False,
            )
            if backfill and not column.nullable
            else Gate(text=writes)
            if waits
            else None,
        ),
    ]
    naive = AddColumn(table=table.name, column=column)
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=f"add {column.name} to {table.name}",
        slug=slugify(f"add {column.name} to {table.name}", separator="-"),
        phases=phases(rollout, *parts),
        findings=column_findings(request, context),
        naive=Naive(
            up=(naive,),
            lock=lock,
            effect=f"nobody can {'read or write' if 'reads' in lock.blocks else 'write to'} "
            f"{table.name} while it is rewritten"
            if lock.work == "rewrite" and lock.blocks
            else f"without a lock budget, every query on {table.name} queues behind the wait",
        ),
    )


def _after(table: Table, migrations: tuple[Migration, ...]) -> Table:
    """Return the table as some migrations leave it."""
    steps = [step for one in migrations for step in one.up]
    changed = apply_all(Schema(tables=(table,)), steps).table(table.name)
    assert changed is not None
    return changed


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"add {values.get('column', '…')} to {values.get('table', '…')}"


OPERATION = Operation(
    kind="add_column",
    group="Column",
    label="Add a column",
    verb="add",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
