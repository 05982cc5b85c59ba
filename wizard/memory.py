"""What a project has answered once: ``.migwiz.toml`` in its root, committed with the migrations.

Only what a machine cannot know is kept: which of several sets of migrations is meant, and that a
folder which nothing but its look speaks for is one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from generators.base import FileEdit
from wizard.model.errors import AnswerError
from wizard.model.plan import PhaseName

NAME = ".migwiz.toml"
KEYS = ("framework", "layout", "directory")


def recall(root: Path) -> Mapping[str, str]:
    """Return what is kept for a root, by `KEYS`; raises AnswerError for a file that is none."""
    path = root / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(path, str(error)) from None
    try:
        found = tomllib.loads(text).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, str(error)) from None
    if not isinstance(found, dict):
        raise _bad(path, "[project] is not a table")
    strange = [key for key, value in found.items() if key not in KEYS or not isinstance(value, str)]
    if strange:
        raise _bad(path, f"[project] may hold {', '.join(KEYS)} as texts, not {strange[0]}")
    return found


def remember(root: Path, chosen: Mapping[str, str], phase: PhaseName) -> FileEdit | None:
    """Return the edit that keeps a choice, None when it is kept already."""
    path = root / NAME
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and recall(root) == chosen:
        return None
    lines = [
        "# Which migrations migwiz writes for here: asked once, kept for everybody.",
        "[project]",
        *(f"{key} = {_quoted(chosen[key])}" for key in KEYS if key in chosen),
    ]
    return FileEdit(
        path=path,
        content="\n".join(lines) + "\n",
        phase=phase,
        action="create" if before is None else "edit",
        language="toml",
        before=before,
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bad(path: Path, why: str) -> AnswerError:
    return AnswerError(
        "bad-memory",
        f"{path.name} cannot be read",
        why=why,
        next_actions=(f"repair {path.name}, or remove it: migwiz asks again",),
        flag="--directory",
    )
