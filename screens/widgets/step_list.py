"""Where we are: the eight steps as a column at the side, or as one line above when it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from screens.words import MUTED
from wizard.flow import StepState, WizardStep

STYLES = {
    "done": "$text-success",
    "here": "bold $text-accent",
    "to come": MUTED,
    "attention": "bold $text-warning",
}


class StepChosen(Message):
    """A step was clicked."""

    def __init__(self, step: WizardStep) -> None:
        super().__init__()
        self.step = step


class StepLine(Static):
    """One step: sign, name, and below it what was answered."""

    def __init__(self, step: WizardStep) -> None:
        super().__init__(markup=False)
        self.step = step

    def on_click(self) -> None:
        """Ask to go there."""
        self.post_message(StepChosen(self.step))


class StepList(Vertical):
    """The sidebar."""

    DEFAULT_CSS = """
    StepList { width: 30; padding: 1 1 0 1; }
    StepList StepLine { height: auto; }
    StepList StepLine:hover { background: $boost; }
    StepList #waiting { margin-top: 1; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        """Lay out a line for each step."""
        for step in WizardStep:
            yield StepLine(step)
        yield Static(id="waiting", markup=False)

    def show(self, states: Sequence[StepState], waiting: str) -> None:
        """Paint the steps."""
        for line, state in zip(self.query(StepLine), states, strict=True):
            line.update(step_text(state, width=26))
            line.tooltip = f"{state.step.value}: {state.state}"
        self.query_one("#waiting", Static).update(Content(waiting))


def step_text(state: StepState, *, width: int) -> Content:
    """Return a step as the sidebar shows it."""
    detail = state.detail
    style = STYLES[state.state]
    head = Content.assemble((f"{state.glyph} {state.step.value}", style))
    if not detail:
        return head
    if len(detail) + 12 <= width:
        return Content.assemble(head, " " * (10 - len(state.step.value)), (detail, MUTED))
    shown = detail if len(detail) <= width - 2 else detail[: width - 3] + "…"
    return Content.assemble(head, "\n  ", (shown, MUTED))


class Crumbs(Static):
    """The same in one line."""

    DEFAULT_CSS = """
    Crumbs { height: auto; padding: 0 1; display: none; }
    """

    def __init__(self, id: str) -> None:
        super().__init__(markup=False, id=id)

    def show(self, states: Sequence[StepState], width: int) -> None:
        """Paint the steps; names far from here give way when there is no room for all."""
        here = next((n for n, one in enumerate(states) if one.state == "here"), 0)

        def text(reach: int) -> Content:
            parts = []
            for number, one in enumerate(states):
                near = abs(number - here) <= reach or one.state == "attention"
                name = f"{one.glyph} {one.step.value}" if near else one.glyph
                # A click does what the digit does.
                link = Style.from_meta({"@click": f"screen.jump({number + 1})"})
                parts.append(Content.styled(name, STYLES[one.state]).stylize(link))
            return Content(" › ").join(parts)

        found = next(
            (one for reach in range(8, 0, -1) if (one := text(reach)).cell_length <= width - 2),
            text(0),
        )
        self.update(found)
