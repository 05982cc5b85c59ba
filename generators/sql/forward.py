"""Runners that know no downgrade: where the way back is kept, and how it is run."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from pathlib import Path

from generators.base import Project
from generators.sql.layout import Draft, Section, Written
from wizard.dialects.base import Dialect

#: Beside the folder of migrations, so that no runner takes a downgrade for a migration.
FOLDER = "rollbacks"


def rollback(draft: Draft, name: str, *, after: str, folder: str = "") -> Written:
    """Return the file that holds a migration's way back, for a person to run.

    ``name`` is the file's, in ``FOLDER`` beside the project's; ``folder`` names another, relative
    to the project's. ``after`` says what must be told to the runner once it ran, "" for nothing.
    """
    place = folder or os.path.join("..", FOLDER)
    down = framed(draft.down, draft.dialect)
    more = [("Way back", "this runner has none: run this file by hand, newest first")]
    if after:
        more.append(("Then", after))
    return Written(
        name=(Path(place) / name).as_posix(),
        content=f"{draft.comments('down', more=more)}\n{down}",
        down=down,
    )


def rollback_folder(project: Project) -> Path:
    """Return where the ways back of a project's migrations are kept."""
    return project.directory.parent / FOLDER


def framed(section: Section, dialect: Dialect) -> str:
    """Return a section for a client that adds no transaction of its own."""
    text = section.text()
    if not dialect.capabilities.transactional_ddl or not section.transactional or not section.runs:
        return f"{text}\n"
    return f"BEGIN;\n\n{text}\n\nCOMMIT;\n"


def by_hand(project: Project, names: Sequence[str]) -> str:
    """Return, as a comment for a shell, which files take these migrations back.

    ``names`` are patterns of their names, oldest first.
    """
    folder = os.path.relpath(rollback_folder(project), project.root)
    files = ", ".join((Path(folder) / name).as_posix() for name in reversed(names))
    return f"# by hand, in this order, as their headers say: {files or folder}"
