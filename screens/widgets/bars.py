"""The lines around the steps: the head, the command line, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.commands import Command
from screens.words import MUTED


class Head(Horizontal):
    """Which project and database, and how far we are."""

    DEFAULT_CSS = """
    Head { height: 1; background: $panel; padding: 0 1; }
    Head .what { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Head .where { width: auto; height: 1; padding-left: 1; text-style: bold; }
    """

    def compose(self) -> ComposeResult:
        """Lay out both ends."""
        yield Static(classes="what", markup=False)
        yield Static(classes="where", markup=False)

    def show(self, parts: Sequence[str], place: str) -> None:
        """Paint the line."""
        found = Content.styled("migwiz", "bold $text-primary")
        for one in parts:
            found = Content.assemble(found, ("  ·  ", MUTED), one)
        self.query_one(".what", Static).update(found)
        self.query_one(".where", Static).update(Content(place))


class CommandStrip(Horizontal):
    """The command line that does the same as the answers so far. A click copies it."""

    DEFAULT_CSS = """
    CommandStrip { height: 1; padding: 0 1; background: $surface; color: $text-muted; }
    CommandStrip .line { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    CommandStrip .copy { width: auto; padding-left: 2; }
    CommandStrip .copy:hover { color: $text; text-style: bold; }
    """

    class CopyAsked(Message):
        """The word copy was clicked."""

    def compose(self) -> ComposeResult:
        """Lay out line and word."""
        yield Static(classes="line", markup=False)
        yield Static(Content("y copy"), classes="copy")

    def show(self, command: str) -> None:
        """Paint the command line."""
        self.query_one(".line", Static).update(
            Content.assemble(("$ ", "$text-success"), (command, "$text"))
        )

    def on_click(self) -> None:
        """Ask for a copy."""
        self.post_message(self.CopyAsked())


class Key(Static):
    """One key of the footer; a click does what the key does."""

    DEFAULT_CSS = """
    Key { width: auto; height: 1; padding-right: 2; }
    Key:hover { text-style: underline; }
    """

    class Clicked(Message):
        """The key was clicked."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.command: Command | None = None
        self.reason: str | None = None

    def show(self, command: Command, reason: str | None) -> None:
        """Stand for a command; ``reason`` says why it cannot be done now."""
        if reason is None:
            text = Content.assemble(
                (command.shown, "bold $text-accent"), " ", (command.text, "$text")
            )
        else:
            text = Content.styled(f"{command.shown} {command.text}", "dim")
        self.update(text)
        tip = f"{command.tooltip}\nNot now: {reason}" if reason else command.tooltip
        self.tooltip = Content(tip)
        self.command, self.reason = command, reason

    def on_click(self) -> None:
        """Do it."""
        if self.command is not None:
            self.post_message(self.Clicked(self.command))


class KeyBar(Horizontal):
    """The footer: at most six keys, those that matter here."""

    DEFAULT_CSS = """
    KeyBar { height: 1; background: $panel; padding: 0 1; }
    """

    LIMIT = 6

    def compose(self) -> ComposeResult:
        """Lay out six places."""
        for _ in range(self.LIMIT):
            yield Key()

    def show(self, keys: Sequence[tuple[Command, str | None]]) -> None:
        """Paint the keys."""
        for number, place in enumerate(self.query(Key)):
            place.display = number < len(keys)
            if number < len(keys):
                place.show(*keys[number])
