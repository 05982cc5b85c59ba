"""The plans that are under way: which there are, where each stands, and what to do next."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.commands import bindings, foot
from screens.modals import Reader, keys_text
from screens.standing_commands import PLANS
from screens.standing_words import ago, counted, in_order, plan_line, snippets_text
from screens.widgets.bars import CommandStrip, Head, Key, KeyBar
from screens.widgets.notice import Notice
from screens.widgets.plan_view import PlanView
from screens.words import lines
from wizard.model.errors import MigwizError
from wizard.standing import PlanStanding

#: From this width on, the plan stands beside the list.
BESIDE = 120

ReadPlans = Callable[[], Awaitable[tuple[PlanStanding, ...]]]

EMPTY = (
    "No plan is kept in this project yet.",
    "",
    "migwiz keeps one for each change that it writes, in a folder plans beside the migrations. "
    "It remembers what is written, and what has to be true before the next phase.",
    "",
    "To begin one: migwiz",
)

HELP = (
    "Each plan is a line in time: phases of migration files, and the deploys of your code "
    "between them.",
    "",
    "● applied    the database has these files",
    "◐ partly     it has some of them",
    "◒ written    the files are in the project, and not applied",
    "○ waits      not written yet",
    "? not known  the database was not asked, or its runner keeps no record",
    "",
    "A gate says what must be true before a phase. A part of that is asked of the data; what is "
    "deployed where only people know.",
    "",
    "Nothing is changed here: the command at the bottom of a plan is for you to run.",
)


class PlansScreen(Screen[None]):
    """Shows what ``read`` returns, and asks it again when told to. It changes nothing.

    ``glance`` returns at once what the disk alone tells, to be shown while ``read`` waits for the
    database and the gates. ``problems`` returns what was wrong with plan files that did not read.
    The cursor begins on the plan whose slug has ``wanted`` in it.
    """

    CSS_PATH = "plans.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLANS)]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (BESIDE, "-beside")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]  # noqa: RUF012
    commands = PLANS

    def __init__(
        self,
        read: ReadPlans,
        *,
        glance: ReadPlans | None = None,
        problems: Callable[[], Sequence[MigwizError]] = tuple,
        wanted: str = "",
        where: tuple[str, ...] = (),
        close: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._read, self._glance, self._close = read, glance, close
        self._where, self._clock, self._problems = where, clock, problems
        self._wanted = wanted
        self.plans: tuple[PlanStanding, ...] = ()
        self._answered: float | None = None
        self._asking: float | None = None

    def compose(self) -> ComposeResult:
        """Lay out the list, and the plan beside or below it."""
        yield Head()
        yield Notice()
        with Horizontal(id="plans-body"):
            yield OptionList(markup=False, compact=True, id="plans-list")
            yield PlanView()
            with VerticalScroll(id="plans-empty"):
                yield Static(markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the frame, and only then begin to ask."""
        self.query_one(PlanView).display = False
        self.set_interval(1, self.paint_head)
        self.query_one(OptionList).focus()
        self.paint()
        self.call_after_refresh(self.action_refresh)

    def on_unmount(self) -> None:
        """Let go of what the plans were read with."""
        if self._close is not None:
            self._close()

    # --- asking ------------------------------------------------------------------------------

    async def _ask(self) -> None:
        self._asking = self._clock()
        self.paint()
        error: MigwizError | None = None
        try:
            if self._glance is not None and self._answered is None:
                self._take(in_order(await self._glance()))
                self.paint()
            plans = in_order(await self._read())
        except MigwizError as problem:
            error = problem
        else:
            self._take(plans)
            self._answered = self._clock()
            error = next(iter(self._problems()), None)
        finally:
            self._asking = None
        self.query_one(Notice).show(error, retry=True)
        self.paint()

    def _take(self, plans: tuple[PlanStanding, ...]) -> None:
        wanted = self._wanted if self.chosen is None else self.chosen.slug
        self.plans = plans
        slugs = [one.slug for one in plans]
        near = (at for at, slug in enumerate(slugs) if wanted in slug)
        at = slugs.index(wanted) if wanted in slugs else next(near, 0)
        self._fill(at)
        self.query_one(PlanView).show(self.chosen)

    def _fill(self, at: int) -> None:
        listed = self.query_one(OptionList)
        tall = self.size.width >= BESIDE
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options(Option(plan_line(one, tall=tall)) for one in self.plans)
            listed.highlighted = at if self.plans else None

    @property
    def chosen(self) -> PlanStanding | None:
        """The plan under the cursor."""
        at = self.query_one(OptionList).highlighted
        return self.plans[at] if at is not None and at < len(self.plans) else None

    # --- painting ----------------------------------------------------------------------------

    def paint(self) -> None:
        """Paint the frame."""
        self.paint_head()
        listed = self.query_one(OptionList)
        listed.display = bool(self.plans)
        empty = self.query_one("#plans-empty")
        empty.display = not self.plans and not self.query_one(Notice).has_class("-error")
        text = EMPTY if self._answered is not None else ("Reading the plans …",)
        empty.query_one(Static).update(lines(text))
        self.query_one(KeyBar).show(foot(self))

    def paint_head(self) -> None:
        """Say what is shown, and how old it is."""
        parts = ["plans", *self._where]
        if self._answered is not None:
            parts.insert(1, counted(self.plans))
        chosen = self.chosen
        if chosen is not None and chosen.database:
            parts = [*parts[:2], chosen.database]
        self.query_one(Head).show(parts, self._age())

    def _age(self) -> str:
        now = self._clock()
        if self._asking is not None:
            waited = now - self._asking
            return "asking …" if waited < 2 else f"asking … {waited:.0f} s"
        return "" if self._answered is None else f"asked {ago(now - self._answered)}"

    def on_resize(self) -> None:
        """Write the list anew where its lines have another form now."""
        if self.plans:
            self._fill(self.query_one(OptionList).highlighted or 0)

    # --- keys --------------------------------------------------------------------------------

    def blocked(self, command: str) -> str | None:
        """Say why a command cannot be done now, None when it can."""
        view = self.query_one(PlanView)
        if command == "refresh":
            return "the answers are still awaited" if self._asking is not None else None
        if command in ("phase-left", "phase-right", "read") and view.phase is None:
            return "there is no plan to look at"
        if command == "copy" and (view.plan is None or not view.plan.command):
            return "there is no command to run for this plan now"
        if command == "snippets" and (view.phase is None or not view.phase.snippets):
            return "no change of code is kept for this phase"
        return None

    def _refuse(self, command: str) -> bool:
        reason = self.blocked(command)
        if reason is not None:
            self.notify(reason, severity="warning", markup=False, timeout=4)
        return reason is not None

    def action_refresh(self) -> None:
        """Ask files, database and gates again."""
        if not self._refuse("refresh"):
            self.run_worker(self._ask(), exclusive=True, group="plans")

    def action_move(self, by: int) -> None:
        """Look at a phase further left or right."""
        view = self.query_one(PlanView)
        self.action_phase(view.chosen + by)

    def action_phase(self, number: int) -> None:
        """Look at a phase."""
        if not self._refuse("phase-right"):
            self.query_one(PlanView).choose(number)
            self.query_one(KeyBar).show(foot(self))

    def action_read(self) -> None:
        """Put the cursor into the plan."""
        if not self._refuse("read"):
            self.query_one("PlanView > VerticalScroll").focus()

    def action_snippets(self) -> None:
        """Show what changes in the application's code."""
        phase = self.query_one(PlanView).phase
        if not self._refuse("snippets") and phase is not None:
            self.app.push_screen(Reader(f"Your code: {phase.name}", snippets_text(phase)))

    def action_copy(self) -> None:
        """Send the plan's command to the clipboard."""
        plan = self.query_one(PlanView).plan
        if not self._refuse("copy") and plan is not None:
            self.app.copy_to_clipboard(plan.command)
            self.notify("the command line: sent to the clipboard", markup=False, timeout=3)

    def action_help(self) -> None:
        """Say how to read this."""
        text = lines([*HELP, "", keys_text(PLANS)])
        self.app.push_screen(Reader("Plans under way", text))

    def action_back(self) -> None:
        """From the plan to the list, and from there back to where one came from."""
        listed = self.query_one(OptionList)
        if self.plans and self.focused is not None and self.focused is not listed:
            listed.focus()
        else:
            self.dismiss(None)

    # --- list and mouse ----------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.query_one(PlanView).show(self.chosen)
        self.paint_head()
        self.query_one(KeyBar).show(foot(self))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_read()

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.action_refresh()

    @on(CommandStrip.CopyAsked)
    def _copy_clicked(self) -> None:
        self.action_copy()

    @on(Key.Clicked)
    async def _key_clicked(self, event: Key.Clicked) -> None:
        action = event.command.action
        await self.run_action(action if "." in action else f"screen.{action}")
