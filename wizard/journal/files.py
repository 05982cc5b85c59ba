"""Whether the files that a plan has written are still there, and as they were written."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wizard.journal.plan_file import JournalFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """A written file and how it is found: as it was written, changed by hand, or gone.

    ``moved`` is where one that is gone stands under another name, below the root; "" for nowhere.
    """

    file: JournalFile
    state: Literal["unchanged", "changed", "gone"]
    moved: str = ""


def check_files(files: tuple[JournalFile, ...], root: Path) -> tuple[FileCheck, ...]:
    """Return for each file whether it is there and unchanged. Reads the disk.

    Line ends do not count: version control may turn them. What cannot be read counts as gone.
    """
    found = []
    for one in files:
        state = _state(one, root)
        moved = _moved(one, files, root) if state == "gone" else ""
        found.append(FileCheck(file=one, state=state, moved=moved))
    return tuple(found)


#: A shorter id is a number that somebody else's file may have taken.
_UNMISTAKABLE = 12


def digest(text: str) -> str:
    """Return the hash by which a file's content is known."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _state(file: JournalFile, root: Path) -> Literal["unchanged", "changed", "gone"]:
    try:
        found = (root / file.path).read_bytes()
    except OSError:
        return "gone"
    return "unchanged" if _hash(found) == file.sha256 else "changed"


def _moved(file: JournalFile, files: tuple[JournalFile, ...], root: Path) -> str:
    """Return the file beside that has a gone one's content, or its revision; "" for none."""
    old = root / file.path
    kept = {root / one.path for one in files}
    try:
        others = [one for one in sorted(old.parent.iterdir()) if one.suffix == old.suffix]
        texts = {one: one.read_bytes() for one in others if one not in kept and one.is_file()}
    except OSError:
        return ""
    same = [one for one, text in texts.items() if text.strip() and _hash(text) == file.sha256]
    named = [one for one, text in texts.items() if _has_revision(one, text, old, file.revision)]
    found = same or named
    return found[0].relative_to(root).as_posix() if len(found) == 1 else ""


def _has_revision(path: Path, text: bytes, old: Path, revision: str) -> bool:
    """Tell whether a file has a revision by its name, or by what Alembic reads in it."""
    if not revision:
        return False
    said = rb"(?m)^revision\b[^=\n]*=[ \t]*['\"]" + re.escape(revision).encode() + rb"['\"]"
    if re.search(said, text):
        return True
    alike = path.suffixes[-2:] == old.suffixes[-2:]
    token = rf"(?<![A-Za-z0-9]){re.escape(revision)}(?![A-Za-z0-9])"
    return alike and len(revision) >= _UNMISTAKABLE and bool(re.search(token, path.name))


def _hash(text: bytes) -> str:
    return hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()
