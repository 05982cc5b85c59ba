"""Rename a column.

What it does
    Gives a column another name: in the code only, or in the database, in steps that old and new
    code both survive.

Why it is dangerous
    Renaming in one step breaks every running instance that still says the old name, from the
    moment it is done until the last one is replaced. The rename itself takes a millisecond; the
    outage lasts as long as the deploy.

How migwiz does it
    Offers first what needs no change of the database: the model maps the new name to the old
    column. Otherwise it adds the new name beside the old one, keeps both equal by a trigger while
    both versions of the code run, copies the old values in batches, gives the new column the
    indexes and constraints of the old one, and removes the old one a release later, when a query
    shows that both agree. Numbering, a primary key and foreign keys that point to the column move
    to the new one then, without reading a row under a strong lock. Each step's downgrade brings everything back, values too. A view that
    shows both names is the third way; renaming directly is for a stopped application.

Reference
    safety.md PG-10, conclusions 12 and 14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.plan import Plan
from wizard.operations.base import Context, Operation, Ways
from wizard.operations.common import (
    choice,
    column_choices,
    new_name_check,
    read_column,
    read_table,
    require,
    table_question,
)
from wizard.operations.rename_obstacles import (
    direct_obstacles,
    name_obstacles,
    partition_obstacles,
    view_obstacles,
)
from wizard.operations.rename_steps import sync_plan
from wizard.operations.rename_ways import direct_plan, map_plan, view_plan
from wizard.operations.renaming import Rename
from wizard.operations.ways import context_of, offered
from wizard.questions import Choice, Kind, Question, Situation

How = Literal["map", "sync", "view", "direct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    rename: Rename
    how: How


LABELS = {
    "map": "keep the column, map the name in the model",
    "sync": "expand and contract, two-way sync",
    "view": "a view under the old table name",
    "direct": "rename directly",
}


def obstacles(request: Request, context: Context) -> Mapping[str, tuple[str, ...]]:
    """Return for each way every reason that forbids it for this column."""
    table, column, dialect = request.rename.table, request.rename.column.name, context.dialect
    return {
        "sync": (
            *name_obstacles(table, column, dialect),
            *partition_obstacles(table, column, context),
        ),
        "view": view_obstacles(table, dialect),
        "direct": direct_obstacles(table, column, dialect, stopped=context.rollout.stopped),
    }


def _how_choices(situation: Situation) -> tuple[Choice, ...]:
    context = context_of(situation)
    column = (
        None
        if situation.table is None
        else situation.table.column(str(situation.values.get("column") or ""))
    )
    if context is None or situation.table is None or column is None:
        return tuple(Choice(value=one, label=label) for one, label in LABELS.items())
    new = str(situation.values.get("to") or "")
    if not new or situation.table.column(new) is not None:
        # Whatever it will be called, the ways are the same.
        new = f"{column.name}_"
    rename = Rename(table=situation.table, column=column, new=new)
    return offered(
        LABELS, lambda how: Request(rename=rename, how=cast("How", how)), plan, obstacles, context
    )


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column to rename.",
        example="status_code",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="New name",
        help="The column's new name.",
        example="status",
        required=True,
        check=new_name_check,
    ),
    Question(
        key="how",
        kind=Kind.CHOICE,
        prompt="How",
        help="Mapping the name in the code changes no table and carries no risk. To change the "
        "database while old and new code run, both names must work for a while.",
        example="sync",
        required=True,
        default=lambda one: "direct" if one.rollout.stopped else "map",
        choices=_how_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    column = read_column(table, require(values, "column"))
    new = context.dialect.check_name(require(values, "to"), flag="--to")
    if table.column(new) is not None:
        raise AnswerError(
            "column-exists",
            f"{table.name} has a column {new} already",
            next_actions=("choose another name",),
            flag="--to",
        )
    usual = "direct" if context.rollout.stopped else "map"
    how = choice(values, "how", ("map", "sync", "view", "direct"), usual)
    rename = Rename(table=table, column=column, new=new)
    return Request(rename=rename, how=cast("How", how))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan for the chosen way."""
    match request.how:
        case "map":
            return map_plan(request.rename, context)
        case "sync":
            return sync_plan(request.rename, context)
        case "view":
            return view_plan(request.rename, context)
        case "direct":
            return direct_plan(request.rename, context)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    shown = [values.get(key, "…") for key in ("table", "column", "to")]
    return f"rename {shown[0]}.{shown[1]} to {shown[2]}"


OPERATION = Operation(
    kind="rename_column",
    group="Rename",
    label="Rename a column",
    verb="column",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
    ways=Ways(labels=LABELS, obstacles=obstacles),
)
