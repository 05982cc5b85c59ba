"""Liquibase's own command line, from Maven."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .jdbc import DRIVERS, url
from .jvm import Jvm
from .places import Place, versions

#: The last that is free software.
VERSION = "4.33.0"


def _jars() -> Path:
    own = (f"org.liquibase:liquibase-core:{VERSION}", "info.picocli:picocli:4.7.7")
    return tools.maven_files(f"liquibase-{VERSION}", (*own, *DRIVERS))


class Liquibase:
    layout = "liquibase"
    engines = ("postgresql", "mariadb", "sqlite")

    def __init__(self) -> None:
        self._jvm = Jvm("LiquibaseLoop.java", _jars)

    def bring(self) -> None:
        self._jvm.bring()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "update")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, "rollback-count", str(len(versions(edits))))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        return self._jvm.call(
            "--show-banner=false",
            f"--search-path={project.root}",
            f"--changelog-file={project.options['log']}",
            f"--url={url(place)}",
            f"--username={place.user}",
            f"--password={place.password}",
            *words,
        )


DRIVER = Liquibase()
