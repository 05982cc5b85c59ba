"""Take the README's picture from the real app, in the sample shop: `python docs/screenshots.py`.

It writes ``docs/preview.svg``: the upgrade and the downgrade of one file, side by side.
"""

from __future__ import annotations

import asyncio
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from screens.app import MigwizApp
from wizard.demo.run import shop
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.session import Environment, Session

TARGET = Path(__file__).parent / "preview.svg"
SIZE = (160, 44)
CHANGE = {"table": "orders", "columns": ["channel", "placed_at"]}


def session(root: Path) -> Session:
    """Return the answers, with a clock and ids that stand still."""
    operation = OperationAnswers(kind="add_index", values=freeze(CHANGE))  # type: ignore[arg-type]
    answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
    now = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
    environment = Environment(root=root, environ={}, now=now, seed="readme")
    return Session(environment, answers)


async def picture(root: Path) -> str:
    """Run the wizard up to its preview and return what is on the screen."""
    app = MigwizApp(session(root))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("f2")
        await settled(pilot)
        return app.export_screenshot(title="migwiz")


async def settled(pilot: Pilot[object]) -> None:
    """Wait until nothing is read or computed any more."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def without_fonts(svg: str) -> str:
    """Leave the fonts to the reader's machine: a picture shall load nothing from elsewhere."""
    return re.sub(r"\s*@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)


def main() -> None:
    """Build the shop, take the picture, and leave nothing else behind."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with shop() as built:
        svg = asyncio.run(picture(built.root))
    TARGET.write_text(without_fonts(svg), encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
