"""The files of a plan: whether they are as they were written, and applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from generators.base import FileEdit
from generators.ledger import Reading
from wizard.journal import FileCheck, Journal, JournalFile, JournalPhase, check_files
from wizard.standing import FileStanding, FileState, PhaseStanding, PhaseState

GONE = "gone"
RENAMED = "renamed to"
_NOTES = {"gone": GONE, "changed": "changed since it was written", "unchanged": ""}


def home_of(plan: Journal, root: Path) -> Path:
    """Return the folder from which a plan's paths count, also where the root is another today."""
    first = next((one.path for phase in plan.phases for one in phase.files), None)
    if first is None or plan.path is None or (root / first).exists():
        return root
    return next((one for one in plan.path.parents if (one / first).exists()), root)


def file_standings(
    phase: JournalPhase, home: Path, reading: Reading | None, plan_file: str
) -> tuple[FileStanding, ...]:
    """Return where files stand; ``reading`` is None where no record tells what is applied."""
    return tuple(
        FileStanding(
            path=one.file.path,
            revision=one.file.revision,
            state=_state(one.file, reading),
            note=_renamed(one, plan_file) if one.moved else _NOTES[one.state],
        )
        for one in check_files(phase.files, home)
    )


def _renamed(one: FileCheck, plan_file: str) -> str:
    """Say what a file is called now, and how the plan file comes to know it."""
    stem, now = PurePosixPath(one.file.path).stem, PurePosixPath(one.moved).stem
    revision = ""
    if one.file.revision.endswith(stem):
        # Where the name is the identity, it has changed with it.
        revision = f' and revision = "{one.file.revision.removesuffix(stem)}{now}"'
    return (
        f'{RENAMED} {one.moved}: write path = "{one.moved}"{revision} in place of the old in '
        f"{plan_file}, or give it its old name back"
    )


def _state(one: JournalFile, reading: Reading | None) -> FileState:
    if not one.revision:
        return "written"
    if reading is None or one.revision in reading.unknown:
        return "unknown"
    return "applied" if one.revision in reading.applied else "not applied"


def phase_state(phase: JournalPhase, files: Sequence[FileStanding]) -> PhaseState:
    """Return how far a phase is by its files."""
    if phase.written is None:
        return "waiting"
    states = {one.state for one in files if one.revision}
    if not states:
        return "written"
    if "unknown" in states:
        return "unknown"
    if states == {"applied"}:
        return "applied"
    return "partly applied" if "applied" in states else "written"


def unapplied(phase: PhaseStanding, home: Path) -> tuple[FileEdit, ...]:
    """Return the files of a phase that are still to be applied, as they now are."""
    found: list[FileEdit] = []
    for one in phase.files:
        if not one.revision or one.state == "applied":
            continue
        try:
            content = (home / one.path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found.append(
            FileEdit(path=home / one.path, content=content, phase=phase.name, revision=one.revision)
        )
    return tuple(found)
