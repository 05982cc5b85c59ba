"""What every step of the wizard is: a pane that paints the state and says when one may go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical
from textual.content import Content

from screens.state import State
from wizard.flow import WizardStep

if TYPE_CHECKING:
    from screens.wizard import WizardScreen


def step_id(step: WizardStep) -> str:
    """Return the widget id of a step's pane."""
    return f"step-{step.value.lower()}"


class Step(Vertical):
    """One step. It changes nothing itself: it tells the wizard screen, which paints it again."""

    step: ClassVar[WizardStep]

    def __init__(self) -> None:
        super().__init__(id=step_id(self.step))

    @property
    def wizard(self) -> WizardScreen:
        """The screen that holds the steps."""
        return cast("WizardScreen", self.screen)

    @property
    def state(self) -> State:
        """What is known."""
        return self.wizard.state

    def paint(self) -> None:
        """Show the state as it is now."""

    async def enter(self) -> None:
        """Fetch what the step shows; it is in front now."""
        self.paint()

    async def leave(self) -> bool:
        """Return whether one may go on; shows what stands in the way."""
        return True

    def focus_first(self) -> None:
        """Put the cursor where it is of use."""

    def explain(self) -> tuple[str, Content]:
        """Return title and text of the pane beside the step."""
        return "Why migwiz asks", Content("")
