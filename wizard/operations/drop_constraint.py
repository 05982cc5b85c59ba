"""Drop a constraint.

What it does
    Removes a check, a foreign key, a unique constraint, a primary key or an exclusion. The rows stay
    as they are.

Why it is dangerous
    The work takes no time, but the lock stops reads and writes, of both tables for a foreign key,
    and has to be waited for. Rows that break the rule can be written from then on; once there are
    any, the way back fails. A plain way back also scans the table under a lock that stops everybody.

How migwiz does it
    Drops it within the lock budget, both tables of a foreign key locked in one fixed order. The way
    back first looks for rows that break the rule by then, adds the constraint without a look at the
    old rows, and proves them afterwards while reads and writes go on. For that the upgrade of a
    proven constraint has a file that does nothing: its downgrade is the proof. A unique constraint
    and a primary key come back from an index that is built while writes go on; an exclusion cannot,
    which is said beforehand.

Reference
    PostgreSQL manual, ALTER TABLE, DROP CONSTRAINT; safety.md PG-9, PG-15 to PG-18, §1.7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import danger
from wizard.model.names import slugify
from wizard.model.plan import Gate, Grade, Migration, Naive, Plan, Preflight, Reversibility
from wizard.model.schema import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import DropConstraint, RebuildTable, Step
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import nulls, rebuild_migration
from wizard.operations.common import read_table, require, table_question
from wizard.operations.constraints import (
    constraint_step,
    drop_constraint,
    orphans,
    required,
    rule_of,
    unique_doubles,
    violators,
)
from wizard.operations.ending_rules import ending_findings
from wizard.operations.needs import listed, losing, parent_of, pointing
from wizard.operations.partition_keys import add_key
from wizard.operations.phases import Part, Refusal, everywhere, phases, queueing
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    constraint: Constraint


def _constraint_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(
            value=one.name,
            label=one.name,
            hint=rule_of(one),
        )
        for one in situation.table.constraints
        if one.name
    )


QUESTIONS = (
    table_question("Table", "The table whose constraint goes."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Constraint",
        help="The check, key, unique or exclusion constraint to drop. Its rule holds no longer.",
        example="ck_orders_status",
        required=True,
        choices=_constraint_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or not there."""
    table, name = read_table(values, context), require(values, "name")
    constraint = table.constraint(name)
    if constraint is None:
        known = [one.name for one in table.constraints if one.name]
        raise AnswerError(
            "unknown-constraint",
            f"{table.name} has no constraint {name}",
            why="It is an index of its own." if table.index(name) is not None else "",
            next_actions=(
                "use migwiz drop-index"
                if table.index(name) is not None
                else f"its constraints are {', '.join(known)}"
                if known
                else "it has none with a name",
            ),
            flag="--name",
        )
    return Request(table=table, constraint=constraint)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: drop it, once no code counts on it; on the way back prove it again."""
    table, constraint = request.table, _droppable(request, context)
    title = f"drop {constraint.name} from {table.name}"
    naive = DropConstraint(table=table.name, constraint=constraint)
    relies = f"keeps the rule of {constraint.name} itself, or does without it"
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="contract",
                migrations=_migrations(request, context, constraint),
                when="when no running code counts on the constraint",
                application=relies,
                gate=Gate(text=everywhere(context.rollout, relies)),
            ),
        ),
        findings=ending_findings(
            context, table, constraint, rebuilt=not _in_place(context, table, constraint)
        ),
        naive=Naive(
            up=(naive,),
            lock=lock,
            effect=f"{queueing(lock, *lock.on)}, and the plain way back holds one while it reads "
            "every row",
        ),
    )


def _droppable(request: Request, context: Context) -> Constraint:
    """Return the constraint, or refuse it: what others need, or a partition inherits."""
    table, constraint = request.table, request.constraint
    keys = (
        pointing(table, constraint.columns) if isinstance(constraint, Unique | PrimaryKey) else ()
    )
    if keys:
        raise Refusal(
            danger(
                "constraint-needed",
                f"{constraint.name} is what {listed(keys)} points to.",
                why="A foreign key needs the columns that it names to be unique.",
                safer="Drop that foreign key first, or keep the constraint.",
            )
        )
    parent = parent_of(context, table)
    own = table.index(constraint.name or "")
    inherited = own is not None and own.inherits is not None
    if parent is not None and (inherited or parent.constraint(constraint.name or "") is not None):
        raise Refusal(
            danger(
                "inherited-rule",
                f"{table.name} has {constraint.name} from {parent.name}, of which it is a "
                "partition.",
                why="A partition cannot allow what its parent forbids.",
                safer=f"Drop it from {parent.name}: its partitions follow.",
            )
        )
    if table.kind == "partitioned" and own is not None and own.include:
        raise Refusal(
            danger(
                "key-includes-more",
                f"{constraint.name} also holds {', '.join(own.include)}, which the way back of a "
                "partitioned table would lose.",
                why="There a constraint is made of those of the partitions, and migwiz does not bring "
                "back what they include.",
                safer=f"Keep {constraint.name}, or drop it in a migration of your own.",
            )
        )
    return constraint


def _refuse_needed_key(table: Table, key: PrimaryKey, context: Context) -> None:
    """Refuse the key by which an engine stores the rows, or counts them, or finds them."""
    capabilities = context.dialect.capabilities
    own = table.index(key.name or "")
    rest = replace(table, constraints=tuple(one for one in table.constraints if one is not key))
    lost = losing(rest, own) if own is not None and capabilities.keeps_index_of_key else ()
    if lost:
        names = ", ".join(one.name or "a foreign key" for one in lost)
        raise Refusal(
            danger(
                "constraint-needed",
                f"Only the primary key of {table.name} serves {names}.",
                why="A foreign key needs an index on its columns.",
                safer=f"Add an index on {', '.join(lost[0].columns)} first (migwiz add-index).",
            )
        )
    if capabilities.add_constraint and not capabilities.numbering_needs_key:
        return
    stored = re.search(r"\bWITHOUT\s+ROWID\b", table.sql or "", re.IGNORECASE)
    counting = any(one.identity is not None for one in table.columns if one.name in key.columns)
    if stored or counting:
        raise Refusal(
            danger(
                "key-carries-rows",
                f"The primary key of {table.name} is "
                + ("how its rows are stored." if stored else "what numbers its rows."),
                why="What numbers the rows of a table, or stores them by a key, exists on a key only.",
                safer="Keep it, or build a new table without it and copy the rows.",
            )
        )


def _guard(context: Context, table: Table, constraint: Constraint) -> Preflight | None:
    """Return what the way back looks for; nothing for what never was proven."""
    match constraint:
        case Unique() | PrimaryKey():
            return unique_doubles(context, table, constraint)
        case Check(validated=True):
            return violators(context, table, constraint)
        case ForeignKey(validated=True):
            return orphans(context, table, constraint)
        case NotNull(validated=True):
            return nulls(context, table, constraint.column)
        case _:
            return None


def _migrations(
    request: Request, context: Context, constraint: Constraint
) -> tuple[Migration, ...]:
    table = request.table
    guard = _guard(context, table, constraint)
    grade = Reversibility(
        grade=Grade.LOSSLESS_UNTIL,
        until=f"a row breaks {constraint.name}",
        reason=f"{constraint.name} cannot be proven while rows break it",
    )
    step = DropConstraint(table=table.name, constraint=constraint)
    if isinstance(constraint, PrimaryKey):
        _refuse_needed_key(table, constraint, context)
    if _in_place(context, table, constraint):
        return drop_constraint(context, table, constraint, reversibility=grade, guard=guard)
    kept = tuple(one for one in table.constraints if one is not constraint)
    after = replace(table, constraints=kept, indexes=_without_own(table, constraint))
    back: tuple[Step, ...] = (*required(table, guard), RebuildTable(before=after, after=table))
    title = f"drop {step.constraint.name} from {table.name}"
    rebuild = RebuildTable(before=table, after=after)
    return (rebuild_migration(title, rebuild, undo=back, reversibility=grade),)


def _without_own(table: Table, constraint: Constraint) -> tuple[Index, ...]:
    """Return the indexes without the one that goes with a unique constraint or a key."""
    if not isinstance(constraint, Unique | PrimaryKey):
        return table.indexes
    gone = constraint.columns
    return tuple(one for one in table.indexes if not (one.constraint and one.columns == gone))


def _in_place(context: Context, table: Table, constraint: Constraint) -> bool:
    """Tell whether the engine can drop it and add it back without a copy of the table."""
    supports = context.dialect.supports
    if supports(DropConstraint(table=table.name, constraint=constraint)) is not None:
        return False
    match constraint:
        case ForeignKey() | Check() | NotNull():
            return supports(constraint_step(table, constraint)) is None
        case Exclusion():
            return True
        case Unique() | PrimaryKey():
            return supports(add_key(table, constraint)) is None


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"drop {values.get('name', '…')} from {values.get('table', '…')}"


OPERATION = Operation(
    kind="drop_constraint",
    group="Constraint",
    label="Drop a constraint",
    verb="drop",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
