"""From a key press to the repaint in a picker over ten thousand tables.

    python benchmarks/picker.py [TABLES]

Bar: 50 ms. The same keys in a picker over ten tables are timed beside it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from textual.app import App, ComposeResult

from screens.widgets.pick_list import PickList
from wizard.questions import Choice

_KEYS = "table_12"


class Picker(App[None]):
    """One picker."""

    def __init__(self, tables: int) -> None:
        super().__init__()
        self._tables = tables

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield PickList(
            [
                Choice(value=f"table_{n:05}", label=f"table_{n:05}", hint=f"≈ {n} rows")
                for n in range(self._tables)
            ]
        )


async def measure(tables: int) -> list[float]:
    """Return the milliseconds of each key."""
    app = Picker(tables)
    found = []
    async with app.run_test(size=(120, 40)) as pilot:
        app.query_one(PickList).input.cursor_blink = False
        app.query_one(PickList).input.focus()
        await pilot.pause()
        painted = [0.0]
        display = app._display

        def timed(screen: object, renderable: object) -> None:
            display(screen, renderable)  # type: ignore[arg-type]
            painted[0] = time.perf_counter()

        app._display = timed  # type: ignore[method-assign]
        for key in (*_KEYS, "down", "down", "pagedown", *["backspace"] * len(_KEYS)):
            start = time.perf_counter()
            app.simulate_key(key)
            await pilot.pause()
            found.append((painted[0] - start) * 1000)
    return found


def main(tables: int) -> None:
    """Print medians, the worst key, and the ratio."""
    few, many = asyncio.run(measure(10)), asyncio.run(measure(tables))
    print(f"{'10':>8} tables  median {statistics.median(few):5.1f} ms  worst {max(few):5.1f} ms")
    print(
        f"{tables:>8,} tables  median {statistics.median(many):5.1f} ms  worst {max(many):5.1f} ms"
    )
    print(f"ratio of medians {statistics.median(many) / statistics.median(few):.2f}   (bar 50 ms)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
