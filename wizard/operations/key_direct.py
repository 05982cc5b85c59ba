"""A key of another type, with all that point to it, while nobody is in the way.

The foreign keys go first and come back last: else each change would look at all rows on both sides.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.findings import Finding, warning
from wizard.model.inverse import change
from wizard.model.names import TableName, slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply_all
from wizard.model.steps import AddForeignKey, DropConstraint, Step
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.constraints import constraint_locks, drop_constraint
from wizard.operations.key_family import Edge, Family
from wizard.operations.key_findings import family_findings
from wizard.operations.key_growth import Growth, growth_findings
from wizard.operations.phases import Part, everywhere, phases, queueing
from wizard.operations.retyping import Retype, step_of
from wizard.operations.snippets import retyped
from wizard.operations.type_in_place import migrations_of


def key_direct(retype: Retype, family: Family, growth: Growth | None, context: Context) -> Plan:
    """Return the plan: drop the foreign keys, change all columns, add the foreign keys again."""
    schema = Schema(tables=family.tables)
    found: list[Migration] = []

    def add(*migrations: Migration) -> None:
        nonlocal schema
        found.extend(migrations)
        schema = apply_all(schema, (step for one in migrations for step in one.up))

    for edge in family.edges:
        add(*drop_constraint(context, _table(schema, edge.table), edge.key))
    for one in reversed(family.retypes):
        here = replace(one, table=_table(schema, one.table.name))
        add(*migrations_of(here, step_of(here, context), context))
    for edge in family.edges:
        add(_again(edge, _table(schema, edge.table), context))
    listed = ", ".join(one.name for one in family.retypes)
    copes = f"copes with {listed} as {retype.column.type} and as {retype.to.type}"
    step = step_of(retype, context)
    lock = context.dialect.lock(step, context.size(retype.table))
    return Plan(
        title=retype.title,
        slug=slugify(f"change key {retype.table.name} {retype.column.name}", separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="switch",
                migrations=tuple(found),
                when="after the deploy that copes with both types",
                application="copes with numbers of both types",
                gate=Gate(text=everywhere(context.rollout, copes)),
            ),
        ),
        findings=(
            *growth_findings(retype, growth),
            *family_findings(retype, family),
            _rewritten(family),
        ),
        snippets=tuple(
            snippet
            for one in family.retypes
            for snippet in retyped(one.table, one.column, one.to, phase="switch")
        ),
        naive=Naive(up=(step,), lock=lock, effect=queueing(lock, *lock.on)),
    )


def _table(schema: Schema, name: TableName) -> Table:
    return next(one for one in schema.tables if one.name == name)


def _again(edge: Edge, table: Table, context: Context) -> Migration:
    """Return the file that adds a foreign key again and proves it at once."""
    drop: tuple[Step, ...] = (
        *constraint_locks(context, table, edge.key, "access exclusive"),
        DropConstraint(table=table.name, constraint=edge.key),
    )
    add = AddForeignKey(table=table.name, constraint=edge.key)
    locks = constraint_locks(context, table, edge.key, "share row exclusive")
    title = f"add {edge.key.name} to {table.name} again"
    return ddl(context, title, *(change(one) for one in locks), change(add, undo=drop))


def _rewritten(family: Family) -> Finding:
    names = ", ".join(dict.fromkeys(str(table.name) for table, _ in family.members))
    return warning(
        "type-rewrites",
        f"{names} is written anew, one table after the other, while nobody can read or write it.",
        why="The stored values have another form in the new type.",
        safer="Plan enough time: the estimate stands in each file.",
    )
