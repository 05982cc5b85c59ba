"""A real terminal: a backfill is watched and stopped, and what it did stays in the scrollback."""

from __future__ import annotations

import sqlite3
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from projects import make_alembic_project
from servers import TestServer
from test_tmux import Terminal

from wizard.cli import main

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


def test_rows_are_written_before_the_eyes_of_who_asked_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres18: TestServer
) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    make_alembic_project(root)
    with postgres18.database() as url:
        plain = url.replace("+psycopg", "", 1)
        monkeypatch.chdir(root)
        monkeypatch.setenv("DATABASE_URL", plain)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE TABLE orders (id bigint PRIMARY KEY, note text)")
            connection.execute("INSERT INTO orders SELECT n, NULL FROM generate_series(1, 5000) n")
            connection.execute("ANALYZE orders")
            words = ["--table", "orders", "--set", "note = 'none'", "--where", "note IS NULL"]
            assert main(["write", "backfill", *words, "--rows", "120M"]) == 0
            run = ("-m", "wizard", "backfill", "run", "fill-orders-note", "--url", plain)
            terminal = Terminal(tmp_path, width=100, height=30, program=run)
            try:
                terminal.until("Type its name to go on")
                terminal.type(connection.info.dbname)
                terminal.press("Enter")
                shown = terminal.until("✓ done: ")
                assert "walked   5,000 rows, changed 5,000" in shown
                assert "go on" not in shown.partition("✓ done: ")[2]
                assert terminal.exit_code() == 0
            finally:
                terminal.close()
            left = connection.execute("SELECT count(*) FROM orders WHERE note IS NULL").fetchall()
            assert left == [(0,)]


def test_status_shows_the_plans_on_a_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    make_alembic_project(root)
    with sqlite3.connect(root / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT)")
    monkeypatch.chdir(root)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    assert main(["write", "add-index", "--table", "orders", "--columns", "note"]) == 0
    status = ("-m", "wizard", "status", "--screen")
    terminal = Terminal(tmp_path, width=100, height=30, program=status)
    try:
        terminal.until("shop.db, SQLite")
        shown = terminal.until("$ alembic upgrade")
        assert "EXPAND" in shown
        assert "add index on orders (note)" in shown
        terminal.press("Escape")
        assert terminal.exit_code() == 0
    finally:
        terminal.close()


def test_without_a_terminal_the_screen_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["status", "--screen"]) == 2
    assert "leave --screen away" in capsys.readouterr().err
