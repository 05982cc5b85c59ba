"""The only module that writes into a user's project: all files of a change, or none."""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generators.base import FileEdit
from wizard.targets import Target, changed, checked, exists, unwritable


@dataclass(slots=True, kw_only=True)
class _Undo:
    """What was done so far, in order. Inodes tell our own files from those of others."""

    folders: list[Path] = field(default_factory=list)
    staged: list[Path] = field(default_factory=list)
    created: list[tuple[Path, int]] = field(default_factory=list)
    replaced: list[tuple[Path, int, Path]] = field(default_factory=list)


def write(edits: Sequence[FileEdit], *, root: Path) -> tuple[Path, ...]:
    """Write all files of a change below ``root``, or leave everything as it was.

    Returns the paths written, in the order given. Raises ConflictError ``file-exists`` for a new
    file that is there already, ``file-changed`` for an edited one that is not as it was read,
    ``outside-root`` for a path that leaves the root, also through a symbolic link, and ReachError
    ``unwritable`` where the folder cannot be written.
    """
    try:
        home = root.resolve(strict=True)
    except OSError as error:
        raise unwritable(root, error) from None
    targets = [checked(edit, home) for edit in edits]
    paths = [target.path for target in targets]
    for path in paths:
        if paths.count(path) > 1:
            raise exists(path, "two files of this change have the same name")
    undo = _Undo()
    done = False
    try:
        staged = [(target, _stage(target, undo)) for target in targets]
        # New files come first: a registry must never name a file that is not there.
        for target, temporary in sorted(staged, key=lambda pair: pair[0].old is not None):
            _commit(target, temporary, undo)
        with _uninterrupted():
            done = True
            _clean(undo)
    except BaseException as error:
        if not done:
            with _uninterrupted():
                _roll_back(undo)
        if isinstance(error, OSError):
            raise unwritable(Path(error.filename or home), error) from None
        raise
    return tuple(paths)


def preview_diff(edit: FileEdit, *, root: Path | None = None) -> str:
    """Return the edit as a unified diff; paths are relative to ``root`` when it is given."""
    name = edit.path.name
    if root is not None and edit.path.is_relative_to(root):
        name = edit.path.relative_to(root).as_posix()
    before = "" if edit.action == "create" else edit.before or ""
    lines: list[str] = []
    for line in difflib.unified_diff(
        before.splitlines(keepends=True),
        edit.content.splitlines(keepends=True),
        fromfile="/dev/null" if edit.action == "create" else f"a/{name}",
        tofile=f"b/{name}",
    ):
        lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _stage(target: Target, undo: _Undo) -> Path:
    """Write the bytes to a hidden file beside the target, so that the last move is atomic."""
    missing: list[Path] = []
    folder = target.path.parent
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        undo.folders.append(one)
        one.mkdir()
    temporary = _beside(target.path)
    undo.staged.append(temporary)
    _write_new(temporary, target.data, target.mode)
    return temporary


def _commit(target: Target, temporary: Path, undo: _Undo) -> None:
    inode = temporary.stat().st_ino
    if target.old is not None:
        if target.path.read_bytes() != target.old:
            raise changed(target.path, "it changed while migwiz was writing")
        backup = _beside(target.path)
        undo.staged.append(backup)
        try:
            os.link(target.path, backup)
        except OSError:
            _write_new(backup, target.old, target.mode)
        undo.replaced.append((target.path, inode, backup))
        os.replace(temporary, target.path)
        return
    undo.created.append((target.path, inode))
    try:
        os.link(temporary, target.path)
    except FileExistsError:
        raise exists(target.path, "it appeared while migwiz was writing") from None
    except OSError:
        # Some file systems know no hard links: opening exclusively still overwrites nothing.
        try:
            descriptor = os.open(target.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            raise exists(target.path, "it appeared while migwiz was writing") from None
        undo.created.append((target.path, os.fstat(descriptor).st_ino))
        _fill(descriptor, target.data)


def _write_new(path: Path, data: bytes, mode: int | None) -> None:
    _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), data, mode)


def _fill(descriptor: int, data: bytes, mode: int | None = None) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if mode is not None:
            os.chmod(file.name if os.name == "nt" else descriptor, mode)
        os.fsync(descriptor)


def _roll_back(undo: _Undo) -> None:
    """Take back what was done, last first, and touch nothing that somebody else has put there."""
    for path, inode, backup in reversed(undo.replaced):
        with contextlib.suppress(OSError):
            if path.stat().st_ino == inode:
                os.replace(backup, path)
    for path, inode in reversed(undo.created):
        with contextlib.suppress(OSError):
            if path.lstat().st_ino == inode:
                path.unlink()
    _clean(undo)
    for folder in reversed(undo.folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _clean(undo: _Undo) -> None:
    for path in undo.staged:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C meanwhile, so that a second one cannot stop the undoing of the first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.migwiz")
