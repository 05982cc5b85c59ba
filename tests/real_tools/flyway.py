"""Flyway's own library, as its open-source command line uses it, from Maven.

`flyway undo` belongs to the paid editions: the way back is run as the U files say.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .by_hand import run, run_file
from .jdbc import DRIVERS, url
from .jvm import Jvm
from .places import Place

VERSION = "13.12.1"


def _jars() -> Path:
    parts = ("flyway-core", "flyway-database-postgresql", "flyway-mysql")
    own = [f"org.flywaydb:{one}:{VERSION}" for one in parts]
    # Without it, Flyway reads no settings of an engine.
    own.append("tools.jackson.core:jackson-databind:3.3.0")
    return tools.maven_files(f"flyway-{VERSION}", (*own, *DRIVERS))


class Flyway:
    layout = "flyway"
    engines = ("postgresql", "mariadb", "sqlite")

    def __init__(self) -> None:
        self._jvm = Jvm("FlywayLoop.java", _jars)

    def bring(self) -> None:
        self._jvm.bring()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        # The shop is there already, under a version below all others.
        settings = ["flyway.baselineOnMigrate=true", "flyway.baselineVersion=0"]
        if place.engine == "postgresql":
            settings.append("flyway.postgresql.transactional.lock=false")
        return self._jvm.call(
            url(place), place.user, place.password, str(project.directory), *settings
        )

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        for undo in reversed([one for one in edits if one.down]):
            alone = not undo.path.with_name(f"{undo.path.name}.conf").exists()
            run_file(place, undo.path, one_transaction=alone)
            forget = f"DELETE FROM flyway_schema_history WHERE version = '{undo.revision}'"
            run(place, forget)
        return ""


DRIVER = Flyway()
