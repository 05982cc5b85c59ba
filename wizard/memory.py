"""What a project has answered once: ``.migwiz.toml`` in its root, committed with the migrations.

Only what a machine cannot know is kept: which of several sets of migrations is meant, that a
folder which nothing but its look speaks for is one, and where the team wants its plan files:

    [plans]
    folder = "docs/plans"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generators.base import FileEdit
from wizard.model.errors import AnswerError
from wizard.model.plan import PhaseName

NAME = ".migwiz.toml"
KEYS = ("framework", "layout", "directory")
_COMMENT = "Which migrations migwiz writes for here: asked once, kept for everybody."
_PLANS = (f'name a folder below {NAME}: [plans] folder = "docs/plans"',)


def recall(root: Path) -> Mapping[str, str]:
    """Return what is kept for a root, by `KEYS`; raises AnswerError for a file that is none."""
    path = root / NAME
    found = _section(path, "project")
    strange = [key for key, value in found.items() if key not in KEYS or not isinstance(value, str)]
    if strange:
        raise _bad(path, f"[project] may hold {', '.join(KEYS)} as texts, not {strange[0]}")
    return found


def plans_folder(root: Path) -> Path | None:
    """Return the folder that is kept for plan files, None where none is named.

    Raises AnswerError for one that is outside of the root, also through a link.
    """
    path = root / NAME
    found = _section(path, "plans")
    strange = [key for key in found if key != "folder"]
    if strange:
        raise _bad(path, f"[plans] may hold folder, not {strange[0]}", *_PLANS)
    if "folder" not in found:
        return None
    told = found["folder"]
    if not isinstance(told, str) or not told.strip():
        raise _bad(path, f"[plans] folder is {told!r}, and not a text such as docs/plans", *_PLANS)
    home = root.resolve()
    folder = (home / told).resolve()
    if Path(told).is_absolute() or not folder.is_relative_to(home) or folder == home:
        raise _bad(path, f"[plans] folder is {told!r}, which is not a folder below it", *_PLANS)
    if folder.exists() and not folder.is_dir():
        raise _bad(path, f"[plans] folder is {told!r}, which is a file", *_PLANS)
    return root / told


def _section(path: Path, name: str) -> Mapping[str, Any]:
    """Return a table of the file, empty where there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(path, str(error)) from None
    try:
        found = tomllib.loads(text).get(name, {})
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, str(error)) from None
    if not isinstance(found, dict):
        raise _bad(path, f"[{name}] is not a table")
    return found


def remember(root: Path, chosen: Mapping[str, str], phase: PhaseName) -> FileEdit | None:
    """Return the edit that keeps a choice, None when it is kept already."""
    path = root / NAME
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and recall(root) == chosen:
        return None
    content = _remembered(before or "", {key: chosen[key] for key in KEYS if key in chosen})
    return FileEdit(
        path=path,
        content=content,
        phase=phase,
        action="create" if before is None else "edit",
        language="toml",
        before=before,
    )


def _remembered(before: str, chosen: Mapping[str, str]) -> str:
    """Return the file's text with a choice; all else that it holds stays as it is."""
    import tomlkit

    project = tomlkit.table()
    for key, value in chosen.items():
        project.add(key, value)
    if not before.strip():
        return f"# {_COMMENT}\n{tomlkit.dumps({'project': project})}"
    document = tomlkit.parse(before.removeprefix("\ufeff"))
    if "project" in document:
        document["project"] = project
    else:
        document.add(tomlkit.nl())
        document.add("project", project)
    return tomlkit.dumps(document)


def _bad(path: Path, why: str, *todo: str) -> AnswerError:
    return AnswerError(
        "bad-memory",
        f"{path.name} cannot be read",
        why=why,
        next_actions=todo or (f"repair {path.name}, or remove it: migwiz asks again",),
        flag=None if todo else "--directory",
    )
