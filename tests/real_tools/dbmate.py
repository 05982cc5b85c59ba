"""dbmate, from its npm package."""

from __future__ import annotations

from collections.abc import Sequence

import tools

from generators.base import FileEdit, Project

from .places import Place, versions


class Dbmate:
    layout = "dbmate"
    engines = ("postgresql", "mariadb", "mysql", "sqlite")

    def bring(self) -> None:
        tools.dbmate()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "up")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return "".join(self._run(project, place, "rollback") for _ in versions(edits))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        call = ("--no-dump-schema", "--migrations-dir", project.directory, "--url", _url(place))
        return place.run(tools.dbmate(), *call, *words)


def _url(place: Place) -> str:
    if place.engine == "postgresql":
        return place.libpq
    if place.engine == "sqlite":
        return f"sqlite:{place.database}"
    who = f"mysql://{place.user}:{place.password}@"
    if place.socket:
        return f"{who}/{place.database}?socket={place.socket}"
    return f"{who}{place.host}:{place.port}/{place.database}"


DRIVER = Dbmate()
