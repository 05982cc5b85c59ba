"""Step 7: the files themselves, upgrade and downgrade side by side, each with what it locks."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static, Tab, Tabs

from screens.previews import Preview, read_previews
from screens.step import Step
from screens.widgets.choice_list import ChoiceList
from screens.widgets.code_view import CodeView
from screens.widgets.notice import Notice
from screens.widgets.signals import Edited, Entered
from screens.words import error_text
from wizard.flow import WizardStep
from wizard.model.errors import MigwizError
from wizard.questions import Choice


class PreviewStep(Step):
    """Files, frameworks, and two panes of code; tabs in place of panes where it is narrow."""

    step: ClassVar[WizardStep] = WizardStep.PREVIEW

    def __init__(self) -> None:
        super().__init__()
        self._framework: str | None = None
        self._files: tuple[Preview, ...] = ()
        self._file = 0

    def compose(self) -> ComposeResult:
        """Lay out the list of files, the frameworks, and the code."""
        yield Notice()
        yield Static(Content("Written for"), classes="small", id="frameworks-label")
        yield Tabs(id="frameworks")
        yield ChoiceList(id="files")
        yield Tabs(Tab("Upgrade", id="show-up"), Tab("Downgrade", id="show-down"), id="directions")
        with Horizontal(id="code", classes="-up"):
            yield CodeView("upgrade", id="up")
            yield CodeView("downgrade", id="down")

    async def enter(self) -> None:
        """Render the files as the answers are now."""
        await self._frameworks()
        await self.wizard.replan()
        await self._fetch()

    async def _frameworks(self) -> None:
        tabs = self.query_one("#frameworks", Tabs)
        if tabs.tab_count:
            return
        names = self.wizard.frameworks
        own = self.wizard.framework
        with tabs.prevent(Tabs.TabActivated):
            for name in sorted(names, key=lambda one: one != own):
                await tabs.add_tab(Tab(Content(name), id=f"for-{name}"))

    async def _fetch(self) -> None:
        state, notice = self.state, self.query_one(Notice)
        plan = state.plan
        self._files = ()
        notice.show(state.plan_error or state.database_error, retry=state.plan_error is None)
        if plan is not None and plan.refused is not None:
            notice.say(Content.assemble(("✗ refused  ", "bold $text-error"), plan.refused.what))
        elif plan is not None and not plan.phases:
            notice.say("This way needs no migration; the plan shows what changes in the code.")
        elif plan is not None:
            framework = self._framework
            try:
                self._files = await self.wizard.ask(lambda one: read_previews(one, framework))
            except MigwizError as error:
                notice.say(error_text(error))
        elif state.plan_error is None and state.database_error is None:
            notice.say("Nothing to show yet: choose what should change.")
        self._file = min(self._file, max(0, len(self._files) - 1))
        self._show()

    def _show(self) -> None:
        files = self._files
        listed = self.query_one("#files", ChoiceList)
        listed.display = len(files) > 0
        self.query_one("#code").display = bool(files)
        for tabs in self.query("#frameworks, #frameworks-label, #directions"):
            tabs.set_class(not files, "-empty")
        listed.offer(
            tuple(
                Choice(
                    value=str(number),
                    label=f"{one.number} {one.phase:<9} {one.path.rpartition('/')[2]}",
                    hint="" if one.action == "create" else "changed",
                )
                for number, one in enumerate(files)
            )
        )
        if not files:
            return
        listed.show(str(self._file))
        one = files[self._file]
        self.query_one("#up", CodeView).show(one.up, one.language, Content(f"{one.up_lock}\n "))
        down = self.query_one("#down", CodeView)
        down.show(one.down, one.language, _way_back(one))
        down.border_title = Content("downgrade")

    @property
    def shown(self) -> Preview | None:
        """The file in sight."""
        return self._files[self._file] if self._files else None

    def focus_first(self) -> None:
        """Put the cursor into the list of files."""
        listed = self.query_one("#files", ChoiceList)
        if listed.display:
            listed.focus()

    def explain(self) -> tuple[str, Content]:
        """Say what the two panes are."""
        return "Preview", Content(
            "Nothing is written yet. The first phase is written in the last step; the others wait "
            "in the plan until their gates hold."
        )

    @on(Edited)
    def _chosen(self, event: Edited) -> None:
        event.stop()
        self._file = int(event.text)
        self._show()

    @on(Entered)
    async def _entered(self, event: Entered) -> None:
        event.stop()
        await self.wizard.run_action("screen.next")

    @on(Tabs.TabActivated, "#directions")
    def _turned(self, event: Tabs.TabActivated) -> None:
        event.stop()
        code = self.query_one("#code")
        code.set_class(event.tab.id == "show-up", "-up")
        code.set_class(event.tab.id == "show-down", "-down")

    @on(Tabs.TabActivated, "#frameworks")
    def _switched(self, event: Tabs.TabActivated) -> None:
        event.stop()
        name = (event.tab.id or "").removeprefix("for-")
        framework = None if name == self.wizard.framework else name
        if framework != self._framework:
            self._framework, self._file = framework, 0
            self.wizard.background(self._fetch, "preview")

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.connect_again()

    async def leave(self) -> bool:
        """Go on to write when there are files."""
        if not self._files:
            self.wizard.hint("there are no files to write")
        return bool(self._files)


def _way_back(one: Preview) -> Content:
    way = one.way_back
    if way is None:
        return Content(one.down_lock or " ")
    if way.needs_acknowledgement:
        return Content.assemble(
            one.down_lock, "\n", (f"! {way}: {way.reason}", "bold $text-warning")
        )
    return Content.assemble(one.down_lock, "\n", (f"✓ {way}", "$text-success"))
