"""The demo without a terminal: one whole change through the command line, told as it happens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from wizard.demo.build import run_alembic
from wizard.demo.proof import both_names_work, has_column, look
from wizard.journal import Journal, read
from wizard.model.errors import RehearsalError

OLD, NEW = "status_code", "status"
CHANGE = (
    *("rename-column", "--table", "orders", "--column", OLD, "--to", NEW),
    *("--how", "sync", "--deployment", "rolling", "--rows", "120000000"),
)
_SECONDS = 300


def tell_story(root: Path, url: str, say: Callable[[str], None]) -> None:
    """Plan, write, upgrade phase by phase and downgrade, in the shop at ``root``.

    Every step is a command that a user could type. Raises RehearsalError (`demo-failed`) when one
    fails or the way back leaves something behind.
    """
    start = run_alembic(root, "current").split()[0]
    before = look(url)
    say(
        f"The shop is at revision {start}, with 100,000 orders. Production would have 120 million.\n"
    )
    say("1. What would renaming orders.status_code take?\n")
    _migwiz(root, "plan", *CHANGE, say=say)
    say("2. Write only what is safe to run now.\n")
    plan = _plan_file(root, _migwiz(root, "write", *CHANGE, say=say))
    number = 3
    while True:
        kept = read(plan)
        say(f"{number}. Deploy {_written(kept)}: run the new files with the real Alembic.\n")
        _alembic(root, say, "upgrade", "head")
        _say_who_works(url, say)
        if kept.next_phase is None:
            break
        gate = kept.next_phase.gate
        say(f"{number + 1}. The next phase is {kept.next_phase.name}.")
        say(f"   its gate: {gate.text}\n" if gate else "")
        _migwiz(root, "next", kept.slug, "--gate-open", say=say)
        number += 2
    say(f"{number + 1}. And all the way back, to {start}.\n")
    _alembic(root, say, "downgrade", start)
    after = look(url)
    left = sorted(after.objects ^ before.objects)
    if left or after.rows != before.rows:
        raise RehearsalError(
            "demo-failed",
            "The way back did not lead to where it started.",
            why="; ".join(left) or "rows of orders differ",
        )
    say(
        f"The way back is whole: {len(before.objects)} columns, constraints, indexes, triggers,"
        " functions and views are as before, and so is every one of 100,000 orders.\n"
    )


def _written(kept: Journal) -> str:
    names = [phase.name for phase in kept.phases if phase.written is not None]
    return names[-1]


def _say_who_works(url: str, say: Callable[[str], None]) -> None:
    if not (has_column(url, "orders", OLD) and has_column(url, "orders", NEW)):
        name = NEW if has_column(url, "orders", NEW) else OLD
        say(f"   orders has one name for it now: {name}\n")
        return
    if not both_names_work(url, OLD, NEW):
        raise RehearsalError(
            "demo-failed", "What one version of the application writes, the other does not read."
        )
    say(f"   tried: what old code writes to {OLD}, new code reads in {NEW}, and the other way\n")


def _plan_file(root: Path, printed: str) -> Path:
    paths = [line for line in printed.splitlines() if line.endswith(".toml")]
    if len(paths) != 1:
        raise RehearsalError("demo-failed", "`migwiz write` did not name its plan file.")
    return root / paths[0]


def _migwiz(root: Path, *words: str, say: Callable[[str], None] | None = None) -> str:
    """Run one command of migwiz and return its data; with ``say``, tell what it said."""
    shown = say or (lambda _: None)
    shown(f"$ migwiz {' '.join(words)}")
    done = _run([sys.executable, "-m", "wizard", *words], root)
    if done.returncode != 0:
        raise RehearsalError(
            "demo-failed",
            f"`migwiz {words[0]}` ended with exit code {done.returncode}.",
            why=done.stderr.strip(),
        )
    # Where there is talk, it repeats the data for people.
    shown(_indented(done.stdout if words[0] == "plan" else done.stderr))
    return done.stdout


def _alembic(root: Path, say: Callable[[str], None], *words: str) -> None:
    say(f"$ alembic {' '.join(words)}")
    said = run_alembic(root, *words)
    lines = [line.partition("] ")[2] for line in said.splitlines() if "Running " in line]
    say(_indented("\n".join(lines)))


def _run(command: Sequence[str], root: Path) -> subprocess.CompletedProcess[str]:
    # The shop's own .env decides, and not what the shell happens to hold.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.strip("\n").splitlines())
