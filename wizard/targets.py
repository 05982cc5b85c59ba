"""Where an edit may go: checked as a whole before the first byte is written."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from generators.base import FileEdit
from wizard.model.errors import ConflictError, MigwizError, ReachError

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an edit really goes, and the bytes to put there. ``old`` is None for a new file."""

    path: Path
    data: bytes
    old: bytes | None = None
    mode: int | None = None


def checked(edit: FileEdit, root: Path) -> Target:
    """Return where an edit really goes and the bytes to put there.

    ``root`` has its links resolved. Raises the errors which `wizard.writer.write` names.
    """
    path = _inside(edit.path if edit.path.is_absolute() else root / edit.path, root)
    if edit.action == "create":
        if os.path.lexists(path):
            raise exists(path, "migwiz never overwrites a file")
        _writable(path.parent)
        return Target(path=path, data=edit.content.replace("\r\n", "\n").encode())
    # An edited file keeps the link that leads to it.
    path = _inside(path.resolve(), root)
    _writable(path.parent)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise changed(path, "it is not a plain file")
        old = path.read_bytes()
    except FileNotFoundError:
        raise changed(path, "it is no longer there") from None
    except OSError as error:
        raise unwritable(path, error) from None
    bom, encoding = _encoding(old)
    text = old[len(bom) :].decode(encoding)
    if edit.before is not None and _lines(text) != _lines(edit.before):
        raise changed(path, "it changed after migwiz read it")
    content = _lines(edit.content)
    if text.count("\r\n") * 2 > text.count("\n"):
        content = content.replace("\n", "\r\n")
    try:
        data = bom + content.encode(encoding)
    except UnicodeEncodeError:
        raise changed(path, f"its encoding, {encoding}, cannot hold the new text") from None
    return Target(path=path, data=data, old=old, mode=stat.S_IMODE(status.st_mode))


def _inside(path: Path, root: Path) -> Path:
    """Return the path with the links of its folders resolved; the last part may be a link."""
    folder = path.parent
    missing: list[str] = [path.name]
    while not os.path.lexists(folder):
        missing.append(folder.name)
        folder = folder.parent
    try:
        real = folder.resolve(strict=True)
    except (OSError, RuntimeError):
        real = Path(os.devnull)
    if ".." in missing or not real.is_relative_to(root):
        raise ConflictError(
            "outside-root",
            f"{path} is not inside {root}",
            why="migwiz writes only below the project's root, and follows no link out of it",
            next_actions=("name the root that holds the migrations",),
            flag="--root",
        )
    if not real.is_dir():
        raise ReachError(
            "unwritable",
            f"cannot write {path}",
            why=f"{real} is not a folder",
            next_actions=(f"move {real} away, or choose another folder",),
        )
    return real.joinpath(*reversed(missing))


def _writable(folder: Path) -> None:
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unwritable(folder, PermissionError(13, "permission denied"))


def _encoding(data: bytes) -> tuple[bytes, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding
    try:
        data.decode()
    except UnicodeDecodeError:
        # Every byte means something in Latin-1, so what is not edited comes out as it went in.
        return b"", "latin-1"
    return b"", "utf-8"


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def exists(path: Path, why: str) -> MigwizError:
    """Return the error for a new file whose name is taken."""
    return ConflictError(
        "file-exists",
        f"{path} is already there",
        why=why,
        next_actions=("choose another name, or move the file away", "then write again"),
    )


def changed(path: Path, why: str) -> MigwizError:
    """Return the error for an edited file that is not as it was read."""
    return ConflictError(
        "file-changed",
        f"cannot edit {path}",
        why=why,
        next_actions=("look at the preview again, then write",),
    )


def unwritable(path: Path, error: OSError) -> MigwizError:
    """Return the error for what the system does not let migwiz write."""
    return ReachError(
        "unwritable",
        f"cannot write {path}",
        why=(error.strerror or str(error)).lower(),
        next_actions=("check the permissions and the free space of the folder", "then write again"),
    )
