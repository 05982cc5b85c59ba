"""First paint of migwiz against an empty Textual app, started in turn in one run.

    python benchmarks/first_paint.py [ROUNDS]

Each start is a process of its own; the clock stops when the first frame was painted. Bar: 1.3×.
The time until the first question takes keys is printed beside it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PAINTED = """
import os, sys, time
def done():
    os.write(3, str(time.monotonic()).encode())
    os._exit(0)
"""
_EMPTY = (
    _PAINTED
    + """
from textual.app import App
class Empty(App):
    def on_mount(self):
        self.call_after_refresh(done)
Empty().run(headless=True, size=(120, 40))
"""
)
_MIGWIZ = (
    _PAINTED
    + """
import wizard.tty
wizard.tty.front_end = lambda *_: "tui"
from screens.app import MigwizApp
run = MigwizApp.run
MigwizApp.run = lambda self: run(self, headless=True, size=(120, 40))
MigwizApp._open = lambda self: done()
from wizard.cli import main
main([])
"""
)
_READY = (
    _PAINTED
    + """
from datetime import UTC, datetime
from pathlib import Path
from wizard.session import Environment, Session
from screens.app import MigwizApp
from screens.wizard import WizardScreen
session = Session(Environment(root=Path(sys.argv[1]), environ={}, now=datetime.now(UTC), seed=""))
WizardScreen._begin = lambda self: done()
MigwizApp(session).run(headless=True, size=(120, 40))
"""
)


def seconds(program: str, folder: str) -> float:
    """Return the time from start to first paint."""
    import os

    reader, writer = os.pipe()
    start = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-c", f"import os; os.dup2({writer}, 3)\n{program}", folder],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parent.parent,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        painted = float(pipe.read())
    child.wait()
    return painted - start


def main(rounds: int) -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        times: dict[str, list[float]] = {"empty": [], "migwiz": [], "ready": []}
        for _ in range(rounds + 1):
            times["empty"].append(seconds(_EMPTY, folder))
            times["migwiz"].append(seconds(_MIGWIZ, folder))
            times["ready"].append(seconds(_READY, folder))
    # The first round warms the caches of the disk.
    empty, migwiz, ready = (statistics.median(one[1:]) for one in times.values())
    print(f"empty app  {empty * 1000:6.0f} ms")
    print(f"migwiz     {migwiz * 1000:6.0f} ms")
    print(f"question   {ready * 1000:6.0f} ms   (the first question takes keys)")
    print(f"ratio      {migwiz / empty:6.2f}   (bar 1.30)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
