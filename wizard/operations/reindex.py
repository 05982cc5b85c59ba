"""Build an index anew.

What it does
    Replaces an index by a fresh one of the same definition and name: smaller when it is bloated, right
    when its order has changed with a new version of the system's collations, whole when an
    interrupted build left it INVALID.

Why it is dangerous
    A plain REINDEX stops writes to the table, and every query that would use the index, until it is
    built. And an INVALID index serves no query while every write still maintains it.

How migwiz does it
    Builds a second index beside the old one while reads and writes go on, drops the old one the same
    way, and gives the new one its name, which takes a lock on the index alone. A unique index is
    enforced without a gap. An INVALID index is dropped and built again under its own name. What
    belongs to a constraint, or is pointed to, is rebuilt by the server itself, as a command and not
    as a migration.

Reference
    PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently"; safety.md PG-14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info
from wizard.model.inverse import change
from wizard.model.names import TableName, fit_name, slugify
from wizard.model.plan import Change, Migration, Naive, Plan, Preflight
from wizard.model.schema import Index, Table
from wizard.model.steps import AddIndex, DropIndex, Nothing, RenameIndex
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import duplicates
from wizard.operations.common import read_table, require, table_question
from wizard.operations.constraints import required
from wizard.operations.needs import listed, pointing
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    index: Index


def _index_choices(situation: Situation) -> tuple[Choice, ...]:
    if situation.table is None:
        return ()
    return tuple(
        Choice(
            value=one.name,
            label=one.name,
            hint=", ".join(part.column or part.expression or "" for part in one.parts)
            + ("" if one.valid else " · INVALID"),
            disabled="belongs to a constraint" if one.constraint else "",
        )
        for one in situation.table.indexes
    )


QUESTIONS = (
    table_question("Table", "The table whose index is built anew."),
    Question(
        key="name",
        kind=Kind.CHOICE,
        prompt="Index",
        help="The index to build anew. It keeps its name and its definition.",
        example="ix_visits_page",
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
    """Return the plan: build, drop, rename; one file, at any time."""
    table, index = request.table, request.index
    _refuse(request, context)
    title = f"build {index.name} of {table.name} anew"
    naive = (
        DropIndex(table=table.name, index=index),
        AddIndex(table=table.name, index=replace(index, valid=True)),
    )
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(_migration(request, context, title=title),),
                when="at any time",
                application="need not change",
            ),
        ),
        findings=_findings(request, context),
        preflights=_doubles(request, context),
        naive=Naive(
            up=naive,
            lock=context.dialect.lock(naive[1], context.size(table)),
            effect=f"writes to {table.name} wait until the index is built, and every query that "
            "needs it scans meanwhile",
        ),
    )


def _refuse(request: Request, context: Context) -> None:
    table, index = request.table, request.index
    own = context.dialect.table(TableName(index.name, table.name.schema))
    command = f": REINDEX INDEX CONCURRENTLY {own}"
    if not context.dialect.capabilities.concurrent_index:
        command = "."
    keys = pointing(table, index.columns) if index.unique else ()
    plain = len(index.columns) == len(index.parts) and not index.where
    reasons = (
        (index.constraint, f"belongs to a constraint of {table.name}"),
        (bool(keys) and plain, f"is what {listed(keys)} points to"),
        (index.inherits is not None, f"is part of {index.inherits}, the index of its parent"),
        (table.kind == "partitioned", "stands for one index on each partition"),
    )
    why = next((text for holds, text in reasons if holds), None)
    if why is not None:
        raise Refusal(
            danger(
                "reindex-by-command",
                f"{index.name} {why}, so that it cannot be dropped and replaced.",
                why="Only the server itself can put a new index in its place.",
                safer="Let the server do it by its own command, outside any migration, which changes "
                f"no definition and can be repeated{command}",
                reference="PostgreSQL manual, REINDEX, Rebuilding Indexes Concurrently",
            )
        )


def _doubles(request: Request, context: Context) -> tuple[Preflight, ...]:
    """Return the query for rows by which an INVALID unique index fails again."""
    table, index = request.table, request.index
    if index.valid or not index.unique:
        return ()
    return (duplicates(context, table, index),)


def _migration(request: Request, context: Context, *, title: str) -> Migration:
    table, index = request.table, request.index
    capabilities, rollout = context.dialect.capabilities, context.rollout
    concurrently = capabilities.concurrent_index and not rollout.stopped
    guard = tuple(
        change(each) for one in _doubles(request, context) for each in required(table, one)
    )
    return Migration(
        slug=slugify(f"build {index.name} anew"),
        title=title,
        changes=(*guard, *_changes(request, context, concurrently=concurrently)),
        transactional=not concurrently,
        lock_timeout_ms=rollout.lock_budget_ms,
    )


def _changes(request: Request, context: Context, *, concurrently: bool) -> tuple[Change, ...]:
    table, index = request.table, request.index
    whole = replace(index, valid=True)
    back = (Nothing(reason=f"{index.name} is what it was, built anew: nothing to undo"),)
    if not index.valid:
        # A build that finds the rest of an interrupted one drops it first.
        again = AddIndex(table=table.name, index=whole, concurrently=concurrently)
        rest = DropIndex(table=table.name, index=index)
        dropped = () if concurrently else (change(rest, undo=()),)
        return (*dropped, change(again, undo=back))
    limit = context.dialect.capabilities.name_bytes
    fresh = replace(whole, name=fit_name(f"{index.name}_new", limit=limit))
    rename = RenameIndex(table=table.name, old=fresh.name, new=index.name)
    build = AddIndex(table=table.name, index=fresh, concurrently=concurrently)
    drop = DropIndex(table=table.name, index=index, concurrently=concurrently)
    if not context.dialect.capabilities.transactional_ddl:
        # Each becomes a file of its own there, and has to be taken back alone.
        return (change(build), change(drop), change(rename))
    if context.dialect.supports(rename) is not None:
        # Within one transaction: nobody sees the table without it.
        return (
            change(DropIndex(table=table.name, index=index), undo=()),
            change(AddIndex(table=table.name, index=whole), undo=back),
        )
    return (change(build, undo=()), change(drop, undo=()), change(rename, undo=back))


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, index = request.table, request.index
    found: list[Finding] = []
    if not index.valid:
        found.append(
            info(
                "invalid-index-repaired",
                f"{index.name} is INVALID: an earlier build was interrupted. It serves no query "
                "until it is built again, and the way back does not break it again.",
                why="What was interrupted leaves an index that every write still maintains.",
            )
        )
    if context.dialect.capabilities.concurrent_index and not context.rollout.stopped:
        found.append(
            info(
                "needs-room-for-two",
                f"Until the old one is dropped, {table.name} has both: that much more disk is needed.",
                why="Queries use the old one while the new one is built.",
                safer="End long transactions first: the build waits for those that are open.",
                reference="PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"build {values.get('name', '…')} of {values.get('table', '…')} anew"


OPERATION = Operation(
    kind="reindex",
    group="Index",
    label="Build an index anew",
    verb="anew",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
