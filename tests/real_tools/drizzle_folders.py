"""The migrator of Drizzle 1.0, which is a release candidate still."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from . import node
from .by_hand import run, run_ways_back
from .drizzle import POSTGRESQL
from .places import Place

VERSION = "1.0.0-rc.5"


class DrizzleFolders:
    layout = "drizzle-folders"
    # Files are written as for a journal, which is run on MariaDB, too.
    engines = ("postgresql",)
    slow = True

    def bring(self) -> None:
        _folder()
        node.modules()

    def prepare(self, project: Project, place: Place) -> None:
        script = POSTGRESQL.replace("drizzle(client)", "drizzle({ client })")
        (place.home / "migrate.mjs").write_text(script % node.connection(place))
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        node.link(place.home, _folder() / "node_modules")
        return node.run(place, place.home / "migrate.mjs", str(project.directory))

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        said = run_ways_back(place, edits)
        names = [one.path.parent.name for one in edits if one.path.name == "migration.sql"]
        for name in names:
            run(place, f"DELETE FROM drizzle.__drizzle_migrations WHERE name = '{name}'")
        return said


def _folder() -> Path:
    packages = (f"drizzle-orm@{VERSION}", "pg@8.23.1")
    return tools.npm_tool(f"drizzle-orm-{VERSION}", ["--legacy-peer-deps", *packages])


DRIVER = DrizzleFolders()
