"""How each step stands, for the sidebar and the line above: done, here, to come, attention."""

from __future__ import annotations

from typing import Literal

from screens.state import State
from wizard.flow import STEPS, StepState, WizardStep


def step_states(state: State) -> tuple[StepState, ...]:
    """Return all steps with what was answered, and where it is from."""
    return tuple(_state(state, step) for step in STEPS)


def _state(state: State, step: WizardStep) -> StepState:
    detail, wrong = _detail(state, step)
    number = STEPS.index(step)
    standing: Literal["done", "here", "to come", "attention"] = "to come"
    if step is state.step:
        standing = "here"
    elif wrong:
        standing = "attention"
    elif number < state.reached and (detail or number < STEPS.index(state.step)):
        standing = "done"
    return StepState(step=step, state=standing, detail=detail)


def _detail(state: State, step: WizardStep) -> tuple[str, bool]:
    match step:
        case WizardStep.PROJECT:
            if state.project is not None and state.projects:
                return state.projects[state.project].label, False
            return ("", False) if state.projects is None else ("not found", True)
        case WizardStep.CONNECT:
            return _connection(state)
        case WizardStep.CHANGE:
            chosen = state.chosen
            return (chosen.kind.replace("_", " "), False) if chosen else ("", False)
        case WizardStep.DETAILS:
            chosen = state.chosen
            reached = state.reached > STEPS.index(WizardStep.DETAILS)
            if state.plan_error is not None and reached:
                return "needs an answer", True
            return (state.summary() if chosen and chosen.values else "", False)
        case WizardStep.ROLLOUT:
            given = state.answers.text("rollout.deployment")
            return given or "", False
        case WizardStep.PLAN:
            if state.plan is not None and state.plan.refused is not None:
                return "refused", True
            return "", False
        case _:
            return "", False


def _connection(state: State) -> tuple[str, bool]:
    if state.database_error is not None:
        return "does not answer", True
    if state.database is None:
        return ("connecting …" if state.connecting else ""), False
    schema, url = state.answers.text("database.schema"), state.answers.text("database.url")
    if schema is not None:
        return schema, False
    if url is not None:
        named = next((one.where for one in state.sources or () if one.answer == url), None)
        return named or (url if url.startswith("env:") else "as typed"), False
    return (state.sources[0].where if state.sources else ""), False


def head_of(state: State) -> tuple[list[str], str]:
    """Return what the head says: database, project, and how far we are."""
    parts = []
    if state.database is not None:
        kind = "read-only" if state.database.live else "offline"
        parts.append(f"{state.database.name} @ {state.database.label}, {kind}")
    elif state.connecting:
        parts.append("connecting …")
    elif state.database_error is not None:
        parts.append("! no database")
    if state.project is not None and state.projects:
        one = state.projects[state.project]
        parts.append(f"{one.label}, {one.where}, {one.detail}")
    elif state.projects is None:
        parts.append("looking around …")
    else:
        parts.append("! no project")
    return parts, f"{STEPS.index(state.step) + 1}/{len(STEPS)} {state.step.value}"
