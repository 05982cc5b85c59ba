"""Why a command cannot be done now: the footer, the palette and the key itself say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.details_step import DetailsStep
from screens.rollout_step import RolloutStep
from screens.write_step import WriteStep
from wizard.flow import STEPS, WizardStep

if TYPE_CHECKING:
    from screens.wizard import WizardScreen


def why_blocked(screen: WizardScreen, command: str) -> str | None:
    """Say why a command cannot be done now, None when it can."""
    state = screen.state
    if command == "back":
        first = state.step is STEPS[0] and screen.peeking_from is None
        return "this is the first step" if first else None
    if command == "write":
        if state.step is not WizardStep.WRITE:
            return "the files are written from the last step"
        return screen.query_one(WriteStep).blocked()
    if command in ("next", "skip") and state.step is WizardStep.WRITE:
        return "this is the last step; ^S writes"
    if command == "preview" and not state.answers.operations:
        return "choose first what should change"
    if command.startswith("step-"):
        step_wanted = STEPS[int(command[5:]) - 1]
        if STEPS.index(step_wanted) > state.reached:
            return f"{step_wanted.value} was not reached yet"
    if command == "advanced" and not isinstance(screen.current, DetailsStep | RolloutStep):
        return "there are none here"
    return None
