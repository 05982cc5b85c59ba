"""Step 1: for which project, and why migwiz believes so."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.step import Step
from screens.widgets.choice_list import ChoiceList
from screens.widgets.field import Field
from screens.widgets.notice import Notice
from screens.widgets.signals import Edited, Entered
from screens.words import MUTED, lines
from wizard.flow import WizardStep
from wizard.model.answers import Value
from wizard.model.errors import AnswerError, MigwizError
from wizard.questions import PROJECT_QUESTIONS, Choice

#: What is no error here, because the list below asks it.
_ASKED = {
    "several-projects": "Several are here. The one that you choose is kept in .migwiz.toml for everybody.",
    "unsure-project": "Only the look of its files speaks for this one. Choose it when it is right: "
    "the answer is kept in .migwiz.toml for everybody.",
}
_ROOT = next(one for one in PROJECT_QUESTIONS if one.key == "project.root")


class ProjectStep(Step):
    """The projects that were found, with the evidence; another folder can be named."""

    step: ClassVar[WizardStep] = WizardStep.PROJECT

    def compose(self) -> ComposeResult:
        """Lay out list, evidence, and the folder."""
        with VerticalScroll(can_focus=False):
            yield Static(Content("Which project are the migrations for?"), classes="question")
            yield Notice()
            yield ChoiceList(id="projects")
            yield Static(id="evidence", markup=False)
            yield Field(_ROOT)

    def paint(self) -> None:
        """Show what was found."""
        state = self.state
        notice, listed = self.query_one(Notice), self.query_one(ChoiceList)
        found = state.projects
        if found is None:
            notice.say("looking for migrations …")
        elif state.project is None and state.project_error is not None:
            self._ask(state.project_error, retry=not found)
        else:
            notice.say("")
        width = max((len(one.label) for one in found or ()), default=0)
        listed.offer(
            tuple(
                Choice(
                    value=str(number),
                    label=f"{one.label.ljust(width)}  {one.where}",
                    hint=one.detail,
                )
                for number, one in enumerate(found or ())
            )
        )
        listed.show("" if state.project is None else str(state.project))
        listed.display = bool(found)
        if state.project is not None and found:
            one = found[state.project]
            seen = [Content.assemble(("seen  ", MUTED), each) for each in one.evidence]
            seen += [Content.assemble(("! attention  ", "$text-warning"), p) for p in one.problems]
            self.query_one("#evidence", Static).update(lines(seen))
        else:
            self.query_one("#evidence", Static).update("")
        root = state.answers.text("project.root")
        field = self.query_one(Field)
        if not field.has_focus_within:
            field.restore(root or ".")

    def _ask(self, error: MigwizError, *, retry: bool = False) -> None:
        asked = _ASKED.get(error.code)
        if asked is None:
            self.query_one(Notice).show(error, retry=retry)
        else:
            self.query_one(Notice).say(asked)

    def focus_first(self) -> None:
        """Put the cursor into the list, or where a folder can be named."""
        if self.state.projects:
            self.query_one(ChoiceList).focus()
        else:
            self.query_one(Field).entrance.focus()

    def explain(self) -> tuple[str, Content]:
        """Say what is looked for."""
        return "Why migwiz asks", lines(
            [
                "Files are named, placed and written as this project's own tool and its newest "
                "migrations do it.",
                "",
                "migwiz looked for alembic.ini, [tool.alembic] in pyproject.toml, Django's manage.py "
                "and migrations, and folders of SQL migrations. It read files as text and ran none of them.",
            ]
        )

    @on(Edited)
    def _chosen(self, event: Edited) -> None:
        event.stop()
        if event.control is self.query_one(ChoiceList) and self.state.projects:
            line = self.state.projects[int(event.text)]
            plain = len(self.state.projects) == 1 and line.sure
            self.wizard.choose_project({} if plain else line.answers)

    @on(Entered)
    @on(Field.Done)
    async def _entered(self, event: Entered | Field.Done) -> None:
        event.stop()
        await self.wizard.run_action("screen.skip")

    @on(Field.Answered)
    def _root(self, event: Field.Answered) -> None:
        event.stop()
        value: Value = event.value if event.value != "." else None
        self.wizard.edit(self.state.answers.put("project.root", value), replan=False)

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.look_again()

    async def leave(self) -> bool:
        """Go on without a project too: only writing needs one."""
        if await self.wizard.gathering.root_changed():
            return False
        error = self.state.project_error
        if isinstance(error, AnswerError) and self.state.projects:
            self._ask(error)
            return False
        return self.state.projects is not None
