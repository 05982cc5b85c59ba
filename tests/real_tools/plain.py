"""No runner: the engine's own client, file by file."""

from __future__ import annotations

from collections.abc import Sequence

from generators.base import FileEdit, Project

from .by_hand import run_file
from .places import Place


class Plain:
    layout = "plain"
    engines = ("postgresql", "mariadb", "sqlite")

    def bring(self) -> None:
        """Nothing: the client is the server's."""

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        done = place.home / "done"
        known = done.read_text().splitlines() if done.exists() else []
        for path in sorted(project.directory.glob("*.sql")):
            if path.name not in known:
                run_file(place, path)
                known.append(path.name)
        done.write_text("\n".join(known))
        return ""

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        for one in reversed([each for each in edits if each.down]):
            run_file(place, one.path)
        # What is taken back is pending again; nothing but these files was there.
        (place.home / "done").unlink()
        return ""


DRIVER = Plain()
