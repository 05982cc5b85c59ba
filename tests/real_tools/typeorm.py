"""TypeORM, from its npm package; TypeScript is read by tsx."""

from __future__ import annotations

from collections.abc import Sequence

from generators.base import FileEdit, Project

from . import node
from .places import Place, versions

TYPES = {"postgresql": "postgres", "mariadb": "mariadb", "sqlite": "better-sqlite3"}
SCRIPT = """
const { DataSource } = require("typeorm");
const place = %(connection)s;
const source = new DataSource({
  type: "%(type)s", ...place, username: place.user, database: place.database ?? place.filename,
  migrations: [process.argv[2] + "/*.ts"], migrationsTransactionMode: "each",
});
(async () => {
  await source.initialize();
  const times = Number(process.argv[3]);
  if (!times) await source.runMigrations();
  for (let at = 0; at < times; at++) await source.undoLastMigration({ transaction: "each" });
  await source.destroy();
})();
"""


class TypeOrm:
    layout = "typeorm"
    engines = node.ENGINES
    slow = True

    def bring(self) -> None:
        node.modules()

    def prepare(self, project: Project, place: Place) -> None:
        words = {"type": TYPES[place.engine], "connection": node.connection(place)}
        (place.home / "migrate.cjs").write_text(SCRIPT % words)
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        node.link(project.root)
        return node.run(place, place.home / "migrate.cjs", str(project.directory), "0")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        times = str(len(versions(edits)))
        return node.run(place, place.home / "migrate.cjs", str(project.directory), times)


DRIVER = TypeOrm()
