"""tern, built from its Go module."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from .places import Place, versions

MODULE = ("github.com/jackc/tern/v2", "v2.4.1", ".")


class Tern:
    layout = "tern"
    engines = ("postgresql",)

    def bring(self) -> None:
        _tern()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place)

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, "--destination", f"-{len(versions(edits))}")

    def _run(self, project: Project, place: Place, *words: str) -> str:
        where = ("--conn-string", place.libpq, "--migrations", project.directory)
        return place.run(_tern(), "migrate", *where, *words)


def _tern() -> Path:
    return tools.go_tool("tern", *MODULE)


DRIVER = Tern()
