"""A real terminal: a backfill is watched and stopped, and what it did stays in the scrollback."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_tmux import Terminal

pytestmark = pytest.mark.terminal

_PROGRAM = textwrap.dedent(
    """
    import sys, threading
    from screens.alone import run_backfill
    from wizard.backfilling.progress import Progress

    stopped = threading.Event()

    class Control:
        def pause(self): pass
        def resume(self): pass
        def stop(self): stopped.set()

    def work(tell):
        walked = 0
        def told(state):
            return Progress(title="fill status of orders", table="orders", state=state,
                            walked=walked, total=1000, elapsed_s=walked / 100)
        while not stopped.wait(0.05):
            walked = min(walked + 10, 500)
            tell(told("running"))
        tell(told("stopped"))
        return 130

    sys.exit(run_backfill(work, Control(), database="shop"))
    """
)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "shop").mkdir()
    program = tmp_path / "watched.py"
    program.write_text(_PROGRAM)
    root = str(Path(__file__).parent.parent.parent)
    runner = f"import runpy, sys; sys.path.insert(0, {root!r}); runpy.run_path({str(program)!r})"
    one = Terminal(tmp_path, width=80, height=24, program=("-c", runner))
    yield one
    one.close()


def test_a_backfill_is_watched_and_stopped(terminal: Terminal) -> None:
    terminal.until("50.0 %")
    terminal.press("C-c")
    shown = terminal.until("go on    run the same command again")
    assert "■ stopped: fill status of orders (orders)" in shown
    assert "walked   500 rows" in shown
    assert "gentler" not in shown
    assert terminal.exit_code() == 130
