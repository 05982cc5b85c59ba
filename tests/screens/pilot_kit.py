"""Driving the wizard in tests: press keys, wait until it is still, read what is on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from textual import _wait
from textual.content import Content
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static
from textual.worker import WorkerCancelled, WorkerState

from screens.app import MigwizApp
from screens.modals import Confirm
from wizard.flow import WizardStep
from wizard.session import Session

# Textual's pilot waits for 20 ms in which the process did nothing, twice for each key. A shorter
# look says the same, and `Driver.still` waits for the app's own workers besides.
_wait.SLEEP_GRANULARITY = 1 / 250
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 10


class Driver:
    """The app under a pilot."""

    def __init__(self, app: MigwizApp, pilot: Pilot[object]) -> None:
        self.app = app
        self.pilot = pilot

    async def still(self) -> None:
        """Wait until all work is done and painted."""
        await self.pilot.pause()
        while self.app.desk is None:
            await self.pilot.pause()
        while not isinstance(self.app.screen, Confirm):
            busy = [
                one
                for one in self.app.workers
                if one.state in (WorkerState.PENDING, WorkerState.RUNNING)
            ]
            if not busy:
                break
            for one in busy:
                with suppress(WorkerCancelled):
                    await one.wait()
            await self.pilot.pause()
        await self.pilot.pause()

    async def settled(self) -> None:
        """Wait until nothing scrolls any more: a view may follow the cursor a frame or two later."""
        await self.still()
        seen: list[object] = []
        for _ in range(20):
            await self.pilot.pause()
            seen.append([one.scroll_offset for one in self.app.screen.query("*")])
            if len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]:
                return

    async def press(self, *keys: str) -> None:
        """Press keys one by one, each when the app is still."""
        for key in keys:
            await self.pilot.press(key)
            await self.still()

    async def type(self, text: str) -> None:
        """Type a text into the focused field."""
        # One repaint for most of it: how single keys are taken is for test_pick_list.py to see.
        if isinstance(self.app.screen.focused, Input):
            self.app.screen.focused.post_message(Paste(text[:-1]))
            await self.pilot.pause()
            text = text[-1:]
        await self.pilot.press(*text)
        await self.still()

    async def choose(self, words: str) -> None:
        """Choose an operation by a part of its name, and go on to its questions."""
        await self.type(words)
        await self.press("enter")
        assert self.step is WizardStep.DETAILS

    async def fill_filter(self, text: str) -> None:
        """Type into the filter of the operations in place of what stands there."""
        await self.press("end", "ctrl+u")
        await self.type(text)

    async def fill(self, key: str, text: str) -> None:
        """Put the cursor into a field, and type an answer in place of what stands there."""
        field = next(
            one for one in self.app.wizard.current.query("Field") if one.question.key == key
        )
        field.entrance.focus()
        await self.still()
        await self.press("end", "ctrl+u")
        await self.type(text)

    async def pick(self, key: str, value: str) -> None:
        """Choose one of a few answers with the arrows."""
        field = next(
            one for one in self.app.wizard.current.query("Field") if one.question.key == key
        )
        field.entrance.focus()
        await self.still()
        await self.press("home")
        for _ in range(8):
            if field.control.text == value:
                return
            await self.press("down")
        raise AssertionError(f"{value} cannot be chosen:\n{self.text()}")

    @property
    def step(self) -> WizardStep:
        """The step in front."""
        return self.app.wizard.state.step

    def text(self) -> str:
        """All text that is in sight, in no particular order."""
        found = []
        for one in self.app.screen.query(Static):
            if one.region.area > 0 and isinstance(one.visual, Content):
                found.append(one.visual.plain)
        for listed in self.app.screen.query(OptionList):
            if listed.region.area > 0:
                found += [str(one.prompt) for one in listed.options]
        return "\n".join(found)


@asynccontextmanager
async def driving(session: Session, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Driver]:
    """Run the app for a session until the block ends."""
    app = MigwizApp(session)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.still()
        yield driver
