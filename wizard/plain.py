"""The wizard as line prompts: for screen readers, dumb terminals, and whoever prefers lines.

The same questions over the same session, in the same order. Prompts go to ``out``; what was
written goes to standard output by the caller's rules.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TextIO

from wizard.entry import read_entry, show_entry
from wizard.flow import problem_with, value_of, visible
from wizard.model.answers import Value
from wizard.model.errors import MigwizError
from wizard.model.findings import Finding
from wizard.model.plan import Plan
from wizard.questions import DATABASE_QUESTIONS, ROLLOUT_QUESTIONS, Choice, Question, Situation
from wizard.session import Session

#: More choices than this are not read out; typing a name finds them.
_LISTED = 30


class _Back(Exception):
    """The user typed ``<``."""


class _End(Exception):
    """There is no more input."""


class _Prompter:
    """Asks one line at a time."""

    def __init__(self, lines: TextIO, out: TextIO) -> None:
        self._lines = lines
        self._out = out

    def say(self, text: str = "") -> None:
        """Write a line."""
        self._out.write(text + "\n")
        self._out.flush()

    def ask(self, prompt: str) -> str:
        """Return a line; raises _Back for ``<`` and _End at the end of input."""
        self._out.write(f"{prompt} ")
        self._out.flush()
        line = self._lines.readline()
        if not line:
            raise _End
        text = line.strip()
        if text == "<":
            raise _Back
        return text

    def fail(self, error: MigwizError) -> None:
        """Say what went wrong, why, and what to do."""
        self.say(f"✗ stopped: {error.message}")
        if error.why:
            self.say(f"  why: {error.why}")
        for one in error.next_actions:
            self.say(f"  do:  {one}")


def run_plain(session: Session, lines: TextIO, out: TextIO) -> int:
    """Ask, plan, write. Returns the exit code: 0 written or left, 3 refused, 5 out of reach."""
    ask = _Prompter(lines, out)
    ask.say("migwiz. Enter takes the proposed answer, < goes back, ? explains. Ctrl-C leaves.")
    try:
        return _run(session, ask)
    except _End:
        ask.say("")
        ask.say("left without writing")
        return 0
    finally:
        session.disconnect()


def _run(session: Session, ask: _Prompter) -> int:
    try:
        project = session.project()
        ask.say(f"Project: {project.name} in {session.relative(project.directory)}")
    except MigwizError as error:
        ask.fail(error)
        return error.exit_code
    if not _connect(session, ask):
        return 5
    stage = 0
    stages = (_choose, _details, _rollout, _review)
    while stage < len(stages):
        try:
            code = stages[stage](session, ask)
        except _Back:
            stage = max(0, stage - 1)
            continue
        except MigwizError as error:
            ask.fail(error)
            if error.exit_code == 5 and not _connect(session, ask):
                return 5
            stage = max(0, stage - 1)
            continue
        if code is not None:
            return code
        stage += 1
    return 0


def _connect(session: Session, ask: _Prompter) -> bool:
    url = next(one for one in DATABASE_QUESTIONS if one.key == "database.url")
    while True:
        try:
            session.disconnect()
            catalog = session.connect()
            count = len(session.tables())
        except MigwizError as error:
            ask.fail(error)
            try:
                text = ask.ask(f"{url.prompt} (empty to leave):")
            except _Back:
                continue
            if not text:
                return False
            session.put("database.url", text)
            continue
        kind = "read-only" if catalog.live else "offline"
        ask.say(f"Database: {catalog.database}, {session.dialect().label}, {kind}, {count} tables")
        return True


def _choose(session: Session, ask: _Prompter) -> int | None:
    operations = session.operations()
    choices = [
        Choice(value=one.kind, label=one.label, hint=one.group.lower()) for one in operations
    ]
    ask.say("")
    ask.say("What should change?")
    _list(ask, choices)
    current = session.operation
    while True:
        proposed = f" [{current.label}]" if current else ""
        text = ask.ask(f"Number or name{proposed}:")
        if not text and current is not None:
            return None
        picked = _pick(text, choices)
        if picked is not None:
            session.choose(picked.value)
            return None
        ask.say("✗ there is no such operation; type one of the numbers")


def _details(session: Session, ask: _Prompter) -> int | None:
    operation = session.operation
    assert operation is not None
    ask.say("")
    ask.say(operation.label)
    _ask_all(
        ask,
        operation.questions,
        session.situation,
        lambda question, value: session.answer(question.key, value),
    )
    session.plan()
    return None


def _rollout(session: Session, ask: _Prompter) -> int | None:
    ask.say("")
    _ask_all(
        ask,
        ROLLOUT_QUESTIONS,
        session.rollout_situation,
        lambda question, value: session.put(question.key, value),
    )
    return None


def _ask_all(
    ask: _Prompter,
    questions: Sequence[Question],
    situation: Callable[[], Situation],
    take: Callable[[Question, Value], None],
) -> None:
    """Ask all questions that apply; ``<`` goes to the one before, from the first one out."""
    at, advanced = 0, False
    while True:
        now = situation()
        shown = [
            one
            for one in visible(questions, now)
            if advanced or not one.advanced or one.key in now.values
        ]
        if at >= len(shown):
            rare = [one for one in visible(questions, now) if one not in shown]
            if not rare or advanced:
                return
            try:
                text = ask.ask(
                    f"{len(rare)} rarely needed questions more; ask them? yes or no [no]:"
                )
            except _Back:
                at = max(0, at - 1)
                continue
            if text.lower() not in ("y", "yes"):
                return
            advanced = True
            continue
        try:
            value = _ask_one(ask, shown[at], now)
        except _Back:
            if at == 0:
                raise
            at -= 1
            continue
        take(shown[at], value)
        at += 1


def _ask_one(ask: _Prompter, question: Question, situation: Situation) -> Value:
    """Return the answer to a question, None for the proposed one."""
    choices = question.choices(situation)
    if choices:
        ask.say(question.prompt)
        _list(ask, choices)
    current = show_entry(question, value_of(question, situation))
    given = situation.values.get(question.key)
    while True:
        proposed = f" [{current}]" if current else "" if question.required else " [none]"
        text = ask.ask(f"{question.prompt}{proposed}:")
        if text == "?":
            ask.say(f"  {question.help} For example: {question.example}")
            continue
        value: Value = given
        if text == "-":
            value = None
        elif text:
            picked = _pick(text, choices)
            try:
                value = read_entry(question, picked.value if picked else text)
            except ValueError as error:
                ask.say(f"✗ {question.prompt}: {error}")
                continue
        tried = _with(situation, question.key, value)
        problem = problem_with(question, tried)
        if problem is None:
            return value
        ask.say(f"✗ {problem}")


def _with(situation: Situation, key: str, value: Value) -> Situation:
    return replace(situation, values={**situation.values, key: value})


def _list(ask: _Prompter, choices: Sequence[Choice]) -> None:
    for number, one in enumerate(choices[:_LISTED], start=1):
        hint = f", {one.hint}" if one.hint else ""
        cannot = f"; cannot be chosen: {one.disabled}" if one.disabled else ""
        ask.say(f"  {number}. {one.label}{hint}{cannot}")
    if len(choices) > _LISTED:
        ask.say(f"  and {len(choices) - _LISTED:,} more: type the name")


def _pick(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Return the choice of that number, value or label; a name wins over a number."""
    named = next((one for one in choices if text in (one.value, one.label)), None)
    if named is not None:
        return named
    if text.isdigit() and 1 <= int(text) <= len(choices):
        return choices[int(text) - 1]
    return None


