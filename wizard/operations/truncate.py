"""Empty a table at once.

What it does
    Nothing: migwiz writes no migration that empties a table.

Why it is dangerous
    TRUNCATE stops every read and write of the table, and of those that point to it with CASCADE,
    and nothing brings the rows back. It runs again in each environment in which the migration runs,
    also in those where the rows were still needed. Readers with an older snapshot see an empty
    table.

How migwiz does it
    Refuses it, and names the safe ways: delete the rows that are not needed in batches, which can
    be stopped; put an empty table in place of the old one by a rename, which is undone by a rename;
    or, for a partition, detach it and drop it later.

Reference
    PostgreSQL manual, TRUNCATE; safety.md §1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.findings import danger
from wizard.model.plan import Plan
from wizard.model.schema import Table
from wizard.operations.base import Context, Operation
from wizard.operations.common import read_table, table_question
from wizard.operations.phases import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the database."""

    table: Table


QUESTIONS = (table_question("Table", "The table that is to be emptied."),)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError when there is no such table."""
    return Request(table=read_table(values, context))


def plan(request: Request, context: Context) -> Plan:
    """Refuse it, and say what to do instead."""
    table = request.table
    pointing = sorted({str(one.table) for one in table.referenced_by if one.table != table.name})
    others = f", and with CASCADE those of {', '.join(pointing)} too" if pointing else ""
    aside = (
        f"detach it from {table.partition_of} and drop it later"
        if table.partition_of is not None
        else f"rename {table.name} aside, create it anew and drop the old one a release later"
    )
    raise Refusal(
        danger(
            "truncate-refused",
            f"TRUNCATE would take all rows of {table.name}{others}, for good, and stop everybody "
            "who reads or writes it meanwhile.",
            why="A migration runs in every environment, and its way back cannot bring rows back. "
            f"{context.dialect.label} takes a lock that readers wait for, too.",
            safer=f"Delete the rows that are not needed in batches from a job of your own, or "
            f"{aside}: that is undone by a rename.",
            reference="PostgreSQL manual, TRUNCATE",
        )
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"empty {values.get('table', '…')}"


OPERATION = Operation(
    kind="truncate",
    group="Table",
    label="Empty a table",
    verb="empty",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
