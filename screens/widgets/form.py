"""A form made of questions: which fields show, what stands in them, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Button

from screens.widgets.field import Field
from wizard.flow import problem_with, visible
from wizard.model.answers import Value
from wizard.questions import Kind, Question, Situation


class Form(VerticalScroll, can_focus=False):
    """Fields under each other. Enter goes to the next one, and from the last one on.

    Advanced questions show when asked for, and always once they are answered. A problem shows
    when its field was left or Next was tried, not before.
    """

    DEFAULT_CSS = """
    Form { height: 1fr; }
    Form .go-on { margin-top: 1; }
    """

    class Finished(Message):
        """Enter was pressed in the last field, or the button."""

    class Asked(Message):
        """Another question is in focus."""

        def __init__(self, question: Question) -> None:
            super().__init__()
            self.question = question

    class Changed(Message):
        """An answer changed."""

        def __init__(self, question: Question, value: Value) -> None:
            super().__init__()
            self.question = question
            self.value = value

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__()
        self.questions = tuple(questions)
        self._situation: Situation | None = None
        self._advanced = False
        self._left: set[str] = set()
        self.fields = {one.key: Field(one) for one in self.questions}

    def compose(self) -> ComposeResult:
        """Lay out the fields and the two buttons."""
        for field in self.fields.values():
            field.display = False
            yield field
        more = Button("", id="more", compact=True, classes="more")
        more.display = False
        yield more
        yield Button("Next  Enter", id="go-on", compact=True, classes="go-on", variant="primary")

    @property
    def shown(self) -> list[Field]:
        """The fields in sight, in order."""
        return [one for one in self.fields.values() if one.display]

    def update(self, situation: Situation) -> None:
        """Show what applies in a situation; what was typed stays as it was typed."""
        self._situation = situation
        applying = {one.key for one in visible(self.questions, situation)}
        hidden = 0
        for key, field in self.fields.items():
            rare = field.question.advanced and key not in situation.values
            show = key in applying and (self._advanced or not rare)
            hidden += key in applying and not show
            # The field in use must not vanish under the cursor while its text is edited.
            field.display = show or (key in applying and field.has_focus_within)
            field.update(situation)
            self._say(field)
        more = self.query_one("#more", Button)
        more.display = hidden > 0 or self._advanced
        more.label = (
            "▾ hide rarely needed questions  F6"
            if self._advanced
            else f"▸ {hidden} rarely needed question{'' if hidden == 1 else 's'}  F6"
        )

    def _say(self, field: Field, *, always: bool = False) -> None:
        if self._situation is None:
            return
        problem = None
        if always or field.question.key in self._left:
            problem = field.unread or problem_with(field.question, self._situation)
        hint = "" if problem else hint_of(field.question, self._situation)
        field.say(problem, hint)

    def first_problem(self) -> Field | None:
        """Look at all fields in sight; show what is wrong, and return the first field it is in."""
        self._left |= set(self.fields)
        applying = visible(self.questions, self._situation) if self._situation is not None else ()
        for question in applying:
            field = self.fields[question.key]
            self._say(field, always=True)
            if field.problem is not None:
                field.display = True
        return next((one for one in self.shown if one.problem is not None), None)

    def complain(self, flag: str | None, message: str) -> Field | None:
        """Show a problem that only planning found, below the field that its flag names."""
        for field in self.shown:
            if flag and field.question.flag == flag:
                field.say(message)
                return field
        return None

    def enter(self) -> None:
        """Put the cursor into the first required field without an answer, else the first field."""
        values: Mapping[str, Value] = self._situation.values if self._situation else {}
        empty = (one for one in self.shown if one.question.required and not one.control.text)
        first = next(empty, None)
        target = first if first is not None else next(iter(self.shown), None)
        if target is not None and (first is not None or values is not None):
            target.entrance.focus()

    def toggle_advanced(self) -> None:
        """Show or hide the rarely needed questions."""
        self._advanced = not self._advanced
        if self._situation is not None:
            self.update(self._situation)

    @on(Field.Done)
    def _entered(self, event: Field.Done) -> None:
        event.stop()
        fields: list[Field] = self.shown
        at = next((n for n, one in enumerate(fields) if one is event.field), None)
        if at is not None and at + 1 < len(fields):
            fields[at + 1].entrance.focus()
        else:
            self.post_message(self.Finished())

    @on(Field.Answered)
    def _answered(self, event: Field.Answered) -> None:
        event.stop()
        event.field.say(event.problem)
        self.post_message(self.Changed(event.field.question, event.value))

    @on(Field.Left)
    def _field_left(self, event: Field.Left) -> None:
        event.stop()
        # An empty field was passed, not answered wrongly: Next says so, passing by does not.
        if event.field.control.text:
            self._left.add(event.field.question.key)
            if event.field.question.kind is Kind.INTEGER and self._situation is not None:
                event.field.update(self._situation)
        self._say(event.field)

    @on(Field.Visited)
    def _visited(self, event: Field.Visited) -> None:
        event.stop()
        self.post_message(self.Asked(event.field.question))

    @on(Button.Pressed, "#more")
    def _more(self, event: Button.Pressed) -> None:
        event.stop()
        self.toggle_advanced()

    @on(Button.Pressed, "#go-on")
    def _go_on(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Finished())


def hint_of(question: Question, situation: Situation) -> str:
    """Say what is good to know about an answer: a table's facts, a name's length, who uses it."""
    from screens.words import column_users, table_facts

    value = situation.values.get(question.key)
    if value in (None, "", ()):
        return ""
    table = situation.ref_table if question.key == "ref_table" else situation.table
    if question.kind is Kind.TABLE and table is not None:
        return table_facts(table)
    if question.kind is Kind.COLUMN and situation.table is not None:
        column = situation.table.column(str(value))
        if column is None:
            return ""
        users = column_users(situation.table, column.name)
        required = "" if column.nullable else " · required"
        used = f" · used by {', '.join(users)}" if users else ""
        return f"{column.type}{required}{used}"
    if question.kind is Kind.NAME and situation.dialect is not None:
        limit = situation.dialect.capabilities.name_bytes
        if problem_with(question, situation) is None:
            return f"✓ free · {len(str(value).encode())} of {limit} bytes"
    return ""
