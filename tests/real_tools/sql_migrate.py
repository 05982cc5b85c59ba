"""sql-migrate, built from its Go module."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .places import Place, versions

MODULE = ("github.com/rubenv/sql-migrate", "v1.8.1", "./sql-migrate")


class SqlMigrate:
    layout = "sql-migrate"
    engines = ("postgresql", "sqlite")

    def bring(self) -> None:
        _sql_migrate()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        dialect, source = _database(place)
        (place.home / "dbconfig.yml").write_text(
            f"development:\n  dialect: {dialect}\n  datasource: {source}\n"
            f"  dir: {project.directory}\n"
        )

    def up(self, project: Project, place: Place) -> str:
        return place.run(_sql_migrate(), "up")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return place.run(_sql_migrate(), "down", f"-limit={len(versions(edits))}")


def _sql_migrate() -> Path:
    return tools.go_tool("sql-migrate", *MODULE)


def _database(place: Place) -> tuple[str, str]:
    if place.engine == "postgresql":
        return "postgres", place.libpq
    return "sqlite3", place.database


DRIVER = SqlMigrate()
