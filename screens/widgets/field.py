"""A question on the screen: the only place that knows which kind of answer takes which widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, assert_never, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.widgets.choice_list import ChoiceList, YesNo
from screens.widgets.pick_list import PickList
from screens.widgets.signals import Edited, Entered
from wizard.entry import read_entry, show_entry
from wizard.flow import value_of
from wizard.model.answers import Value
from wizard.questions import Choice, Kind, Question, Situation


class Control(Protocol):
    """What a field needs of its widget. It also posts `Edited` and `Entered`."""

    @property
    def text(self) -> str:
        """What was typed or chosen."""

    def show(self, text: str) -> None:
        """Put an answer there."""

    def offer(self, choices: Sequence[Choice]) -> None:
        """Put choices there."""


class TextEntry(Input):
    """A line of text."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.value

    def show(self, text: str) -> None:
        """Put a text there, unless it stands there."""
        if text != self.value:
            with self.prevent(Input.Changed):
                self.value = text

    def offer(self, choices: Sequence[Choice]) -> None:
        """Take no choices: a line of text has none."""

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Edited(self, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Entered(self))


def make_control(question: Question) -> Widget:
    """Return the widget for a question; mypy sees to it that no kind is left out."""
    example = f"for example {question.example}"
    match question.kind:
        case Kind.TABLE | Kind.COLUMN:
            return PickList(placeholder="type to filter")
        case Kind.COLUMNS:
            return PickList(placeholder=example, separator=",")
        case Kind.PARTS:
            return PickList(placeholder=example, separator=",", free=True)
        case Kind.ASSIGNMENTS:
            return PickList(placeholder=example, separator=";", after=" = ", free=True)
        case Kind.REFERENCE:
            return PickList(placeholder=example, free=True)
        case Kind.CHOICE:
            return ChoiceList()
        case Kind.BOOLEAN:
            return YesNo()
        case Kind.NAME | Kind.TYPE | Kind.EXPRESSION | Kind.TEXT | Kind.INTEGER:
            return TextEntry(example)
        case _:
            assert_never(question.kind)


class Field(Vertical):
    """A label, the widget, and below it a hint or what is wrong."""

    DEFAULT_CSS = """
    Field { height: auto; margin-bottom: 1; }
    Field > Horizontal { height: auto; }
    Field .label { width: 22; padding-right: 1; color: $text-muted; }
    Field:focus-within .label { color: $text; text-style: bold; }
    Field .control { width: 1fr; }
    Field .below { height: auto; padding-left: 22; display: none; }
    Field.-long > Horizontal { layout: vertical; }
    Field.-long .label { width: 1fr; padding: 0; }
    Field.-long .below { padding-left: 2; }
    Field .below.-hint, Field .below.-problem { display: block; }
    Field .below.-hint { color: $text-muted; }
    Field .below.-problem { color: $text-error; }
    """

    class Answered(Message):
        """The answer changed; ``value`` is None for none, and ``problem`` says what cannot be read."""

        def __init__(self, field: Field, value: Value, problem: str | None) -> None:
            super().__init__()
            self.field = field
            self.value = value
            self.problem = problem

    class Left(Message):
        """The cursor left the field."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """Enter was pressed in the field, or an entry picked."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    class Visited(Message):
        """The cursor came into the field."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, question: Question) -> None:
        long = len(question.prompt) > 30
        super().__init__(classes="-long" if long else None)
        self.question = question
        self._widget = make_control(question)
        self._widget.add_class("control")
        self._unread: str | None = None
        self._known: frozenset[str] = frozenset()
        self._problem: str | None = None
        self._hint = ""

    def compose(self) -> ComposeResult:
        """Lay out label, control and the line below."""
        with Horizontal():
            yield Static(Content(self.question.prompt), classes="label")
            yield self._widget
        yield Static(classes="below", markup=False)

    @property
    def control(self) -> Control:
        """The widget, as the form uses it."""
        return cast("Control", self._widget)

    @property
    def entrance(self) -> Widget:
        """What takes the focus."""
        return self._widget.input if isinstance(self._widget, PickList) else self._widget

    def update(self, situation: Situation) -> None:
        """Offer the choices of a situation, and show its answer unless one is being typed."""
        choices = self.question.choices(situation)
        if self.question.kind is Kind.REFERENCE:
            choices = tuple(
                Choice(value=str(one.name), label=str(one.name), aside=one.record)
                for one in situation.tables
            )
        self._known = frozenset(one.value for one in choices)
        self.control.offer(choices)
        if self._unread is None and not (self.has_focus_within and self.control.text):
            self.restore(value_of(self.question, situation))

    def restore(self, value: Value) -> None:
        """Show an answer."""
        self.control.show(show_entry(self.question, value))

    def say(self, problem: str | None, hint: str = "") -> None:
        """Show what is wrong below the field, or else a hint."""
        self._problem, self._hint = problem, hint
        below = self.query_one(".below", Static)
        below.set_class(problem is not None, "-problem")
        below.set_class(problem is None and bool(hint), "-hint")
        below.update(Content(f"✗ {problem}" if problem is not None else hint))
        self.set_class(problem is not None, "-wrong")

    @property
    def problem(self) -> str | None:
        """What is wrong with it, as it stands below the field."""
        return self._problem

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        try:
            value = read_entry(self.question, event.text)
        except ValueError as error:
            self._unread = f"{self.question.prompt}: {error}"
            self.post_message(self.Answered(self, None, self._unread))
            return
        picked = self.question.kind in (Kind.TABLE, Kind.COLUMN) and bool(self._known)
        if picked and value is not None and value not in self._known:
            # Half a name filters the list; it becomes a problem when the field is left.
            self._unread = f"there is no {self.question.kind} {value}: pick one of the list"
            self.post_message(self.Answered(self, None, None))
            return
        self._unread = None
        self.post_message(self.Answered(self, value, None))

    @property
    def unread(self) -> str | None:
        """What cannot be read of the text in the field."""
        return self._unread

    @on(Entered)
    def _entered(self, event: Entered) -> None:
        event.stop()
        self.post_message(self.Done(self))

    @on(events.DescendantFocus)
    def _focused(self) -> None:
        self.post_message(self.Visited(self))

    @on(events.DescendantBlur)
    def _blurred(self) -> None:
        self.post_message(self.Left(self))
