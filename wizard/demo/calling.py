"""Commands as a user would type them, run in the shop: migwiz itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from wizard.model.errors import RehearsalError

_SECONDS = 300


def migwiz(root: Path, *words: str, say: Callable[[str], None] | None = None) -> str:
    """Run one command of migwiz and return its data; with ``say``, tell what it said.

    Raises RehearsalError (`demo-failed`) when it fails.
    """
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
    shown(indented(done.stdout if words[0] == "plan" else done.stderr))
    return done.stdout


def plan_file(root: Path, printed: str) -> Path:
    """Return the plan file that `migwiz write` has named; raises RehearsalError when it has not."""
    paths = [line for line in printed.splitlines() if line.endswith(".toml")]
    if len(paths) != 1:
        raise RehearsalError("demo-failed", "`migwiz write` did not name its plan file.")
    return root / paths[0]


def indented(text: str) -> str:
    """Return a command's words set in below it."""
    return "".join(f"  {line}\n" if line else "\n" for line in text.strip("\n").splitlines())


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
