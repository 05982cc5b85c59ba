"""The two functions of a file: steps grouped by transaction, guards, budgets, requirements."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from generators.alembic import text
from generators.alembic.backfill import Batches
from generators.alembic.code import INDENT, call, flat
from generators.alembic.operations import Writer, create_index, drop_index, operation
from generators.base import Transactions
from wizard.model.plan import Migration
from wizard.model.steps import (
    AddIndex,
    Backfill,
    DeleteRows,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    Require,
    Step,
    ValidateConstraint,
)

_MESSAGE = re.compile(r'CONSTRAINT "((?:[^"]|"")+)" CHECK')
_QUERY = re.compile(r"WHERE EXISTS \(\n(.*?)\n\)$", re.DOTALL | re.MULTILINE)
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
        constants=tuple(functions.batches.constants),
        helpers=tuple(functions.helpers.values()),
    )


class _Functions:
    def __init__(self, migration: Migration, writer: Writer, transactions: Transactions) -> None:
        self._migration = migration
        self._module = writer
        self._writer = _narrower(writer, INDENT)
        # SQLite's DDL is never in Alembic's transaction, so nothing is held from before there.
        self._shared = transactions == "whole run" and writer.dialect.capabilities.lock_tables
        self.batches = Batches(self._writer)
        self.helpers: dict[str, str] = {}

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
        return lines

    def _reason(self, steps: Sequence[Step]) -> list[str]:
        reasons = dict.fromkeys(one.reason for one in steps if isinstance(one, Nothing))
        told = "; ".join(" ".join(one.split()) for one in reasons) or "nothing to do"
        told = docstring_text(_sentence(told))
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
        return any(not isinstance(one, Require) for one in steps)

    def _group(self, group: _Group, notes: dict[int, str]) -> list[str]:
        lines: list[str] = []
        budget = self._migration.lock_timeout_ms
        rebuilds = any(isinstance(one, RebuildTable) for one in group.steps)
        inner: list[str] = []
        if budget is not None and self._locks(group.steps) and (not group.alone or rebuilds):
            for sql in self._writer.dialect.budget(budget):
                inner += self._writer.execute(sql, 0)
        indent = INDENT if group.alone else 0
        for step in group.steps:
            note = notes.get(id(step), "")
            if note:
                inner += self._comment(_sentence(note))
            inner += self._step(step, indent)
        if group.alone:
            lines += self._comment(_why(group.steps))
            lines.append(_BLOCK)
        return lines + [f"{' ' * indent}{line}" if line else "" for line in inner]

    def _step(self, step: Step, indent: int) -> list[str]:
        """Return a step's lines without indentation, laid out for ``indent`` more to come."""
        writer = _narrower(self._writer, indent)
        match step:
            case Require():
                return _require(step, writer)
            case AddIndex() if writer.dialect.needs_own_transaction(step):
                return self._build(step, writer)
            case RebuildTable():
                return _rebuild(step, writer)
            case Backfill() | DeleteRows() if step.key:
                return self.batches.loop(step, 0)
            case _:
                return operation(step, writer, 0)

    def _build(self, step: AddIndex, writer: Writer) -> list[str]:
        create = writer.lines(
            create_index(step.table, step.index, writer, concurrently=True), INDENT
        )
        query = writer.dialect.index_state(step)
        if query is None:
            return [line[INDENT:] for line in create]
        helper = self._helper(step, query)
        drop = drop_index(step.table, step.index, writer, concurrently=True, sure=False)
        different, invalid, absent = (
            writer.quotes.text(one) for one in ("different", "invalid", "absent")
        )
        message = (
            f"{step.index.name} exists with another definition: rename or drop it, then run again"
        )
        return [
            f"state = {helper}()",
            f"if state == {different}:",
            *writer.raises("RuntimeError", message, INDENT),
            f"if state == {invalid}:",
            *writer.lines(drop, INDENT),
            f"if state in ({absent}, {invalid}):",
            *create,
        ]

    def _helper(self, step: AddIndex, query: str) -> str:
        name = "index_state"
        number = 1
        while True:
            written = _helper_function(name, step, query, self._module)
            if self.helpers.setdefault(name, written) == written:
                return name
            number += 1
            name = f"index_state_{number}"


def _require(step: Require, writer: Writer) -> list[str]:
    quotes = writer.quotes
    sql = step.query.strip().removesuffix(";")
    whole = f"if op.get_bind().execute({flat(text.expression(sql, quotes))}).first() is not None:"
    if "\n" not in sql and len(whole) <= writer.width:
        lines = [whole]
    else:
        room = writer.width - len("offending = sa.text()")
        literal = text.statement(sql, dialect=writer.dialect.name, quotes=quotes, width=room)
        lines = writer.lines(call("offending = sa.text", literal), 0)
        lines.append("if op.get_bind().execute(offending).first() is not None:")
    return [*lines, *writer.raises("RuntimeError", step.message, INDENT)]


