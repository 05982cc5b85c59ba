"""The Supabase CLI, from its npm package, on a plain PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

import tools

from generators.base import FileEdit, Project

from .by_hand import run_ways_back
from .places import Place, versions

VERSION = "3.1.0"


class Supabase:
    layout = "supabase"
    engines = ("postgresql",)
    slow = True

    def bring(self) -> None:
        tools.npm_tool(f"supabase-{VERSION}", [f"supabase@{VERSION}"])

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        (project.directory.parent / "config.toml").write_text('project_id = "shop"\n')

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "up")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        said = run_ways_back(place, edits)
        return said + self._run(project, place, "repair", "--status", "reverted", *versions(edits))

    def _run(self, project: Project, place: Place, *words: str) -> str:
        folder = tools.npm_tool(f"supabase-{VERSION}", [f"supabase@{VERSION}"])
        program = folder / "node_modules" / ".bin" / "supabase"
        # Of an URL without a host it says that it cannot be parsed.
        url = place.libpq.replace("@/", "@localhost/", 1)
        call = ("migration", *words, f"--remote={url}", "--yes")
        return place.run(program, *call, folder=project.root, DO_NOT_TRACK="1")


DRIVER = Supabase()
