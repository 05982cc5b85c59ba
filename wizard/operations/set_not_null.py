"""Make a column required.

What it does
    Forbids NULL in an existing column, and fills the rows that hold NULL if you say with what.

Why it is dangerous
    SET NOT NULL reads the whole table while nobody can read or write it. And every running
    instance that still writes NULL fails from that moment on.

How migwiz does it
    Fills the NULLs in small batches first. Then forbids new NULLs with a constraint that is not
    checked against the old rows (a lock of milliseconds), proves the old rows under a lock that
    lets reads and writes go on, and only then sets NOT NULL, which the proof makes instant. The
    batches come first because an UPDATE of a row that still holds NULL would fail once new NULLs
    are forbidden, even when it touches another column. Where NOT NULL itself can be validated
    later (PostgreSQL 18), no helper constraint is needed.

Reference
    PostgreSQL manual, ALTER TABLE, SET NOT NULL; safety.md PG-7, PG-7b, conclusion 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.answers import Value
from wizard.model.findings import Finding, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Column, Table
from wizard.model.steps import Assignment, SetNotNull
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import (
    backfill_migration,
    nulls,
    proof_of_not_null,
    require_value,
)
from wizard.operations.common import (
    column_choices,
    expression_check,
    read_column,
    read_table,
    require,
    table_question,
    text,
)
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.operations.snippets import required
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    column: Column
    fill: str | None


def _nullable_columns(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    required = {one.name for one in situation.table.columns if not one.nullable}
    return tuple(one for one in column_choices(situation) if one.value not in required)


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column that must always hold a value. Only columns that may be NULL are listed.",
        example="email",
        required=True,
        choices=_nullable_columns,
    ),
    Question(
        key="fill",
        kind=Kind.EXPRESSION,
        prompt="Fill NULLs with",
        help="A SQL expression for the rows that hold NULL today. Leave it empty when there are "
        "none: the migration stops before it locks anything if it finds one.",
        example="''",
        check=expression_check,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    fill = text(values, "fill")
    return Request(
        table=table,
        column=read_column(table, require(values, "column")),
        fill=None if fill is None else context.dialect.check_expression(fill, flag="--fill"),
    )


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: fill, forbid, prove, require."""
    table, column, fill = request.table, request.column, request.fill
    rollout, dialect = context.rollout, context.dialect
    name = f"{table.name}.{column.name}"
    if not column.nullable:
        raise Refusal(
            info(
                "already-required",
                f"{name} is NOT NULL already.",
                safer="Nothing to do.",
            )
        )
    filling: tuple[Migration, ...] = ()
    if fill is not None:
        filling = (
            backfill_migration(
                context,
                table,
                (Assignment(column=column.name, expression=fill),),
                needed=f"{dialect.quote(column.name)} IS NULL",
                title=f"fill {name}",
                undo="the filled values harm nothing: nothing to undo",
            ),
        )
    proving = require_value(context, table, column)
    writes = everywhere(rollout, f"writes a value to {name}")
    preflight = nulls(context, table, column.name)
    gate = Gate(text=f"no row of {table.name} holds NULL in {column.name}", query=preflight.query)
    first = Gate(text=writes)
    parts: tuple[Part, ...] = (
        Part(
            phase="backfill",
            migrations=filling,
            when=f"after the deploy whose code always writes {name}",
            application=f"always writes a value to {column.name}",
            gate=first,
        ),
        Part(
            phase="validate",
            migrations=proving,
            when="when the fill is done"
            if filling
            else f"after the deploy that always writes {name}",
            application=f"always writes a value to {column.name}",
            gate=Gate(text=f"{writes}; {gate.text}", query=gate.query),
        ),
    )
    if rollout.small and filling and not rollout.stopped:
        merged = Part(
            phase="validate",
            migrations=(*filling, *proving),
            when=parts[0].when,
            application=parts[0].application,
            gate=first,
        )
        parts = (merged,)
    naive = SetNotNull(table=table.name, column=column)
    planned = phases(rollout, *parts)
    first_phase = planned[0].name if planned else "validate"
    return Plan(
        title=f"make {name} required",
        slug=slugify(f"require {table.name} {column.name}", separator="-"),
        phases=planned,
        findings=_findings(request, context),
        preflights=() if fill is not None else (preflight,),
        snippets=required(table, column, phase=first_phase),
        naive=Naive(
            up=(naive,),
            lock=dialect.lock(naive, context.size(table)),
            effect=f"nobody can read or write {table.name} while it is scanned, "
            "and it fails at the first NULL",
        ),
    )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, column = request.table, request.column
    found = []
    proof = proof_of_not_null(context, table, column.name)
    if proof is not None:
        found.append(
            info(
                "already-proven",
                f"{proof.name} already proves that {column.name} holds no NULL: no scan is needed.",
            )
        )
    if not context.rollout.stopped:
        found.append(
            warning(
                "old-code-writes-null",
                f"Code that writes NULL to {table.name}.{column.name}, or leaves it out of an "
                "INSERT, fails as soon as new NULLs are forbidden.",
                why="Old instances run until the last one is replaced"
                + ("." if column.default is None else "; the default covers only left-out values."),
                safer="Deploy the code that always writes a value first; the gate says so.",
            )
        )
    if request.fill is None:
        found.append(
            info(
                "no-fill",
                f"No value was given for rows that hold NULL: the migration stops early, before "
                f"any lock, if {table.name} has one.",
                safer="Say what to fill with --fill.",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"make {values.get('table', '…')}.{values.get('column', '…')} required"


OPERATION = Operation(
    kind="set_not_null",
    group="Column",
    label="Make a column required",
    verb="required",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
