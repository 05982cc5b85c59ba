"""sqlx-cli, built from its crate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import tools

from generators.base import FileEdit, Project

from .places import Place, versions

FEATURES = ("postgres", "mysql", "sqlite", "rustls", "sqlx-toml")


class Sqlx:
    layout = "sqlx"
    engines = ("postgresql", "mariadb", "sqlite")

    def bring(self) -> None:
        sqlx()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        # By this it is found again.
        (project.root / "Cargo.toml").write_text('[dependencies]\nsqlx = "0.9"\n')

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "run")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return "".join(self._run(project, place, "revert") for _ in versions(edits))

    def _run(self, project: Project, place: Place, word: str) -> str:
        where = ("--source", project.directory, "--database-url", _url(place))
        return place.run(sqlx(), "migrate", word, *where)


def sqlx() -> Path:
    """Return sqlx-cli; skips the test where it cannot be built."""
    return tools.cargo_tool("sqlx-cli", "0.9.0", "sqlx", features=FEATURES)


def _url(place: Place) -> str:
    if place.engine == "postgresql":
        # Its parser of URLs wants a host in front, also where a socket is meant.
        return place.libpq.replace("@/", "@localhost/")
    if place.engine == "sqlite":
        return f"sqlite:{place.database}"
    who = f"mysql://{place.user}:{place.password}@"
    if place.socket:
        return f"{who}localhost/{place.database}?socket={quote(place.socket, safe='')}"
    return f"{who}{place.host}:{place.port}/{place.database}"


DRIVER = Sqlx()
