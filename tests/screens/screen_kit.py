"""Driving a screen that stands alone: press keys, wait until it is still, read what is in sight."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList, Static

from screens.alone import Alone


class Viewer:
    """An app of one screen under a pilot."""

    def __init__(self, app: Alone, pilot: Pilot[object]) -> None:
        self.app, self.pilot = app, pilot

    async def still(self) -> None:
        """Wait until all is painted."""
        await self.pilot.pause()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one by one."""
        for key in keys:
            await self.pilot.press(key)
            await self.still()

    def text(self, where: str = "*") -> str:
        """All text in sight within some widgets, in no particular order."""
        found = [
            one.visual.plain
            for one in self.app.screen.query(where).results(Static)
            if one.region.area > 0 and isinstance(one.visual, Content)
        ]
        for one in self.app.screen.query(where).results(Static):
            if one.region.area > 0 and one.border_title:
                found.append(Content.from_markup(one.border_title).plain)
        return "\n".join(found)

    def listed(self) -> list[str]:
        """The lines of the list."""
        options = self.app.screen.query_one(OptionList).options
        return [str(one.prompt) for one in options]


@asynccontextmanager
async def viewing(
    make: Callable[[], Screen[Any]], size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Viewer]:
    """Run an app of one screen until the block ends."""
    app = Alone(make)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        viewer = Viewer(app, pilot)
        await viewer.still()
        yield viewer
