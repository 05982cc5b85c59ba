"""yoyo, from its Python package."""

from __future__ import annotations

from collections.abc import Sequence

import tools

from generators.base import FileEdit, Project

from .places import Place, versions

PACKAGES = ("yoyo-migrations==9.0.0", "setuptools<81", "psycopg2-binary", "pymysql")


class Yoyo:
    layout = "yoyo"
    engines = ("postgresql", "mariadb", "sqlite")

    def bring(self) -> None:
        tools.python_tool("yoyo-9.0.0", PACKAGES)

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "apply")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, "rollback", "--revision", versions(edits)[0])

    def _run(self, project: Project, place: Place, command: str, *words: str) -> str:
        python = tools.python_tool("yoyo-9.0.0", PACKAGES) / "python"
        where = ("--database", _url(place), str(project.directory))
        call = ("-m", "yoyo", command, "--batch", "--no-config-file", *words, *where)
        return place.run(python, *call)


def _url(place: Place) -> str:
    if place.engine == "sqlite":
        return f"sqlite:///{place.database}"
    if place.engine == "postgresql":
        account = f"{place.user}:{place.password}@" if place.password else f"{place.user}@"
        return f"postgresql://{account}/{place.database}?host={place.host}&port={place.port}"
    account = f"{place.user}:{place.password}@{place.host}:{place.port}"
    return f"mysql://{account}/{place.database}"


DRIVER = Yoyo()
