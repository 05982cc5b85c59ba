"""Drafts: what was answered so far, kept outside the project until the files are written."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from wizard.model.answers import Answers, read_answers, to_toml
from wizard.model.errors import MigwizError

_PASSWORD = re.compile(r"://[^/@]*:|pass(?:word|wd)?=|pwd=", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A kept draft; ``saved`` is the moment in seconds since 1970."""

    answers: Answers
    saved: float


def draft_path(root: Path) -> Path:
    """Return where the draft of a project's folder is kept."""
    from platformdirs import user_state_dir

    name = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]
    return Path(user_state_dir("migwiz", appauthor=False)) / "drafts" / f"{name}.toml"


def save_draft(root: Path, answers: Answers) -> bool:
    """Keep the answers, whole or not at all; returns False where the folder cannot be written.

    A URL that holds a password is left out.
    """
    url = answers.text("database.url")
    if url is not None and not url.startswith("env:") and _PASSWORD.search(url):
        answers = answers.put("database.url", None)
    path = draft_path(root)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # mkstemp makes the file readable by its owner alone.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(to_toml(answers))
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        return False
    return True


def load_draft(root: Path) -> Draft | None:
    """Return the kept draft; None when there is none, or none that still reads."""
    path = draft_path(root)
    try:
        saved = path.stat().st_mtime
        answers = read_answers(path)
    except (OSError, MigwizError):
        return None
    return Draft(answers=answers, saved=saved) if answers.operations else None


def forget_draft(root: Path) -> None:
    """Throw the draft away; harmless when there is none."""
    with contextlib.suppress(OSError):
        draft_path(root).unlink()
