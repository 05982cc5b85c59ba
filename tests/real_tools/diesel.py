"""diesel_cli, built from its crate with its own SQLite and the system's libpq."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .places import Place, versions


class Diesel:
    layout = "diesel"
    engines = ("postgresql", "sqlite")

    def bring(self) -> None:
        _diesel()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        (project.root / "Cargo.toml").write_text('[dependencies]\ndiesel = "2.3"\n')

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "run")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, "revert", "-n", str(len(versions(edits))))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        url = place.libpq if place.engine == "postgresql" else place.database
        where = ("--migration-dir", project.directory, "--database-url", url)
        return place.run(_diesel(), "migration", *where, *words, folder=project.root)


def _diesel() -> Path:
    features = ("postgres", "sqlite-bundled")
    return tools.cargo_tool("diesel_cli", "2.3.14", "diesel", features=features)


DRIVER = Diesel()
