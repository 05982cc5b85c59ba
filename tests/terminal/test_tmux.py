"""A real terminal: someone types a whole change into `migwiz`, and finds the files."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import alembic_ok, make_alembic_project

pytestmark = pytest.mark.terminal

PATIENCE = 60.0


class Terminal:
    """One tmux session of its own, on a socket of its own."""

    def __init__(
        self, folder: Path, *, width: int, height: int, program: tuple[str, ...] = ("-m", "wizard")
    ) -> None:
        tmux = shutil.which("tmux")
        if tmux is None:
            pytest.skip("needs tmux: apt-get install tmux")
        self._tmux = [tmux, "-S", str(folder / "tmux.sock"), "-f", "/dev/null"]
        self.status = folder / "status"
        command = (
            f"{shlex.join([sys.executable, *program])}; echo $? > {shlex.quote(str(self.status))}"
        )
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "DATABASE_URL": "sqlite:///shop.db",
            "SHELL": "/bin/sh",
        }
        (folder / "home").mkdir()
        self._run(
            *("new-session", "-d", "-x", str(width), "-y", str(height), "-c", str(folder / "shop")),
            f"{command}; cat",
            environment=environment,
        )

    def _run(self, *words: str, environment: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._tmux, *words], capture_output=True, text=True, env=environment, check=True
        )
        return done.stdout

    def screen(self) -> str:
        """Return what is to be seen."""
        return self._run("capture-pane", "-p", "-J")

    def until(self, text: str) -> str:
        """Return the screen as soon as it shows the text; fails when it does not come."""
        end = time.monotonic() + PATIENCE
        while text not in (shown := self.screen()):
            assert time.monotonic() < end, f"{text!r} did not come:\n{shown}"
            time.sleep(0.05)
        return shown

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._run("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._run("send-keys", *keys)

    def exit_code(self) -> int:
        """Wait for the program to end."""
        end = time.monotonic() + PATIENCE
        while not (self.status.exists() and self.status.read_text().strip()):
            assert time.monotonic() < end, f"it did not end:\n{self.screen()}"
            time.sleep(0.05)
        return int(self.status.read_text())

    def close(self) -> None:
        """End the session and all that runs in it."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    make_alembic_project(root)
    with sqlite3.connect(root / "shop.db") as connection:
        connection.executescript(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT);"
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, status_code TEXT, note TEXT);"
        )
    return root


@pytest.fixture
def terminal(shop: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    width, height = getattr(request, "param", (160, 45))
    one = Terminal(tmp_path, width=width, height=height)
    yield one
    one.close()


@pytest.mark.parametrize("terminal", [(160, 45), (80, 24)], indirect=True, ids=["wide", "narrow"])
def test_a_whole_change_is_typed(terminal: Terminal, shop: Path) -> None:
    terminal.until("What should change?")
    terminal.until("read-only")
    terminal.type("add an")
    terminal.until("add an")
    terminal.press("Enter")
    terminal.until("4/8")
    terminal.until("Columns")
    terminal.type("orders")
    terminal.until("--table orders")
    terminal.press("Enter")
    terminal.until("status_code")
    terminal.type("status_code")
    terminal.until("--columns status_code")
    for step, shows in (("5/8", "Migrations run"), ("6/8", "EXPAND"), ("7/8", "def upgrade")):
        terminal.press("F4")
        terminal.until(step)
        terminal.until(shows)
    terminal.press("F4")
    terminal.until("8/8")
    terminal.until("migrations/plans")
    terminal.press("C-s")
    terminal.until("wrote 2 files")
    assert terminal.exit_code() == 0
    (file,) = (shop / "migrations" / "versions").glob("*add_index*.py")
    assert 'op.create_index("ix_orders_status_code", "orders", ["status_code"])' in file.read_text()
    assert list((shop / "migrations" / "plans").glob("*.toml"))
    url = f"sqlite:///{shop}/shop.db"
    alembic_ok(shop, url, "upgrade", "head")
    alembic_ok(shop, url, "downgrade", "base")


def test_control_c_leaves_nothing_behind(terminal: Terminal, shop: Path) -> None:
    before = sorted(shop.rglob("*"))
    terminal.until("What should change?")
    terminal.press("C-c")
    terminal.press("C-c")
    assert terminal.exit_code() == 130
    assert sorted(shop.rglob("*")) == before
