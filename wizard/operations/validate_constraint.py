"""Prove a constraint that old rows have not been held to.

What it does
    Looks at every row for a check, a foreign key or a NOT NULL that was added without a look at
    the old ones. From then on the constraint counts as proven: the planner may use it, and a
    partition or a NOT NULL can rest on it.

Why it is dangerous
    Reading every row takes as long as the table is large. In one transaction with the step that
    added the constraint, it holds that step's lock all the while and stops everybody. And it fails
    at the first row that breaks the rule.

How migwiz does it
    Looks for such rows beforehand, then validates alone, in a transaction of its own, under a lock
    that lets reads and writes go on. No lock timeout cuts it short. Running it again does nothing.

Reference
    PostgreSQL manual, ALTER TABLE, VALIDATE CONSTRAINT; safety.md PG-7b, PG-9, PG-18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import danger, info
from wizard.model.names import slugify
from wizard.model.plan import Gate, Naive, Plan, Preflight
from wizard.model.schema import Check, ForeignKey, NotNull, Table
from wizard.model.steps import ValidateConstraint
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import nulls, validate_migration
from wizard.operations.common import read_table, require, table_question
from wizard.operations.constraints import orphans, violators
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Choice, Kind, Question, Situation

Provable = ForeignKey | Check | NotNull


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    constraint: Provable


def _loose(table: Table) -> tuple[Provable, ...]:
    """Return the constraints that are not proven yet."""
    return tuple(
        one
        for one in table.constraints
        if isinstance(one, ForeignKey | Check | NotNull) and one.name and not one.validated
    )


def _choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(value=one.name or "", label=one.name or "", hint=_rule(one))
        for one in _loose(situation.table)
    )


def _rule(constraint: Provable) -> str:
    match constraint:
        case Check(expression=expression):
            return f"check {expression}"
        case ForeignKey(columns=columns, ref_table=parent):
            return f"({', '.join(columns)}) points to {parent}"
        case NotNull(column=column):
            return f"{column} is not null"


QUESTIONS = (
    table_question("Table", "The table whose rows are looked at."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Constraint",
        help="The constraint that is not proven yet.",
        example="ck_visits_seconds",
        required=True,
        choices=_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or not there."""
    table, name = read_table(values, context), require(values, "name")
    reason = context.dialect.supports(ValidateConstraint)
    if reason is not None:
        raise Refusal(
            danger("unsupported", reason, safer="Every constraint there is proven already.")
        )
    constraint = table.constraint(name)
    if not isinstance(constraint, ForeignKey | Check | NotNull):
        known = [one.name or "" for one in _loose(table)]
        raise AnswerError(
            "unknown-constraint",
            f"{table.name} has no check and no foreign key {name}",
            why="Unique constraints and primary keys are always proven."
            if constraint is not None
            else "",
            next_actions=(
                f"those not proven yet are {', '.join(known)}" if known else "all are proven",
            ),
            flag="--name",
        )
    return Request(table=table, constraint=constraint)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, alone."""
    table, constraint = request.table, request.constraint
    if constraint.validated:
        _refuse_unknown(context, table, constraint)
        raise Refusal(
            info(
                "already-validated",
                f"{constraint.name} of {table.name} is proven already.",
                safer="Nothing to do.",
            )
        )
    step = ValidateConstraint(table=table.name, constraint=constraint)
    reason = context.dialect.supports(step)
    if reason is not None:
        raise Refusal(
            danger("unsupported", reason, safer="Every constraint there is proven already.")
        )
    title = f"prove {constraint.name} of {table.name}"
    look = _look(context, table, constraint)
    naive = step
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="validate",
                migrations=(validate_migration(table, constraint, title=title),),
                when="at any time",
                application="need not change",
                gate=Gate(
                    text=f"no row of {table.name} breaks {constraint.name}",
                    query=look.query,
                    people=False,
                ),
            ),
        ),
        findings=(
            info(
                "stays-proven",
                f"The way back leaves {constraint.name} proven.",
                why="The rows fulfil it, and nothing forbids less because of that.",
            ),
        ),
        preflights=(look,),
        naive=Naive(
            up=(naive,),
            lock=context.dialect.lock(naive, context.size(table)),
            effect="the same step, but in one transaction with others it holds their locks while "
            "it reads every row",
        ),
    )


def _refuse_unknown(context: Context, table: Table, constraint: Provable) -> None:
    """Raise Refusal where a key that counts as proven may have been added without a look."""
    capabilities = context.dialect.capabilities
    untold = capabilities.not_valid_key and not capabilities.not_valid
    if isinstance(constraint, ForeignKey) and untold:
        raise Refusal(
            info(
                "proof-not-known",
                f"{context.dialect.label} does not tell whether the rows of {table.name} were held "
                f"to {constraint.name} when it was added: it counts as proven.",
                why="Nothing would be different in the database after a migration that proves it.",
                safer=f"Look yourself: {orphans(context, table, constraint).query}",
            )
        )


def _look(context: Context, table: Table, constraint: Provable) -> Preflight:
    match constraint:
        case Check():
            return violators(context, table, constraint)
        case ForeignKey():
            return orphans(context, table, constraint)
        case NotNull(column=column):
            return nulls(context, table, column)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"prove {values.get('name', '…')} of {values.get('table', '…')}"


OPERATION = Operation(
    kind="validate_constraint",
    group="Constraint",
    label="Prove a constraint that is not validated",
    verb="prove",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
