"""The few things that interrupt: quitting, help, a kept draft, a diff, a window that is too small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Static

from screens.commands import COMMANDS, Command
from screens.words import MUTED, lines
from wizard.questions import Question

FLOOR = (60, 16)


class Confirm(ModalScreen[bool]):
    """A question with two answers; the first is the careful one. Esc gives it."""

    # Here and not in a file: these lie above screens with style sheets of their own.
    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 60%; }
    Confirm .dialog { width: 64; max-width: 90%; height: auto; max-height: 90%;
                      background: $surface; border: round $primary; padding: 1 2; }
    Confirm .question { text-style: bold; height: auto; margin-bottom: 1; }
    Confirm .dialog-text { height: auto; margin-bottom: 1; }
    Confirm .buttons { height: auto; }
    Confirm Button { margin-right: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(False)", "stay", show=False),
        Binding("left,right,up,down", "app.focus_next", "other", show=False),
    ]

    def __init__(self, title: str, text: Content, *, no: str, yes: str) -> None:
        super().__init__()
        self._title, self._text, self._no, self._yes = title, text, no, yes

    def compose(self) -> ComposeResult:
        """Lay out question and answers."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="question")
            yield Static(self._text, classes="dialog-text")
            with Horizontal(classes="buttons"):
                yield Button(Content(self._no), id="no", compact=True, variant="primary")
                yield Button(Content(self._yes), id="yes", compact=True)

    def action_answer(self, answer: bool) -> None:
        """Answer."""
        self.dismiss(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")


class Reader(ModalScreen[None]):
    """Text to read and scroll; Esc closes it."""

    DEFAULT_CSS = """
    Reader { align: center middle; background: $background 60%; }
    Reader .dialog { width: 100; max-width: 90%; height: 90%;
                     background: $surface; border: round $primary; padding: 1 2; }
    Reader .question { text-style: bold; height: auto; margin-bottom: 1; }
    Reader VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    Reader VerticalScroll > Static { height: auto; }
    Reader .foot { height: 1; margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,enter,question_mark", "close", "close", show=False),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="dialog reader"):
            yield Static(Content(self._title), classes="question")
            with VerticalScroll():
                yield Static(self._text)
            yield Static(Content.styled("Esc closes", MUTED), classes="foot")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


class TooSmall(Screen[None]):
    """A message in place of a screen that cannot be shown, and no keys but leaving."""

    DEFAULT_CSS = """
    TooSmall { align: center middle; }
    TooSmall > Static { width: auto; text-align: center; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the message."""
        yield Static(markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Say how much is missing."""
        width, height = FLOOR
        self.query_one(Static).update(
            Content(
                f"migwiz needs {width} × {height}\nThis window is "
                f"{event.size.width} × {event.size.height}.\n"
                "Make it larger; nothing is lost.\n^Q leaves."
            )
        )


def help_text(question: Question | None, title: str, why: Content) -> Content:
    """Return the help for where the cursor is, and all keys."""
    parts: list[Content] = []
    if question is not None:
        parts.append(
            lines(
                [
                    Content.styled(question.prompt, "bold $text-primary"),
                    question.help,
                    Content.assemble(("for example  ", MUTED), question.example),
                    Content.assemble(("as a flag    ", MUTED), question.flag),
                ]
            )
        )
    else:
        parts.append(lines([Content.styled(title, "bold $text-primary"), why]))
    keys = _keys([one for one in COMMANDS if not one.id.startswith("step-") and one.id != "ask"])
    keys.append(
        Content.assemble(("1–8    ", "bold $text-accent"), "Go to a step that was reached before")
    )
    keys.append(
        Content.assemble(("↑ ↓    ", "bold $text-accent"), "Move in a list; in a choice, choose")
    )
    parts.append(lines([Content.styled("Keys", "bold $text-primary"), *keys]))
    parts.append(Content.styled("Letters and digits are keys only outside text fields.", MUTED))
    return Content("\n\n").join(parts)


def keys_text(commands: Sequence[Command]) -> Content:
    """Return the keys of a screen, one a line."""
    return lines([Content.styled("Keys", "bold $text-primary"), *_keys(commands)])


def _keys(commands: Sequence[Command]) -> list[Content]:
    return [
        Content.assemble((f"{one.shown:<7}", "bold $text-accent"), one.tooltip) for one in commands
    ]
