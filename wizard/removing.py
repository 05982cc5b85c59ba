"""How files that were never run are removed by hand, and what else has to change with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generators import generators
from generators.base import FileEdit, Project
from wizard.journal import Journal, JournalPhase


def edits_of(phases: Sequence[JournalPhase], project: Project) -> tuple[FileEdit, ...]:
    """Return written files as a generator knows them; their text is empty where they are gone."""
    found = []
    for phase in phases:
        for one in phase.files:
            path = project.root / one.path
            content = path.read_text(encoding="utf-8") if path.is_file() else ""
            edit = FileEdit(path=path, content=content, phase=phase.name, revision=one.revision)
            found.append(edit)
    return tuple(found)


def removing(
    journal: Journal, phases: Sequence[JournalPhase], project: Project, *, whole: bool
) -> str:
    """Say how the files of some phases are removed, ``whole`` with the plan file.

    What other files name of them is changed before. Reads the disk.
    """
    ties = generators()[project.framework].ties(project, edits_of(phases, project))
    changed = [
        f"in {shown(one.path, project)} put {one.instead} in place of {one.on}, then "
        for one in ties
        if one.instead
    ]
    lists = {shown(one.path, project): None for one in ties if not one.instead}
    files = [one.path for phase in phases for one in phase.files]
    plan_file = "the plan file" if journal.path is None else shown(journal.path, project)
    listed = ", ".join([*files, *((plan_file,) if whole else ())])
    out = f", and take their lines out of {', '.join(lists)}" if lists else ""
    return f"{''.join(changed)}remove {listed}{out}"


def shown(path: Path, project: Project) -> str:
    """Return a path as people are told it: below the root, else its name."""
    root = project.root
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
