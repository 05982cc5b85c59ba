"""graphile-migrate, from npm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .by_hand import take_back
from .places import Place


def _packages() -> Path:
    return tools.npm_tool("graphile-migrate-1.4.1", ("graphile-migrate@1.4.1",))


class GraphileMigrate:
    layout = "graphile-migrate"
    engines = ("postgresql",)

    def bring(self) -> None:
        tools.program("node", "needs Node.js: apt-get install nodejs")
        _packages()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        settings = {"connectionString": place.libpq, "shadowConnectionString": place.libpq}
        (project.root / ".gmrc").write_text(json.dumps(settings))

    def up(self, project: Project, place: Place) -> str:
        node = tools.program("node", "needs Node.js")
        program = _packages() / "node_modules" / "graphile-migrate" / "dist" / "cli.js"
        return place.run(node, program, "migrate", folder=project.root)

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        forget = "DELETE FROM graphile_migrate.migrations WHERE filename = '{version}.sql'"
        take_back(place, edits, forget=forget)
        return ""


DRIVER = GraphileMigrate()
