"""Step 3: what should change."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.step import Step
from screens.widgets.pick_list import PickList
from screens.widgets.signals import Edited, Entered
from screens.words import MUTED, doc_text, plural
from wizard.flow import WizardStep
from wizard.questions import Choice


class ChangeStep(Step):
    """All operations there are, under their groups; typing filters them."""

    step: ClassVar[WizardStep] = WizardStep.CHANGE

    def compose(self) -> ComposeResult:
        """Lay out the list, and the plans that wait."""
        yield Static(Content("What should change?"), classes="question")
        yield PickList(placeholder="type to filter", always_open=True, id="operations")
        yield Static(id="plans", markup=False)

    def on_mount(self) -> None:
        """Fill the list: the group stands beside the first of its operations."""
        choices, before = [], ""
        for one in self.wizard.operations:
            group = one.group if one.group != before else ""
            before = one.group
            label = f"{group:<11} {one.label}"
            choices.append(Choice(value=one.kind, label=label))
        self.query_one(PickList).offer(tuple(choices))

    def paint(self) -> None:
        """Name the plans that are under way, in one quiet line."""
        found = self.state.waiting
        line = Content("")
        if found:
            one = found[0]
            line = Content.assemble(
                (f"{plural(len(found), 'plan')} ", "bold"),
                ("is" if len(found) == 1 else "are", ""),
                " under way: ",
                one.slug,
                (", " if len(found) == 1 else " and others, ", MUTED),
                (f"next: {one.phase} · ", MUTED),
                ("F7", "bold $text-accent"),
            )
        self.query_one("#plans", Static).update(line)

    def focus_first(self) -> None:
        """Put the cursor into the filter."""
        self.query_one(PickList).input.focus()

    def explain(self) -> tuple[str, Content]:
        """Show the operation under the cursor."""
        choice = self.query_one(PickList).highlighted
        found = next(
            (one for one in self.wizard.operations if choice and one.kind == choice.value), None
        )
        return "Why migwiz asks", doc_text(found.doc) if found is not None else Content("")

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.wizard.paint_side()

    @on(Edited)
    def _filtered(self, event: Edited) -> None:
        event.stop()
        self.wizard.paint_side()

    @on(Entered)
    async def _entered(self, event: Entered) -> None:
        event.stop()
        if event.value:
            await self.wizard.run_action("screen.skip")

    async def leave(self) -> bool:
        """Choose what is under the cursor."""
        choice = self.query_one(PickList).highlighted
        if choice is None:
            self.wizard.hint("nothing is chosen: clear the filter, or type another word")
            return False
        await self.wizard.choose(choice.value)
        return await self.wizard.gathering.connected()
