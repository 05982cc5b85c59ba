"""Options made of questions: one flag for each, the same for ``plan`` and ``write``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from wizard.entry import read_entry, read_number, unit_of
from wizard.model.answers import Answers, OperationAnswers, Value, freeze, read_answers
from wizard.model.errors import AnswerError, ReachError
from wizard.questions import (
    DATABASE_QUESTIONS,
    PROJECT_QUESTIONS,
    ROLLOUT_QUESTIONS,
    Kind,
    Question,
)
from wizard.rooting import project_root
from wizard.session import Environment, Session


class Count(click.ParamType[int]):
    """A whole number, also as people write it: 120M, 41 GB, 2 s."""

    name = "number"

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; fails with what would do."""
        if isinstance(value, int):
            return value
        try:
            return read_number(str(value), self._unit)
        except ValueError as error:
            self.fail(f"{value!r} is no number; {error}", param, ctx)


def option(question: Question) -> Callable[[Any], Any]:
    """Return the click option of one question."""
    name = question.key.rpartition(".")[2]
    help = f"{question.help} Example: {question.example}"
    match question.kind:
        case Kind.BOOLEAN:
            pair = f"{question.flag}/--no-{question.flag[2:]}"
            return click.option(pair, name, default=None, help=help)
        case Kind.INTEGER:
            return click.option(question.flag, name, type=Count(unit_of(question)), help=help)
        case Kind.ASSIGNMENTS:
            return click.option(question.flag, name, multiple=True, help=help)
        case _:
            return click.option(question.flag, name, help=help)


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every planning command has."""
    questions = (*PROJECT_QUESTIONS, *DATABASE_QUESTIONS, *ROLLOUT_QUESTIONS)
    for question in reversed(questions):
        command = option(question)(command)
    command = click.option(
        "--accept-loss",
        multiple=True,
        metavar="STEP",
        help="Accept what a step loses for good; `all` accepts everything. May be repeated.",
    )(command)
    command = click.option(
        "--answers",
        type=click.Path(path_type=Path),
        help="Read answers from a TOML or JSON file; flags go before it.",
    )(command)
    return click.option(
        "--save-answers",
        type=click.Path(path_type=Path),
        help="Write the answers to a new file, to use again with --answers.",
    )(command)


def environment(root: str | None = None, *, at: str | None = None) -> Environment:
    """Return what this run takes from outside. ``at`` (ISO 8601, UTC) replaces the clock.

    Without ``root`` it is this folder, or the one above it to which the migrations belong.
    """
    where = Path(root or ".").expanduser()
    try:
        resolved = where.resolve(strict=True)
    except OSError as error:
        raise ReachError(
            "no-root", f"there is no folder {root}", why=error.strerror or "", flag="--root"
        ) from None
    if root is None:
        resolved = project_root(resolved)
    now = datetime.now(UTC)
    given = at or os.environ.get("MIGWIZ_NOW")
    if given:
        try:
            now = datetime.fromisoformat(given)
        except ValueError:
            raise AnswerError(
                "bad-answer", f"{given!r} is no time; write 2026-11-23T10:20:30Z", flag="--at"
            ) from None
        now = now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
    seed = os.environ.get("MIGWIZ_SEED") or secrets.token_hex(16)
    return Environment(root=resolved, environ=os.environ, now=now, seed=seed)


def session_from(
    kind: str | None, questions: Sequence[Question], values: Mapping[str, Any]
) -> Session:
    """Return the session for parsed options: flags first, then the answers file."""
    file = values.get("answers")
    answers = read_answers(file) if file is not None else Answers()
    for question in (*PROJECT_QUESTIONS, *DATABASE_QUESTIONS, *ROLLOUT_QUESTIONS):
        given = values.get(question.key.rpartition(".")[2])
        if given is not None:
            answers = answers.put(question.key, given)
    if kind is not None:
        at = next((n for n, one in enumerate(answers.operations) if one.kind == kind), 0)
        one = (
            answers.operations[at]
            if at < len(answers.operations) and answers.operations[at].kind == kind
            else OperationAnswers(kind=kind)
        )
        for question in questions:
            given = _given(question, values.get(question.key))
            if given is not None:
                one = one.put(question.key, given)
        answers = answers.with_operation(one, at)
    root = answers.text("project.root")
    return Session(
        environment(root), answers.put("project.root", None), accepted=values["accept_loss"]
    )


def _given(question: Question, value: Any) -> Value:
    if value is None or value == ():
        return None
    if question.kind is Kind.ASSIGNMENTS:
        found: dict[str, Any] = {}
        for line in value:
            name, sign, expression = line.partition("=")
            if not sign or not name.strip() or not expression.strip():
                raise AnswerError(
                    "bad-answer",
                    f"{line!r} does not read column = expression",
                    next_actions=(f'write {question.flag} "{question.example}"',),
                    flag=question.flag,
                )
            found[name.strip().strip('"')] = expression.strip()
        return freeze(found)
    if question.kind in (Kind.COLUMNS, Kind.PARTS):
        return read_entry(question, value)
    return freeze(value)
