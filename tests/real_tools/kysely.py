"""Kysely's migrator with its provider of files; TypeScript is read by tsx."""

from __future__ import annotations

from collections.abc import Sequence

from generators.base import FileEdit, Project

from . import node
from .places import Place, versions

DIALECTS = {
    "postgresql": 'new k.PostgresDialect({ pool: new (require("pg").Pool)(place) })',
    "mariadb": 'new k.MysqlDialect({ pool: require("mysql2").createPool(place) })',
    "sqlite": 'new k.SqliteDialect({ database: new (require("better-sqlite3"))(place.filename) })',
}
SCRIPT = """
const k = require("kysely");
const place = %(connection)s;
const db = new k.Kysely({ dialect: %(dialect)s });
const provider = new k.FileMigrationProvider({
  fs: require("fs").promises, path: require("path"), migrationFolder: process.argv[2],
});
const migrator = new k.Migrator({ db, provider });
(async () => {
  const times = Number(process.argv[3]);
  const told = [];
  if (!times) told.push(await migrator.migrateToLatest());
  for (let at = 0; at < times; at++) told.push(await migrator.migrateDown());
  for (const { error } of told) if (error) throw error;
})().finally(() => db.destroy());
"""


class Kysely:
    layout = "kysely"
    engines = node.ENGINES
    slow = True

    def bring(self) -> None:
        node.modules()

    def prepare(self, project: Project, place: Place) -> None:
        words = {"dialect": DIALECTS[place.engine], "connection": node.connection(place)}
        (place.home / "migrate.cjs").write_text(SCRIPT % words)
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        node.link(project.root)
        return node.run(place, place.home / "migrate.cjs", str(project.directory), "0")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        times = str(len(versions(edits)))
        return node.run(place, place.home / "migrate.cjs", str(project.directory), times)


DRIVER = Kysely()
