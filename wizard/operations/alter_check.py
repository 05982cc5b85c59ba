"""Change the condition of a check.

What it does
    Replaces a check by one of the same name with another condition.

Why it is dangerous
    Dropping and adding it in one step reads the whole table while nobody can read or write it, and
    leaves it without a rule when the second half fails. Code that writes rows which the new
    condition refuses fails as soon as it is there; code that writes rows which only the new one
    allows fails until the old one is gone.

How migwiz does it
    Adds the new condition beside the old one under another name, without a look at the old rows;
    proves it while reads and writes go on; then drops the old one and gives the new one its name,
    in one short transaction. At no moment is there no rule. Where constraints cannot be renamed,
    the new one keeps its other name, which is said beforehand. The way back does the same with the
    earlier condition.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint NOT VALID; safety.md PG-18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.schema import Check
from wizard.model.steps import AddCheck, DropConstraint
from wizard.operations.add_check import bare_condition, check_columns
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import rebuild_finding
from wizard.operations.common import expression_check, read_table, require, table_question
from wizard.operations.exchange import (
    Exchange,
    exchanged,
    in_place,
    looks,
    refuse_impossible,
    renamed_finding,
)
from wizard.operations.needs import parent_of
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.questions import Choice, Kind, Question, Situation


def _check_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(value=one.name, label=one.name, hint=one.expression)
        for one in situation.table.checks
        if one.name
    )


QUESTIONS = (
    table_question("Table", "The table whose check changes."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Check",
        help="The check that gets another condition. It keeps its name.",
        example="ck_orders_status",
        required=True,
        choices=_check_choices,
    ),
    Question(
        key="expression",
        kind=Kind.EXPRESSION,
        prompt="New condition",
        help="A SQL condition over the columns of one row. A row for which it is unknown, because "
        "a column is NULL, passes.",
        example="status_code <> '' AND status_code <> 'none'",
        required=True,
        check=expression_check,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Exchange:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, name = read_table(values, context), require(values, "name")
    old = table.constraint(name)
    if not isinstance(old, Check):
        known = [one.name for one in table.checks if one.name]
        raise AnswerError(
            "unknown-constraint",
            f"{table.name} has no check {name}",
            next_actions=(
                f"its checks are {', '.join(known)}" if known else "it has none with a name",
            ),
            flag="--name",
        )
    expression = context.dialect.check_expression(
        require(values, "expression"), flag="--expression"
    )
    columns = check_columns(table, expression, context)
    new = replace(old, expression=expression, columns=columns, validated=True)
    return Exchange(table=table, old=old, new=new)


def plan(request: Exchange, context: Context) -> Plan:
    """Return the plan: the new condition beside the old one, proven, then in its place."""
    table, old, new = request.table, request.old, request.new
    assert isinstance(old, Check)
    assert isinstance(new, Check)
    _refuse(request, context, old, new)
    adding, proving = exchanged(request, context)
    (look,) = looks(request, context)
    holds = f"writes only rows with {new.expression}"
    naive = (
        DropConstraint(table=table.name, constraint=old),
        AddCheck(table=table.name, constraint=new),
    )
    return Plan(
        title=request.title,
        slug=slugify(request.title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=adding,
                when=f"after the deploy whose code {holds}",
                application=f"{holds} into {table.name}, and keeps the earlier rule until the end",
                gate=Gate(text=everywhere(context.rollout, holds)),
            ),
            Part(
                phase="validate",
                migrations=proving,
                when="after expand",
                application=f"may write what only the new {old.name} allows when this is done",
                gate=Gate(
                    text=f"no row of {table.name} breaks {new.expression}",
                    query=look.query,
                    people=False,
                ),
            ),
        ),
        findings=_findings(request, context),
        preflights=(look,),
        naive=Naive(
            up=naive,
            lock=context.dialect.lock(naive[1], context.size(table)),
            effect=f"nobody can read or write {table.name} while it is scanned, "
            "and it fails at the first row that breaks the rule",
        ),
    )


def _refuse(request: Exchange, context: Context, old: Check, new: Check) -> None:
    table = request.table
    if bare_condition(old) == bare_condition(new):
        raise Refusal(
            info(
                "check-exists",
                f"{old.name} of {table.name} says {old.expression} already"
                + ("." if old.validated else ", but it is not validated yet."),
                safer="Nothing to do."
                if old.validated
                else f"migwiz validate-constraint --table {table.name} --name {old.name}",
            )
        )
    parent = parent_of(context, table)
    if parent is not None and parent.constraint(old.name or "") is not None:
        raise Refusal(
            danger(
                "inherited-rule",
                f"{table.name} has {old.name} from {parent.name}, of which it is a partition.",
                why="A partition cannot allow what its parent forbids.",
                safer=f"Change it in {parent.name}: its partitions follow.",
            )
        )
    refuse_impossible(request, context)


def _findings(request: Exchange, context: Context) -> tuple[Finding, ...]:
    table, old, new = request.table, request.old, request.new
    assert isinstance(new, Check)
    found: list[Finding] = []
    found += renamed_finding(request, context)
    if not context.rollout.stopped:
        found.append(
            warning(
                "both-rules-hold",
                f"From the first file to the last, rows of {table.name} must fulfil the earlier "
                f"{old.name} and {new.expression}.",
                why="There is no moment without a rule, hence one with both.",
                safer="Deploy the code that keeps both first; the gate says so.",
            )
        )
    if not in_place(request, context):
        found.append(rebuild_finding(context, table))
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"change the check {values.get('name', '…')} of {values.get('table', '…')}"


OPERATION = Operation(
    kind="alter_check",
    group="Constraint",
    label="Change a check",
    verb="change",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
