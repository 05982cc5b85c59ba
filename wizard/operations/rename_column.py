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
from wizard.model.findings import danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import fit_name, slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Table
from wizard.model.steps import (
    CreateShadowView,
    DropShadowView,
    RenameColumn,
    ShadowView,
)
from wizard.operations import rename_sync, rename_views
from wizard.operations.base import Context, Operation, Ways
from wizard.operations.blocks import ddl
from wizard.operations.common import (
    choice,
    column_choices,
    new_name_check,
    read_column,
    read_table,
    require,
    table_question,
)
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.operations.rename_findings import sync_findings, using_findings
from wizard.operations.rename_obstacles import (
    direct_obstacles,
    name_obstacles,
    partition_obstacles,
    view_obstacles,
)
from wizard.operations.renaming import Rename
from wizard.operations.snippets import mapped_names, one_name, renamed_in_steps
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
            return _map(request.rename, context)
        case "sync":
            return _sync(request.rename, context)
        case "view":
            return _view(request.rename, context)
        case "direct":
            return _direct(request.rename, context)


def _title(rename: Rename) -> str:
    return f"rename {rename.table.name}.{rename.column.name} to {rename.new}"


def _slug(rename: Rename) -> str:
    return slugify(f"rename {rename.table.name} {rename.column.name}", separator="-")


def _naive(rename: Rename, context: Context) -> Naive:
    step = RenameColumn(table=rename.table.name, old=rename.column.name, new=rename.new)
    return Naive(
        up=(step,),
        lock=context.dialect.lock(step, context.size(rename.table)),
        effect=f"every running instance that says {rename.column.name} fails until it is replaced",
    )


def _map(rename: Rename, context: Context) -> Plan:
    finding = info(
        "map-the-name",
        f"No migration is needed: the model says {rename.new} and maps it to the column "
        f"{rename.column.name}.",
        why="A rename that changes nothing in the database cannot break anything.",
        safer=f"To change the database too, choose {_further(rename, context)}.",
    )
    return Plan(
        title=_title(rename),
        slug=_slug(rename),
        findings=(finding,),
        snippets=mapped_names(rename.table, rename.column, rename.new),
        naive=_naive(rename, context),
    )


def _further(rename: Rename, context: Context) -> str:
    """Name the best way that changes the database, too."""
    if not name_obstacles(rename.table, rename.column.name, context.dialect):
        return "--how sync"
    if not view_obstacles(rename.table, context.dialect):
        return "--how view"
    return "--how direct in a maintenance window"


def _direct(rename: Rename, context: Context) -> Plan:
    step = RenameColumn(table=rename.table.name, old=rename.column.name, new=rename.new)
    if not context.rollout.stopped:
        raise Refusal(
            danger(
                "rename-breaks-old-code",
                f"Renaming {rename.column.name} at once breaks every running instance that still "
                "says the old name.",
                why="Old and new code run together while a version rolls out.",
                safer="Map the name in the model (--how map), or rename in steps (--how sync). "
                "With the application stopped, use --deployment maintenance.",
            )
        )
    _refuse_checked(rename, context)
    title = _title(rename)
    part = Part(
        phase="switch",
        migrations=(ddl(context, title, change(step)), *_following(rename, context)),
        when="in the maintenance window",
        application=f"stopped; start the version that says {rename.new}",
    )
    return Plan(
        title=title,
        slug=_slug(rename),
        phases=phases(context.rollout, part),
        findings=using_findings(rename),
        naive=_naive(rename, context),
        snippets=one_name(rename.table, rename.column, rename.new, phase="switch"),
    )


def _refuse_checked(rename: Rename, context: Context) -> None:
    """Refuse a column in a check, where the check would not follow."""
    if context.dialect.capabilities.rename_checked_column:
        return
    checks = [one.name for one in rename.table.checks if rename.column.name in one.columns]
    if checks:
        raise Refusal(
            danger(
                "check-holds-name",
                f"{', '.join(map(str, checks))} reads {rename.column.name}, and "
                f"{context.dialect.label} renames no column that a check reads.",
                safer=f"Drop it first (migwiz drop-constraint --table {rename.table.name} --name "
                f"{checks[0]}), and add it again under the new name.",
            )
        )


def _following(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return what the views need whose queries the engine does not change by itself."""
    if context.dialect.capabilities.views_follow_renames:
        return ()
    table, old = rename.table, rename.column.name
    stuck = rename_views.obstacles(table, old, context.dialect)
    if stuck:
        listed = ", ".join(map(str, stuck))
        raise Refusal(
            danger(
                "dependent-in-the-way",
                f"The {listed} names {old} and would be broken by the rename.",
                why=f"{context.dialect.label} keeps the text of what names a column as it is.",
                safer="Change it in a migration of your own, or map the name (--how map).",
            )
        )
    return rename_views.lead(context, table, old, rename.new)


def _sync(rename: Rename, context: Context) -> Plan:
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
    title = _title(rename)
    return Plan(
        title=title,
        slug=_slug(rename),
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
        naive=_naive(rename, context),
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


def _view(rename: Rename, context: Context) -> Plan:
    rollout, table, old, new = context.rollout, rename.table, rename.column.name, rename.new
    found = view_obstacles(table, context.dialect)
    if found:
        sync = not name_obstacles(table, old, context.dialect)
        raise Refusal(
            danger(
                "cannot-view",
                f"{table.name} cannot be a view for a while: {'; '.join(found)}.",
                why="For a moment no name would be right, or somebody would see too much or too "
                "little.",
                safer=f"Map the name in the model (--how map){', or use --how sync' if sync else ''}.",
            )
        )
    limit = context.dialect.capabilities.name_bytes
    view = ShadowView(
        table=table.name,
        base=fit_name(f"{table.name.name}_base", limit=limit),
        columns=tuple(one.name for one in table.columns),
        old=old,
        new=new,
    )
    show = ddl(
        context, f"show {old} of {table.name} as {new} too", change(CreateShadowView(view=view))
    )
    step = RenameColumn(table=table.name, old=old, new=new)
    finish = ddl(context, _title(rename), change(DropShadowView(view=view)), change(step))
    return Plan(
        title=_title(rename),
        slug=_slug(rename),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(show,),
                when=additive(rollout, new),
                application="may use either name, never both in one statement",
            ),
            Part(
                phase="contract",
                migrations=(finish,),
                when=f"a release later, when every running instance uses only {new}",
                application=f"uses only {new}",
                gate=Gate(
                    text=f"{everywhere(rollout, f'uses only {new}')}; no other view reads "
                    f"{table.name} while it is one",
                    query=context.dialect.readers(table.name),
                ),
            ),
        ),
        findings=(
            warning(
                "view-limits",
                f"While {table.name} is a view, TRUNCATE, CREATE INDEX, ALTER TABLE and new "
                "foreign keys to it fail, and new columns do not show.",
                why=f"The table itself is called {view.base} meanwhile.",
                safer=f"Plan no other change of {table.name} until this one is finished.",
            ),
            *using_findings(rename),
        ),
        naive=_naive(rename, context),
        snippets=renamed_in_steps(table, rename.column, new, stopped=rollout.stopped),
    )


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
