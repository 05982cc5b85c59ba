"""Drop the default of a column.

What it does
    Takes the default away: new rows that leave the column out get NULL. Old rows stay as they are.

Why it is dangerous
    The work takes no time, but the lock has to be waited for, and everybody queues behind it. From
    then on code that leaves a required column out fails, and writes NULL into an optional one.

How migwiz does it
    Asks for the code that always gives a value first. Then one short transaction that gives up when
    the lock takes longer than the lock budget. The way back restores the default.

Reference
    PostgreSQL manual, ALTER TABLE, DROP DEFAULT; safety.md §1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.schema import Column, Table
from wizard.model.steps import SetDefault
from wizard.operations.base import Context, Operation
from wizard.operations.common import (
    read_column,
    read_table,
    require,
    table_question,
)
from wizard.operations.defaults import default_findings, default_migration, refuse_computed
from wizard.operations.phases import Part, Refusal, everywhere, phases, queueing
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    column: Column


def _columns_with_default(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(value=one.name, label=one.name, hint=f"default {one.default}")
        for one in situation.table.columns
        if one.default is not None
    )


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column that loses its default. Only columns with one are listed.",
        example="created_at",
        required=True,
        choices=_columns_with_default,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    return Request(table=table, column=read_column(table, require(values, "column")))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, once all code gives the value itself."""
    table, column = request.table, request.column
    name = f"{table.name}.{column.name}"
    refuse_computed(table, column)
    if column.default is None:
        raise Refusal(info("no-default", f"{name} has no default.", safer="Nothing to do."))
    title = f"drop default of {name}"
    migration = default_migration(context, table, column, None, title=title)
    naive = SetDefault(table=table.name, column=column, default=None)
    writes = f"writes {name} itself" + ("" if not column.nullable else ", or means NULL")
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="contract",
                migrations=(migration,),
                when=f"after the deploy whose code writes {name} itself",
                application=f"always writes {column.name}"
                + ("" if not column.nullable else ", or means NULL by leaving it out"),
                gate=Gate(text=everywhere(context.rollout, writes)),
            ),
        ),
        findings=_findings(request, context),
        naive=Naive(
            up=(naive,),
            lock=lock,
            effect=queueing(lock, table.name),
        ),
    )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, column = request.table, request.column
    name = f"{table.name}.{column.name}"
    found = []
    if not column.nullable:
        found.append(
            danger(
                "required-without-default",
                f"{name} is required: an INSERT that leaves it out fails from now on.",
                why=f"The default {column.default} has filled it so far.",
                safer="Deploy the code that always writes it first; the gate says so.",
            )
        )
    else:
        found.append(
            warning(
                "null-instead-of-default",
                f"Rows that leave {name} out hold NULL from now on, not {column.default}.",
                why="Without a default a column that is left out is NULL.",
                safer="Deploy the code that writes it first, and readers that cope with NULL.",
            )
        )
    return (*found, *default_findings(context, table, column))


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"drop the default of {values.get('table', '…')}.{values.get('column', '…')}"


OPERATION = Operation(
    kind="drop_default",
    group="Column",
    label="Drop a column's default",
    verb="no default",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
