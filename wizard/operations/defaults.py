"""Changing the default of a column: what setting and dropping one share."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.model.findings import Finding, danger, warning
from wizard.model.inverse import change
from wizard.model.plan import Migration
from wizard.model.schema import Column, Table
from wizard.model.steps import RebuildTable, SetDefault
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, rebuild_finding, rebuild_migration, with_column
from wizard.operations.phases import Refusal


def default_migration(
    context: Context, table: Table, column: Column, default: str | None, *, title: str
) -> Migration:
    """Return the migration that sets the default, or drops it when None."""
    step = SetDefault(table=table.name, column=column, default=default)
    reason = context.dialect.supports(step)
    if reason is None:
        return ddl(context, title, change(step))
    if context.dialect.supports(RebuildTable) is not None:
        raise Refusal(
            danger(
                "engine-cannot",
                f"{context.dialect.label} cannot set this default of {table.name}.{column.name}: "
                f"{reason}.",
                safer="Give the value in the application.",
            )
        )
    after = with_column(table, replace(column, default=default))
    return rebuild_migration(title, RebuildTable(before=table, after=after))


def refuse_computed(table: Table, column: Column) -> None:
    """Refuse a column whose values the database works out, which has no default."""
    name = f"{table.name}.{column.name}"
    if column.generated is None and column.identity is None:
        return
    how = (
        f"computed as {column.generated.expression}"
        if column.generated is not None
        else "numbered as an identity column"
    )
    raise Refusal(
        danger(
            "computed-column",
            f"{name} is {how}: it has no default.",
            why="The database works its value out for each row.",
            safer="Add a column of its own for values that the application gives.",
        )
    )


def default_findings(context: Context, table: Table, column: Column) -> list[Finding]:
    """Return what both directions have to say: a sequence that goes, and a rebuild."""
    found = []
    if re.search(r"\bnextval\s*\(", column.default or "", re.IGNORECASE):
        found.append(
            warning(
                "numbered-by-sequence",
                f"{table.name}.{column.name} is numbered by a sequence: {column.default}. "
                "New rows that leave it out get no number any more.",
                why="The default is all that makes it count.",
                safer="Make sure that the application gives the number itself.",
            )
        )
    if context.dialect.supports(SetDefault) is not None:
        found.append(rebuild_finding(context, table))
    return found
