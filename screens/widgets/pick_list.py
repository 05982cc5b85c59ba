"""A filter over a list that stays quick with ten thousand entries: type, move, pick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from screens.widgets.signals import Edited, Entered
from screens.words import MUTED
from wizard.questions import Choice

#: So many entries are laid out at once; more would be slow to paint and useless to read.
SHOWN = 100
_LABEL_WIDTH = 34


def matching(choices: Sequence[Choice], text: str) -> list[Choice]:
    """Return the choices that hold the text, those that begin with it first, those aside last."""
    wanted = text.strip().casefold()
    begin, hold, aside = [], [], []
    for one in choices:
        label = one.label.casefold() if wanted else ""
        if one.aside:
            if wanted in label:
                aside.append(one)
        elif label.startswith(wanted):
            begin.append(one)
        elif wanted in label or wanted in one.hint.casefold():
            hold.append(one)
    return begin + hold + aside


def option_text(choice: Choice, width: int) -> Content:
    """Return one line of the list; the names in it are text, not markup."""
    label = choice.label.ljust(width)
    if choice.disabled:
        return Content.assemble((f"✗ {label}", "dim"), ("  " + choice.disabled, "$text-warning"))
    name = (f"  {label}", "dim") if choice.aside else f"  {label}"
    return Content.assemble(name, ("  " + choice.hint, MUTED))


class Filter(Input):
    """The field above the list; it hands the keys that move in the list to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list('cursor_down')", "down", show=False),
        Binding("up", "list('cursor_up')", "up", show=False),
        Binding("pagedown", "list('page_down')", "page down", show=False),
        Binding("pageup", "list('page_up')", "page up", show=False),
    ]

    def action_list(self, action: str) -> None:
        """Move in the list."""
        parent = self.parent
        if isinstance(parent, PickList):
            parent.move(action)


class PickList(Vertical):
    """Pick one entry, or several parted by ``separator``; the list opens while it has the focus.

    With ``free`` what is typed need not be in the list. ``after`` is put behind a picked name.
    """

    DEFAULT_CSS = """
    PickList { height: auto; }
    PickList > OptionList { display: none; height: auto; max-height: 9; border: none; padding: 0; }
    PickList.-open > OptionList { display: block; }
    """

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        placeholder: str = "",
        separator: str = "",
        after: str = "",
        free: bool = False,
        always_open: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id, classes="-open" if always_open else None)
        self._choices = tuple(choices)
        self._placeholder = placeholder
        self._separator = separator
        self._after = after
        self._free = free
        self._always_open = always_open
        self._found: list[Choice] = []
        self._value = ""
        self._typed = False

    def compose(self) -> ComposeResult:
        """Lay out the field and the list."""
        yield Filter(placeholder=self._placeholder, compact=True, select_on_focus=False)
        yield OptionList(compact=True, markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self.list.can_focus = False
        self.input.value = self._value
        self._fill()

    @property
    def input(self) -> Filter:
        """The field."""
        return self.query_one(Filter)

    @property
    def list(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.input.value if self.is_mounted else self._value

    @property
    def highlighted(self) -> Choice | None:
        """The entry under the cursor."""
        at = self.list.highlighted
        return self._found[at] if at is not None and at < len(self._found) else None

    def show(self, text: str) -> None:
        """Put a text into the field, unless it stands there."""
        self._value = text
        if self.is_mounted and self.input.value != text:
            with self.input.prevent(Input.Changed):
                self.input.value = text
                self.input.cursor_position = len(text)
            self._typed = False
            self._fill()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Put other entries into the list, when they are others."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            if self.is_mounted:
                self._fill()

    def move(self, action: str) -> None:
        """Move the cursor of the list."""
        getattr(self.list, f"action_{action}")()

    def _fragment(self) -> str:
        text = self.input.value
        if not self._separator:
            # A value that was there before shows the whole list, with the cursor on it.
            return text if self._typed or self._always_open else ""
        text = text.rpartition(self._separator)[2].strip()
        return "" if self._after and self._after.strip() in text else text

    def _fill(self) -> None:
        found = matching(self._choices, self._fragment())
        text = self.input.value.strip()
        chosen = next((one for one in found if one.value == text), None)
        self._found = found[:SHOWN]
        if chosen is not None and chosen not in self._found:
            # What is chosen is always in the list, so that Enter keeps it.
            self._found = [chosen, *found[: SHOWN - 1]]
        width = min(_LABEL_WIDTH, max((len(one.label) for one in self._found), default=0))
        options = [
            Option(option_text(one, width), disabled=bool(one.disabled)) for one in self._found
        ]
        if len(found) > SHOWN:
            more = f"  {len(found) - SHOWN:,} more: type to narrow"
            options.append(Option(Content.styled(more, MUTED), disabled=True))
        if not options and self._choices:
            options.append(Option(Content.styled("  nothing of that name", "dim"), disabled=True))
        self.list.set_options(options)
        at = next((n for n, one in enumerate(self._found) if one.value == text), None)
        kept = bool(text) and not self._fragment()
        if at is None and not kept:
            at = next((n for n, one in enumerate(self._found) if not one.disabled), None)
        # With several names or free text, nothing is picked unless something was typed or moved.
        quiet = (self._separator or self._free) and not self._fragment()
        self.list.highlighted = None if quiet else at

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._typed = True
        self._fill()
        self.post_message(Edited(self, event.value))

    @on(events.DescendantFocus)
    def _entered(self) -> None:
        self.add_class("-open")

    @on(events.DescendantBlur)
    def _left(self) -> None:
        self._typed = False
        self.set_class(self._always_open, "-open")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        choice = self.highlighted
        if choice is None or choice.disabled:
            self.post_message(Entered(self))
            return
        if self._separator:
            fragment = self._fragment()
            if self._complete(choice) or not fragment:
                return
            self.post_message(Entered(self))
            return
        self._take(choice)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index >= len(self._found):
            return
        choice = self._found[event.option_index]
        if self._separator:
            self._complete(choice)
            self.input.focus()
        else:
            self._take(choice)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        # Only the change step listens, for its explanation; nobody else should see the list.
        if not self._always_open:
            event.stop()

    def _take(self, choice: Choice) -> None:
        if not self._always_open:
            with self.input.prevent(Input.Changed):
                self.input.value = choice.value
                self.input.cursor_position = len(choice.value)
            self._typed = False
            self._fill()
            self.post_message(Edited(self, choice.value))
        self.post_message(Entered(self, choice.value))

    def _complete(self, choice: Choice) -> bool:
        """Put a name in place of what was begun; False when it stands there in full."""
        text = self.input.value
        head, mark, last = text.rpartition(self._separator)
        if last.strip() == choice.value and not self._after:
            return False
        before = f"{head}{mark} " if mark else ""
        self.input.value = f"{before}{choice.value}{self._after}"
        self.input.cursor_position = len(self.input.value)
        return True