def _review(session: Session, ask: _Prompter) -> int | None:
    plan = session.plan()
    ask.say("")
    for line in plan_lines(session, plan):
        ask.say(line)
    if plan.refused is not None:
        return 3
    if not plan.phases:
        return 0
    for one, problem in session.preflight(plan):
        ask.say(f"✗ the data blocks it: {one.problem}" if problem else "✓ asked the data: no row")
    for loss in session.missing(plan, [plan.phases[0].name]):
        text = ask.ask(f"! {loss.name}: {loss.reason}\n  Accept this loss? yes or no [no]:")
        if text.lower() not in ("y", "yes"):
            ask.say("left without writing")
            return 3
        session.accept(loss.name)
    ask.say("")
    for edit in session.pending():
        ask.say(
            f"  {'new' if edit.action == 'create' else 'changed'}: {session.relative(edit.path)}"
        )
    if ask.ask("Write these files? yes or no [no]:").lower() not in ("y", "yes"):
        ask.say("left without writing")
        return 0
    written = session.write()
    from wizard.summary import exit_summary

    for path in written.paths:
        sys.stdout.write(f"{session.relative(path)}\n")
    sys.stdout.flush()
    ask.say(exit_summary(session, written).rstrip())
    return 0


def plan_lines(session: Session, plan: Plan) -> list[str]:
    """Return a plan as lines that can be read aloud."""
    found = [f"Plan: {plan.title}"]
    if plan.refused is not None:
        return [*found, "refused:", *_finding_lines(plan.refused)]
    if plan.phases:
        found.append(f"way back: {plan.reversibility}")
    for number, phase in enumerate(plan.phases, start=1):
        found.append(f"Phase {number}, {phase.name}: {phase.when}")
        if phase.gate is not None:
            found.append(f"  gate: {phase.gate.text}")
        found.append(f"  application: {phase.application}")
        for migration in phase.migrations:
            up, down = session.locks(migration)
            found.append(f"  file: {migration.title}")
            found.append(f"    up: {up}")
            found.append(f"    down: {down}; {migration.reversibility}")
    for finding in plan.findings:
        found += _finding_lines(finding)
    if plan.naive is not None:
        found.append(f"In one line instead: {plan.naive.effect}")
    for one in plan.snippets:
        found += [f"In your code, {one.title}, {one.phase}:", *_indented(one.text)]
    return found


def _finding_lines(finding: Finding) -> list[str]:
    found = [f"{finding.severity}: {finding.what}"]
    if finding.why:
        found.append(f"  why: {finding.why}")
    if finding.safer:
        found.append(f"  safer: {finding.safer}")
    return found


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]
