"""Knex, from its npm package."""

from __future__ import annotations

from collections.abc import Sequence

from generators.base import FileEdit, Project

from . import node
from .places import Place, versions

CLIENTS = {"postgresql": "pg", "mariadb": "mysql2", "mysql": "mysql2", "sqlite": "better-sqlite3"}
SCRIPT = """
const knex = require("knex")({
  client: "%(client)s", connection: %(connection)s, useNullAsDefault: true,
  migrations: { directory: process.argv[2] },
});
(async () => {
  const times = Number(process.argv[3]);
  if (!times) await knex.migrate.latest();
  for (let at = 0; at < times; at++) await knex.migrate.down();
})().finally(() => knex.destroy());
"""


class Knex:
    layout = "knex"
    engines = node.ENGINES

    def bring(self) -> None:
        node.modules()

    def prepare(self, project: Project, place: Place) -> None:
        words = {"client": CLIENTS[place.engine], "connection": node.connection(place)}
        (place.home / "migrate.cjs").write_text(SCRIPT % words)
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return node.run(place, place.home / "migrate.cjs", str(project.directory), "0")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        times = str(len(versions(edits)))
        return node.run(place, place.home / "migrate.cjs", str(project.directory), times)


DRIVER = Knex()
