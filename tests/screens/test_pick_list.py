from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import OptionList

from screens.widgets.field import make_control
from screens.widgets.pick_list import SHOWN, PickList, matching, option_text
from wizard.questions import Choice, Kind, Question

CHOICES = tuple(Choice(value=name, label=name) for name in ("orders", "order_items", "reorders"))


def test_names_that_begin_with_the_text_come_first() -> None:
    assert [one.value for one in matching(CHOICES, "ORDERS")] == ["orders", "reorders"]
    assert [one.value for one in matching(CHOICES, "")] == ["orders", "order_items", "reorders"]
    assert matching(CHOICES, "zzz") == []


def test_what_hardly_anybody_wants_comes_last() -> None:
    aside = Choice(value="order_log", label="order_log", hint="kept by a tool", aside=True)
    for text in ("", "order", "o"):
        assert matching((aside, *CHOICES), text)[-1] is aside
        assert len(matching((aside, *CHOICES), text)) == 4
    assert matching((aside, *CHOICES), "order_log") == [aside]
    assert matching((aside, *CHOICES), "tool") == []
    (shown, *_) = option_text(aside, 9).spans
    assert shown.style == "dim"


def test_every_kind_of_question_has_a_widget() -> None:
    for kind in Kind:
        question = Question(key="x", kind=kind, prompt="X", help="", example="x")
        control = make_control(question)
        assert {"text", "show", "offer"} <= set(dir(control)), kind


class Picker(App[None]):
    def __init__(self, picker: PickList) -> None:
        super().__init__()
        self.picker = picker

    def compose(self) -> ComposeResult:
        yield self.picker


async def test_ten_thousand_entries_are_searched_and_few_are_laid_out() -> None:
    many = [Choice(value=f"t{n}", label=f"t{n}") for n in range(10_000)]
    app = Picker(PickList(many))
    async with app.run_test() as pilot:
        app.picker.input.focus()
        await pilot.pause()
        listed = app.query_one(OptionList)
        assert listed.option_count == SHOWN + 1
        assert "9,900 more" in str(listed.get_option_at_index(SHOWN).prompt)
        await pilot.press(*"t9999", "enter")
        assert app.picker.text == "t9999"
        await pilot.press("enter")
        assert app.picker.text == "t9999"


async def test_several_names_are_completed_one_by_one() -> None:
    app = Picker(PickList(CHOICES, separator=","))
    async with app.run_test() as pilot:
        app.picker.input.focus()
        await pilot.press(*"re", "enter")
        assert app.picker.text == "reorders"
        await pilot.press(*",order_", "enter")
        assert app.picker.text == "reorders, order_items"
