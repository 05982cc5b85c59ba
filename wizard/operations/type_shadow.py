"""Changing a type by a second column, while old and new code run (safety.md PG-8c).

Adding, filling and proving the new column stops nobody; the swap is a matter of names, in one short
transaction; the old column stays for a release, and follows, so that there is a way back.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.findings import danger
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply_all
from wizard.model.steps import CreateSync, Require, SwapColumns
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.dependents import around, around_findings
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases, queueing
from wizard.operations.retyping import Retype, misfits, step_of, twins_of, way_back, way_home
from wizard.operations.snippets import retyped
from wizard.operations.twin_objects import (
    constraint_migrations,
    index_migrations,
    required_migrations,
)
from wizard.operations.twins import (
    Pair,
    Twins,
    constraints_of,
    fill,
    following,
    mismatch,
    sync_of,
)
from wizard.operations.type_findings import shadow_findings
from wizard.operations.type_obstacles import refuse_apart, refuse_unindexed
from wizard.operations.type_swap import (
    Swap,
    added,
    agreeing,
    finished,
    guard_of,
    proven,
    swap,
    unproven,
)


def shadow(retype: Retype, context: Context) -> Plan:
    """Return the plan: a second column, a swap of names, and the end of the first a release later."""
    table, rollout = retype.table, context.rollout
    refuse_apart(retype)
    refuse_unindexed(retype, context)
    twins = twins_of(table, (retype,), context)
    refuse_unsynced(twins, context)
    pair = twins.pairs[0]
    guard = misfits(retype, context)
    expand = added(twins, context)
    if guard is not None:
        look = Require(query=guard.query, message=guard.problem, table=table.name)
        expand = (replace(expand[0], changes=(change(look), *expand[0].changes)), *expand[1:])
    filling = fill(twins, context, title=f"fill {table.name}.{pair.new} from {pair.old}")
    validate = (
        *index_migrations(twins, context),
        *(
            each
            for one in constraints_of(twins)
            for each in constraint_migrations(twins, one, context)
        ),
        *required_migrations(twins, context),
    )
    swapping = swap(twins, context)
    turned = swapping.pairs[0]
    switch = _switch(retype, twins, swapping, context)
    state = _after(twins, (*expand, *validate, *switch))
    end = Twins(table=without(state, (turned,)), pairs=(turned,), leads="new")
    contract = finished(end, context, (way_home(retype),))
    uses = f"uses {retype.name} as {retype.to.type}"
    follows = following(end, context)
    copes = f"copes with {retype.name} as {retype.column.type} and as {retype.to.type}"
    differ = mismatch(twins, context)
    step = step_of(retype, context)
    lock = context.dialect.lock(step, context.size(table))
    return Plan(
        title=retype.title,
        slug=slugify(f"change type {table.name} {retype.column.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=expand,
                when=additive(rollout, f"{retype.name} as {retype.to.type}"),
                application=f"{_strict(retype) or 'need not change'}: {pair.old} keeps its type, and "
                f"every write to it also goes to {pair.new}",
            ),
            Part(
                phase="backfill",
                migrations=(filling,),
                when="after expand",
                application=f"need not change: it knows nothing of {pair.new}",
            ),
            Part(
                phase="validate",
                migrations=validate,
                when="when the fill is done",
                application=_only_fitting(retype) or "need not change",
                gate=Gate(
                    text=f"{pair.old} and {pair.new} agree in every row",
                    query=differ.query,
                    people=False,
                ),
            ),
            Part(
                phase="switch",
                migrations=switch,
                when="after the deploy that copes with both types"
                + (
                    f"; then recycle connections: prepared statements of {table.name} fail "
                    "until then"
                    if context.dialect.capabilities.prepared_keep_types
                    else ""
                ),
                application=f"copes with both types of {pair.old}"
                + (f", and still {_only_fitting(retype)}" if _only_fitting(retype) else ""),
                gate=Gate(
                    text=f"{everywhere(rollout, copes)}; {pair.old} and {pair.new} agree",
                    query=differ.query,
                ),
            ),
            Part(
                phase="contract",
                migrations=contract,
                when=f"a release later, when every running instance {uses}",
                application=uses,
                gate=Gate(
                    text=everywhere(rollout, uses)
                    + (f"; {turned.old} follows {turned.new} in every row" if follows else ""),
                    query=follows,
                ),
            ),
        ),
        findings=(
            *shadow_findings(retype, twins, context),
            *around_findings(context, table, twins.names, swapping.changes),
        ),
        preflights=() if guard is None else (guard,),
        snippets=retyped(table, retype.column, retype.to, phase="switch"),
        naive=Naive(
            up=(step,),
            lock=lock,
            effect=f"{queueing(lock, *lock.on)}, and waits on while the table is written anew",
        ),
    )


def _only_fitting(retype: Retype) -> str:
    """Say what the application must not write, empty where every value converts."""
    if retype.way.fits == "":
        return ""
    return f"writes only values that {retype.to.type} can hold"


def _strict(retype: Retype) -> str:
    """Say what must not be written while the trigger converts, empty where no write can fail.

    What does not fit becomes NULL, which a required twin refuses; where nobody can tell what fits,
    the conversion itself fails.
    """
    return _only_fitting(retype) if retype.way.fits is None or not retype.column.nullable else ""


def refuse_unsynced(twins: Twins, context: Context) -> None:
    """Refuse what no trigger of the engine can keep in two places."""
    table, dialect = twins.table, context.dialect
    reason = ""
    if table.kind == "partitioned" and not dialect.capabilities.sync_partitioned:
        reason = f"{dialect.label} has no trigger that could fill a partitioned table"
    for one in twins.pairs:
        sync = sync_of(twins, one, context)
        turn = SwapColumns(before=sync, after=sync)
        reason = reason or dialect.supports(CreateSync(sync=sync)) or dialect.supports(turn) or ""
    if reason:
        raise Refusal(
            danger(
                "cannot-shadow",
                f"{table.name} cannot have {' and '.join(twins.names)} in two types at once: "
                f"{reason}.",
                why="Both columns must be kept in step while old and new code run.",
                safer="Plan this change for a maintenance window (--deployment maintenance), or "
                "add a new column under a name of its own and let the application write both.",
            )
        )


def _switch(
    retype: Retype, twins: Twins, swapping: Swap, context: Context
) -> tuple[Migration, ...]:
    """Return the swap between the look before it and the end of its proof."""
    table = twins.table
    guards = tuple(
        found for one in swapping.pairs if (found := guard_of(table, one, context)) is not None
    )
    *first, last = swapping.changes
    last = replace(last, reversibility=way_back(retype))
    title = f"swap {retype.name} for its {retype.to.type} twin"
    return (
        agreeing(twins, context),
        ddl(
            context,
            title,
            *around(context, table, twins.names, (*first, last)),
            *proven(table, swapping.proofs, guards),
        ),
        *unproven(context, table, swapping.proofs),
    )


def _after(twins: Twins, migrations: tuple[Migration, ...]) -> Table:
    """Return the table as migrations leave it."""
    steps = [step for one in migrations for step in one.up]
    found = apply_all(Schema(tables=(twins.table,)), steps).table(twins.table.name)
    assert found is not None
    return found


def without(table: Table, pairs: tuple[Pair, ...]) -> Table:
    """Return a table without the columns that lead since the swap."""
    leading = {one.new for one in pairs}
    return replace(table, columns=tuple(one for one in table.columns if one.name not in leading))
