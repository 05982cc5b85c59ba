"""The pane beside the question: why it is asked, what the answers so far mean."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class WhyPane(VerticalScroll):
    """A title and text. It can be scrolled, and so takes the focus."""

    DEFAULT_CSS = """
    WhyPane { padding: 1 2 0 2; }
    WhyPane > .title { text-style: bold; color: $text-primary; margin-bottom: 1; height: auto; }
    WhyPane > .text { height: auto; }
    """

    def compose(self) -> ComposeResult:
        """Lay out title and text."""
        yield Static(classes="title", markup=False)
        yield Static(classes="text", markup=False)

    def show(self, title: str, text: Content) -> None:
        """Paint them."""
        self.query_one(".title", Static).update(Content(title))
        self.query_one(".text", Static).update(text)
