"""Questions to git about the user's repository, read-only and without running what it configures."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 5.0
# A repository may name programs that git then runs: none of them is needed to read.
_QUIET = (
    *(
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "log.showSignature=false",
    ),
    "--no-optional-locks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit: what it added and what it changed, relative to the folder that was asked for."""

    added: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.added, *self.changed)


def git(root: Path, *words: str) -> str | None:
    """Return what git prints; None without git, outside a repository, or when it takes too long."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *_QUIET, *words],
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": os.environ.get("HOME", "/"),
                "LC_ALL": "C.UTF-8",
                "GIT_TERMINAL_PROMPT": "0",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # 1 is grep's way to say that nothing was found.
    if done.returncode not in (0, 1):
        return None
    return done.stdout.decode("utf-8", "replace")


def newest_additions(root: Path, folder: str, *, count: int, largest: int) -> tuple[Commit, ...]:
    """Return the newest commits that added files below a folder, the newest first.

    ``folder`` is relative to ``root``. Merges, and commits of more than ``largest`` files (imports,
    formatting), say nothing and are left out.
    """
    found = git(
        root, "log", "--no-merges", "--diff-filter=A", "--format=%H", f"-n{count}", "--", folder
    )
    hashes = (found or "").split()
    if not hashes:
        return ()
    shown = git(
        root, "show", "--format=%x00", "--name-status", "--no-renames", "--relative", "-z", *hashes
    )
    commits = (_commit(part.split("\0")) for part in (shown or "").split("\0\0\n")[1:])
    return tuple(one for one in commits if 0 < len(one.files) <= largest)


def _commit(words: Sequence[str]) -> Commit:
    pairs = list(zip(words[::2], words[1::2], strict=False))
    return Commit(
        added=tuple(path for how, path in pairs if how.strip("\n") == "A"),
        changed=tuple(path for how, path in pairs if how.strip("\n") == "M"),
    )


def mentions(root: Path, texts: Sequence[str]) -> tuple[str, ...] | None:
    """Return the tracked text files that hold one of the texts, relative to ``root``.

    None where git cannot tell.
    """
    asked = [word for text in texts for word in ("-e", text)]
    found = git(root, "grep", "-lIFz", *asked, "--", ".")
    if found is None:
        return None
    return tuple(path for path in found.split("\0") if path)
