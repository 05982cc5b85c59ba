"""The two functions of a file: steps grouped by transaction, guards, budgets, requirements."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generators.alembic import partitions
from generators.alembic.backfill import Batches
from generators.alembic.guards import guarded_build, requirement, state_function
from generators.alembic.operations import operation
from generators.alembic.rebuild import rebuild
from generators.alembic.writer import Writer
from generators.base import Transactions
from generators.python.code import INDENT
from generators.python.prose import docstring_text, sentence
from wizard.dialects.base import Size
from wizard.model.plan import Migration
from wizard.model.steps import (
    AddEnumValue,
    AddIndex,
    Backfill,
    Batched,
    CopyRows,
    DeleteRows,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    Require,
    Step,
    ValidateConstraint,
)

_BLOCK = "with op.get_context().autocommit_block():"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a migration adds to the template. ``up`` and ``down`` are lines without indentation."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    constants: tuple[str, ...]
    helpers: tuple[str, ...]


def write_body(migration: Migration, writer: Writer, transactions: Transactions) -> Body:
    """Return the code of a migration; the writer's ``modules`` name what it must import."""
    functions = _Functions(migration, writer, transactions)
    notes = {id(change.step): change.note for change in migration.changes}
    up = functions.write(migration.up, notes)
    down = functions.write(migration.down, {})
    return Body(
        up=tuple(up),
        down=tuple(down),
        constants=(*functions.partitions.values(), *functions.batches.constants),
        helpers=tuple(functions.helpers.values()),
    )


class _Functions:
    def __init__(self, migration: Migration, writer: Writer, transactions: Transactions) -> None:
        self._migration = migration
        self._module = writer
        self._writer = writer.narrower(INDENT)
        # SQLite's DDL is never in Alembic's transaction, so nothing is held from before there.
        self._shared = transactions == "whole run" and writer.dialect.capabilities.lock_tables
        self.batches = Batches(self._writer)
        self.helpers: dict[str, str] = {}
        #: The constants that name partitions with their indexes, by their source.
        self.partitions: dict[str, str] = {}

    def write(self, steps: Sequence[Step], notes: dict[int, str]) -> list[str]:
        impossible = next((one for one in steps if isinstance(one, Impossible)), None)
        if impossible is not None:
            return self._writer.raises("NotImplementedError", impossible.reason, 0)
        acting = [one for one in steps if not isinstance(one, Nothing)]
        if not acting:
            return self._reason(steps)
        lines: list[str] = []
        groups = _groups(acting, self._writer)
        if self._shared and not groups[0].alone and self._locks(groups[0].steps):
            lines += [
                *self._comment(
                    "Ends the transaction of the migrations before this one in the run."
                ),
                *self._comment("Their locks would be held while this one waits for its own."),
                _BLOCK,
                "    pass",
                "",
            ]
        for group in groups:
            if lines and lines[-1]:
                lines.append("")
            lines += self._group(group, notes)
        return lines or self._reason(steps)

    def _reason(self, steps: Sequence[Step]) -> list[str]:
        reasons = dict.fromkeys(one.reason for one in steps if isinstance(one, Nothing))
        told = "; ".join(" ".join(one.split()) for one in reasons) or "nothing to do"
        told = docstring_text(sentence(told))
        if len(told) + 10 <= self._writer.width:
            return [f'"""{told}"""']
        first, *rest = textwrap.wrap(told, self._writer.width - 7, break_on_hyphens=False)
        return [f'"""{first}', *rest, '"""']

    def _comment(self, note: str) -> list[str]:
        return [
            f"# {line}"
            for line in textwrap.wrap(" ".join(note.split()), self._writer.width - 2 - INDENT)
        ]

    def _locks(self, steps: Sequence[Step]) -> bool:
        """Tell whether a step holds what others might wait for; a new type or table does not."""
        lock = self._writer.dialect.lock
        return any(
            not isinstance(one, Require) and lock(one, Size()).mode != "none" for one in steps
        )

    def _group(self, group: _Group, notes: dict[int, str]) -> list[str]:
        lines: list[str] = []
        budget = self._migration.lock_timeout_ms
        rebuilds = any(isinstance(one, RebuildTable) for one in group.steps)
        inner: list[str] = []
        if budget is not None and self._locks(group.steps) and (not group.alone or rebuilds):
            for sql in self._writer.dialect.budget(budget):
                inner += self._writer.execute(sql, 0)
        indent = INDENT if group.alone else 0
        steps = list(group.steps)
        while steps:
            alike = partitions.same_builds(steps, self._writer)
            if len(alike) > 1:
                inner += self._loop(alike, indent)
                del steps[: len(alike)]
                continue
            step = steps.pop(0)
            note = notes.get(id(step), "")
            if note:
                inner += self._comment(sentence(note))
            inner += self._step(step, indent)
        if group.alone:
            lines += self._comment(_why(group.steps, self._writer))
            lines.append(_BLOCK)
        return lines + [f"{' ' * indent}{line}" if line else "" for line in inner]

    def _step(self, step: Step, indent: int) -> list[str]:
        """Return a step's lines without indentation, laid out for ``indent`` more to come."""
        writer = self._writer.narrower(indent)
        match step:
            case Require():
                return requirement(step, writer)
            case AddIndex() if writer.dialect.needs_own_transaction(step):
                query = writer.dialect.index_state(step)
                helper = None if query is None else self._helper(step, query)
                return guarded_build(step, helper, writer)
            case RebuildTable():
                return rebuild(step, writer)
            case Backfill() | DeleteRows() | CopyRows() if step.key:
                return self.batches.loop(step, 0)
            case _:
                return operation(step, writer, 0)

    def _loop(self, steps: Sequence[AddIndex], indent: int) -> list[str]:
        """Return the lines that build the same index on several partitions."""
        first = steps[0]

        def named(name: str) -> str:
            return partitions.constant(name, steps, self._module)

        constant = _kept(self.partitions, "PARTITIONS", named)
        helper = _kept(
            self.helpers,
            "index_state",
            lambda name: partitions.state_function(name, first, self._module),
        )
        return partitions.loop(constant, helper, first, self._writer.narrower(indent))

    def _helper(self, step: AddIndex, query: str) -> str:
        return _kept(
            self.helpers,
            "index_state",
            lambda name: state_function(name, step, query, self._module),
        )


