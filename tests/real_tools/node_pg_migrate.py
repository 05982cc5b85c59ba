"""node-pg-migrate, from npm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .places import Place, versions


def _packages() -> Path:
    return tools.npm_tool("node-pg-migrate-9.0.0", ("node-pg-migrate@9.0.0", "pg@8.23.1"))


class NodePgMigrate:
    layout = "node-pg-migrate"
    engines = ("postgresql",)

    def bring(self) -> None:
        tools.program("node", "needs Node.js 20 or newer: apt-get install nodejs")
        _packages()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "up")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, "down", str(len(versions(edits))))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        modules = _packages() / "node_modules"
        return place.run(
            tools.program("node", "needs Node.js"),
            modules / "node-pg-migrate" / "bin" / "node-pg-migrate.js",
            *words,
            "-m",
            project.directory,
            DATABASE_URL=place.libpq,
        )


DRIVER = NodePgMigrate()
