"""One answer out of a few: all of them in sight, with a reason beside those that cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.widgets.signals import Edited, Entered
from screens.words import MUTED
from wizard.questions import Choice


class ChoiceList(OptionList):
    """Arrows choose at once, Enter goes on; a click chooses."""

    DEFAULT_CSS = """
    ChoiceList { height: auto; max-height: 14; border: none; padding: 0; background: transparent; }
    """

    def __init__(self, choices: Sequence[Choice] = (), *, id: str | None = None) -> None:
        super().__init__(compact=True, markup=False, id=id)
        self._offered: tuple[Choice, ...] = ()
        self._chosen = ""
        self.offer(choices)

    @property
    def text(self) -> str:
        """The chosen value."""
        return self._chosen

    def show(self, text: str) -> None:
        """Choose a value."""
        if text != self._chosen:
            self._chosen = text
            self._paint()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Put other choices there, when they are others."""
        if tuple(choices) == self._offered and self.option_count:
            return
        self._offered = tuple(choices)
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(
                Option(self._line(one), disabled=bool(one.disabled)) for one in self._offered
            )
        self._paint()

    def _line(self, choice: Choice) -> Content:
        width = min(60, max((len(one.label) for one in self._offered), default=0))
        longest = max((_length(one) for one in self._offered), default=0)
        if 0 < self.size.width < width + longest + 7:
            return self._two_lines(choice)
        chosen = choice.value == self._chosen
        if choice.disabled:
            return Content.assemble(
                (f"✗   {choice.label.ljust(width)}", "dim"),
                ("  cannot: " + choice.disabled, "$text-warning"),
            )
        return Content.assemble(
            ("(•) " if chosen else "( ) ", "bold $text-success" if chosen else ""),
            (choice.label.ljust(width), "bold" if chosen else ""),
            ("  " + choice.hint if choice.hint else "", MUTED),
        )

    def _two_lines(self, choice: Choice) -> Content:
        chosen = choice.value == self._chosen
        if choice.disabled:
            return Content.assemble(
                (f"✗   {choice.label}", "dim"),
                (f"\n    cannot: {choice.disabled}", "$text-warning"),
            )
        return Content.assemble(
            ("(•) " if chosen else "( ) ", "bold $text-success" if chosen else ""),
            (choice.label, "bold" if chosen else ""),
            (f"\n    {choice.hint}" if choice.hint else "", MUTED),
        )

    @on(events.Resize)
    def _resized(self) -> None:
        self._paint()

    def _paint(self) -> None:
        for number, one in enumerate(self._offered):
            self.replace_option_prompt_at_index(number, self._line(one))
        at = next((n for n, one in enumerate(self._offered) if one.value == self._chosen), None)
        # Before anything is chosen, what stands under the cursor stays there.
        if at is None and self.has_focus:
            return
        with self.prevent(OptionList.OptionHighlighted):
            self.highlighted = at

    @on(events.Focus)
    def _visited(self) -> None:
        if self.highlighted is None:
            free = (n for n, one in enumerate(self._offered) if not one.disabled)
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = next(free, None)

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self.has_focus:
            self._choose(event.option_index)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(event.option_index)
        if not self._by_mouse:
            self.post_message(Entered(self, self._chosen))
        self._by_mouse = False

    _by_mouse = False

    async def _on_click(self, event: events.Click) -> None:
        self._by_mouse = True
        await super()._on_click(event)

    def _choose(self, index: int) -> None:
        chosen = self._offered[index]
        if chosen.value != self._chosen and not chosen.disabled:
            self._chosen = chosen.value
            self._paint()
            self.post_message(Edited(self, chosen.value))


def _length(choice: Choice) -> int:
    return len(choice.disabled) + 8 if choice.disabled else len(choice.hint)


class YesNo(Static, can_focus=True):
    """Yes or no, in one line."""

    DEFAULT_CSS = """
    YesNo { width: auto; height: 1; padding: 0 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,left,right", "turn", "change", show=False),
        Binding("enter", "enter", "next", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(markup=False, id=id)
        self._yes = False

    def on_mount(self) -> None:
        """Paint the answer."""
        self._paint()

    @property
    def text(self) -> str:
        """``yes`` or ``no``."""
        return "yes" if self._yes else "no"

    def show(self, text: str) -> None:
        """Answer."""
        self._yes = text == "yes"
        self._paint()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Take no choices: there are always two."""

    def _paint(self) -> None:
        yes, no = ("(•) yes", "( ) no") if self._yes else ("( ) yes", "(•) no")
        self.update(
            Content.assemble(
                (yes, "bold" if self._yes else ""), "   ", (no, "" if self._yes else "bold")
            )
        )

    def action_turn(self) -> None:
        """Change the answer."""
        self._yes = not self._yes
        self._paint()
        self.post_message(Edited(self, self.text))

    def action_enter(self) -> None:
        """Go on."""
        self.post_message(Entered(self))

    def on_click(self) -> None:
        """Change the answer."""
        self.focus()
        self.action_turn()