def _rebuild(step: RebuildTable, writer: Writer) -> list[str]:
    """Return statements that bring their own transaction, undone whole when one of them fails."""
    lines: list[str] = []
    inside: list[str] | None = None
    for part in _parts(step, writer):
        word = part.split()[0].upper() if isinstance(part, str) else ""
        if word == "COMMIT" and inside is not None:
            lines += [
                "try:",
                *(f"{' ' * INDENT}{line}" if line else "" for line in inside),
                "except BaseException:",
                f"{' ' * INDENT}# Leaving the block would commit what is half done.",
                f"{' ' * INDENT}op.get_bind().connection.rollback()",
                f"{' ' * INDENT}raise",
            ]
            inside = None
        if inside is None:
            lines += _part(part, writer)
        else:
            inside += _part(part, _narrower(writer, INDENT))
        if word == "BEGIN":
            inside = []
    return lines


def _part(part: str | Require, writer: Writer) -> list[str]:
    return _require(part, writer) if isinstance(part, Require) else writer.execute(part, 0)


def _parts(step: RebuildTable, writer: Writer) -> list[str | Require]:
    """Return the statements of a rebuild, with its requirements told apart again.

    A dialect without procedures writes a requirement as several statements. They count as one
    only when the dialect writes exactly these for it.
    """
    rest = list(writer.dialect.sql(step))
    found: list[str | Require] = []
    while rest:
        text_here = "\n".join(rest[:4])
        message, query = _MESSAGE.search(text_here), _QUERY.search(text_here)
        if message and query:
            required = Require(
                query=textwrap.dedent(query.group(1)).strip(),
                message=message.group(1).replace('""', '"'),
                table=step.after.name,
            )
            written = list(writer.dialect.sql(required))
            if rest[: len(written)] == written:
                found.append(required)
                rest = rest[len(written) :]
                continue
        found.append(rest.pop(0))
    return found


def _helper_function(name: str, step: AddIndex, query: str, writer: Writer) -> str:
    mark = writer.quotes.text
    listed = ", ".join(mark(one) for one in ("absent", "invalid", "valid"))
    literal = text.statement(
        query.strip().removesuffix(";"), dialect=writer.dialect.name, quotes=writer.quotes, width=0
    )
    index = docstring_text(step.index.name)
    told = listed.replace("'", '"') + ' or "different"'
    return "\n".join(
        [
            f"def {name}() -> str:",
            f'    """Return {told}, by the definition of {index}."""'
            if len(told) + len(index) + 36 <= writer.width
            else f'    """Return {told}."""',
            *writer.lines(call("state = sa.text", literal), INDENT),
            "    return op.get_bind().scalar(state)",
        ]
    )


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
    if isinstance(step, Backfill | DeleteRows):
        return bool(step.key)
    return isinstance(step, ValidateConstraint | RebuildTable) or (
        writer.dialect.needs_own_transaction(step)
    )


def _why(steps: Sequence[Step]) -> str:
    for step in steps:
        match step:
            case AddIndex():
                return (
                    "A concurrent build cannot run in a transaction, and an interrupted one "
                    "leaves an INVALID index."
                )
            case DropIndex():
                return "A concurrent drop cannot run in a transaction."
            case ValidateConstraint():
                return "Outside the transaction: the scan must not hold the locks of other steps."
            case RebuildTable():
                return (
                    "SQLite cannot alter this in place. A rebuild switches foreign keys off, "
                    "which only works outside a transaction; batch mode would not."
                )
            case Backfill() | DeleteRows():
                return "Each batch commits by itself: stopping and running again is safe."
            case _:
                continue
    return "This cannot run in a transaction."


def _narrower(writer: Writer, indent: int) -> Writer:
    """Return the writer for code that will be indented later."""
    return Writer(
        dialect=writer.dialect,
        quotes=writer.quotes,
        width=writer.width - indent,
        marked_indexes=writer.marked_indexes,
        modules=writer.modules,
    )


def _sentence(told: str) -> str:
    """Return a phrase as a sentence; a name at its start keeps its case."""
    first = told.partition(" ")[0]
    if first.isalpha():
        told = told[:1].upper() + told[1:]
    return told if told.endswith((".", "!", "?")) else told + "."


def docstring_text(told: str) -> str:
    """Return a text that can stand inside a docstring."""
    told = told.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return re.sub(r'"$', '\\"', told)
