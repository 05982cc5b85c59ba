"""An error, inline: what, why, what to do, and a way to try again."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from screens.words import error_text
from wizard.model.errors import MigwizError


class Notice(Vertical):
    """Hidden until there is something to say."""

    DEFAULT_CSS = """
    Notice { height: auto; display: none; padding: 0 1; margin: 0 0 1 0; }
    Notice.-error { display: block; border-left: thick $error; }
    Notice.-calm { display: block; border-left: thick $primary; color: $text-muted; }
    Notice > Static { height: auto; }
    Notice > Button { margin-top: 1; display: none; }
    Notice.-retry > Button { display: block; }
    """

    class Retry(Message):
        """Try again."""

    def compose(self) -> ComposeResult:
        """Lay out text and button."""
        yield Static(markup=False)
        yield Button("Try again", compact=True)

    def show(self, error: MigwizError | None, *, retry: bool = False) -> None:
        """Show an error, or nothing."""
        self.set_class(error is not None, "-error")
        self.remove_class("-calm")
        self.set_class(error is not None and retry, "-retry")
        if error is not None:
            self.query_one(Static).update(error_text(error))

    def say(self, text: Content | str) -> None:
        """Say something that is no error."""
        self.remove_class("-error", "-retry")
        self.set_class(bool(text), "-calm")
        self.query_one(Static).update(Content(text) if isinstance(text, str) else text)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Retry())
