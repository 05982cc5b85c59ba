"""The one screen of the wizard: eight steps, and around them head, steps, why, command, keys."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Input, Tab, Tabs, TextArea

from screens.blocking import why_blocked
from screens.change_step import ChangeStep
from screens.commands import COMMANDS, bindings, footer
from screens.connect_step import ConnectStep
from screens.desk import Desk
from screens.details_step import DetailsStep
from screens.gathering import Gathering
from screens.modals import Confirm, Reader, help_text
from screens.plan_step import PlanStep
from screens.preview_step import PreviewStep
from screens.project_step import ProjectStep
from screens.reading import read_plan
from screens.rollout_step import RolloutStep
from screens.state import State
from screens.step import Step, step_id
from screens.steps_state import head_of, step_states
from screens.widgets.bars import CommandStrip, Head, Key, KeyBar
from screens.widgets.code_view import CodeView
from screens.widgets.step_list import Crumbs, StepChosen, StepList
from screens.widgets.why_pane import WhyPane
from screens.write_step import WriteStep
from wizard.flow import STEPS, WizardStep
from wizard.model.answers import Answers, Value
from wizard.model.errors import MigwizError
from wizard.questions import Question, Situation
from wizard.session import Session, Written

T = TypeVar("T")


class WizardScreen(Screen[None]):
    """Holds the state, hands work to the desk, and moves between the steps."""

    CSS_PATH = "wizard.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = ""
    commands = COMMANDS

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__()
        self.state = State(session=session, answers=session.answers, accepted=session.accepted)
        self.desk = desk
        self.operations = session.operations()
        self.rollout_situation: Situation | None = None
        self.frameworks = session.frameworks()
        self.written: Written | None = None
        self.peeking_from: WizardStep | None = None
        self.moved = False
        self.gathering = Gathering(self)

    # --- laying out --------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out the frame; all steps are there from the start, one of them in sight."""
        yield Head()
        yield Crumbs(id="crumbs")
        with Horizontal(id="body"):
            yield StepList()
            with Vertical(id="middle"):
                with ContentSwitcher(initial=step_id(self.state.step), id="steps"):
                    yield ProjectStep()
                    yield ConnectStep()
                    yield ChangeStep()
                    yield DetailsStep()
                    yield RolloutStep()
                    yield PlanStep()
                    yield PreviewStep()
                    yield WriteStep()
                yield Tabs(Tab("Question", id="tab-question"), Tab("Why", id="tab-why"), id="panes")
            yield WhyPane()
        yield CommandStrip()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Paint what is known, and only then begin to look around."""
        self.current.paint()
        self.paint_frame()
        self.current.focus_first()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.background(self.gathering.look_around, "look-around")

    @property
    def current(self) -> Step:
        """The step in front."""
        return self.step_widget(self.state.step)

    def step_widget(self, step: WizardStep) -> Step:
        """Return a step's pane."""
        return self.query_one(f"#{step_id(step)}", Step)

    # --- painting ----------------------------------------------------------------------------

    def paint_frame(self) -> None:
        """Paint head, steps, command and keys."""
        state = self.state
        states = step_states(state)
        self.query_one(Head).show(*head_of(state))
        waiting = ""
        if state.waiting:
            waiting = f"{len(state.waiting)} under way: {state.waiting[0].title} → F7"
        self.query_one(StepList).show(states, waiting)
        self.query_one(Crumbs).show(states, self.app.size.width)
        self.query_one(CommandStrip).show(self.command)
        self.query_one(KeyBar).show(footer(self))
        self.paint_side()

    def paint_side(self) -> None:
        """Paint the pane beside the step."""
        title, text = self.current.explain()
        self.query_one(WhyPane).show(title, text)
        label = "Effect" if self.state.step is WizardStep.ROLLOUT else "Why"
        self.query_one("#tab-why", Tab).label = label

    @property
    def command(self) -> str:
        """The command line that does the same as the answers so far; it holds no password."""
        state = self.state
        if not state.answers.operations:
            return "migwiz"
        from wizard.command import command_line

        losses = [word for one in sorted(state.accepted) for word in ("--accept-loss", one)]
        if self.query_one(WriteStep).all_phases:
            losses.append("--all-phases")
        return command_line(state.answers, extra=losses)

    def hint(self, text: str) -> None:
        """Say in passing why something did not happen."""
        self.notify(text, severity="warning", markup=False, timeout=4)

    # --- asking the session ------------------------------------------------------------------

    async def ask(self, work: Callable[[Session], T]) -> T:
        """Have work done for the answers as they are now, without blocking."""
        return await self.desk.ask(work, answers=self.state.answers, accepted=self.state.accepted)

    async def replan(self) -> None:
        """Read the situation for the answers as they are, and plan as far as they go."""
        state = self.state
        if state.database is None and not await self.gathering.connected():
            return
        answers = state.answers
        ways = state.step is WizardStep.ROLLOUT
        reading = await self.ask(lambda one: read_plan(one, ways=ways))
        if answers is not state.answers:
            return  # a newer reading is under way
        state.plan, state.plan_error = reading.plan, reading.error
        state.options = reading.options
        state.database_error = reading.unreachable
        if reading.unreachable is None:
            state.situation, self.rollout_situation = reading.situation, reading.rollout
        self.current.paint()
        step = self.current
        if isinstance(step, RolloutStep) and reading.ways:
            step.show_ways(reading.ways)
        self.paint_frame()

    # --- what the steps tell -----------------------------------------------------------------

    def edit(self, answers: Answers, *, replan: bool = True) -> None:
        """Take changed answers; what was planned for the old ones is read again."""
        if answers == self.state.answers:
            return
        self.state.answers = answers
        self.state.dirty = True
        self.paint_frame()
        if replan:
            self.background(self.replan, "replan")

    def edit_database(self, answers: Answers) -> None:
        """Take another database; it is opened when one goes on."""
        self.edit(answers, replan=False)
        self.state.database_error = None

    def accept(self, name: str, *, accepted: bool) -> None:
        """Accept a loss, or take that back."""
        now = self.state.accepted
        self.state.accepted = now | {name} if accepted else now - {name}

    async def choose(self, kind: str) -> None:
        """Choose an operation; answers that it knows too are kept."""
        chosen = self.state.chosen
        if chosen is not None and chosen.kind == kind:
            return

        def work(session: Session) -> Answers:
            session.choose(kind)
            return session.answers

        self.edit(await self.ask(work), replan=False)
        self.state.plan, self.state.plan_error, self.state.situation = None, None, None
        self.state.accepted = frozenset()

    def choose_project(self, answers: Mapping[str, Value]) -> None:
        """Choose one of several projects."""
        changed = self.state.answers
        for key in ("project.framework", "project.layout", "project.directory"):
            changed = changed.put(key, answers.get(key))
        self.edit(changed, replan=False)
        self.background(self.gathering.read_project, "look-around")

    # --- moving ------------------------------------------------------------------------------

    async def go(self, step: WizardStep) -> None:
        """Bring a step to the front."""
        state = self.state
        self.moved = True
        state.step = step
        state.reached = max(state.reached, STEPS.index(step))
        self.query_one("#panes", Tabs).active = "tab-question"
        # A plan and its code need all the room there is.
        self.set_class(step in (WizardStep.PLAN, WizardStep.PREVIEW), "-code")
        self.query_one("#steps", ContentSwitcher).current = step_id(step)
        self.paint_frame()
        await self.current.enter()
        if state.step is step:
            self.paint_frame()
            # Once it is laid out, so that the view scrolls to where the cursor really is.
            self.call_after_refresh(self._focus, step)

    def _focus(self, step: WizardStep) -> None:
        if self.state.step is step:
            self.current.focus_first()
            # Texts that came with it may still grow, and push the cursor out of sight.
            self.call_after_refresh(self._show_cursor)

    def _show_cursor(self) -> None:
        if self.focused is not None:
            self.focused.scroll_visible(animate=False)

    async def _next(self) -> None:
        state, step = self.state, self.state.step
        if self.peeking_from is not None:
            await self._close_preview()
            return
        if not await self.current.leave():
            self.paint_frame()
            blocked = state.database is None and not state.connecting
            if step is WizardStep.CHANGE and state.chosen is not None and blocked:
                await self.go(WizardStep.CONNECT)
            return
        self.keep()
        at = STEPS.index(step) + 1
        if step is WizardStep.CONNECT and state.project is None and state.projects is None:
            return
        await self.go(STEPS[at])

    def settle(self) -> Written | None:
        """Leave the session with the answers that were written, and return what was."""
        self.state.session.answers = self.state.answers
        self.state.session.accepted = self.state.accepted
        return self.written

    def keep(self) -> None:
        """Keep what was answered as a draft."""
        if not (self.state.dirty and self.state.answers.operations):
            return
        from wizard.drafts import save_draft

        save_draft(self.state.session.environment.root, self.state.answers)

    def background(self, work: Callable[[], Coroutine[Any, Any, object]], group: str) -> None:
        """Run something that waits; a newer one of the group takes the place of an older one."""
        self.run_worker(cast("Any", work), exclusive=True, group=group)

    def _flow(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self.background(work, "flow")

    def blocked(self, command: str) -> str | None:
        """Say why a command cannot be done now, None when it can."""
        return why_blocked(self, command)

    def _refuse(self, command: str) -> bool:
        reason = self.blocked(command)
        if reason is not None:
            self.hint(reason)
        return reason is not None

    # --- keys --------------------------------------------------------------------------------

    def action_next(self) -> None:
        """Go on."""
        if not self._refuse("next"):
            self._flow(self._next)

    def action_skip(self) -> None:
        """Go on from any field."""
        self.action_next()

    def action_back(self) -> None:
        """Close what is open on top, else go one step back. Never quits."""
        if self.maximized is not None:
            self.minimize()
            return
        panes = self.query_one("#panes", Tabs)
        if panes.active == "tab-why":
            panes.active = "tab-question"
            return
        if self.peeking_from is not None:
            self._flow(self._close_preview)
            return
        if not self._refuse("back"):
            before = STEPS[STEPS.index(self.state.step) - 1]
            self._flow(partial(self.go, before))

    def action_jump(self, number: int) -> None:
        """Go to a step that was reached."""
        if not self._refuse(f"step-{number}"):
            self.peeking_from = None
            self._flow(partial(self.go, STEPS[number - 1]))

    def action_preview(self) -> None:
        """Show the files as they would be now, or go back to where one was."""
        if self.peeking_from is not None:
            self._flow(self._close_preview)
        elif self.state.step is not WizardStep.PREVIEW and not self._refuse("preview"):
            self._flow(self._open_preview)

    async def _open_preview(self) -> None:
        reached, self.peeking_from = self.state.reached, self.state.step
        await self.go(WizardStep.PREVIEW)
        self.state.reached = reached

    async def _close_preview(self) -> None:
        step, self.peeking_from = self.peeking_from, None
        if step is not None:
            await self.go(step)

    def action_maximise(self) -> None:
        """Give one pane of code the whole screen."""
        if self.maximized is not None:
            self.minimize()
            return
        inside = self.focused.ancestors_with_self if self.focused is not None else []
        view = next((one for one in inside if isinstance(one, CodeView | WhyPane)), None)
        if view is None and self.state.step is WizardStep.PREVIEW:
            shown = (one for one in self.query(CodeView) if one.region.area > 0)
            view = next(shown, None)
        if view is None:
            self.hint("put the cursor into a pane of code first")
        else:
            self.maximize(view, container=False)

    def action_advanced(self) -> None:
        """Show or hide the rarely needed questions."""
        from screens.widgets.form import Form

        if not self._refuse("advanced"):
            for form in self.current.query(Form):
                form.toggle_advanced()

    def action_plans(self) -> None:
        """Show the plans under way."""
        from screens.plans_reader import plans_screen

        self.app.push_screen(plans_screen(self.state.session.environment, self.state.answers))

    def action_help(self) -> None:
        """Show help for where the cursor is."""
        step = self.current
        asked: Question | None = getattr(step, "asked", None)
        title, why = step.explain()
        self.app.push_screen(Reader("Help", help_text(asked, title, why)))

    def action_copy(self) -> None:
        """Send the command, the file in sight, or a hand-over to the clipboard."""
        step = self.current
        if isinstance(step, PreviewStep) and step.shown is not None:
            self.app.copy_to_clipboard(step.shown.content)
            what = step.shown.path
        elif isinstance(step, PlanStep) and step.commands:
            self.app.copy_to_clipboard(step.commands)
            what = "the hand-over"
        else:
            self.app.copy_to_clipboard(self.command)
            what = "the command line"
        self.notify(f"{what}: sent to the clipboard", markup=False, timeout=3)

    def action_diff(self) -> None:
        """Show what a write would change."""
        step = self.current
        if not isinstance(step, WriteStep) or step.prospect is None:
            self.hint("there is something to compare in the last step, once files are rendered")
            return
        from textual.highlight import highlight

        self.app.push_screen(Reader("Diff", highlight(step.prospect.diff, language="diff")))

    def action_write(self) -> None:
        """Write the files."""
        if not self._refuse("write"):
            self._flow(self._write)

    async def _write(self) -> None:
        step = self.query_one(WriteStep)
        scope = step.all_phases
        try:
            self.written = await self.ask(lambda one: one.write(all_phases=scope))
        except MigwizError as error:
            step.error = error
            step.paint()
            self.paint_frame()
            return
        from wizard.drafts import forget_draft

        forget_draft(self.state.session.environment.root)
        self.app.exit(self.written)

    def action_quit(self) -> None:
        """Leave, asking first when answers would be lost."""
        self.keep()
        state = self.state
        from wizard.drafts import load_draft

        root = state.session.environment.root
        if not state.dirty or not state.answers.operations or load_draft(root) is not None:
            self.app.exit(None)
            return
        self.app.push_screen(
            Confirm(
                "Leave without a draft?",
                Content("The draft could not be kept, so the answers would be lost."),
                no="Stay",
                yes="Leave",
            ),
            lambda leave: self.app.exit(None) if leave else None,
        )

    # --- mouse and panes ---------------------------------------------------------------------

    @on(StepChosen)
    def _step_clicked(self, event: StepChosen) -> None:
        self.action_jump(STEPS.index(event.step) + 1)

    @on(Key.Clicked)
    async def _key_clicked(self, event: Key.Clicked) -> None:
        action = event.command.action
        await self.run_action(action if "." in action else f"screen.{action}")

    @on(CommandStrip.CopyAsked)
    def _copy_clicked(self) -> None:
        self.app.copy_to_clipboard(self.command)
        self.notify("the command line: sent to the clipboard", markup=False, timeout=3)

    @on(Tabs.TabActivated, "#panes")
    def _pane_chosen(self, event: Tabs.TabActivated) -> None:
        self.set_class(event.tab.id == "tab-why", "-why")

    def on_resize(self) -> None:
        """Paint again what depends on the width."""
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self.query_one(Crumbs).show(step_states(self.state), self.app.size.width)

    @property
    def framework(self) -> str:
        """The framework of the project, empty without one."""
        state = self.state
        if state.project is None or not state.projects:
            return ""
        return str(state.projects[state.project].answers["project.framework"])

    @property
    def typing(self) -> bool:
        """Whether letters go into a text field."""
        return isinstance(self.focused, Input | TextArea)
