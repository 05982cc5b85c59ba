"""One plan whole: its line in time, the chosen phase, and at the bottom what to do next."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.standing_words import (
    PHASES,
    PLANS,
    current_phase,
    marked,
    phase_text,
    plan_kind,
    snippets,
)
from screens.widgets.bars import CommandStrip
from screens.widgets.rail import across, down, fits
from screens.words import MUTED, hang, lines
from wizard.standing import PhaseStanding, PlanStanding

#: From this height on, the line also says when.
HIGH = 24
#: From this height on, the code to change stands below the phase.
TALL = 34


class PlanView(Vertical):
    """Shows a plan; the line goes across where there is room for it, else down."""

    DEFAULT_CSS = """
    PlanView { height: 1fr; }
    PlanView > VerticalScroll { height: 1fr; padding: 1 2 0 2; }
    PlanView > VerticalScroll:focus { background: $surface 40%; }
    PlanView VerticalScroll > Static { height: auto; }
    PlanView .about { margin-bottom: 1; }
    PlanView .phase { border: round $foreground 30%; padding: 0 1; margin: 1 0;
                      border-title-style: bold; border-title-color: $text-primary; }
    PlanView.-down .phase { margin: 0 0 0 2; }
    PlanView .notes { margin-top: 1; }
    PlanView .todo { height: auto; max-height: 50%; border-top: solid $panel; padding: 0 2; }
    PlanView .todo > Static { height: auto; }
    PlanView .todo > CommandStrip { background: transparent; padding: 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.plan: PlanStanding | None = None
        self.chosen = 0
        self._by_hand = False

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        with VerticalScroll():
            yield Static(classes="about", markup=False)
            yield Static(classes="before", markup=False)
            yield Static(classes="phase", markup=False)
            yield Static(classes="after", markup=False)
            yield Static(classes="notes", markup=False)
        with Vertical(classes="todo"):
            yield Static(classes="blocked", markup=False)
            yield Static(classes="next", markup=False)
            yield CommandStrip()

    @property
    def phase(self) -> PhaseStanding | None:
        """The chosen phase."""
        plan = self.plan
        return plan.phases[self.chosen] if plan is not None and plan.phases else None

    def show(self, plan: PlanStanding | None) -> None:
        """Show a plan; the phase that somebody chose stays chosen while it is the same plan."""
        same = plan is not None and self.plan is not None and plan.slug == self.plan.slug
        self._by_hand = self._by_hand and same
        # Before the database has answered, the phase to look at is a guess.
        if plan is not None and not (self._by_hand and self.chosen < len(plan.phases)):
            self.chosen = current_phase(plan)
        self.plan = plan
        self.display = plan is not None
        if not same:
            self.query_one(VerticalScroll).scroll_home(animate=False)
        self.paint()

    def choose(self, number: int) -> None:
        """Choose a phase."""
        if self.plan is not None and 0 <= number < len(self.plan.phases):
            self.chosen, self._by_hand = number, True
            self.paint()
            self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        box = self.query_one(".phase", Static)
        self.query_one(VerticalScroll).scroll_to_widget(box, animate=False)

    def on_resize(self) -> None:
        """Break the lines for this width."""
        self.paint()

    def paint(self) -> None:
        """Paint the plan for the room that there is."""
        plan = self.plan
        if plan is None:
            return
        width = max(20, (self.size.width or self.app.size.width) - 5)
        self.query_one(".about", Static).update(about_text(plan, width=width))
        self._paint_line(plan, width)
        notes = self.query_one(".notes", Static)
        notes.update(lines(hang("i  ", one, width, style=MUTED) for one in plan.notes))
        notes.display = bool(plan.notes)
        self.query_one(".next", Static).update(next_text(plan, width=width))
        strip = self.query_one(CommandStrip)
        strip.display = bool(plan.command)
        strip.show(plan.command)
        blocked = self.query_one(".blocked", Static)
        blocked.display = bool(plan.blocked)
        first = Content.styled("✗ blocked  ", "bold $text-error")
        blocked.update(hang(first, plan.blocked, width))

    def _paint_line(self, plan: PlanStanding, width: int) -> None:
        wide = fits(plan, width)
        self.set_class(not wide, "-down")
        before, after = self.query_one(".before", Static), self.query_one(".after", Static)
        if wide:
            whole = self.size.height >= HIGH
            upper = across(plan, self.chosen, width=width, whole=whole)
            lower = self._code()
        else:
            upper, lower = down(plan, self.chosen, width=width)
        before.update(upper)
        after.update(lower)
        after.display = bool(lower)
        box = self.query_one(".phase", Static)
        phase = self.phase
        box.display = phase is not None
        if phase is not None:
            place = f"phase {self.chosen + 1} of {len(plan.phases)}"
            box.border_title = Content.assemble(
                f"{phase.name.upper()}  ", marked(PHASES[phase.state]), (f"  {place}", MUTED)
            )
            box.update(phase_text(phase, width=width - (4 if wide else 6)))

    def _code(self) -> Content:
        """Return the code to change for the chosen phase, where there is height for it."""
        phase = self.phase
        if phase is None or not phase.snippets or self.size.height < TALL:
            return Content("")
        return lines([Content.styled("In your code", "bold"), *snippets(phase)])


def about_text(plan: PlanStanding, *, width: int) -> Content:
    """Return the plan's title; below it what it is called, since when, and the way back."""
    about = f"{plan.slug} · since {plan.created[:10]}"
    if plan.way_back:
        about += f" · way back: {plan.way_back}"
    return lines([hang("", plan.title, width, style="bold"), hang("", about, width, style=MUTED)])


def next_text(plan: PlanStanding, *, width: int) -> Content:
    """Return what to do next, with where the plan stands before it."""
    sign, word, style = PLANS[plan_kind(plan)]
    if plan_kind(plan) == "blocked":
        sign, word, style = "▸", "then", "bold $text-accent"
    text = plan.next or ("nothing is left to do" if plan.over else "nothing to do for now")
    return hang(Content.styled(f"{sign} {word:<8} ", style), text, width)
