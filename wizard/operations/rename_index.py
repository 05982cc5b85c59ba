"""Rename an index.

What it does
    Gives an index another name. Its keys and what it serves stay as they are.

Why it is dangerous
    Hardly at all: queries do not name indexes. Hints and monitoring do, and a model that still says
    the old name makes its tool want to build the index again. Where the engine has no such rename,
    the index is built anew while nobody can write.

How migwiz does it
    Renames it in place where the engine can: reads and writes go on. Otherwise it builds the index
    under the new name first and then drops the old one. An index that belongs to a constraint is
    renamed with its constraint.

Reference
    PostgreSQL manual, ALTER INDEX, RENAME; safety.md §1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Migration, Naive, Plan
from wizard.model.schema import Index, Table
from wizard.model.steps import AddIndex, DropIndex, RenameIndex
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl
from wizard.operations.common import read_table, require, table_question
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    index: Index
    new: str


def _index_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(
            value=one.name,
            label=one.name,
            hint=", ".join(part.column or part.expression or "" for part in one.parts),
            disabled="has the name of its constraint" if one.constraint else "",
        )
        for one in situation.table.indexes
    )


def _free(value: Value, situation: Situation) -> str | None:
    if situation.table is not None and situation.table.index(str(value)) is not None:
        return f"{situation.table.name} has an index {value} already; choose another name"
    return None


QUESTIONS = (
    table_question("Table", "The table that the index is on."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Index",
        help="The index to rename. The index of a constraint has its constraint's name.",
        example="ix_orders_status",
        required=True,
        choices=_index_choices,
    ),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="New name",
        help="The index's new name.",
        example="ix_orders_state",
        required=True,
        check=_free,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or not there."""
    table, name = read_table(values, context), require(values, "name")
    index = table.index(name)
    if index is None:
        known = [one.name for one in table.indexes if not one.constraint]
        raise AnswerError(
            "unknown-index",
            f"{table.name} has no index {name}",
            next_actions=(f"its indexes are {', '.join(known)}" if known else "it has none",),
            flag="--name",
        )
    new = context.dialect.check_name(require(values, "to"), flag="--to")
    if table.index(new) is not None or table.constraint(new) is not None:
        raise AnswerError(
            "name-taken",
            f"{table.name} has an index or a constraint {new} already",
            next_actions=("choose another name with --to",),
            flag="--to",
        )
    return Request(table=table, index=index, new=new)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, at any time."""
    table, index, dialect = request.table, request.index, context.dialect
    if index.constraint:
        raise Refusal(
            danger(
                "index-of-constraint",
                f"{index.name} belongs to a constraint of {table.name} and is renamed with it.",
                why="The engine keeps the two under one name.",
                safer=f"migwiz rename-constraint --table {table.name} --name {index.name} "
                f"--to {request.new}",
            )
        )
    title = f"rename index {index.name} of {table.name} to {request.new}"
    migration, step = _migration(request, context, title)
    return Plan(
        title=title,
        slug=slugify(f"rename index {index.name} to {request.new}", separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(migration,),
                when="at any time",
                application="need not change, unless it names the index in a hint",
            ),
        ),
        findings=_findings(request, context),
        naive=Naive(
            up=(step,),
            lock=dialect.lock(step, context.size(table)),
            effect="the same: this is how it is done in one line"
            if isinstance(step, RenameIndex)
            else f"writes to {table.name} wait until the index is built again",
        ),
    )


def _migration(
    request: Request, context: Context, title: str
) -> tuple[Migration, RenameIndex | AddIndex]:
    table, index, new = request.table, request.index, request.new
    rename = RenameIndex(table=table.name, old=index.name, new=new)
    if context.dialect.supports(rename) is None:
        return ddl(context, title, change(rename)), rename
    # The new one first: no query is without the index, and no unique rule has a gap.
    build = AddIndex(table=table.name, index=replace(index, name=new))
    drop = DropIndex(table=table.name, index=index)
    return ddl(context, title, change(build), change(drop)), build


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, index, new = request.table, request.index, request.new
    found = [
        info(
            "index-name-in-code",
            f"Say {new} in the model too, and in hints and dashboards that name {index.name}.",
            why="A tool that compares models with the database sees a missing index and one too "
            "many, and would build and drop.",
        )
    ]
    reason = context.dialect.supports(RenameIndex)
    if reason is not None:
        found.append(
            warning(
                "index-built-again",
                f"{index.name} is built anew under the name {new}: nobody can write to the "
                "database meanwhile.",
                why=f"{reason}.",
                safer="Run it while little is written, or keep the name: it harms nobody.",
            )
        )
    if table.kind == "partitioned":
        found.append(
            info(
                "partitions-keep-names",
                f"The indexes of the partitions of {table.name} keep their names.",
                why="A partitioned index stands for one index on each partition, and the server "
                "renames only the one that you name.",
                safer="Rename those you care for one by one: it costs nothing.",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"rename index {values.get('name', '…')} to {values.get('to', '…')}"


OPERATION = Operation(
    kind="rename_index",
    group="Rename",
    label="Rename an index",
    verb="index",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
