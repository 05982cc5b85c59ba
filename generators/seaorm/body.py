"""The two functions of a migration: steps grouped by transaction, guards, budgets, requirements."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from generators.header import budget_of
from generators.seaorm import outside
from generators.seaorm.batches import loop, walks
from generators.seaorm.guards import (
    matched,
    refuse,
    requirement,
    state,
    state_function,
)
from generators.seaorm.operations import native
from generators.seaorm.rust import INDENT, call, chain, indented, sentence, statement
from generators.seaorm.splitting import Group, groups, needs_none
from generators.seaorm.sqltext import joined, send
from generators.seaorm.words import Writer
from wizard.dialects.base import Dialect
from wizard.dialects.flavours import in_own_words
from wizard.model.errors import AnswerError
from wizard.model.plan import Migration
from wizard.model.steps import (
    AddIndex,
    Backfill,
    Batched,
    CopyRows,
    DeleteRows,
    DropIndex,
    Impossible,
    Nothing,
    Require,
    Step,
)

#: Functions stand inside of an impl: the trait's own indentation and theirs.
_DEPTH = 2 * INDENT

Wrap = Literal["runner", "own", "none"]

#: Its file may be run again after the drop, when something behind it failed.
_DROP = re.compile(r"^(DROP INDEX CONCURRENTLY )(?!IF EXISTS )")
_CONNECTION = "let db = manager.get_connection();"
#: A call on the connection, which a chain may have broken behind its first word.
_USES = re.compile(r"(^|[ (!])db(\.(execute|query|get_)|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The code of one file. ``uses`` are names of sea_orm, and of the standard library, it needs."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    #: What `use_transaction` returns; None where the default is right.
    transaction: bool | None
    helpers: tuple[str, ...]
    uses: frozenset[str]


@dataclass(slots=True, kw_only=True)
class _Function:
    """One direction being written; ``uses`` and ``helper`` are the file's."""

    migration: Migration
    writer: Writer
    wrap: Wrap
    script: str
    uses: set[str] = field(default_factory=set)
    helper: bool = False


def write_body(migration: Migration, writer: Writer, *, scripts: tuple[str, str]) -> Body:
    """Return the code of a migration; ``scripts`` name those for psql, "" where there are none."""
    dialect = writer.dialect
    parts = {True: groups(migration.up, dialect), False: groups(migration.down, dialect)}
    apart = any(
        len(found) > 1 or any(needs_none(one, dialect) for group in found for one in group.steps)
        for found in parts.values()
    )
    transaction, wrap = _wrapping(writer, apart=apart)
    texts: list[list[str]] = []
    uses: set[str] = set()
    helper = False
    for steps, found, file in (
        (migration.up, parts[True], scripts[0]),
        (migration.down, parts[False], scripts[1]),
    ):
        one = _Function(migration=migration, writer=writer, wrap=wrap, script=file)
        texts.append(_direction(one, steps, found))
        uses |= one.uses
        helper = helper or one.helper
    return Body(
        up=tuple(texts[0]),
        down=tuple(texts[1]),
        transaction=transaction,
        helpers=tuple(state_function(writer) if helper else ()),
        uses=frozenset(uses),
    )


def _wrapping(writer: Writer, *, apart: bool) -> tuple[bool | None, Wrap]:
    """Return what `use_transaction` says, and who opens the transactions of what shares one.

    SeaORM opens one by itself on PostgreSQL only. Where DDL cannot be undone there is none to open.
    """
    if not writer.dialect.capabilities.transactional_ddl:
        return None, "none"
    if writer.dialect.name == "postgresql":
        return (False, "own") if writer.modern and apart else (None, "runner")
    return (True, "runner") if writer.modern and not apart else (None, "own")


