"""goose, built from its Go module without the engines that nobody here has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .places import Place, versions

MODULE = ("github.com/pressly/goose/v3", "v3.30.0", "./cmd/goose")
WITHOUT = "no_clickhouse no_libsql no_mssql no_vertica no_ydb no_duckdb no_spanner no_turso"


class Goose:
    layout = "goose"
    engines = ("postgresql", "mariadb", "sqlite")

    def bring(self) -> None:
        _goose()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "up")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return "".join(self._run(project, place, "down") for _ in versions(edits))

    def _run(self, project: Project, place: Place, word: str) -> str:
        return place.run(_goose(), "-dir", project.directory, *_database(place), word)


def _goose() -> Path:
    return tools.go_tool("goose", *MODULE, tags=WITHOUT)


def _database(place: Place) -> tuple[str, str]:
    if place.engine == "postgresql":
        return "postgres", place.libpq
    if place.engine == "sqlite":
        return "sqlite3", place.database
    where = f"unix({place.socket})" if place.socket else f"tcp({place.host}:{place.port})"
    return "mysql", f"{place.user}:{place.password}@{where}/{place.database}?parseTime=true"


DRIVER = Goose()
