"""Step 5: how the application is deployed, and how big the table is in production."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from screens.compare import Way
from screens.step import Step
from screens.widgets.form import Form
from screens.widgets.notice import Notice
from screens.widgets.timeline import compared
from screens.words import MUTED, findings_text, human_bytes, human_count, lines
from wizard.flow import WizardStep, value_of
from wizard.model.counted import rows as counted_rows
from wizard.questions import ROLLOUT_QUESTIONS, Kind, Question, Situation


class RolloutStep(Step):
    """Two questions decide the plan; what they change stands beside them at once."""

    step: ClassVar[WizardStep] = WizardStep.ROLLOUT

    def __init__(self) -> None:
        super().__init__()
        self._asked: Question | None = None
        self._ways: tuple[Way, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the form."""
        yield Notice()
        yield Form(ROLLOUT_QUESTIONS)

    async def enter(self) -> None:
        """Fetch the statistics and compare the ways."""
        await self.wizard.replan()

    def show_ways(self, ways: tuple[Way, ...]) -> None:
        """Take a fresh comparison."""
        self._ways = ways
        self.wizard.paint_side()

    @property
    def situation(self) -> Situation | None:
        """What is known for these questions: the details' situation with the rollout's values."""
        return self.wizard.rollout_situation

    def paint(self) -> None:
        """Show the answers, and where the figures are from."""
        self.query_one(Notice).show(self.state.database_error, retry=True)
        situation = self.situation
        if situation is None:
            return
        form = self.query_one(Form)
        form.update(situation)
        given = situation.values
        table = situation.table
        field = form.fields["rollout.rows"]
        if field.problem is None and "rollout.rows" not in given:
            if table is not None and table.rows is not None:
                size = f" · {human_bytes(table.bytes)}" if table.bytes is not None else ""
                field.say(
                    None,
                    f"{counted_rows(table.rows, human_count(table.rows))}{size} by this database's statistics. "
                    "Is it production? If not, type production's figure, such as 120M.",
                )
            else:
                field.say(None, "not known; counts as large. Type it, such as 120M.")

    def focus_first(self) -> None:
        """Put the cursor into the first question."""
        self.query_one(Form).shown and self.query_one(Form).shown[0].entrance.focus()

    def explain(self) -> tuple[str, Content]:
        """Show what each way would take, and why the question in focus is asked."""
        parts: list[Content] = []
        situation = self.situation
        if self._ways and situation is not None:
            chosen = str(value_of(ROLLOUT_QUESTIONS[0], situation))
            parts.append(
                compared(
                    [(one.deployment, one.text, one.deployment == chosen) for one in self._ways]
                )
            )
        if self._asked is not None:
            parts.append(
                lines([Content.styled(self._asked.prompt, "bold"), Content(self._asked.help)])
            )
        plan = self.state.plan
        if plan is not None:
            if plan.refused is not None:
                parts.append(findings_text((plan.refused,)))
            if plan.naive is not None:
                parts.append(
                    Content.assemble(("A one-line migration: ", MUTED), plan.naive.effect + ".")
                )
        return "This changes your plan", Content("\n\n").join(parts)

    @property
    def asked(self) -> Question | None:
        """The question in focus."""
        return self._asked

    @on(Form.Asked)
    def _visited(self, event: Form.Asked) -> None:
        event.stop()
        self._asked = event.question
        self.wizard.paint_side()

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        self.wizard.edit(self.state.answers.put(event.question.key, event.value))

    @on(Form.Finished)
    async def _finished(self, event: Form.Finished) -> None:
        event.stop()
        await self.wizard.run_action("screen.skip")

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.connect_again()

    async def leave(self) -> bool:
        """Look at all answers; what was proposed counts as said."""
        await self.wizard.replan()
        situation = self.situation
        if situation is None:
            return False
        form = self.query_one(Form)
        wrong = form.first_problem()
        if wrong is not None:
            wrong.entrance.focus()
            return False
        answers = self.state.answers
        for question in ROLLOUT_QUESTIONS:
            if question.kind is Kind.CHOICE and question.required:
                answers = answers.put(question.key, value_of(question, situation))
        self.wizard.edit(answers, replan=False)
        return True
