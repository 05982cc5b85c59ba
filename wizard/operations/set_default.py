"""Set the default of a column.

What it does
    Sets the value that new rows get when they leave the column out. Old rows stay as they are.

Why it is dangerous
    The work takes no time, but the lock has to be waited for, and everybody queues behind it. From
    then on the running version gets other values too, for rows in which it leaves the column out.

How migwiz does it
    One short transaction that gives up when the lock takes longer than the lock budget. The way
    back restores the earlier default, or none.

Reference
    PostgreSQL manual, ALTER TABLE, SET DEFAULT; safety.md §1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, info
from wizard.model.names import slugify
from wizard.model.plan import Naive, Plan
from wizard.model.schema import Column, Table
from wizard.model.steps import SetDefault
from wizard.operations.base import Context, Operation
from wizard.operations.common import (
    column_choices,
    expression_check,
    read_column,
    read_default,
    read_table,
    require,
    table_question,
)
from wizard.operations.defaults import default_findings, default_migration, refuse_computed
from wizard.operations.phases import Part, Refusal, additive, phases, queueing
from wizard.questions import Kind, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    column: Column
    default: str


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column that gets a default, or another one.",
        example="note",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="default",
        kind=Kind.EXPRESSION,
        prompt="Default",
        help="A SQL expression for new rows that leave the column out. Rows that are there keep "
        "what they have.",
        example="'new'",
        required=True,
        check=expression_check,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    column = read_column(table, require(values, "column"))
    require(values, "default")
    default = read_default(values, context)
    if default is None or default.upper() == "NULL":
        raise AnswerError(
            "bad-answer",
            "a default of NULL is the same as none",
            next_actions=("use migwiz drop-default",),
            flag="--default",
        )
    return Request(table=table, column=column, default=default)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, before the code that counts on the default."""
    table, column, default = request.table, request.column, request.default
    name = f"{table.name}.{column.name}"
    refuse_computed(table, column)
    if column.default is not None and column.default.strip() == default:
        raise Refusal(
            info(
                "default-exists",
                f"The default of {name} is {default} already.",
                safer="Nothing to do.",
            )
        )
    title = f"set default of {name}"
    migration = default_migration(context, table, column, default, title=title)
    naive = SetDefault(table=table.name, column=column, default=default)
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(migration,),
                when=additive(context.rollout, f"the default of {column.name}"),
                application=f"gets {default} where it leaves {column.name} out, old code too",
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
    found = [
        info(
            "default-for-new-rows",
            f"Rows that are there keep their {column.name}, and code that names it in an INSERT, "
            "even with NULL, does not get the default.",
            why="A default is looked up only where a new row leaves the column out. Many object "
            "mappers name every column.",
            safer=f"Old rows: migwiz backfill --table {table.name}. The code: leave {name} out, "
            "or give the same value there.",
        ),
        *default_findings(context, table, column),
    ]
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"set the default of {values.get('table', '…')}.{values.get('column', '…')}"


OPERATION = Operation(
    kind="set_default",
    group="Column",
    label="Set a column's default",
    verb="default",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
