"""Fill or correct values in existing rows.

What it does
    Sets columns of existing rows to SQL expressions, for all rows or for those that match.

Why it is dangerous
    One UPDATE of a large table is one long transaction: it holds the lock of every row that it has
    touched until the end, makes replicas lag, leaves as many dead rows as it changed, and loses
    all its work when it is interrupted.

How migwiz does it
    Walks the primary key in batches that each take about 0.2 s and commit by themselves. A batch
    changes only rows that still need it, so that a second run, or a run after an interruption,
    does no harm. The file holds data changes only and runs outside any transaction. When values
    are overwritten you choose: each batch keeps the old ones in a table beside, from which the way
    back puts them into place again until a later file drops it; or they are gone, and you are asked
    to accept that.

Reference
    safety.md §2.2, rules 1 to 9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.dialects.base import DefaultKind
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, Severity, danger, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Lock, Migration, Naive, Phase, Plan
from wizard.model.schema import Table
from wizard.model.steps import Assignment, Backfill
from wizard.operations.backfill_questions import QUESTIONS, assignments_from_text
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import backfill_migration, walk_key
from wizard.operations.common import (
    choice,
    flag_value,
    read_column,
    read_names,
    read_table,
    text,
)
from wizard.operations.kept_values import (
    Beside,
    beside,
    creating,
    dropping,
    kept_finding,
    putting_back,
    refuse_unkeepable,
    until_dropped,
)
from wizard.operations.phases import Part, Refusal, phases


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    assignments: tuple[Assignment, ...]
    join: str | None
    where: str | None
    key: tuple[str, ...]
    batch: int
    touch: bool = False
    keep_old: bool = False


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    where, join = text(values, "where"), text(values, "from")
    batch = values.get("batch", 1_000)
    if isinstance(batch, bool) or not isinstance(batch, int) or not 1 <= batch <= 100_000:
        raise AnswerError("bad-answer", "a batch has 1 to 100,000 rows", flag="--batch")
    key = read_names(values, "key")
    for name in key:
        read_column(table, name, flag="--key")
    if key and not _unique(table, key):
        raise AnswerError(
            "bad-key",
            f"({', '.join(key)}) is no unique key of {table.name}: batches would skip rows",
            next_actions=("leave --key out to walk the primary key",),
            flag="--key",
        )
    if join is not None:
        join = _read_join(join, context)
    return Request(
        table=table,
        assignments=_assignments(values.get("set"), table, context),
        join=join,
        where=None if where is None else context.dialect.check_expression(where, flag="--where"),
        key=key,
        batch=batch,
        touch=flag_value(values, "touch", default=False),
        # A file of answers from before there was the question overwrites as it said.
        keep_old=choice(values, "keep_old", ("yes", "no"), "no") == "yes",
    )


def _unique(table: Table, key: tuple[str, ...]) -> bool:
    if table.primary_key == key:
        return True
    required = all((column := table.column(one)) and not column.nullable for one in key)
    return required and any(
        index.unique and index.valid and not index.where and index.columns == key
        for index in table.indexes
    )


def _read_join(text: str, context: Context) -> str:
    from wizard.model.names import parse_table_name

    try:
        name = parse_table_name(text)
    except ValueError as error:
        raise AnswerError("bad-answer", str(error), flag="--from") from None
    context.tables(name)
    return context.dialect.table(name)


def _assignments(value: Value, table: Table, context: Context) -> tuple[Assignment, ...]:
    if isinstance(value, str):
        value = assignments_from_text(value)
    if not isinstance(value, Mapping) or not value:
        raise AnswerError(
            "missing-answer",
            "set is missing",
            next_actions=("say what to set with --set \"currency = 'EUR'\"",),
            flag="--set",
        )
    found = []
    for name, expression in value.items():
        column = read_column(table, name, flag="--set")
        if column.generated is not None or column.identity == "always":
            raise AnswerError(
                "generated-column", f"{name} is generated by the database", flag="--set"
            )
        checked = context.dialect.check_expression(str(expression), flag="--set")
        found.append(Assignment(column=name, expression=checked))
    return tuple(found)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one data file."""
    table, dialect = request.table, context.dialect
    names = [one.column for one in request.assignments]
    volatile = [
        one.column
        for one in request.assignments
        if dialect.default_kind(one.expression) is DefaultKind.VOLATILE
        and not dialect.columns_in(one.expression)
    ]
    fills = {name for name in names if _only_null(request, name, context)}
    differs = [
        _differs(request, one, context) for one in request.assignments if one.column not in volatile
    ]
    if volatile and not fills:
        raise Refusal(
            warning(
                "endless-backfill",
                f"{', '.join(volatile)} would get a new value each time the file runs.",
                why="A backfill must be safe to run again after an interruption.",
                safer=f'Fill only rows that have none: --where "{volatile[0]} IS NULL".',
            )
        )
    _stop_at_self_reference(request, context, fills)
    conditions = [] if request.where is None or request.join is not None else [f"({request.where})"]
    if differs and set(names) != fills:
        conditions.append(differs[0] if len(differs) == 1 else f"({' OR '.join(differs)})")
    needed = " AND ".join(conditions) or "true"
    if request.join is None and request.where is not None and conditions == [f"({request.where})"]:
        needed = request.where
    if request.join is not None and request.where is None:
        raise AnswerError(
            "missing-answer",
            f"say how rows of {table.name} and {request.join} belong together",
            next_actions=("say it with --where",),
            flag="--where",
        )
    key = tuple(c for one in request.key if (c := table.column(one))) or walk_key(context, table)
    overwrites = set(names) != fills
    title = f"fill {table.name}.{', '.join(names)}"
    slug = slugify(f"fill {table.name} {' '.join(names)}", separator="-")
    kept = None
    if overwrites and request.keep_old:
        refuse_unkeepable(context, table, names, key, joins=request.join is not None)
        kept = beside(context, table, names, key, plan=slug)
    migration = backfill_migration(
        context,
        table,
        request.assignments,
        needed=needed,
        title=title,
        overwrites=overwrites,
        join=request.join,
        on=request.where if request.join is not None else None,
        batch=request.batch,
        key=key,
        undo="only NULLs were filled, which harms nothing: nothing to undo",
        touches=request.touch,
        reversibility=None if kept is None else until_dropped(kept),
        keep=None if kept is None else kept.keep,
        back=None if kept is None else putting_back(kept, context),
    )
    step = migration.changes[0].step
    assert isinstance(step, Backfill)
    lock = dialect.lock(step, context.size(table))
    return Plan(
        title=title,
        slug=slug,
        phases=_phases(context, migration, kept),
        findings=(
            *(() if kept is None else (kept_finding(kept, context),)),
            *_findings(request, lost=overwrites and kept is None),
        ),
        naive=Naive(
            up=(step,),
            lock=Lock(
                mode=lock.mode,
                on=lock.on,
                blocks=("writes",),
                work="batches",
                milliseconds=lock.milliseconds,
            ),
            effect="one UPDATE holds the lock of every row it has changed until it ends, "
            "and starts anew when it is interrupted",
        ),
    )


