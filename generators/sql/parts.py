"""From steps to the statements that belong together, with guards around index builds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from generators.sql.layout import Statement, Within
from generators.sql.outside import inner, undone, within
from generators.sql.statements import tidy
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.steps import (
    AddEnumValue,
    AddIndex,
    Batched,
    Impossible,
    Nothing,
    Require,
    Step,
    ValidateConstraint,
)

_CREATE = re.compile(r"(CREATE (?:UNIQUE )?INDEX CONCURRENTLY )(?!IF NOT EXISTS )", re.IGNORECASE)
_DROP = re.compile(r"(DROP INDEX CONCURRENTLY )(?!IF EXISTS )", re.IGNORECASE)

Role = Literal["plain", "prepare", "build", "check", "alone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Statements of one direction that belong together. ``harmless`` ones may run twice.

    ``undone`` and ``within`` are those of `generators.sql.layout.Section`.
    """

    role: Role = "plain"
    statements: tuple[Statement, ...] = ()
    steps: tuple[Step, ...] = ()
    transactional: bool = True
    harmless: bool = True
    what: str = ""
    undone: Require | None = None
    within: Within | None = None


NO_PART = Part()


def together(first: Part, second: Part) -> Part:
    """Return both parts as one, the first one first."""
    if not first.statements:
        return second
    if not second.statements:
        return first
    return Part(
        role=first.role if second.role == "plain" else second.role,
        statements=first.statements + second.statements,
        steps=first.steps + second.steps,
        transactional=first.transactional and second.transactional,
        harmless=first.harmless and second.harmless,
        what=first.what or second.what,
    )


def parts_of(
    steps: Sequence[Step], dialect: Dialect, one_statement: bool, note: str = ""
) -> list[Part]:
    """Return the steps of one direction as parts, in the order in which they run.

    Outside a transaction a part holds one statement only when ``one_statement`` says so.
    """
    found: list[Part] = []
    for step in steps:
        for part in _of_step(step, dialect, one_statement, note):
            last = found[-1] if found else None
            if last is not None and last.role == part.role == "plain":
                found[-1] = together(last, part)
            else:
                found.append(part)
    return found


def _of_step(step: Step, dialect: Dialect, one_statement: bool, note: str) -> list[Part]:
    def said(statements: Sequence[str]) -> tuple[Statement, ...]:
        return tuple(
            Statement(sql=tidy(sql, dialect=dialect.name), note="" if index else note)
            for index, sql in enumerate(statements)
        )

    if isinstance(step, Nothing):
        return [Part(statements=(Statement(note=step.reason),), steps=(step,))]
    if isinstance(step, Impossible):
        return [Part(statements=said(refusal(step, dialect)), steps=(step,))]
    if isinstance(step, Batched):
        script = dialect.batch_script(step) if step.key else ()
        return [
            Part(
                role="alone",
                statements=said(script or dialect.sql(step)),
                steps=(step,),
                transactional=not script,
                harmless=False,
                undone=undone(step, dialect) if script else None,
                within=within(step, dialect) if script else None,
            )
        ]
    sql = dialect.sql(step)
    if dialect.needs_own_transaction(step):
        sql = tuple(_repeatable(one) for one in sql)
        groups = [(one,) for one in sql] if one_statement else [sql]
        query = dialect.index_state(step) if isinstance(step, AddIndex) else None
        parts = [
            Part(
                role="alone" if query is None else "build",
                statements=said(group),
                steps=(step,),
                transactional=False,
                harmless=False,
                undone=undone(step, dialect),
                within=within(step, dialect),
                what=""
                if query is None
                else "builds the index; needs a session without lock_timeout and statement_timeout",
            )
            for group in groups
        ]
        if query is None or not isinstance(step, AddIndex):
            return parts
        return [_prepare(step, query, dialect), *parts, _check(step, query, dialect)]
    return [
        Part(
            role="alone" if isinstance(step, ValidateConstraint | AddEnumValue) else "plain",
            statements=said(sql),
            steps=(step,),
            harmless=isinstance(step, Require),
        )
    ]


def refusal(step: Impossible, dialect: Dialect) -> tuple[str, ...]:
    """Return statements that fail with the reason why there is no way back."""
    sql = dialect.sql(step)
    if sql:
        return sql
    if dialect.name == "postgresql":
        return (block(f"    RAISE EXCEPTION USING MESSAGE = {dialect.literal(step.reason)};"),)
    # Without a statement that raises, an unknown name is what shows its own text.
    return (f"SELECT * FROM {_name(step.reason)}",)


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _repeatable(sql: str) -> str:
    return _DROP.sub(r"\1IF EXISTS ", _CREATE.sub(r"\1IF NOT EXISTS ", sql, count=1), count=1)


def _prepare(step: AddIndex, query: str, dialect: Dialect) -> Part:
    name = step.index.name
    index = dialect.table(TableName(name, step.table.schema))
    taken = f"{name} is there already with another definition: rename or drop it, then run again"
    body = (
        f"    IF state = 'different' THEN\n"
        f"        RAISE EXCEPTION USING MESSAGE = {dialect.literal(taken)};\n"
        f"    ELSIF state = 'invalid' THEN\n"
        f"        DROP INDEX {index};\n"
        f"    END IF;"
    )
    text = block(body, declare=f"    state text := ({inner(query)});")
    note = (
        "An interrupted build leaves an index that is INVALID: it slows writes and serves no query."
    )
    return Part(
        role="prepare",
        statements=(Statement(sql=text, note=note),),
        steps=(step,),
        what="makes room for the index",
    )


def _check(step: AddIndex, query: str, dialect: Dialect) -> Part:
    broken = (
        f"{step.index.name} is not valid, its build was interrupted: "
        "the header of this file says how to repair it"
    )
    body = (
        f"    IF ({inner(query)}) IS DISTINCT FROM 'valid' THEN\n"
        f"        RAISE EXCEPTION USING MESSAGE = {dialect.literal(broken)};\n"
        f"    END IF;"
    )
    return Part(
        role="check",
        statements=(Statement(sql=block(body)),),
        steps=(Nothing(reason="only looks"),),
        what="makes sure that the index is valid",
    )


def block(body: str, declare: str = "") -> str:
    """Return a PL/pgSQL block with a tag that its text does not hold."""
    tag = "$$"
    number = 0
    while tag in body + declare:
        number += 1
        tag = f"$migwiz{number}$"
    head = f"DECLARE\n{declare}\n" if declare else ""
    return f"DO {tag}\n{head}BEGIN\n{body}\nEND\n{tag}"
