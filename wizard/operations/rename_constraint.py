"""Rename a constraint.

What it does
    Gives a check, a key or a unique constraint another name. Its rule stays as it is; the index of a
    unique constraint or a primary key gets the name too.

Why it is dangerous
    The rename takes no time, but it has to wait for its lock, and everybody queues behind it. Code
    that recognises an error by the constraint's name, or says ON CONFLICT ON CONSTRAINT, no longer
    finds it. Engines without such a rename copy the table or check every row again.

How migwiz does it
    Renames it within the lock budget where the engine can. On SQLite the table is built anew with
    the other name. Elsewhere the rule is added under the new name before the old one goes, so that
    it has no gap: only for small tables or a stopped application, since every row is looked at.

Reference
    PostgreSQL manual, ALTER TABLE, RENAME CONSTRAINT; safety.md §1.1.
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
from wizard.model.schema import Check, Constraint, ForeignKey, PrimaryKey, Table, Unique
from wizard.model.steps import DropConstraint, RebuildTable, RenameConstraint
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl, rebuild_finding, rebuild_migration
from wizard.operations.common import read_table, require, table_question
from wizard.operations.constraints import constraint_step, rule_of
from wizard.operations.needs import parent_of
from wizard.operations.phases import Part, Refusal, phases, queueing
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    constraint: Constraint
    new: str


def _constraint_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(value=one.name, label=one.name, hint=rule_of(one))
        for one in situation.table.constraints
        if one.name
    )


def _free(value: Value, situation: Situation) -> str | None:
    if situation.table is not None and situation.table.constraint(str(value)) is not None:
        return f"{situation.table.name} has a constraint {value} already; choose another name"
    return None


QUESTIONS = (
    table_question("Table", "The table that has the constraint."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Constraint",
        help="The constraint to rename. Those without a name of their own cannot be named here.",
        example="ck_orders_status",
        required=True,
        choices=_constraint_choices,
    ),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="New name",
        help="The constraint's new name.",
        example="ck_orders_status_code",
        required=True,
        check=_free,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or not there."""
    table, name = read_table(values, context), require(values, "name")
    constraint = table.constraint(name)
    if constraint is None:
        known = [one.name for one in table.constraints if one.name]
        listed = f"its constraints are {', '.join(known)}" if known else "it has none with a name"
        own = table.index(name) is not None
        raise AnswerError(
            "unknown-constraint",
            f"{table.name} has no constraint {name}",
            why="It is an index of its own." if own else "",
            next_actions=("use migwiz rename-index" if own else listed,),
            flag="--name",
        )
    new = context.dialect.check_name(require(values, "to"), flag="--to")
    if table.constraint(new) is not None or table.index(new) is not None:
        raise AnswerError(
            "name-taken",
            f"{table.name} has a constraint or an index {new} already",
            next_actions=("choose another name with --to",),
            flag="--to",
        )
    return Request(table=table, constraint=constraint, new=new)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: a rename within the lock budget, or what the engine has instead."""
    table, constraint, dialect = request.table, request.constraint, context.dialect
    old = constraint.name or ""
    _refuse_inherited(request, context)
    title = f"rename constraint {old} of {table.name} to {request.new}"
    migrations = _migrations(request, context, title)
    first = migrations[0].changes[0].step
    lock = dialect.lock(first, context.size(table))
    return Plan(
        title=title,
        slug=slugify(f"rename constraint {old} to {request.new}", separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=migrations,
                when="at any time; the code that names it belongs to the same deploy",
                application=f"may say {old} in an error handler or ON CONFLICT ON CONSTRAINT: let "
                "it know both names meanwhile",
            ),
        ),
        findings=_findings(request, context, migrations),
        naive=Naive(
            up=(first,),
            lock=lock,
            effect=f"{queueing(lock, table.name)}, for as long as that takes",
        ),
    )


def _refuse_inherited(request: Request, context: Context) -> None:
    table, constraint = request.table, request.constraint
    parent = parent_of(context, table)
    # Keys of a partition have names of their own; a check is one for the whole tree.
    inherited = isinstance(constraint, Check) and parent is not None
    if parent is not None and inherited and parent.constraint(constraint.name or "") is not None:
        raise Refusal(
            danger(
                "inherited-constraint",
                f"{table.name} has {constraint.name} from {parent.name} and cannot rename it "
                "alone.",
                why="A check of a partitioned table has one name in all partitions.",
                safer=f"migwiz rename-constraint --table {parent.name} --name {constraint.name} "
                f"--to {request.new}",
            )
        )


def _migrations(request: Request, context: Context, title: str) -> tuple[Migration, ...]:
    table, constraint, dialect = request.table, request.constraint, context.dialect
    rename = RenameConstraint(table=table.name, old=constraint.name or "", new=request.new)
    reason = dialect.supports(rename)
    if reason is None:
        return (ddl(context, title, change(rename)),)
    renamed = replace(constraint, name=request.new)
    if dialect.supports(RebuildTable) is None:
        kept = tuple(renamed if one is constraint else one for one in table.constraints)
        step = RebuildTable(before=table, after=replace(table, constraints=kept))
        return (rebuild_migration(title, step),)
    if not isinstance(constraint, Check | ForeignKey) or not isinstance(
        renamed, Check | ForeignKey
    ):
        raise Refusal(_no_rename(request, context, reason))
    add, drop = (
        constraint_step(table, renamed),
        DropConstraint(table=table.name, constraint=constraint),
    )
    if not context.rollout.direct or dialect.supports(add) or dialect.supports(drop):
        raise Refusal(_no_rename(request, context, reason))
    back = constraint_step(table, constraint)
    return (
        ddl(context, f"add {request.new} to {table.name}", change(add)),
        ddl(context, f"drop {constraint.name} from {table.name}", change(drop, undo=(back,))),
    )


def _no_rename(request: Request, context: Context, reason: str) -> Finding:
    table, constraint = request.table, request.constraint
    if isinstance(constraint, Unique):
        safer = (
            "It is an index there, and that has a rename: "
            f"migwiz rename-index --table {table.name} --name {constraint.name} --to {request.new}"
        )
    elif isinstance(constraint, PrimaryKey):
        safer = "Keep the name: a table has one primary key, which needs none."
    else:
        safer = (
            f"Keep the name. In a maintenance window migwiz adds the rule under the name "
            f"{request.new} and drops the old one, which looks at every row."
        )
    return danger(
        "no-rename",
        f"{context.dialect.label} cannot rename {constraint.name} of {table.name}.",
        why=f"{reason}.",
        safer=safer,
    )


def _findings(
    request: Request, context: Context, migrations: tuple[Migration, ...]
) -> tuple[Finding, ...]:
    table, constraint, new = request.table, request.constraint, request.new
    found = [
        warning(
            "constraint-name-in-code",
            f"Code that knows {constraint.name} by its name no longer finds it: handlers of the "
            "error that it raises, ON CONFLICT ON CONSTRAINT, other migrations.",
            why="The name is all that the driver tells of the rule which was broken.",
            safer=f"Search the code for {constraint.name}, and let it know {new} too before the "
            "migration runs.",
        )
    ]
    steps = [change.step for migration in migrations for change in migration.changes]
    if any(isinstance(one, RebuildTable) for one in steps):
        found.append(rebuild_finding(context, table))
    elif len(migrations) > 1:
        found.append(
            warning(
                "rule-added-again",
                f"{context.dialect.label} has no rename: {new} is added, which looks at every row "
                f"of {table.name}, and then {constraint.name} is dropped.",
                why="In this order the rule has no gap.",
                safer="Keep the name if nothing depends on it.",
            )
        )
    if table.kind == "partitioned" and isinstance(constraint, Check):
        found.append(
            info(
                "whole-tree-locked",
                f"{table.name} is partitioned: the rename takes the lock on every partition.",
                why="A check has one name in the whole tree.",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"rename constraint {values.get('name', '…')} to {values.get('to', '…')}"


OPERATION = Operation(
    kind="rename_constraint",
    group="Rename",
    label="Rename a constraint",
    verb="constraint",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
