"""Changing a type by a tool that copies the table, where the server itself would stop writers.

The plan is that of a change in place; `wizard.handover.attaching` adds the command lines to it.
"""

from __future__ import annotations

from wizard.handover.attaching import refusals
from wizard.model.findings import danger
from wizard.model.plan import Plan
from wizard.operations.base import Context
from wizard.operations.column_uses import pointing_at
from wizard.operations.phases import Refusal
from wizard.operations.retyping import Retype, step_of
from wizard.operations.type_in_place import in_place


def by_tool(retype: Retype, context: Context) -> Plan:
    """Return the plan for a tool; raises Refusal where none can do it."""
    reason = without_tool(retype, context)
    if reason:
        raise Refusal(
            danger(
                "no-tool-can",
                f"No tool can {retype.title} on a copy of {retype.table.name}.",
                why=reason,
                safer="Plan it for a maintenance window (--deployment maintenance), or add a new "
                "column under a name of its own and let the application write both.",
            )
        )
    return in_place(retype, context, by_tool=True)


def without_tool(retype: Retype, context: Context) -> str:
    """Return why no tool can make the change; empty where one can."""
    table, name = retype.table, retype.column.name
    if pointing_at(table, name) or any(name in key.columns for key in table.foreign_keys):
        return "A foreign key needs the same type at both ends, and a tool changes one table at a time."
    step = context.dialect.fit(step_of(retype, context), table)
    return refusals(step, table, context.dialect, context.size(table))
