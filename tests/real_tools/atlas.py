"""Atlas' own library, run by a small program: its command line is no Go module."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .by_hand import take_back
from .places import Place

VERSION = "v0.32.1-0.20250325101103-175b25e1c1b9"
MODULES = (
    f"ariga.io/atlas@{VERSION}",
    "github.com/lib/pq@v1.10.9",
    "github.com/go-sql-driver/mysql@v1.9.3",
    "github.com/mattn/go-sqlite3@v1.14.28",
)
_SOURCE = Path(__file__).with_name("atlas.go")


class Atlas:
    layout = "atlas"
    engines = ("postgresql", "sqlite")

    def bring(self) -> None:
        _atlas()

    def sum(self, word: str, form: str, folder: Path, place: Place) -> str:
        """Compare (``validate``) a folder's sum with its files, or write (``hash``) it."""
        return place.run(_atlas(), word, form, folder)

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        name = {"postgresql": "postgres", "sqlite": "sqlite3"}[place.engine]
        source = place.libpq if place.engine == "postgresql" else place.database
        return place.run(_atlas(), name, source, project.directory)

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        forget = "DELETE FROM atlas_schema_revisions WHERE version = '{version}'"
        take_back(place, edits, forget=forget)
        return ""


def _atlas() -> Path:
    source = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:8]
    return tools.kept(f"atlas-library-{VERSION[:7]}-{source}", _build) / "atlas"


def _build(folder: Path) -> None:
    go = tools.program("go", "needs Go: install it, or put it on PATH")
    shutil.copy(_SOURCE, folder / "main.go")
    tools.run([go, "mod", "init", "atlas"], folder)
    tools.run([go, "get", *MODULES], folder)
    tools.run([go, "mod", "tidy"], folder)
    tools.run([go, "build", "-p", "2", "-o", folder / "atlas", "."], folder)


DRIVER = Atlas()
