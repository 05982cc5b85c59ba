"""Whether the files that a plan has written are still there, and as they were written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wizard.journal.plan_file import JournalFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """A written file and how it is found: as it was written, changed by hand, or gone."""

    file: JournalFile
    state: Literal["unchanged", "changed", "gone"]


def check_files(files: tuple[JournalFile, ...], root: Path) -> tuple[FileCheck, ...]:
    """Return for each file whether it is there and unchanged. Reads the disk.

    Line ends do not count: version control may turn them. What cannot be read counts as gone.
    """
    return tuple(FileCheck(file=one, state=_state(one, root)) for one in files)


def digest(text: str) -> str:
    """Return the hash by which a file's content is known."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _state(file: JournalFile, root: Path) -> Literal["unchanged", "changed", "gone"]:
    try:
        found = (root / file.path).read_bytes()
    except OSError:
        return "gone"
    same = hashlib.sha256(found.replace(b"\r\n", b"\n")).hexdigest() == file.sha256
    return "unchanged" if same else "changed"
