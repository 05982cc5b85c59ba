"""The app: it opens the wizard's screen and hands back what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Static

# Everything else is imported once the first frame stands: that is what the user waits for.
if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.wizard import WizardScreen
    from wizard.session import Session, Written


class MigwizApp(App[Any]):
    """Composition only. It returns what was written, None, or ``interrupted`` for Ctrl-C."""

    TITLE = "migwiz"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_DISPLAY = "^P"
    # Declared as instance variables by Textual, hence no ClassVar.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (140, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar = [
        Binding("ctrl+q", "leave", "quit", id="leave", show=False, priority=True),
        Binding("ctrl+c", "interrupt", "leave", id="interrupt", show=False, system=True),
    ]

    CSS = """
    #splash { height: 1; background: $panel; padding: 0 1; }
    #splash-question { padding: 1 2; color: $text-muted; }
    """

    def __init__(self, session: Session | Callable[[], Session]) -> None:
        super().__init__()
        self._session = session
        self.desk: Desk | None = None
        self._interrupted = False
        self._wizard: WizardScreen | None = None

    def compose(self) -> ComposeResult:
        """Lay out the first frame, which the wizard's own screen covers in a moment."""
        yield Static("migwiz  ·  looking around …", id="splash", markup=False)
        yield Static("What should change?", id="splash-question", markup=False)

    @property
    def wizard(self) -> WizardScreen:
        """The wizard's screen, also while something lies above it."""
        assert self._wizard is not None
        return self._wizard

    def on_mount(self) -> None:
        """Open the wizard as soon as the first frame is painted."""
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        from screens.desk import Desk
        from screens.wizard import WizardScreen

        session = self._session() if callable(self._session) else self._session
        self.desk = Desk(session)
        self._wizard = WizardScreen(session, self.desk)
        await self.push_screen(self._wizard)
        self._fit(self.size.width, self.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Give way to a message while the window is too small."""
        self._fit(event.size.width, event.size.height)

    def _fit(self, width: int, height: int) -> None:
        if self._wizard is None:
            return
        from screens.modals import FLOOR, TooSmall

        small = width < FLOOR[0] or height < FLOOR[1]
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def action_leave(self) -> None:
        """Leave; a question about leaving is asked once only."""
        from screens.modals import Confirm

        if self._wizard is None:
            self.exit(None)
        elif not isinstance(self.screen, Confirm):
            self._wizard.action_quit()

    def action_interrupt(self) -> None:
        """Say at the first Ctrl-C how to leave, and leave at the second."""
        if self._interrupted:
            if self._wizard is not None:
                self._wizard.keep()
            self.exit("interrupted", return_code=130)
            return
        self._interrupted = True
        self.set_timer(3, self._calm)
        self.notify("Press Ctrl-C again to leave; the answers are kept as a draft.", timeout=3)

    def _calm(self) -> None:
        self._interrupted = False

    def _fatal_error(self) -> None:
        # Textual's own report shows local variables, a URL with its password among them. `run_app`
        # raises the error instead, and the command line reports it redacted.
        self._close_messages_no_wait()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the screen's commands in the palette, and after them Textual's own."""
        from screens.commands import palette

        yield from palette(self, screen)
        yield from super().get_system_commands(screen)

    def on_unmount(self) -> None:
        """Close the connection."""
        if self.desk is not None:
            self.desk.close()


def run_app(session: Session | Callable[[], Session]) -> Written | None:
    """Run the wizard and return what was written, None when it was left without writing.

    A function is called for the session after the first frame, which spares the user its imports.
    The app is painted on stderr. Raises KeyboardInterrupt when it was left by Ctrl-C.
    """
    app = MigwizApp(session)
    outcome = app.run()
    if outcome == "interrupted":
        raise KeyboardInterrupt
    if app._exception is not None:
        raise app._exception
    return app.wizard.settle() if outcome is not None else None
