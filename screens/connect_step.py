"""Step 2: from which database, or from which DDL file, the schema is read."""

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
from screens.words import lines, plural
from wizard.flow import WizardStep
from wizard.model.errors import AnswerError
from wizard.questions import DATABASE_QUESTIONS, Choice, Situation

_FILE_KEYS = (
    "database.schema",
    "database.dialect",
    "database.server_version",
    "database.flavour",
)


class ConnectStep(Step):
    """The places in which a URL was found, a URL to type, or a file."""

    step: ClassVar[WizardStep] = WizardStep.CONNECT

    def __init__(self) -> None:
        super().__init__()
        self._mode = ""
        self._fields = {one.key: Field(one) for one in DATABASE_QUESTIONS}

    def compose(self) -> ComposeResult:
        """Lay out the list, the fields of the two other ways, and the state."""
        with VerticalScroll(can_focus=False):
            yield Static(Content("Where is the schema read from?"), classes="question")
            yield ChoiceList(id="sources")
            yield from self._fields.values()
            yield Notice()

    def on_mount(self) -> None:
        """Give the fields their choices."""
        for field in self._fields.values():
            field.update(Situation())
            field.display = False

    @property
    def mode(self) -> str:
        """``url``, ``file``, or the number of a source; by the answers unless chosen here."""
        answers = self.state.answers
        if self._mode:
            return self._mode
        if answers.text("database.schema") is not None:
            return "file"
        url = answers.text("database.url")
        for number, one in enumerate(self.state.sources or ()):
            if (url or "") == one.answer:
                return str(number)
        return "url"

    def paint(self) -> None:
        """Show what was found, and whether it answers."""
        state, mode = self.state, self.mode
        listed = self.query_one(ChoiceList)
        found = [
            Choice(value=str(number), label=one.shown, hint=one.where)
            for number, one in enumerate(state.sources or ())
        ]
        listed.offer(
            (
                *found,
                Choice(value="url", label="another URL"),
                Choice(value="file", label="a DDL file, without a database"),
            )
        )
        listed.show(mode)
        for key, field in self._fields.items():
            field.display = key in _FILE_KEYS if mode == "file" else mode == "url" == key[9:]
            if not field.has_focus_within:
                field.restore(state.answers.get(key) or "")
        notice = self.query_one(Notice)
        if state.connecting:
            notice.say("connecting, read-only …")
        elif state.database_error is not None:
            notice.show(state.database_error, retry=True)
        elif state.database is not None:
            kind = "read-only: catalogue and statistics" if state.database.live else "offline"
            notice.say(
                Content.assemble(
                    ("✓ done  ", "bold $text-success"),
                    f"{state.database.name} · {state.database.label} · {kind} · "
                    f"{plural(state.database.tables, 'table')}",
                )
            )
        else:
            notice.say("looking for a database …" if state.sources is None else "")

    def focus_first(self) -> None:
        """Put the cursor into the list, or into the field that is to be mended."""
        field = self._fields["database.url"]
        (field.entrance if self.mode == "url" else self.query_one(ChoiceList)).focus()

    def explain(self) -> tuple[str, Content]:
        """Say what happens on the server."""
        return "Why migwiz asks", lines(
            [
                "A safe plan depends on what is there: types, indexes, triggers, foreign keys, "
                "and how big the table is.",
                "",
                "migwiz only reads: catalogue and statistics, in a read-only session with short "
                "timeouts. It never changes your database.",
                "",
                "No password is written to any file. In a URL, env:NAME takes it from the "
                "environment.",
            ]
        )

    @on(Edited)
    def _chosen(self, event: Edited) -> None:
        event.stop()
        if event.control is not self.query_one(ChoiceList):
            return
        self._mode = event.text
        answers = self.state.answers
        if event.text.isdigit() and self.state.sources:
            answers = answers.put(
                "database.url", self.state.sources[int(event.text)].answer or None
            )
            for key in _FILE_KEYS:
                answers = answers.put(key, None)
        elif event.text == "url":
            for key in _FILE_KEYS:
                answers = answers.put(key, None)
            answers = answers.put("database.url", self._fields["database.url"].control.text or None)
        else:
            answers = answers.put("database.url", None)
            for key in _FILE_KEYS:
                answers = answers.put(key, self._fields[key].control.text or None)
        self.wizard.edit_database(answers)
        self.paint()

    @on(Field.Answered)
    def _typed(self, event: Field.Answered) -> None:
        event.stop()
        self.wizard.edit_database(self.state.answers.put(event.field.question.key, event.value))

    @on(Field.Done)
    async def _field_done(self, event: Field.Done) -> None:
        event.stop()
        shown = [one for one in self._fields.values() if one.display]
        if event.field in shown[:-1]:
            shown[shown.index(event.field) + 1].entrance.focus()
        else:
            await self.wizard.run_action("screen.skip")

    @on(Entered)
    async def _entered(self, event: Entered) -> None:
        event.stop()
        shown = [one for one in self._fields.values() if one.display]
        if shown:
            shown[0].entrance.focus()
        else:
            await self.wizard.run_action("screen.skip")

    @on(Notice.Retry)
    async def _retry(self, event: Notice.Retry) -> None:
        event.stop()
        self.wizard.gathering.connect_again()

    async def leave(self) -> bool:
        """Go on once the database answered."""
        answers = self.state.answers
        if self.mode == "url" and not answers.text("database.url"):
            self._say_missing("--url", "type a URL, such as postgresql://user@host/name")
            return False
        if self.mode == "file" and not answers.text("database.schema"):
            self._say_missing("--schema", "type the path of a file of CREATE statements")
            return False
        return await self.wizard.gathering.connected()

    def _say_missing(self, flag: str, what: str) -> None:
        error = AnswerError(
            "missing-answer", "there is nothing to read from yet", next_actions=(what,), flag=flag
        )
        self.query_one(Notice).show(error)
