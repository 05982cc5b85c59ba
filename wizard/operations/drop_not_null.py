"""Let a column be empty.

What it does
    Lifts NOT NULL, so that rows may leave the column empty.

Why it is dangerous
    The work takes no time, but the lock has to be waited for, and everybody queues behind it. From
    then on code that counts on a value may meet a NULL. And the way back fails at the first NULL
    that was written meanwhile, after a scan during which nobody can read or write.

How migwiz does it
    Asks for the code that copes with NULL first. Each lock is taken within the lock budget. The way
    back looks for NULLs before it locks anything, forbids new ones, proves the old rows under a
    lock that lets reads and writes go on, and only then sets NOT NULL, which the proof makes
    instant. For that the upgrade has two files: a downgrade runs them the other way round.

Reference
    PostgreSQL manual, ALTER TABLE, DROP NOT NULL; safety.md PG-7, §1.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Gate, Migration, Naive, Plan
from wizard.model.schema import Column, NotNull, Table
from wizard.model.steps import DropNotNull, SetNotNull
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import (
    ddl,
    proof_of_not_null,
    rebuild_finding,
    release_value,
)
from wizard.operations.common import (
    column_choices,
    read_column,
    read_table,
    require,
    table_question,
)
from wizard.operations.needs import required_above
from wizard.operations.phases import Part, Refusal, everywhere, phases, queueing
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    column: Column


def _required_columns(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    key = situation.table.primary_key
    free = {one.name for one in situation.table.columns if not one.nullable and one.name not in key}
    return tuple(one for one in column_choices(situation) if one.value in free)


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column that may be empty from now on. Only required columns are listed.",
        example="customer_id",
        required=True,
        choices=_required_columns,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    return Request(table=table, column=read_column(table, require(values, "column")))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: lift NOT NULL, once the code copes with NULL."""
    table, column = request.table, request.column
    name = f"{table.name}.{column.name}"
    if column.nullable and column.name not in table.primary_key:
        pending = next(
            (
                one.name
                for one in table.constraints
                if isinstance(one, NotNull) and one.column == column.name
            ),
            None,
        )
        raise Refusal(
            info(
                "already-optional",
                f"{name} may be NULL already"
                + ("." if pending is None else f" in old rows; {pending} forbids only new ones."),
                safer="Nothing to do."
                if pending is None
                else f"migwiz drop-constraint --table {table.name} --name {pending}",
            )
        )
    _refuse_bound(request, context)
    copes = f"copes with NULL in {name}"
    naive = DropNotNull(table=table.name, column=column)
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=f"let {name} be empty",
        slug=slugify(f"no longer require {table.name} {column.name}", separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=_migrations(request, context),
                when="after the deploy whose code copes with NULL, before any code writes one",
                application=f"copes with NULL in {column.name}, and writes none yet",
                gate=Gate(text=everywhere(context.rollout, copes)),
            ),
        ),
        findings=_findings(request, context),
        naive=Naive(
            up=(naive,),
            lock=lock,
            effect=f"{queueing(lock, table.name)}, and the way back holds one while it reads "
            "every row",
        ),
    )


def _refuse_bound(request: Request, context: Context) -> None:
    """Refuse a column whose NOT NULL follows from something else."""
    table, column = request.table, request.column
    name = f"{table.name}.{column.name}"
    if column.name in table.primary_key:
        raise Refusal(
            danger(
                "stays-required",
                f"{name} is part of the primary key, which holds no NULL.",
                why="A primary key names each row, and NULL names none.",
                safer="Add a column of its own for what may be missing.",
            )
        )
    if column.identity is not None:
        raise Refusal(
            danger(
                "stays-required",
                f"{name} is an identity column, which holds no NULL.",
                why="The database numbers every row itself.",
                safer="Add a column of its own for what may be missing.",
            )
        )
    parent = required_above(context, table, column)
    if parent is not None:
        raise Refusal(
            danger(
                "inherited-rule",
                f"{parent.name}.{column.name} is required, and {table.name} is a partition of it.",
                why="A partition cannot allow what its parent forbids.",
                safer=f"Plan the change for {parent.name}: its partitions follow.",
            )
        )


def _migrations(request: Request, context: Context) -> tuple[Migration, ...]:
    table, column = request.table, request.column
    proof = proof_of_not_null(context, table, column.name)
    if proof is None or not context.dialect.capabilities.not_null_from_check:
        return release_value(context, table, column, exact=False)
    usual = change(DropNotNull(table=table.name, column=column))
    proven = tuple(
        SetNotNull(table=one.table, column=one.column, proof=proof.name)
        for one in usual.undo
        if isinstance(one, SetNotNull)
    )
    note = f"{proof.name} still forbids NULL and proves the way back"
    step = change(usual.step, undo=proven, reversibility=LOSSLESS, note=note)
    return (ddl(context, f"no longer require {table.name}.{column.name}", step),)


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, column = request.table, request.column
    name = f"{table.name}.{column.name}"
    found = []
    proof = proof_of_not_null(context, table, column.name)
    if proof is not None:
        found.append(
            warning(
                "check-still-forbids",
                f"{proof.name} still forbids NULL in {name}.",
                why=f"It is a check of its own: {proof.expression}.",
                safer=f"Drop it afterwards: migwiz drop-constraint --table {table.name} "
                f"--name {proof.name}",
            )
        )
    if not context.rollout.stopped:
        found.append(
            warning(
                "null-surprises-readers",
                f"Code that reads {name} and has never seen a NULL there may fail on the first.",
                why="Old instances read what new ones write until the last of them is replaced. "
                "Comparisons, sums and NOT IN treat NULL in their own way, too.",
                safer="Deploy readers that cope first, then this, then the code that writes NULL.",
            )
        )
    if proof is None:
        found.append(
            warning(
                "null-blocks-way-back",
                f"The way back stops as soon as {name} holds a NULL.",
                why="NOT NULL cannot be true of a row that holds one.",
                safer=f"Fill them first: migwiz backfill --table {table.name}, "
                f"--where '{context.dialect.quote(column.name)} IS NULL'.",
            )
        )
    if not context.dialect.capabilities.alter_nullability:
        found.append(rebuild_finding(context, table))
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"let {values.get('table', '…')}.{values.get('column', '…')} be empty"


OPERATION = Operation(
    kind="drop_not_null",
    group="Column",
    label="Let a column be empty",
    verb="optional",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
