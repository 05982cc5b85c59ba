"""A key of another type, with all that point to it, while the application runs (safety.md PG-8i).

Every column gets a twin that follows it. Then one short transaction swaps them all, and a release
later the old columns go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Schema
from wizard.model.simulate import apply_all
from wizard.operations.base import Context
from wizard.operations.blocks import index_migration
from wizard.operations.key_family import Family
from wizard.operations.key_findings import key_findings
from wizard.operations.key_growth import Growth, until
from wizard.operations.key_swap import Member, member_of, switch_of
from wizard.operations.phases import Part, additive, everywhere, phases, queueing
from wizard.operations.retyping import Retype, step_of, way_home
from wizard.operations.snippets import retyped
from wizard.operations.twin_objects import (
    constraint_migrations,
    index_migrations,
    required_migrations,
)
from wizard.operations.twins import Twins, constraints_of, fill, mismatch
from wizard.operations.type_obstacles import refuse_apart
from wizard.operations.type_shadow import refuse_unsynced, without
from wizard.operations.type_swap import (
    added,
    finished,
)


def key_shadow(retype: Retype, family: Family, growth: Growth | None, context: Context) -> Plan:
    """Return the plan for a key and all that point to it."""
    # Whatever the size of this table, those of the others are another matter.
    context = replace(context, rollout=replace(context.rollout, rows=None, bytes=None))
    rollout, dialect = context.rollout, context.dialect
    for each in family.retypes:
        refuse_apart(each)
    apart = frozenset(one.key.name or "" for one in family.edges)
    members = tuple(member_of(table, found, apart, context) for table, found in family.members)
    for one in members:
        refuse_unsynced(one.twins, context)
    expand = tuple(each for one in members for each in added(one.twins, context))
    filling = tuple(
        fill(one.twins, context, title=f"fill {one.table.name}.{' and '.join(_new(one))}")
        for one in members
    )
    validate = tuple(each for one in members for each in _proven(one, apart, context))
    closes = until(retype, growth)
    switch = switch_of(retype, family, members, closes, context)
    state = apply_all(
        Schema(tables=family.tables),
        (step for one in (*expand, *validate, *switch) for step in one.up),
    )
    contract = tuple(each for one in members for each in _finished(one, state, closes, context))
    differ = _any(mismatch(one.twins, context).query for one in members)
    listed = ", ".join(one.name for one in family.retypes)
    copes = f"copes with {listed} as {retype.column.type} and as {retype.to.type}"
    uses = f"uses {listed} as {retype.to.type}"
    step = step_of(retype, context)
    lock = dialect.lock(step, context.size(retype.table))
    return Plan(
        title=retype.title,
        slug=slugify(f"change key {retype.table.name} {retype.column.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=expand,
                when=additive(rollout, f"{retype.name} as {retype.to.type}"),
                application="need not change: every write to a column also goes to its twin",
            ),
            Part(
                phase="backfill",
                migrations=filling,
                when="after expand",
                application="need not change",
            ),
            Part(
                phase="validate",
                migrations=validate,
                when="when the fill is done",
                application="need not change",
                gate=Gate(
                    text="each column and its twin agree in every row", query=differ, people=False
                ),
            ),
            Part(
                phase="switch",
                migrations=switch,
                when="after the deploy that copes with both types; then recycle connections: "
                "prepared statements of these tables fail until then",
                application=f"copes with numbers of both types, and gives none beyond "
                f"{retype.column.type} yet",
                gate=Gate(
                    text=f"{everywhere(rollout, copes)}; each column and its twin agree",
                    query=differ,
                ),
            ),
            Part(
                phase="contract",
                migrations=contract,
                when=f"a release later, when every running instance {uses}",
                application=uses,
                gate=Gate(text=everywhere(rollout, uses)),
            ),
        ),
        findings=key_findings(retype, family, growth, context),
        snippets=tuple(
            snippet
            for one in family.retypes
            for snippet in retyped(one.table, one.column, one.to, phase="switch")
        ),
        naive=Naive(
            up=(step,),
            lock=lock,
            effect=f"{queueing(lock, *lock.on)}, and waits on while tables are written anew",
        ),
    )


def _new(member: Member) -> tuple[str, ...]:
    return tuple(one.new for one in member.twins.pairs)


def _any(queries: Iterable[str]) -> str:
    """Return the query that yields no row while none of the others does."""
    found = tuple(queries)
    if len(found) == 1:
        return found[0]
    return f"SELECT 1 WHERE {' OR '.join(f'EXISTS ({one})' for one in found)}"


def _proven(member: Member, apart: frozenset[str], context: Context) -> tuple[Migration, ...]:
    """Return the twins' indexes and constraints, the index of the new key first."""
    twins, table = member.twins, member.table
    found: list[Migration] = []
    if member.new is not None:
        title = f"index {table.name.name} {' '.join(member.new.columns)} as its key"
        build = index_migration(context, twins.both, member.new, title=title)
        found.append(replace(build, slug=slugify(f"add {member.new.name}")))
    found += index_migrations(twins, context)
    for one in constraints_of(twins):
        if one.name not in apart:
            found += constraint_migrations(twins, one, context)
    found += required_migrations(twins, context)
    return tuple(found)


def _finished(
    member: Member, state: Schema, closes: str, context: Context
) -> tuple[Migration, ...]:
    table = state.table(member.table.name)
    assert table is not None
    pairs = member.swap.pairs
    twins = Twins(table=without(table, pairs), pairs=pairs, leads="new")
    grades = tuple(way_home(one, until=closes) for one in member.retypes)
    return finished(twins, context, grades)
