"""The one list of commands: key bindings, the footer, the help and the palette are made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from wizard.flow import STEPS, WizardStep

if TYPE_CHECKING:
    from screens.wizard import WizardScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing that can be done from everywhere in the wizard.

    ``action`` is the screen's action, ``shown`` the key as people read it. ``steps`` are those at
    which the footer shows it; none for the palette and the help alone. ``typed`` keys are letters,
    which a text field keeps for itself. ``foot`` puts it into the footer of a screen without steps.
    """

    id: str
    key: str
    shown: str
    action: str
    text: str
    tooltip: str
    steps: tuple[WizardStep, ...] = ()
    typed: bool = False
    foot: bool = False


@runtime_checkable
class Commanded(Protocol):
    """A screen with a list of commands of its own."""

    @property
    def commands(self) -> Sequence[Command]:
        """All of them."""

    def blocked(self, command: str) -> str | None:
        """Say why a command cannot be done now, None when it can."""


_EARLY = tuple(one for one in STEPS if one is not WizardStep.WRITE)
_LATE = (WizardStep.PREVIEW,)

COMMANDS: tuple[Command, ...] = (
    Command(
        id="next",
        key="enter",
        shown="Enter",
        action="next",
        text="next",
        tooltip="Go on. In a form: to the next field, and from the last one to the next step",
        steps=_EARLY,
    ),
    Command(
        id="write",
        key="ctrl+s",
        shown="^S",
        action="write",
        text="write",
        tooltip="Write the files that are safe now, and the plan file",
        steps=(WizardStep.WRITE,),
    ),
    Command(
        id="back",
        key="escape",
        shown="Esc",
        action="back",
        text="back",
        tooltip="One step back; nothing is lost",
        steps=STEPS,
    ),
    Command(
        id="help",
        key="f1",
        shown="F1",
        action="help",
        text="help",
        tooltip="Help for where you are, and all keys",
        steps=STEPS,
    ),
    Command(
        id="preview",
        key="f2",
        shown="F2",
        action="preview",
        text="preview",
        tooltip="Show the files as they would be now; the same key goes back",
        steps=tuple(one for one in STEPS if one is not WizardStep.WRITE),
    ),
    Command(
        id="maximise",
        key="f3",
        shown="F3",
        action="maximise",
        text="maximise",
        tooltip="Give the focused pane the whole screen, and take it back",
        steps=_LATE,
    ),
    Command(
        id="diff",
        key="d",
        shown="d",
        action="diff",
        text="diff",
        tooltip="Show what a write would change, line by line",
        steps=(WizardStep.WRITE,),
        typed=True,
    ),
    Command(
        id="commands",
        key="ctrl+p",
        shown="^P",
        action="app.command_palette",
        text="commands",
        tooltip="Search all commands",
        steps=STEPS,
    ),
    Command(
        id="copy",
        key="y",
        shown="y",
        action="copy",
        text="copy",
        tooltip="Send the command line to the clipboard; in the preview, the file; a hand-over, if any",
        typed=True,
    ),
    Command(
        id="skip",
        key="f4",
        shown="F4",
        action="skip",
        text="next step",
        tooltip="To the next step at once, from any field",
    ),
    Command(
        id="advanced",
        key="f6",
        shown="F6",
        action="advanced",
        text="rarely needed questions",
        tooltip="Show or hide the questions that most changes do not need",
    ),
    Command(
        id="plans",
        key="f7",
        shown="F7",
        action="plans",
        text="plans under way",
        tooltip="Show the plans under way: where each stands, and what comes next",
        steps=(WizardStep.CHANGE,),
    ),
    Command(
        id="quit",
        key="ctrl+q",
        shown="^Q",
        action="quit",
        text="quit",
        tooltip="Leave; what was answered is kept as a draft",
    ),
    Command(
        id="ask",
        key="question_mark",
        shown="?",
        action="help",
        text="help",
        tooltip="The same as F1",
        typed=True,
    ),
    *(
        Command(
            id=f"step-{number}",
            key=str(number),
            shown=str(number),
            action=f"jump({number})",
            text=f"go to {step.value}",
            tooltip=f"Go to {step.value}, when it was reached before",
            typed=True,
        )
        for number, step in enumerate(STEPS, start=1)
    ),
)


#: What the palette leaves out: it is open already, or is Textual's own entry.
_NOT_LISTED = ("commands", "ask", "quit")


def bindings(commands: Sequence[Command] = COMMANDS) -> list[Binding]:
    """Return the bindings of a screen; each has an id, so that it can be remapped."""
    return [
        Binding(
            one.key,
            one.action,
            one.text,
            id=one.id,
            key_display=one.shown,
            tooltip=one.tooltip,
            show=bool(one.steps) or one.foot,
            priority=one.id in ("quit", "write", "commands"),
        )
        for one in commands
    ]


def footer(screen: WizardScreen) -> tuple[tuple[Command, str | None], ...]:
    """Return the commands that the footer shows now, each with why it cannot be done, or None."""
    return tuple(
        (one, screen.blocked(one.id))
        for one in COMMANDS
        if screen.state.step in one.steps and (one.id != "plans" or screen.state.waiting)
    )


def foot(screen: Commanded) -> tuple[tuple[Command, str | None], ...]:
    """Return the same for a screen without steps."""
    return tuple((one, screen.blocked(one.id)) for one in screen.commands if one.foot)


def palette(app: App[Any], screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield the commands of a screen that can be done now, for the palette."""
    if isinstance(screen, Commanded):
        for one in screen.commands:
            if one.id not in _NOT_LISTED and screen.blocked(one.id) is None:
                title = one.text[:1].upper() + one.text[1:]
                yield SystemCommand(title, one.tooltip, _runner(app, screen, one.action))


def _runner(app: App[Any], screen: Screen[Any], action: str) -> Callable[[], None]:
    def run() -> None:
        app.call_later(screen.run_action, action if "." in action else f"screen.{action}")

    return run
