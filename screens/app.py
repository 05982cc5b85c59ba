"""The app: it opens the wizard's screen and hands back what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Literal

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from screens.commands import COMMANDS
from screens.desk import Desk
from screens.modals import FLOOR, Confirm, TooSmall
from screens.wizard import WizardScreen
from wizard.session import Session, Written

Outcome = Written | Literal["interrupted"] | None


class MigwizApp(App[Outcome]):
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

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.desk = Desk(session)
        self._interrupted = False
        self._wizard: WizardScreen | None = None

    @property
    def wizard(self) -> WizardScreen:
        """The wizard's screen, also while something lies above it."""
        assert self._wizard is not None
        return self._wizard

    async def on_mount(self) -> None:
        """Open the wizard."""
        self._wizard = WizardScreen(self.session, self.desk)
        await self.push_screen(self._wizard)
        self._fit(self.size.width, self.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Give way to a message while the window is too small."""
        self._fit(event.size.width, event.size.height)

    def _fit(self, width: int, height: int) -> None:
        if self._wizard is None:
            return
        small = width < FLOOR[0] or height < FLOOR[1]
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def action_leave(self) -> None:
        """Leave; a question about leaving is asked once only."""
        if not isinstance(self.screen, Confirm):
            self.wizard.action_quit()

    def action_interrupt(self) -> None:
        """Say at the first Ctrl-C how to leave, and leave at the second."""
        if self._interrupted:
            self.wizard.keep()
            self.exit("interrupted", return_code=130)
            return
        self._interrupted = True
        self.set_timer(3, self._calm)
        self.notify("Press Ctrl-C again to leave; the answers are kept as a draft.", timeout=3)

    def _calm(self) -> None:
        self._interrupted = False

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the wizard's commands in the palette, and after them Textual's own."""
        if isinstance(screen, WizardScreen):
            for one in COMMANDS:
                if one.id in ("commands", "ask", "quit"):
                    continue
                if screen.blocked(one.id) is None:
                    title = one.text.capitalize()
                    yield SystemCommand(title, one.tooltip, _runner(self, screen, one.action))
        yield from super().get_system_commands(screen)

    def on_unmount(self) -> None:
        """Close the connection."""
        self.desk.close()


def _runner(app: MigwizApp, screen: WizardScreen, action: str) -> Callable[[], None]:
    def run() -> None:
        app.call_later(screen.run_action, action if "." in action else f"screen.{action}")

    return run


def run_app(session: Session) -> Written | None:
    """Run the wizard and return what was written, None when it was left without writing.

    The app is painted on stderr. Raises KeyboardInterrupt when it was left by Ctrl-C.
    """
    app = MigwizApp(session)
    outcome = app.run()
    session.answers, session.accepted = app.wizard.state.answers, app.wizard.state.accepted
    if outcome == "interrupted":
        raise KeyboardInterrupt
    return outcome if isinstance(outcome, Written) else None
