"""Step 8: exactly what will be written, what it loses, and then what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.state import relative
from screens.step import Step
from screens.widgets.notice import Notice
from screens.widgets.tick import Tick
from screens.words import MUTED, hang, lines, plural
from wizard.flow import WizardStep
from wizard.model.errors import MigwizError
from wizard.session import Missing, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a write would do. ``losses`` are all, accepted or not."""

    files: tuple[tuple[str, str], ...]
    later: tuple[tuple[str, str], ...]
    losses: tuple[Missing, ...]
    todos: tuple[tuple[str, str], ...]
    diff: str
    folder: str


def read_prospect(session: Session, *, all_phases: bool) -> Prospect:
    """Render what a write would do now. Raises what `Session.write` raises, but for losses."""
    plan = session.plan()
    edits = session.pending(all_phases=all_phases)
    names = [phase.name for phase in plan.phases]
    phases = names if all_phases else names[:1]
    accepted = session.accepted
    session.accepted = frozenset()
    try:
        losses = session.missing(plan, phases)
    finally:
        session.accepted = accepted
    return Prospect(
        files=tuple((one.action, relative(one.path, session.root)) for one in edits),
        later=tuple(
            (phase.name, phase.gate.text if phase.gate else phase.when)
            for phase in plan.phases
            if phase.name not in phases
        ),
        losses=losses,
        todos=tuple((one.path, one.why) for one in session.todos(edits)),
        diff=session.diff(edits),
        folder=str(session.root),
    )


class WriteStep(Step):
    """The files, the losses to accept, and the word to write."""

    step: ClassVar[WizardStep] = WizardStep.WRITE

    def __init__(self) -> None:
        super().__init__()
        self.prospect: Prospect | None = None
        self.error: MigwizError | None = None
        self.all_phases = False
        self._losses: tuple[Missing, ...] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with VerticalScroll(can_focus=False):
            yield Static(Content("Exactly these files will be written"), classes="question")
            yield Notice()
            yield Static(id="write-files", markup=False)
            yield Static(id="write-also", markup=False)
            yield Static(id="write-later", markup=False)
            yield Tick(Content("write the later phases now too"), id="write-all", compact=True)
            yield Static(Content("Before you go on"), id="losses-title", classes="question")
            yield Vertical(id="losses")
            yield Button("Write  ^S", id="write", compact=True, variant="primary")

    async def enter(self) -> None:
        """Render what would be written."""
        await self.wizard.replan()
        await self.look()

    async def look(self) -> None:
        """Render it again, as the ticks are now."""
        self.prospect, self.error = None, self.state.plan_error or self.state.database_error
        if self.error is None:
            chosen = self.all_phases
            try:
                self.prospect = await self.wizard.ask(
                    lambda one: read_prospect(one, all_phases=chosen)
                )
            except MigwizError as error:
                self.error = error
        await self._tick_boxes()
        self.paint()
        self.wizard.paint_frame()

    async def _tick_boxes(self) -> None:
        losses = self.prospect.losses if self.prospect else ()
        if losses == self._losses:
            return
        self._losses = losses
        box = self.query_one("#losses", Vertical)
        async with self.batch():
            await box.remove_children()
            await box.mount_all(
                [
                    Tick(
                        Content(f"{one.name}: {one.reason}"),
                        one.name in self.state.accepted or "all" in self.state.accepted,
                        name=one.name,
                        compact=True,
                        classes="loss",
                    )
                    for one in losses
                ]
            )

    def paint(self) -> None:
        """Show the files and what waits."""
        self.query_one(Notice).show(self.error)
        prospect = self.prospect
        for one in self.query(
            "#write-files, #write-also, #write-later, #write-all, #losses-title, #write"
        ):
            one.display = prospect is not None
        if prospect is None:
            return
        self.query_one("#write-files", Static).update(
            lines(
                Content.assemble(
                    (" + new      " if action == "create" else " ~ changed  ", "$text-success"),
                    (f"{path.rpartition('/')[0]}/", MUTED),
                    f"\n             {path.rpartition('/')[2]}",
                )
                for action, path in prospect.files
            )
        )
        later = self.query_one("#write-later", Static)
        room = max(40, self.size.width - 6)
        also = self.query_one("#write-also", Static)
        also.display = bool(prospect.todos)
        also.update(
            lines(
                [
                    "migwiz does not edit these, but look at them:",
                    *(
                        hang(Content.assemble(("  ? ", "$text-warning"), f"{path}  "), why, room)
                        for path, why in prospect.todos
                    ),
                ]
            )
        )
        later.display = bool(prospect.later)
        rows = [f"{plural(len(prospect.later), 'phase')} wait in the plan until the gates hold:"]
        if len(prospect.later) == 1:
            rows = ["1 phase waits in the plan until its gate holds:"]
        later.update(
            lines(
                [
                    *rows,
                    *(
                        hang(Content.assemble(("  · ", MUTED), (f"{name:<10}", "bold")), gate, room)
                        for name, gate in prospect.later
                    ),
                ]
            )
        )
        self.query_one("#write-all", Tick).display = bool(prospect.later) or self.all_phases
        self.query_one("#losses-title", Static).display = bool(prospect.losses)
        self.query_one("#write", Button).disabled = self.blocked() is not None

    def blocked(self) -> str | None:
        """Say why nothing can be written now, None when it can."""
        if self.error is not None:
            return self.error.message
        if self.prospect is None:
            return "the files are being rendered"
        accepted = self.state.accepted
        open_losses = [one for one in self.prospect.losses if one.name not in accepted]
        if open_losses and "all" not in accepted:
            return f"{plural(len(open_losses), 'loss', 'losses')} not accepted yet"
        return None

    def focus_first(self) -> None:
        """Put the cursor on what is still to be accepted, else on the button."""
        for box in self.query(".loss").results(Tick):
            if not box.value:
                box.focus()
                return
        button = self.query_one("#write", Button)
        if button.display and not button.disabled:
            button.focus()

    def explain(self) -> tuple[str, Content]:
        """Say what a write does and does not do."""
        return "Before you write", lines(
            [
                "migwiz writes these files, all or none, and overwrites nothing. It does not run "
                "them.",
                "",
                "Commit the plan file with them: it remembers what is written and what comes next.",
                "",
                "What a downgrade cannot bring back has to be accepted by name.",
            ]
        )

    @on(Tick.Changed, "#write-all")
    def _scope(self, event: Tick.Changed) -> None:
        event.stop()
        self.all_phases = event.value
        self.wizard.background(self.look, "look")

    @on(Tick.Changed, ".loss")
    def _accepted(self, event: Tick.Changed) -> None:
        event.stop()
        self.wizard.accept(event.checkbox.name or "", accepted=event.value)
        self.paint()
        self.wizard.paint_frame()

    @on(Button.Pressed, "#write")
    async def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        await self.wizard.run_action("screen.write")

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.connect_again()

    async def leave(self) -> bool:
        """There is no step behind this one."""
        return False
