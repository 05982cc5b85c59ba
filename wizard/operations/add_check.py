"""Add a check.

What it does
    Refuses rows for which a condition does not hold.

Why it is dangerous
    A plain ADD CHECK reads the whole table while nobody can read or write it, and fails at the
    first row that breaks the rule. And every running instance that still writes such rows fails
    from that moment on.

How migwiz does it
    Looks for rows that break the rule before it locks anything. Adds the check without a look at
    the old rows, under a lock of milliseconds: new rows are checked from then on. Then proves the
    old rows in a transaction of its own, under a lock that lets reads and writes go on.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint NOT VALID; safety.md PG-18.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Gate, Naive, Plan
from wizard.model.schema import Check, Table
from wizard.model.steps import AddCheck
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import rebuild_finding
from wizard.operations.common import (
    expression_check,
    object_name,
    read_table,
    require,
    table_question,
    text,
)
from wizard.operations.constraints import check_migrations, violators
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.questions import Kind, Question

#: What a condition may read beside its row, as words of SQL.
_MOMENT = re.compile(
    r"\b(?:now\s*\(|current_(?:date|time|timestamp|user)\b|localtime(?:stamp)?\b|"
    r"(?:clock|statement|transaction)_timestamp\s*\(|random\s*\()",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    check: Check


QUESTIONS = (
    table_question("Table", "The table whose rows are checked."),
    Question(
        key="expression",
        kind=Kind.EXPRESSION,
        prompt="Condition",
        help="A SQL condition over the columns of one row. A row for which it is unknown, because "
        "a column is NULL, passes.",
        example="total >= 0",
        required=True,
        check=expression_check,
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The constraint's name. Left empty, it follows the names of the table's other checks.",
        example="ck_orders_total",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, dialect = read_table(values, context), context.dialect
    expression = dialect.check_expression(require(values, "expression"), flag="--expression")
    columns = check_columns(table, expression, context)
    limit = dialect.capabilities.name_bytes
    name = text(values, "name") or object_name(table, columns, kind="check", limit=limit)
    if table.constraint(name) is not None:
        raise AnswerError(
            "name-taken",
            f"{table.name} has a constraint {name} already",
            next_actions=("choose another name with --name",),
            flag="--name",
        )
    check = Check(
        name=dialect.check_name(name, flag="--name"), expression=expression, columns=columns
    )
    return Request(table=table, check=check)


def check_columns(table: Table, expression: str, context: Context) -> tuple[str, ...]:
    """Return the columns that the condition reads; raises AnswerError for what is none."""
    if re.search(r"\bselect\b", _without_texts(expression), re.IGNORECASE):
        raise AnswerError(
            "check-reads-rows",
            f"the condition {expression} holds a query",
            why="A check sees one row, and is not looked at again when other rows change.",
            next_actions=(
                "for rows of another table use migwiz add-foreign-key",
                "for other rows of this one use migwiz add-unique",
            ),
            flag="--expression",
        )
    named = context.dialect.columns_in(expression)
    known = tuple(one.name for one in table.columns if one.name in named)
    lower = {one.name.lower() for one in table.columns}
    unknown = sorted(one for one in named if one.lower() not in lower)
    if unknown:
        raise AnswerError(
            "unknown-column",
            f"{table.name} has no column {unknown[0]}",
            why="Names without quotes are columns.",
            next_actions=(f"text goes in single quotes: '{unknown[0]}'",),
            flag="--expression",
        )
    if not named:
        raise AnswerError(
            "check-without-column",
            f"the condition {expression} names no column of {table.name}",
            why="It would hold for every row or for none.",
            next_actions=("name a column, such as total >= 0",),
            flag="--expression",
        )
    return known


def _without_texts(expression: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", expression)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: forbid new rows that break the rule, then prove the old ones."""
    table, check = request.table, request.check
    rollout, dialect = context.rollout, context.dialect
    same = next((one for one in table.checks if bare_condition(one) == bare_condition(check)), None)
    if same is not None:
        raise Refusal(
            info(
                "check-exists",
                f"{same.name or 'A check'} of {table.name} already says {check.expression}"
                + ("." if same.validated else ", but it is not validated yet."),
                safer="Nothing to do."
                if same.validated
                else f"migwiz validate-constraint --table {table.name} --name {same.name}",
            )
        )
    title = f"add check {check.name} to {table.name}"
    preflight = violators(context, table, check)
    holds = f"writes only rows with {check.expression}"
    adding, proving = check_migrations(context, table, check, title=title)
    naive = AddCheck(table=table.name, constraint=check)
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=adding,
                when=f"after the deploy whose code {holds}",
                application=f"{holds} into {table.name}",
                gate=Gate(text=everywhere(rollout, holds)),
            ),
            Part(
                phase="validate",
                migrations=proving,
                when="after expand",
                application="need not change",
                gate=Gate(
                    text=f"no row of {table.name} breaks {check.expression}",
                    query=preflight.query,
                    people=False,
                ),
            ),
        ),
        findings=_findings(request, context),
        preflights=(preflight,),
        naive=Naive(
            up=(naive,),
            lock=dialect.lock(naive, context.size(table)),
            effect=f"nobody can read or write {table.name} while it is scanned, "
            "and it fails at the first row that breaks the rule",
        ),
    )


def bare_condition(check: Check) -> str:
    """Return the condition without the blanks and outer parentheses in which two may differ."""
    condition = " ".join(check.expression.split())
    while condition.startswith("(") and condition.endswith(")") and _enclosed(condition):
        condition = condition[1:-1].strip()
    return condition


def _enclosed(condition: str) -> bool:
    depth = 0
    for place, character in enumerate(condition):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(condition) - 1
    return False


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, check = request.table, request.check
    found: list[Finding] = []
    if not context.rollout.stopped:
        found.append(
            warning(
                "check-and-old-code",
                f"Code that writes rows of {table.name} without {check.expression} fails as soon "
                "as the check is there, old code too.",
                why="Old instances run until the last one is replaced.",
                safer="Deploy the code that keeps the rule first; the gate says so.",
            )
        )
    loose = [
        one.name
        for one in table.columns
        if one.name in check.columns and one.nullable and not _proves(check, one.name, context)
    ]
    if loose:
        found.append(
            info(
                "null-passes-check",
                f"Rows with NULL in {', '.join(loose)} may pass the check.",
                why="A condition that is unknown counts as kept: only false is refused.",
                safer=f"If NULL is not meant to pass, add AND {loose[0]} IS NOT NULL, or make the "
                "column required (migwiz set-not-null).",
            )
        )
    if _MOMENT.search(_without_texts(check.expression)):
        found.append(
            warning(
                "check-changes-with-time",
                f"{check.expression} depends on more than the row: it may hold today and not "
                "tomorrow.",
                why="A check is looked at when a row is written, never again. A restored dump may "
                "refuse rows that were right once.",
                safer="Compare columns with each other, or check it in the application.",
            )
        )
    if context.dialect.supports(AddCheck) is not None:
        found.append(rebuild_finding(context, table))
    return tuple(found)


def _proves(check: Check, column: str, context: Context) -> bool:
    return context.dialect.proves_not_null(check.expression, column)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"check {values.get('expression', '…')} on {values.get('table', '…')}"


OPERATION = Operation(
    kind="add_check",
    group="Constraint",
    label="Add a check",
    verb="check",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
