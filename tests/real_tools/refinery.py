"""refinery_cli, built from its crate; what it cannot run is run by hand when it asks for it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import tools

from generators.base import FileEdit, Project

from .by_hand import run, take_back
from .places import Place, said

FEATURES = ("postgresql", "mysql", "sqlite-bundled", "int8-versions")


class Refinery:
    layout = "refinery"
    engines = ("postgresql", "sqlite")

    def bring(self) -> None:
        _refinery()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        (project.root / "Cargo.toml").write_text('[dependencies]\nrefinery = "0.9"\n')
        (place.home / "refinery.toml").write_text(_configuration(place))

    def up(self, project: Project, place: Place) -> str:
        asked: set[str] = set()
        while True:
            try:
                return self.run(project, place)
            except subprocess.CalledProcessError as error:
                wanted = re.search(r"run (by_hand/\w+\.sql), then( refinery)?", said(error))
                if wanted is None or wanted[1] in asked:
                    raise
            asked.add(wanted[1])
            file = project.directory.parent / wanted[1]
            run(place, file.read_text())
            if not wanted[2]:
                version = re.search(r"/V(\d+)__", wanted[1])
                assert version is not None
                self.run(project, place, "-f", "-t", version[1])

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        forget = "DELETE FROM refinery_schema_history WHERE version = {version}"
        take_back(place, edits, forget=forget)
        return ""

    def run(self, project: Project, place: Place, *words: str) -> str:
        """Run it once; raises CalledProcessError, also where it asks for something by hand."""
        where = ("-c", place.home / "refinery.toml", "-p", project.directory)
        return place.run(_refinery(), "migrate", *where, *words)


def _refinery() -> Path:
    return tools.cargo_tool("refinery_cli", "0.10.0", "refinery", features=FEATURES)


def _configuration(place: Place) -> str:
    if place.engine == "sqlite":
        return f'[main]\ndb_type = "Sqlite"\ndb_path = "{place.database}"\n'
    # A URL is made of this, so the folder of a socket is quoted for one.
    return (
        f'[main]\ndb_type = "Postgres"\ndb_host = "{quote(place.host, safe="")}"\n'
        f'db_port = "{place.port}"\ndb_user = "{place.user}"\ndb_pass = "{place.password or "x"}"\n'
        f'db_name = "{place.database}"\n'
    )


DRIVER = Refinery()
