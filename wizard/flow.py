"""The wizard's flow: pure rules for which step is where, and what stands in the way of Next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from wizard.model.answers import OperationAnswers, Value
from wizard.questions import Question, Situation


class WizardStep(StrEnum):
    """The steps, in order."""

    PROJECT = "Project"
    CONNECT = "Connect"
    CHANGE = "Change"
    DETAILS = "Details"
    ROLLOUT = "Rollout"
    PLAN = "Plan"
    PREVIEW = "Preview"
    WRITE = "Write"


STEPS: tuple[WizardStep, ...] = tuple(WizardStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """A step as the sidebar shows it: ``detail`` says the answer and where it is from."""

    step: WizardStep
    state: Literal["done", "here", "to come", "attention"]
    detail: str = ""

    @property
    def glyph(self) -> str:
        """A sign for the state, beside its word."""
        return {"done": "✓", "here": "▸", "to come": "·", "attention": "!"}[self.state]


def visible(questions: Sequence[Question], situation: Situation) -> tuple[Question, ...]:
    """Return the questions that apply in this situation."""
    return tuple(question for question in questions if question.when(situation))


def value_of(question: Question, situation: Situation) -> Value:
    """Return the answer to a question, or else its default."""
    value = situation.values.get(question.key)
    return question.default(situation) if value is None else value


def problem_with(question: Question, situation: Situation) -> str | None:
    """Say what is wrong with the answer to a question, None when it will do."""
    value = value_of(question, situation)
    if value is None or value in ("", ()):
        return f"{question.prompt}: an answer is needed" if question.required else None
    choices = question.choices(situation)
    if question.kind == "choice" and choices:
        chosen = next((one for one in choices if one.value == value), None)
        if chosen is None:
            return f"{question.prompt}: choose one of {', '.join(one.value for one in choices)}"
        if chosen.disabled:
            return f"{chosen.label}: {chosen.disabled}"
    return question.check(value, situation)


def problems(questions: Sequence[Question], situation: Situation) -> Mapping[str, str]:
    """Return what is wrong, by question key; empty when Next may go on."""
    found = {}
    for question in visible(questions, situation):
        problem = problem_with(question, situation)
        if problem is not None:
            found[question.key] = problem
    return found


def still_valid(
    answers: OperationAnswers, questions: Sequence[Question], situation: Situation
) -> Mapping[str, str]:
    """Return which given answers no longer fit, for instance after the table was changed.

    They are flagged, never dropped: going back must lose nothing.
    """
    found = {}
    for question in questions:
        if question.key in answers.values:
            problem = problem_with(question, situation)
            if problem is not None:
                found[question.key] = problem
    return found
