"""What a backfill does beside its own columns: columns that the server sets with each change of a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wizard.model.findings import Finding, info
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration, Plan
from wizard.model.schema import Table
from wizard.model.steps import Backfill, Step

LookUp = Callable[[TableName], Table]


def untouched(plan: Plan, table_of: LookUp) -> Plan:
    """Return the plan whose backfills leave alone what the server would set by itself.

    A column with ON UPDATE stays as it is when the statement sets it, if only to itself (MySQL
    manual, Automatic Initialization and Updating for TIMESTAMP and DATETIME). Steps that say
    ``touches`` stay as they are.
    """
    kept: dict[TableName, tuple[str, ...]] = {}

    def still(step: Step) -> Step:
        if not isinstance(step, Backfill) or step.touches:
            return step
        names = _set_by_server(step, table_of(step.table))
        if not names:
            return step
        kept[step.table] = names
        return replace(step, keeps=names)

    def changed(one: Change) -> Change:
        return replace(one, step=still(one.step), undo=tuple(still(step) for step in one.undo))

    def rewritten(one: Migration) -> Migration:
        return replace(one, changes=tuple(map(changed, one.changes)))

    phases = tuple(
        replace(phase, migrations=tuple(map(rewritten, phase.migrations))) for phase in plan.phases
    )
    told = tuple(_told(table, names) for table, names in kept.items())
    return replace(plan, phases=phases, findings=(*plan.findings, *told)) if kept else plan


def _set_by_server(step: Backfill, table: Table) -> tuple[str, ...]:
    assigned = {one.column for one in step.assignments}
    return tuple(
        one.name for one in table.columns if one.on_update is not None and one.name not in assigned
    )


def _told(table: TableName, names: tuple[str, ...]) -> Finding:
    listed = ", ".join(names)
    return info(
        "touch-left-out",
        f"{listed} of {table} stay{'s' if len(names) == 1 else ''} as before, though the server "
        "would set it with each change of a row.",
        why="Whoever looks for rows that have changed would take every row for one.",
    )