def _direction(one: _Function, steps: Sequence[Step], found: Sequence[Group]) -> list[str]:
    impossible = next((step for step in steps if isinstance(step, Impossible)), None)
    if impossible is not None:
        text = chain(sentence(impossible.reason, indent=_DEPTH + INDENT), call("to_owned"))
        return statement(call("Err", call("DbErr::Migration", text)), indent=_DEPTH, after="")
    lines: list[str] = []
    if not found:
        reasons = dict.fromkeys(step.reason for step in steps if isinstance(step, Nothing))
        return [*comment("; ".join(reasons) or "Nothing to do.", indent=_DEPTH), "Ok(())"]
    if one.script:
        written = _after_script(one, found)
    else:
        written = [(group.alone, _group(one, group)) for group in found]
    # A transaction of our own has a connection of its own, too.
    shared = [part for alone, part in written if alone or one.wrap != "own"]
    if any(map(_connects, shared)):
        lines += [_CONNECTION, ""]
    for number, (alone, part) in enumerate(written):
        if number:
            lines.append("")
        own = one.wrap == "own" and not alone
        scoped = own and number < len(written) - 1
        lines += ["{", *indented(part, INDENT), "}"] if scoped else part
    return [*lines, "", "Ok(())"]


def _connects(lines: Sequence[str]) -> bool:
    return any(_USES.search(line) for line in lines)


def comment(text: str, *, indent: int) -> list[str]:
    """Return a comment of as many lines as it takes."""
    words = " ".join(text.split())
    first = words.split(" ")[0]
    # A name keeps its small letter.
    words = words if {"_", "."} & {*first.rstrip(".")} else words[:1].upper() + words[1:]
    words = words if words.endswith((".", "!", "?")) else f"{words}."
    return [f"// {line}" for line in textwrap.wrap(words, 97 - indent, break_on_hyphens=False)]


def _after_script(one: _Function, found: Sequence[Group]) -> list[tuple[bool, list[str]]]:
    """Return the lines of a direction whose steps outside of transactions a script has done."""
    lines = comment(
        f"SeaORM 1 runs all pending migrations in one transaction: {one.script} does what must "
        "not run in there, and comes first.",
        indent=_DEPTH,
    )
    lines += outside.checks(found, one.script, one.writer, indent=_DEPTH)
    one.uses.add("Statement")
    one.helper = one.helper or any("index_state(" in line for line in lines)
    rest = [(False, _group(one, group)) for group in found if not group.alone]
    return [(True, lines), *rest]


def _group(one: _Function, group: Group) -> list[str]:
    notes = {id(change.step): change.note for change in one.migration.changes}
    dialect = one.writer.dialect
    budget = budget_of(one.migration, group.steps, dialect)
    opens = one.wrap == "own" and not group.alone
    indent = _DEPTH
    bound = list(dialect.budget(budget)) if budget is not None else []
    lines: list[str] = []
    pending: list[str] = []
    together = dialect.capabilities.online_ddl or (group.alone and dialect.name == "sqlite")
    if group.alone and not together:
        bound = []
    if bound and not together:
        lines += statement(send(joined(bound, dialect), dialect, indent=indent), indent=indent)
        bound = []
    for step in group.steps:
        note = notes.get(id(step), "")
        written = _step(one, step, indent)
        if written is None:
            # Goes with its budget, and with what follows, through one connection.
            pending += map(_repeatable, dialect.sql(step))
            continue
        lines += _sent(bound, pending, one, together=together)
        pending = []
        lines += (comment(note, indent=indent) if note else []) + written
    lines += _sent(bound, pending, one, together=together)
    if not opens:
        return lines
    return _in_transaction(one, lines)


def _repeatable(sql: str) -> str:
    return _DROP.sub(r"\1IF EXISTS ", sql, count=1)


def _sent(
    bound: Sequence[str], pending: Sequence[str], one: _Function, *, together: bool
) -> list[str]:
    """Return lines that send SQL: in one piece where a pool might change the connection between."""
    dialect = one.writer.dialect
    if not pending:
        return []
    scripts = [[*bound, *pending]] if together else [[sql] for sql in pending]
    return [
        line
        for sql in scripts
        for line in statement(send(joined(sql, dialect), dialect, indent=_DEPTH), indent=_DEPTH)
    ]