def _kept(known: dict[str, str], stem: str, written: Callable[[str], str]) -> str:
    """Keep a definition under a name of its own, once; return the name."""
    number, name = 1, stem
    while known.setdefault(name, written(name)) != written(name):
        number += 1
        name = f"{stem}_{number}"
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    steps: tuple[Step, ...]
    alone: bool


def _groups(steps: Sequence[Step], writer: Writer) -> list[_Group]:
    """Part the steps at the borders of transactions; a requirement goes with what it protects."""
    found: list[_Group] = []
    waiting: list[Step] = []
    for step in steps:
        if isinstance(step, Require):
            waiting.append(step)
            continue
        alone = _alone(step, writer)
        together = (*waiting, step)
        waiting = []
        if found and found[-1].alone == alone:
            found[-1] = _Group(steps=found[-1].steps + together, alone=alone)
        else:
            found.append(_Group(steps=together, alone=alone))
    if waiting:
        found.append(_Group(steps=tuple(waiting), alone=False))
    return found


def _alone(step: Step, writer: Writer) -> bool:
    if isinstance(step, Batched):
        return bool(step.key)
    return isinstance(step, ValidateConstraint | RebuildTable | AddEnumValue) or (
        writer.dialect.needs_own_transaction(step)
    )


def _why(steps: Sequence[Step], writer: Writer) -> str:
    undone = writer.dialect.capabilities.transactional_ddl
    for step in steps:
        match step:
            case AddIndex() | DropIndex() | ValidateConstraint() if not undone:
                continue
            case AddIndex():
                return (
                    "A concurrent build cannot run in a transaction, and an interrupted one "
                    "leaves an INVALID index."
                )
            case DropIndex():
                return "A concurrent drop cannot run in a transaction."
            case ValidateConstraint():
                return "Outside the transaction: the scan must not hold the locks of other steps."
            case AddEnumValue():
                return "Outside the transaction: a value can be used once it is committed."
            case RebuildTable():
                return (
                    "SQLite cannot alter this in place. A rebuild switches foreign keys off, "
                    "which only works outside a transaction; batch mode would not."
                )
            case Backfill() | DeleteRows() | CopyRows():
                return "Each batch commits by itself: stopping and running again is safe."
            case _:
                continue
    if not undone:
        return "A transaction would not undo this: each statement commits by itself."
    return "This cannot run in a transaction."
