"""golang-migrate, built from its Go module."""

from __future__ import annotations

from collections.abc import Sequence

import tools

from generators.base import FileEdit, Project

from .places import Place, versions


class GolangMigrate:
    layout = "golang-migrate"
    engines = ("postgresql", "mariadb", "mysql", "sqlite")

    def bring(self) -> None:
        tools.golang_migrate()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "up")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, "down", str(len(versions(edits))))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        call = ("-path", project.directory, "-database", _url(place))
        return place.run(tools.golang_migrate(), *call, *words)


def _url(place: Place) -> str:
    if place.engine == "postgresql":
        return place.libpq
    if place.engine == "sqlite":
        return f"sqlite://{place.database}?x-no-tx-wrap=true"
    where = f"unix({place.socket})" if place.socket else f"tcp({place.host}:{place.port})"
    return f"mysql://{place.user}:{place.password}@{where}/{place.database}?multiStatements=true"


DRIVER = GolangMigrate()
