"""Drop an index.

What it does
    Removes an index, so that writes no longer maintain it and its disk is free again.

Why it is dangerous
    A plain DROP INDEX stops reads and writes of the table while it waits for its lock and holds it.
    Queries that used the index scan the whole table from then on, and the way back is to build it
    again, which takes minutes on a large table. With a unique index a rule goes, too.

How migwiz does it
    Drops it concurrently where the engine can: reads and writes go on. The way back builds it again
    the same way. Where an index can be hidden from queries, it is hidden first, which is undone in an
    instant, and dropped when nothing has become slow. An index that belongs to a constraint, or that a foreign key points to, is not
    dropped; an index that only a foreign key of the table needs is, with a warning.

Reference
    PostgreSQL manual, DROP INDEX, CONCURRENTLY; safety.md PG-14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change, inverse
from wizard.model.names import slugify
from wizard.model.plan import Gate, Grade, Migration, Naive, Plan, Reversibility
from wizard.model.schema import Index, Table, Unique
from wizard.model.steps import DropIndex, Nothing, SetVisible
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl, drop_index_migration, duplicates
from wizard.operations.common import read_table, require, table_question
from wizard.operations.constraints import required
from wizard.operations.needs import listed, losing, pointing
from wizard.operations.phases import Part, Refusal, everywhere, phases, queueing
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    index: Index


def shown_keys(index: Index) -> str:
    """Name the keys of an index in a few words."""
    return ", ".join(part.column or part.expression or "" for part in index.parts)


def _hint(index: Index) -> str:
    words = ["unique"] if index.unique else []
    words.append(f"({shown_keys(index)})")
    words += [f"where {index.where}"] if index.where else []
    words += [] if index.valid else ["INVALID"]
    return " ".join(words)


def _index_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(
            value=one.name,
            label=one.name,
            hint=_hint(one),
            disabled="belongs to a constraint" if one.constraint else "",
        )
        for one in situation.table.indexes
    )


QUESTIONS = (
    table_question("Table", "The table whose index goes."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Index",
        help="The index to drop. The index of a constraint goes with its constraint.",
        example="ix_orders_status",
        required=True,
        choices=_index_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or not there."""
    table, name = read_table(values, context), require(values, "name")
    index = table.index(name)
    if index is None:
        known = [one.name for one in table.indexes if not one.constraint]
        raise AnswerError(
            "unknown-index",
            f"{table.name} has no index {name}",
            next_actions=(f"its indexes are {', '.join(known)}" if known else "it has none",),
            flag="--name",
        )
    return Request(table=table, index=index)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, once no query needs the index."""
    table, index = request.table, request.index
    _refuse_needed(table, index, context)
    hiding = _hiding(request, context)
    title = f"drop index {index.name} of {table.name}"
    plain = DropIndex(table=table.name, index=index)
    rollout = context.rollout
    no_use = f"no query needs {index.name} any more"
    if index.unique and index.valid:
        no_use = f"{everywhere(rollout, f'works without the rule of {index.name}')}, and {no_use}"
    lock = context.dialect.lock(plain, context.size(table))
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            rollout,
            *hiding,
            Part(
                phase="contract",
                migrations=(_migration(request, context),),
                when="at any time" if not index.valid else "when no query needs it any more",
                application="need not change"
                if not index.unique
                else f"must not count on {index.name} to refuse doubles, nor name its columns in "
                "ON CONFLICT",
                gate=Gate(text=no_use) if index.valid else None,
            ),
        ),
        findings=_findings(request, context, hidden=bool(hiding)),
        naive=Naive(
            up=(plain,),
            lock=lock,
            effect=queueing(lock, table.name),
        ),
    )


def _hides(request: Request, context: Context) -> bool:
    """Tell whether the index is hidden first, which is undone in an instant."""
    return (
        context.dialect.capabilities.hide_index
        and request.index.visible
        and not context.rollout.stopped
    )


def _hiding(request: Request, context: Context) -> tuple[Part, ...]:
    table, index = request.table, request.index
    if not _hides(request, context):
        return ()
    step = SetVisible(table=table.name, index=index, visible=False)
    return (
        Part(
            phase="expand",
            migrations=(ddl(context, f"hide {index.name}", change(step)),),
            when="at any time; then watch the slowest queries for some days",
            application="need not change",
        ),
    )


def _refuse_needed(table: Table, index: Index, context: Context) -> None:
    lost = losing(table, index) if context.dialect.capabilities.keeps_index_of_key else ()
    if lost:
        raise Refusal(
            danger(
                "index-needed",
                f"{index.name} is the only index that serves {lost[0].name or 'a foreign key'}.",
                why=f"{context.dialect.title} refuses to drop an index that a foreign key needs.",
                safer=f"Add another index on ({', '.join(lost[0].columns)}) first, or drop the key "
                "(migwiz drop-constraint).",
            )
        )
    if index.constraint:
        raise Refusal(
            danger(
                "index-of-constraint",
                f"{index.name} belongs to a constraint of {table.name}, which works by it.",
                why="The engine keeps the two together: neither goes without the other.",
                safer=_other_way(table, index),
            )
        )
    if index.inherits is not None:
        raise Refusal(
            danger(
                "index-of-parent",
                f"{index.name} is part of {index.inherits}, the index of {table.partition_of}.",
                why="A partitioned index stands for one index on each partition: none goes alone.",
                safer=f"Drop the whole: migwiz drop-index --table {table.partition_of} --name "
                f"{index.inherits}",
            )
        )
    keys = pointing(table, index.columns)
    if index.unique and keys and len(index.columns) == len(index.parts) and not index.where:
        raise Refusal(
            danger(
                "index-needed",
                f"{index.name} is what {listed(keys)} points to.",
                why=f"A foreign key needs ({', '.join(index.columns)}) to be unique in "
                f"{table.name}.",
                safer="Drop that foreign key first (migwiz drop-constraint), or keep the index.",
            )
        )


def _other_way(table: Table, index: Index) -> str:
    """Say how to get rid of the index of a constraint."""
    if set(index.columns) == set(table.primary_key):
        return "It is the primary key, and stays."
    names = [
        one.name
        for one in table.constraints
        if isinstance(one, Unique) and (one.name == index.name or one.columns == index.columns)
    ]
    if names and names[0]:
        return f"Drop it: migwiz drop-constraint --table {table.name} --name {names[0]}"
    return "It has no name by which it could be dropped: write this migration by hand."


def _migration(request: Request, context: Context) -> Migration:
    table, index = request.table, request.index
    if _hides(request, context):
        index = replace(index, visible=False)
    if not index.valid:
        nothing = Nothing(reason=f"{index.name} was the rest of an interrupted build")
        return drop_index_migration(context, table, index, undo=(nothing,))
    if not index.unique:
        return drop_index_migration(context, table, index)
    back, _ = inverse(DropIndex(table=table.name, index=index))
    grade = Reversibility(
        grade=Grade.LOSSLESS_UNTIL,
        until=f"two rows of {table.name} have equal {shown_keys(index)}",
        reason=f"{index.name} cannot be built again while rows are equal",
    )
    guard = required(table, duplicates(context, table, index))
    return drop_index_migration(context, table, index, undo=(*guard, *back), reversibility=grade)


def _findings(request: Request, context: Context, *, hidden: bool) -> tuple[Finding, ...]:
    table, index = request.table, request.index
    if not index.valid:
        return (
            info(
                "broken-index-goes",
                f"{index.name} is INVALID: it serves no query, and every write still maintains "
                "it. The way back does not build it again.",
                why="An earlier concurrent build was interrupted.",
                safer="If you want the index, plan it with migwiz add-index instead: that "
                "migration drops the rest and builds anew.",
            ),
        )
    found: list[Finding] = [
        warning(
            "index-may-be-used",
            f"Queries that use {index.name} scan {table.name} from now on, and building it "
            "again takes as long as it did the first time.",
            why="What reads it rarely, such as a monthly report or a replica, is easily missed.",
            safer="It is hidden first: queries do without it, writes keep it up to date, and showing "
            "it again takes an instant. Drop it when nothing has become slow."
            if hidden
            else "Where the engine counts scans of indexes, watch the count for some weeks, on the "
            "primary and on each replica. Else look at the plans of your queries.",
        )
    ]
    for key in losing(table, index):
        found.append(
            warning(
                "key-loses-index",
                f"No other index serves {key.name}: each delete in {key.ref_table}, and each "
                f"change of a key there, scans {table.name} from now on.",
                why="The engine looks for rows that still point there, while it holds locks.",
                safer=f"Keep it, or add another index on ({', '.join(key.columns)}) first.",
            )
        )
    if index.unique:
        found.append(
            warning(
                "unique-rule-ends",
                f"Nothing refuses equal {shown_keys(index)} in {table.name} any more, and INSERT "
                "… ON CONFLICT on them fails.",
                why="The index is what enforces the rule, and what ON CONFLICT looks for.",
                safer="Deploy the code that needs neither first; the gate says so.",
            )
        )
    if table.kind == "partitioned":
        found.append(
            warning(
                "partitioned-index-drop",
                f"{table.name} is partitioned: {index.name} goes with those of its partitions, and "
                "reads and writes of all of them wait for a moment. The way back builds each on "
                "its own.",
                why="PostgreSQL drops no index of a partitioned parent concurrently.",
                safer=f"It waits at most {context.rollout.lock_budget_ms} ms for the lock and can "
                "be run again.",
                reference="PostgreSQL manual, DROP INDEX, CONCURRENTLY",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"drop index {values.get('name', '…')} of {values.get('table', '…')}"


OPERATION = Operation(
    kind="drop_index",
    group="Index",
    label="Drop an index",
    verb="drop",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
