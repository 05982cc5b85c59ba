"""Files that projects keep beside their migrations and that name the newest one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generators.base import FileEdit, Job, Project
from generators.django.history import read_source
from generators.django.writing import Place, lock_line


def companions(
    project: Project, job: Job, place: Place, edits: Sequence[FileEdit]
) -> tuple[FileEdit, ...]:
    """Return the edits of max_migration.txt and migrations_lockfile.txt, where they are in use."""
    if not any(one.revision for one in edits) or place.leaf is None:
        return ()
    phase = job.migrations[-1][0]
    found: list[FileEdit] = []
    newest = place.folder / "max_migration.txt"
    before = read_source(newest) if newest.is_file() else None
    if before is not None:
        found.append(
            FileEdit(
                path=newest,
                content=f"{place.leaf}\n",
                before=before,
                action="edit",
                phase=phase,
                language="text",
            )
        )
    given = project.options.get("lockfile")
    lock = Path(given) if given else None
    if lock is not None:
        kept = read_source(lock)
        text = lock_line(lock, place.label, place.leaf)
        if kept is not None and text is not None:
            found.append(
                FileEdit(
                    path=lock,
                    content=text,
                    before=kept,
                    action="edit",
                    phase=phase,
                    language="text",
                )
            )
    return tuple(found)
