"""The long way to rename a column: phase by phase, with both names in use, and when it is refused."""

from __future__ import annotations

from wizard.model.findings import danger
from wizard.model.plan import Gate, Plan
from wizard.model.schema import Table
from wizard.operations import rename_sync
from wizard.operations.base import Context
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.operations.rename_findings import sync_findings
from wizard.operations.rename_obstacles import (
    name_obstacles,
    partition_obstacles,
    view_obstacles,
)
from wizard.operations.renaming import Rename, naive_of, slug_of, title_of
from wizard.operations.snippets import renamed_in_steps


def sync_plan(rename: Rename, context: Context) -> Plan:
    """Return the plan by which two columns are kept equal until one of them goes."""
    rollout, table, old, new = context.rollout, rename.table, rename.column.name, rename.new
    found = (
        *name_obstacles(table, old, context.dialect),
        *partition_obstacles(table, old, context),
    )
    if found:
        raise Refusal(
            danger(
                "cannot-sync",
                f"{table.name}.{old} cannot be kept under two names: {'; '.join(found)}.",
                why="Both columns must hold the same value while old and new code run.",
                safer=_instead(table, context),
            )
        )
    differ = rename_sync.mismatch(rename, context)
    expand = rename_sync.expand(rename, context)
    fill = rename_sync.backfill(rename, context)
    validate = rename_sync.validate(rename, context)
    merged = rollout.small and not rollout.stopped
    only_new = everywhere(rollout, f"uses only {new}")
    title = title_of(rename)
    return Plan(
        title=title,
        slug=slug_of(rename),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(*expand, fill, *validate) if merged else expand,
                when=additive(rollout, new),
                application=f"need not change: whatever is written to {old} or {new} is written "
                "to both",
            ),
            Part(
                phase="backfill",
                migrations=() if merged else (fill,),
                when="after expand",
                application=f"still reads {old}: {new} is not complete yet",
            ),
            Part(
                phase="validate",
                migrations=() if merged else validate,
                when=f"when the fill is done; then deploy the code that uses only {new}",
                application=f"may use {new} as soon as this is done",
                gate=Gate(
                    text=f"{old} and {new} agree in every row", query=differ.query, people=False
                ),
            ),
            Part(
                phase="contract",
                migrations=rename_sync.contract(rename, context),
                when=f"a release later, when every running instance uses only {new}",
                application=f"uses only {new}",
                gate=Gate(text=f"{only_new}; {old} and {new} agree", query=differ.query),
            ),
        ),
        findings=sync_findings(rename, context),
        naive=naive_of(rename, context),
        snippets=renamed_in_steps(table, rename.column, new, stopped=rollout.stopped),
    )


def _instead(table: Table, context: Context) -> str:
    """Name the best way that is left where two columns cannot be kept equal."""
    if view_obstacles(table, context.dialect):
        return "Map the name in the model (--how map)."
    return (
        "Map the name in the model (--how map); or let a view show both names for a while "
        "(--how view)."
    )
