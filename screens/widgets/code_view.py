"""Code with colours: one direction of a file, with what it locks above it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static


class CodeView(Vertical):
    """A header in words, and the code below it."""

    ALLOW_MAXIMIZE = True

    DEFAULT_CSS = """
    CodeView { height: 1fr; border: round $panel; border-title-color: $text-primary;
               border-title-style: bold; }
    CodeView:focus-within { border: round $accent; }
    CodeView > .lock { height: auto; padding: 0 1; color: $text-muted; }
    CodeView > VerticalScroll { height: 1fr; padding: 0 1; overflow-x: auto; }
    CodeView > VerticalScroll > .code { width: auto; height: auto; min-width: 100%; }
    """

    def __init__(self, title: str, *, id: str) -> None:
        super().__init__(id=id)
        self.border_title = Content(title)
        self.code = ""

    def compose(self) -> ComposeResult:
        """Lay out header and code."""
        yield Static(classes="lock", markup=False)
        with VerticalScroll():
            yield Static(classes="code", markup=False)

    def show(self, code: str, language: str, lock: Content) -> None:
        """Paint the code; an unknown language is shown plain."""
        from textual.highlight import highlight

        changed = code != self.code
        self.code = code
        theme = self.app.get_theme(self.app.theme)
        text = code.rstrip()
        if theme is not None and self.app.theme.startswith("ansi"):
            painted = Content(text)
        else:
            painted = highlight(text, language=language)
        self.query_one(".code", Static).update(painted)
        self.query_one(".lock", Static).update(lock)
        if changed:
            self.query_one(VerticalScroll).scroll_home(animate=False)
