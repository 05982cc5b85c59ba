"""The plan that moves a column to another table while old and new code run.

A new column there, a version of the code that writes both, a fill by a join, a gate that compares
every row, and the end of the old column when all code uses only the new one.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Gate, Grade, Migration, Naive, Plan, Preflight, Reversibility
from wizard.model.schema import Table
from wizard.model.steps import AddColumn, DropColumn, DropConstraint, Nothing, Require
from wizard.operations import column_dropping as dropping
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, require_value
from wizard.operations.move_findings import move_findings, refuse_unmovable
from wizard.operations.moves import Move, fill, grade, mismatch, returning, unplaced
from wizard.operations.phases import Part, additive, everywhere, phases
from wizard.operations.replaced_columns import dropped, unbound
from wizard.operations.set_snippets import other_table


def moved(move: Move, context: Context) -> Plan:
    """Return the plan; raises Refusal for what cannot be moved."""
    refuse_unmovable(move, context)
    rollout, old, new = context.rollout, move.old_place, move.new_place
    step = DropColumn(table=move.source.name, column=move.column)
    free = dropping.loosened(context, move.source, move.column)
    return Plan(
        title=f"move {old} to {new}",
        slug=slugify(f"move {move.source.name} {move.column.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=_expand(move, context),
                when=additive(rollout, new),
                application=f"first deploy, behind this: writes {old} and {new} in one transaction, "
                f"and still reads {old}",
            ),
            Part(
                phase="backfill",
                migrations=(fill(move, context),),
                when=f"when every running instance writes both {old} and {new}",
                application=f"writes both and still reads {old}: {new} is not complete yet",
                gate=Gate(text=everywhere(rollout, f"writes both {old} and {new}")),
            ),
            Part(
                phase="validate",
                migrations=(*_validate(move, context), *free),
                when="when the fill is done; then deploy the code that reads the new place and "
                "still writes both",
                application=f"second deploy, behind this: reads {new} and still writes both; third "
                f"deploy, when no instance reads {old} any more: uses only {new}",
                gate=Gate(
                    text=f"{new} says what {old} says in every row",
                    query=mismatch(move, context).query,
                    people=False,
                ),
            ),
            Part(
                phase="contract",
                migrations=_contract(move, dropping.after(move.source, free), context),
                when=f"a release later, when every running instance uses only {new}",
                application=f"uses only {new}",
                gate=Gate(text=everywhere(rollout, f"uses only {new}")),
            ),
        ),
        findings=move_findings(move, context),
        preflights=(unplaced(move, context),),
        snippets=other_table(
            old=(str(move.source.name), move.column.name), new=(str(move.target.name), move.new)
        ),
        naive=Naive(
            up=(AddColumn(table=move.target.name, column=move.added), step),
            lock=context.dialect.lock(step, context.size(move.source)),
            effect=f"every running instance that says {old} fails until it is replaced, and the "
            "values are gone",
        ),
    )


def _look(asked: Preflight, table: Table) -> Require:
    return Require(query=asked.query, message=asked.problem, table=table.name)


def _expand(move: Move, context: Context) -> tuple[Migration, ...]:
    """Return the new column, behind a look at values that would have no place."""
    look = change(_look(unplaced(move, context), move.source))
    add = change(
        AddColumn(table=move.target.name, column=move.added),
        reversibility=Reversibility(
            grade=Grade.LOSSLESS_UNTIL,
            until=f"code writes only {move.new_place}",
            reason=f"until then {move.old_place} holds every value too",
        ),
    )
    return (ddl(context, f"add {move.new} to {move.target.name}", look, add),)


def _validate(move: Move, context: Context) -> tuple[Migration, ...]:
    """Return the comparison, and what makes the new column required where it is to be."""
    nothing = Nothing(reason="a comparison changes nothing: nothing to undo")
    looks = (
        change(_look(mismatch(move, context), move.target), undo=(nothing,)),
        change(_look(unplaced(move, context), move.source)),
    )
    title = f"check that {move.new_place} says what {move.old_place} says"
    return (
        ddl(context, title, *looks),
        *(require_value(context, move.filled, move.added) if move.required else ()),
    )


def _contract(move: Move, source: Table, context: Context) -> tuple[Migration, ...]:
    """Return the end of the old column, in an order whose way back fills it again."""
    column = dropping.column_of(source, move.column.name)
    again = returning(move, context)
    if context.dialect.supports(DropConstraint) is not None:
        # A copy of the table drops the column with its constraints, and brings both back.
        *first, last = dropping.dropped(context, source, column, archive=False)
        # Whatever else it does is a look for values, and here they are to be there.
        note = f"the downgrade makes {column.name} again from {move.new_place}"
        drop = replace(last.changes[-1], reversibility=grade(move), note=note)
        return (*first, again, replace(last, changes=(drop,)))
    drops = dropped(source, (column,), context, source=move.new_place, grade=grade(move))
    return (
        *unbound(source, (column,), context),
        again,
        ddl(context, f"drop {column.name} from {source.name}", *drops),
    )
