"""Step 4: the questions of the chosen operation, over the live schema."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.step import Step
from screens.widgets.form import Form
from screens.widgets.notice import Notice
from screens.words import MUTED, doc_text, findings_text, lines, option_text
from wizard.flow import WizardStep, still_valid, value_of
from wizard.model.errors import AnswerError, MigwizError
from wizard.questions import Kind, Question


class DetailsStep(Step):
    """A form that is made anew for each operation; hazards show while one types."""

    step: ClassVar[WizardStep] = WizardStep.DETAILS

    def __init__(self) -> None:
        super().__init__()
        self._kind = ""
        self._asked: Question | None = None

    def compose(self) -> ComposeResult:
        """Lay out the head; the form comes with the operation."""
        yield Static(classes="question", markup=False)
        yield Notice()

    async def enter(self) -> None:
        """Make the form, and fetch what it offers."""
        chosen = self.state.chosen
        if chosen is None:
            return
        found = next(one for one in self.wizard.operations if one.kind == chosen.kind)
        if chosen.kind != self._kind:
            self._kind, self._asked = chosen.kind, None
            await self.query(Form).remove()
            await self.mount(Form(found.questions))
        self.query_one(".question", Static).update(Content(found.label))
        await self.wizard.replan()
        situation = self.state.situation
        # Answers of another table or operation are kept and said to be wrong, never dropped.
        if situation is not None and still_valid(chosen, found.questions, situation):
            self.query_one(Form).first_problem()

    def paint(self) -> None:
        """Show the situation in the form."""
        state = self.state
        notice = self.query_one(Notice)
        notice.show(state.database_error, retry=True)
        for form in self.query(Form):
            if state.situation is not None:
                form.update(state.situation)

    def focus_first(self) -> None:
        """Put the cursor into the first field that has no answer."""
        for form in self.query(Form):
            form.enter()

    def explain(self) -> tuple[str, Content]:
        """Explain the question in focus; below it what is known of the plan so far."""
        parts: list[Content] = []
        if self._asked is not None:
            asked = self._asked
            parts.append(Content(asked.help))
            parts.append(Content.styled(f"for example  {asked.example}", MUTED))
            if asked.key == "how":
                parts += [option_text(one) for one in self.state.options]
        plan = self.state.plan
        if plan is not None:
            if plan.refused is not None:
                parts.append(findings_text((plan.refused,)))
            if plan.findings:
                parts.append(findings_text(plan.findings))
        elif self.state.chosen is not None:
            found = next(
                (one for one in self.wizard.operations if one.kind == self.state.chosen.kind), None
            )
            if found is not None:
                parts.append(doc_text(found.doc))
        title = self._asked.prompt if self._asked is not None else "Why migwiz asks"
        return title, Content("\n\n").join(parts) if parts else lines([])

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
        chosen = self.state.chosen
        if chosen is None:
            return
        changed = chosen.put(event.question.key, event.value)
        self.wizard.edit(self.state.answers.with_operation(changed))

    @on(Form.Finished)
    async def _finished(self, event: Form.Finished) -> None:
        event.stop()
        await self.wizard.run_action("screen.skip")

    @on(Notice.Retry)
    def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.connect_again()

    async def leave(self) -> bool:
        """Look at all answers, then let the plan be made of them."""
        await self.wizard.replan()
        state = self.state
        chosen, situation = state.chosen, state.situation
        if chosen is None or situation is None:
            return False
        form = self.query_one(Form)
        wrong = form.first_problem()
        if wrong is not None:
            wrong.entrance.focus()
            return False
        for field in form.shown:
            # What was proposed and not changed counts as said where other answers change it.
            question = field.question
            if question.kind is Kind.CHOICE and question.required:
                chosen = chosen.put(question.key, value_of(question, situation))
        self.wizard.edit(state.answers.with_operation(chosen), replan=False)
        await self.wizard.replan()
        error: MigwizError | None = state.plan_error
        if error is None:
            return True
        self._complain(form, error)
        return False

    def _complain(self, form: Form, error: MigwizError) -> None:
        said = "; ".join((error.message, *error.next_actions))
        field = form.complain(error.flag, said) if isinstance(error, AnswerError) else None
        if field is not None:
            field.entrance.focus()
        else:
            self.query_one(Notice).show(error)
