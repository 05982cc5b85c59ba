"""Rename a table.

What it does
    Gives a table another name: in the code only, or in the database, in steps that old and new code
    both survive.

Why it is dangerous
    Renaming in one step breaks every running instance that still says the old name, from the moment
    it is done until the last one is replaced. The rename itself takes a millisecond; the outage
    lasts as long as the deploy.

How migwiz does it
    Offers first what needs no change of the database: the model maps the new name to the old table.
    Otherwise a view shows the table under its new name and takes reads and writes, so that new code
    can start. When no instance says the old name any more, table and view exchange their names in
    one moment: the old name stays, as a view, for the time in which you might go back. A release
    later that view goes. Each step's downgrade is as short. Renaming directly is for a stopped
    application.

Reference
    safety.md PG-11, MY-9, conclusion 14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import danger, info
from wizard.model.inverse import change
from wizard.model.names import TableName, slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.schema import Table
from wizard.model.steps import (
    CreateTableView,
    DropTableView,
    RenameTable,
    SwapTableView,
    TableView,
)
from wizard.operations.base import Context, Operation, Ways
from wizard.operations.blocks import ddl
from wizard.operations.common import choice, read_table, require, table_question
from wizard.operations.new_names import new_table_problem, refuse_taken
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.operations.rename_obstacles import standing_in
from wizard.operations.renamed_tables import renamed_findings, view_limits
from wizard.operations.snippets import mapped_table, named_table
from wizard.operations.ways import context_of, offered
from wizard.questions import Choice, Kind, Question, Situation

How = Literal["map", "view", "direct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    new: TableName
    how: How


LABELS = {
    "map": "keep the table, map the name in the model",
    "view": "a view under the new name, then swap the two",
    "direct": "rename directly",
}


def obstacles(request: Request, context: Context) -> Mapping[str, tuple[str, ...]]:
    """Return for each way every reason that forbids it for this table."""
    dialect, stopped = context.dialect, context.rollout.stopped
    old = request.table.name.name
    view = [] if dialect.supports(SwapTableView) is None else [_no_writes(context)]
    if stopped:
        view.append("nothing runs that needs both names")
    direct = (
        ()
        if stopped
        else (f"only in a maintenance window: running instances that say {old} would fail",)
    )
    return {"view": (*view, *standing_in(request.table, dialect)), "direct": direct}


def _no_writes(context: Context) -> str:
    return f"a view of {context.dialect.label} does not take writes"


def _how_choices(situation: Situation) -> tuple[Choice, ...]:
    context, table = context_of(situation), situation.table
    if context is None or table is None:
        return tuple(Choice(value=one, label=label) for one, label in LABELS.items())
    # Whatever it will be called, the ways are the same.
    name = str(situation.values.get("to") or f"{table.name.name}_")
    new = TableName(name, table.name.schema)
    return offered(
        LABELS,
        lambda how: Request(table=table, new=new, how=cast("How", how)),
        plan,
        obstacles,
        context,
    )


def _free(value: Value, situation: Situation) -> str | None:
    schema = None if situation.table is None else situation.table.name.schema
    return new_table_problem(TableName(str(value), schema), situation)


QUESTIONS = (
    table_question("Table", "The table to rename."),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="New name",
        help="The table's new name. It stays in its schema.",
        example="purchases",
        required=True,
        check=_free,
    ),
    Question(
        key="how",
        kind=Kind.CHOICE,
        prompt="How",
        help="Mapping the name in the code changes no table and carries no risk. To change the "
        "database while old and new code run, both names must work for a while.",
        example="view",
        required=True,
        default=lambda one: "direct" if one.rollout.stopped else "map",
        choices=_how_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the database."""
    table = read_table(values, context)
    name = context.dialect.check_name(require(values, "to"), flag="--to")
    new = TableName(name, table.name.schema)
    if new == table.name:
        raise AnswerError(
            "bad-answer",
            f"{table.name} has that name already",
            next_actions=("choose another name",),
            flag="--to",
        )
    refuse_taken(context, new, flag="--to")
    usual = "direct" if context.rollout.stopped else "map"
    how = choice(values, "how", ("map", "view", "direct"), usual)
    return Request(table=table, new=new, how=cast("How", how))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan for the chosen way."""
    match request.how:
        case "map":
            return _map(request, context)
        case "view":
            return _view(request, context)
        case "direct":
            return _direct(request, context)


def _title(request: Request) -> str:
    return f"rename {request.table.name} to {request.new.name}"


def _slug(request: Request) -> str:
    return slugify(f"rename {request.table.name} to {request.new.name}", separator="-")


def _naive(request: Request, context: Context) -> Naive:
    step = RenameTable(table=request.table.name, new=request.new.name)
    return Naive(
        up=(step,),
        lock=context.dialect.lock(step, context.size(request.table)),
        effect=f"every running instance that says {request.table.name} fails until it is replaced",
    )


def _map(request: Request, context: Context) -> Plan:
    old, new = request.table.name.name, request.new.name
    further = "--how view" if context.dialect.capabilities.writable_view else "--how direct"
    finding = info(
        "map-the-name",
        f"No migration is needed: the model is called after {new} and maps to the table {old}.",
        why="A rename that changes nothing in the database cannot break anything.",
        safer=f"To change the database too, choose {further}.",
    )
    return Plan(
        title=_title(request),
        slug=_slug(request),
        findings=(finding,),
        snippets=mapped_table(request.table.name, new),
        naive=_naive(request, context),
    )


def _direct(request: Request, context: Context) -> Plan:
    table, new = request.table, request.new
    if not context.rollout.stopped:
        views = context.dialect.capabilities.writable_view
        instead = ", or rename in steps (--how view)" if views else ""
        raise Refusal(
            danger(
                "rename-breaks-old-code",
                f"Renaming {table.name} at once breaks every running instance that still says the "
                "old name.",
                why="Old and new code run together while a version rolls out.",
                safer=f"Map the name in the model (--how map){instead}. With the application "
                "stopped, use --deployment maintenance.",
            )
        )
    step = RenameTable(table=table.name, new=new.name)
    return Plan(
        title=_title(request),
        slug=_slug(request),
        phases=phases(
            context.rollout,
            Part(
                phase="switch",
                migrations=(ddl(context, _title(request), change(step)),),
                when="in the maintenance window",
                application=f"stopped; start the version that says {new.name}",
            ),
        ),
        findings=renamed_findings(table, new.name, context),
        naive=_naive(request, context),
        snippets=named_table(table.name, new.name, phase="switch"),
    )


def _view(request: Request, context: Context) -> Plan:
    table, new, rollout = request.table, request.new, context.rollout
    old = table.name.name
    reason = context.dialect.supports(SwapTableView)
    if reason is not None:
        raise Refusal(
            danger(
                "cannot-view",
                f"A view of {context.dialect.label} does not take writes, so {table.name} cannot "
                "be shown under a second name.",
                why=f"{reason}.",
                safer="Map the name in the model (--how map), or rename in a maintenance window "
                "(--deployment maintenance --how direct).",
            )
        )
    if rollout.stopped:
        raise Refusal(
            info(
                "rename-directly",
                f"With the application stopped nothing has to find {table.name} under both names.",
                safer="Use --how direct: one file.",
            )
        )
    lost = standing_in(table, context.dialect)
    if lost:
        raise Refusal(
            danger(
                "cannot-view",
                f"{table.name} cannot be shown by a view: {'; '.join(lost)}.",
                why="Somebody would see too much, or too little.",
                safer="Map the name in the model (--how map), or rename in a maintenance window "
                "(--deployment maintenance --how direct).",
            )
        )
    view = TableView(
        table=table.name, name=new.name, columns=tuple(one.name for one in table.columns)
    )
    only_new = everywhere(rollout, f"says only {new.name}")
    show = ddl(context, f"show {old} as {new.name} too", change(CreateTableView(view=view)))
    swap = ddl(context, _title(request), change(SwapTableView(view=view)))
    drop = ddl(
        context, f"drop the view {old} of {new.name}", change(DropTableView(view=view.swapped))
    )
    return Plan(
        title=_title(request),
        slug=_slug(request),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(show,),
                when=additive(rollout, new.name),
                application="may use either name",
            ),
            Part(
                phase="switch",
                migrations=(swap,),
                when="when the deploy is done everywhere",
                application=f"says {new.name}; {old} keeps working, as a view",
                gate=Gate(text=only_new),
            ),
            Part(
                phase="contract",
                migrations=(drop,),
                when=f"a release later, when nothing says {old} any more",
                application=f"says only {new.name}, and so does everything else",
                gate=Gate(
                    text=f"no code, job, report or function says {old}, and you will not roll back "
                    f"behind that; no view reads {old}",
                    query=context.dialect.readers(table.name),
                ),
            ),
        ),
        findings=(view_limits(old, new.name), *renamed_findings(table, new.name, context)),
        naive=_naive(request, context),
        snippets=(
            *mapped_table(
                table.name,
                new.name,
                note=f"first deploy, may be left out: the code says {new.name}, still asks {old}",
            ),
            *named_table(
                table.name,
                new.name,
                phase="switch",
                note=f"second deploy, before switch: asks {new.name}; nothing asks {old}",
            ),
        ),
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"rename {values.get('table', '…')} to {values.get('to', '…')}"


OPERATION = Operation(
    kind="rename_table",
    group="Rename",
    label="Rename a table",
    verb="table",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
    ways=Ways(labels=LABELS, obstacles=obstacles),
)