def _in_transaction(one: _Function, lines: list[str]) -> list[str]:
    connection = [_CONNECTION] if _connects(lines) else []
    if one.writer.modern:
        start = ["let manager = manager.begin().await?;", *connection]
        return [*start, *lines, "manager.commit().await?;"]
    one.uses.add("TransactionTrait")
    return [
        "let transaction = manager.get_connection().begin().await?;",
        "let manager = SchemaManager::new(&transaction);",
        *connection,
        *lines,
        "transaction.commit().await?;",
    ]


def _step(one: _Function, step: Step, indent: int) -> list[str] | None:
    """Return a step's lines; None for SQL that goes out as it is."""
    writer, dialect = one.writer, one.writer.dialect
    match step:
        case Require():
            one.uses.add("Statement")
            return requirement(step, writer, indent=indent)
        case Backfill() | DeleteRows() | CopyRows() if step.key:
            return _batched(one, step, indent)
        case AddIndex() if dialect.needs_own_transaction(step):
            return _build(one, step, indent)
        case _:
            found = native(step, writer)
            if found is None:
                return None
            return [line for node in found for line in statement(node, indent=indent)]


def _batched(one: _Function, step: Batched, indent: int) -> list[str]:
    writer, dialect = one.writer, one.writer.dialect
    _refuse_keeping(step, dialect)
    if walks(step, writer):
        one.uses |= {"Statement", "Duration"}
        return loop(step, writer, indent=indent)
    script = dialect.batch_script(step)
    text = joined(script or dialect.sql(step), dialect)
    told = (
        "The server walks the key by itself, and commits each batch."
        if script
        else "One statement for all rows: this key cannot be walked from here."
    )
    return [
        *comment(told, indent=indent),
        *statement(send(text, dialect, indent=indent), indent=indent),
    ]


def _refuse_keeping(step: Batched, dialect: Dialect) -> None:
    """Raise AnswerError where a batch would be two statements in a transaction of its own."""
    if step.key and dialect.batch(step).keep_first is not None:
        raise AnswerError(
            "unsupported",
            f"migwiz has no SeaORM file that keeps old values on {dialect.title} yet",
            next_actions=(
                "let migwiz backfill run do it (--backfill runner)",
                "or overwrite the values for good (--keep-old no)",
            ),
            flag="--keep-old",
        )


def _build(one: _Function, step: AddIndex, indent: int) -> list[str]:
    """Return a build outside of a transaction, which looks first what an earlier one has left."""
    writer, dialect = one.writer, one.writer.dialect
    inner = indent + 2 * INDENT
    query = dialect.index_state(step)
    found = None if in_own_words(dialect, step) else native(step, writer)
    if found is None:
        sql = joined(dialect.sql(step), dialect)
        create = statement(send(sql, dialect, indent=indent), indent=indent)
    else:
        create = [line for node in found for line in statement(node, indent=indent)]
    if query is None:
        return create
    one.helper = True
    one.uses.add("Statement")
    concurrently = step.concurrently and dialect.capabilities.concurrent_drop
    drop = DropIndex(table=step.table, index=step.index, concurrently=concurrently)
    dropped = statement(
        send(joined(dialect.sql(drop), dialect), dialect, indent=inner), indent=inner
    )
    message = f"{step.index.name} is there with another definition: rename or drop it, run again"
    return [
        "// A concurrent build cannot run in a transaction; an interrupted one leaves an INVALID",
        "// index, which is dropped here and built anew.",
        *state(query, writer, indent=indent),
        *matched(
            (
                ('"different"', refuse(message, indent=inner)),
                ('"invalid"', dropped),
                ("_", ()),
            )
        ),
        'if state != "valid" {',
        *indented(create, INDENT),
        "}",
    ]