def _phases(context: Context, migration: Migration, kept: Beside | None) -> tuple[Phase, ...]:
    filling = Part(
        phase="backfill",
        migrations=(migration,),
        when="at any time, best when there is little traffic",
        application="need not change",
    )
    if kept is None:
        return phases(context.rollout, filling)
    making = Part(
        phase="expand",
        migrations=(creating(kept, context),),
        when="at any time",
        application="need not change",
    )
    # In a maintenance window too the old values outlive it: it shows only later that all is well.
    return (*phases(context.rollout, making, filling), dropping(kept, context))


#: Functions that change nothing when they are applied to their own result.
_IDEMPOTENT = re.compile(
    r"(?:upper|lower|trim|btrim|ltrim|rtrim|initcap|abs)\s*\((.*)\)", re.I | re.S
)


def _settles(expression: str, column: str) -> bool:
    """Tell whether applying the expression to its own result gives the same result again."""
    inner = expression.strip()
    while match := _IDEMPOTENT.fullmatch(inner):
        inner = match[1].strip()
    return inner.strip('"`') == column


def _stop_at_self_reference(request: Request, context: Context, fills: set[str]) -> None:
    """Raise Refusal for ``price = price * 2``: an interrupted run would apply it twice."""
    for one in request.assignments:
        reads = one.column in context.dialect.columns_in(one.expression)
        if one.column in fills or not reads or _settles(one.expression, one.column):
            continue
        table = request.table.name
        raise Refusal(
            danger(
                "not-repeatable",
                f"{one.column} = {one.expression} reads the column that it writes, so a run that "
                "is interrupted and started again would apply it twice to some rows.",
                why="Batches commit one by one, and nothing in a row tells whether it is done.",
                safer=f"Add a new column to {table}, fill it from {one.column}, and let the code "
                "use it.",
            )
        )


def _differs(request: Request, one: Assignment, context: Context) -> str:
    """Return a predicate for rows in which the column does not hold the value yet."""
    dialect, column = context.dialect, request.table.column(one.column)
    pair = (_own(request, one.column, context), one.expression)
    kind = None if column is None else dialect.compare_as(column)
    return dialect.distinct(*pair, compare_as=kind)


def _own(request: Request, column: str, context: Context) -> str:
    quoted = context.dialect.quote(column)
    if request.join is None:
        return quoted
    return f"{context.dialect.table(request.table.name)}.{quoted}"


def _only_null(request: Request, column: str, context: Context) -> bool:
    """Tell whether only rows in which the column is NULL are changed."""
    return request.where is not None and context.dialect.implies_null(request.where, column)


def _findings(request: Request, *, lost: bool) -> tuple[Finding, ...]:
    table, found = request.table, []
    if lost:
        found.append(
            Finding(
                code="overwrites-values",
                severity=Severity.DANGER,
                what=f"Existing values of {table.name} are overwritten and cannot come back.",
                why="The file changes rows that hold a value; nobody keeps the earlier one.",
                safer="Keep them beside with --keep-old yes, fill only NULLs, or write the new "
                "values into a new column first.",
                needs_acknowledgement=True,
            )
        )
    triggers = [one.name for one in table.triggers]
    if triggers:
        found.append(
            warning(
                "triggers-fire",
                f"Every changed row fires {', '.join(triggers)}.",
                why="A trigger that sets updated_at, audits or notifies does so for each row.",
                safer="Decide whether that is wanted before you run the file.",
            )
        )
    touched = {one.column for one in request.assignments}
    indexed = [one.name for one in table.indexes if touched & {*one.columns, *one.include}]
    if indexed:
        found.append(
            info(
                "indexed-column",
                f"{', '.join(indexed)} must be updated with each row, which costs time and disk.",
                why="Only a change of columns outside every index can reuse the row's page.",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    chosen = values.get("set")
    names = ", ".join(chosen) if isinstance(chosen, Mapping) else "…"
    return f"fill {values.get('table', '…')}.{names}"


OPERATION = Operation(
    kind="backfill",
    group="Backfill",
    label="Fill or correct values in existing rows",
    verb="fill",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
