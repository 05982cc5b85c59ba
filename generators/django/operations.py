"""The operations of one file: Django's own where its SQL is the plan's, else the plan's SQL."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from generators.django.functions import (
    function_of,
    needs_function,
    refusal,
    repeatable,
    stem_of,
)
from generators.django.native import native
from generators.django.truth import Change as Told
from generators.django.truth import Truth
from generators.django.truth_changing import changes
from generators.django.writer import OPERATION, Writer
from generators.python.code import Group, Node, listing
from generators.python.prose import sentence
from wizard.dialects.base import Dialect, Size
from wizard.model.plan import Change, Migration
from wizard.model.steps import (
    AddEnumValue,
    AddIndex,
    Batched,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    Require,
    Step,
)

_NOOP = "migrations.RunPython.noop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The changes of one file; ``alone`` says that they run outside of a transaction."""

    changes: tuple[Change, ...]
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of a file with the lines of the comment above it."""

    node: Node
    comment: tuple[str, ...] = ()


def parts_of(migration: Migration, dialect: Dialect) -> tuple[Part, ...]:
    """Return the files that a migration takes: what needs no transaction stands in one of its own.

    A requirement goes with what it protects.
    """
    found: list[Part] = []
    waiting: list[Change] = []
    for change in migration.changes:
        if isinstance(change.step, Require) and not _alone(change, dialect):
            waiting.append(change)
            continue
        alone = _alone(change, dialect)
        together = (*waiting, change)
        waiting = []
        if found and found[-1].alone == alone:
            found[-1] = Part(changes=found[-1].changes + together, alone=alone)
        else:
            found.append(Part(changes=together, alone=alone))
    if waiting:
        found.append(Part(changes=tuple(waiting), alone=False))
    return tuple(found)


def _alone(change: Change, dialect: Dialect) -> bool:
    return any(
        (isinstance(one, Batched) and bool(one.key))
        or isinstance(one, RebuildTable | AddEnumValue)
        or (
            not isinstance(one, Nothing | Impossible | Require)
            and dialect.needs_own_transaction(one)
        )
        for one in (change.step, *change.undo)
    )


def operations(
    part: Part, migration: Migration, truth: Truth, writer: Writer
) -> tuple[list[Operation], list[Told]]:
    """Return the operations of a file in order, and what they change in models.py."""
    found: list[Operation] = []
    told: list[Told] = []
    impossible: str | None = None
    for change in part.changes:
        changed = changes(truth, change.step)
        told += changed
        for one in changed:
            writer.imports |= one.call.imports
        notes = [sentence(" ".join(change.note.split()))] if change.note else []
        reason = next((one.reason for one in change.undo if isinstance(one, Impossible)), None)
        impossible = impossible or reason
        nodes = None if reason else native(change, changed, truth, writer, alone=part.alone)
        if nodes is None:
            nodes = [_in_sql(change, changed, writer)]
        reasons = dict.fromkeys(
            sentence(" ".join(one.reason.split()))
            for one in (change.step, *change.undo)
            if isinstance(one, Nothing)
        )
        comment = tuple(
            f"# {line}"
            for text in (*notes, *reasons)
            for line in textwrap.wrap(text, writer.width - OPERATION - 2)
        )
        found += [
            Operation(node=one, comment=comment if at == 0 else ()) for at, one in enumerate(nodes)
        ]
    found = _bounded(found, part, migration, writer)
    if impossible is not None:
        found.append(
            Operation(node=f"migrations.RunPython({_NOOP}, {refusal(impossible, writer)})")
        )
    return found, told


def _bounded(
    found: list[Operation], part: Part, migration: Migration, writer: Writer
) -> list[Operation]:
    """Put the lock budget before all that takes locks, in each direction."""
    budget = migration.lock_timeout_ms
    rebuilds = any(isinstance(one.step, RebuildTable) for one in part.changes)
    if budget is None or (part.alone and not rebuilds):
        return found
    statements = writer.dialect.budget(budget)
    up = _locks([one.step for one in part.changes], writer.dialect)
    down = _locks([step for one in part.changes for step in one.undo], writer.dialect)
    room = writer.width - OPERATION - 4
    literal = writer.statements(statements, room)
    if up:
        node = Group(
            open="migrations.RunSQL(", items=(literal, "reverse_sql=migrations.RunSQL.noop")
        )
        found = [Operation(node=node), *found]
    if down:
        node = Group(
            open="migrations.RunSQL(",
            items=("migrations.RunSQL.noop", _keyword("reverse_sql", literal)),
        )
        told = ("# Operations are taken back last to first: this comes before the way back.",)
        found = [*found, Operation(node=node, comment=told)]
    return found


def _locks(steps: Sequence[Step], dialect: Dialect) -> bool:
    return any(
        not isinstance(one, Require | Nothing | Impossible)
        and dialect.lock(one, Size()).mode != "none"
        for one in steps
    )


def _in_sql(change: Change, changed: Sequence[Told], writer: Writer) -> Node:
    """Return one operation that runs the plan's statements and says what they mean for the state."""
    ups = [one for one in (change.step,) if not isinstance(one, Nothing)]
    downs = [
        one for one in _undo(change, writer.dialect) if not isinstance(one, Nothing | Impossible)
    ]
    states = listing([one.call.node() for one in changed]) if changed else None
    if any(needs_function(one, writer) for one in (*ups, *downs)):
        data = all(isinstance(one, Batched | Require) for one in (*ups, *downs))
        forward = function_of(ups, writer, stem_of(ups)) if ups else _NOOP
        suffix = "" if not ups else "_back"
        backward = function_of(downs, writer, stem_of(downs, suffix)) if downs else _NOOP
        items: list[Node] = [forward, backward]
        if data:
            # New databases, for which migrations are squashed, have no rows to change.
            items.append("elidable=True")
        python = Group(open="migrations.RunPython(", items=tuple(items))
        if states is None:
            return python
        return Group(
            open="migrations.SeparateDatabaseAndState(",
            items=(
                _keyword("database_operations", listing([python])),
                _keyword("state_operations", states),
            ),
        )
    up = [repeatable(sql) for one in ups for sql in writer.dialect.sql(one)]
    down = [repeatable(sql) for one in downs for sql in writer.dialect.sql(one)]
    if not up and not down:
        if states is None:
            return "migrations.RunSQL(migrations.RunSQL.noop, migrations.RunSQL.noop)"
        return Group(
            open="migrations.SeparateDatabaseAndState(",
            items=(_keyword("state_operations", states),),
        )
    room = writer.width - OPERATION - 4 - len("reverse_sql=,")
    items = [
        writer.statements(up, room),
        _keyword("reverse_sql", writer.statements(down, room)),
    ]
    if states is not None:
        items.append(_keyword("state_operations", states))
    return Group(open="migrations.RunSQL(", items=tuple(items))


def _keyword(name: str, value: Node) -> Node:
    if isinstance(value, str):
        return f"{name}={value}"
    return Group(open=f"{name}={value.open}", items=value.items, close=value.close, glue=value.glue)


def _undo(change: Change, dialect: Dialect) -> tuple[Step, ...]:
    """Return the way back; that of a build which goes with something later drops what is left.

    Its file may be taken back alone, when the later one never ran.
    """
    step = change.step
    if change.undo or not isinstance(step, AddIndex) or not dialect.needs_own_transaction(step):
        return change.undo
    concurrently = dialect.capabilities.concurrent_drop
    return (DropIndex(table=step.table, index=step.index, concurrently=concurrently),)


__all__ = ["Operation", "Part", "operations", "parts_of"]
