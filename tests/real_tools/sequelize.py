"""Sequelize with umzug, as sequelize-cli calls them.

Not on SQLite: Sequelize wants the package sqlite3, whose binary is in no package.
"""

from __future__ import annotations

from collections.abc import Sequence

from generators.base import FileEdit, Project

from . import node
from .places import Place, versions

DIALECTS = {"postgresql": "postgres", "mariadb": "mysql", "mysql": "mysql"}
SCRIPT = """
const { Sequelize } = require("sequelize");
const { Umzug, SequelizeStorage } = require("umzug");
const place = %(connection)s;
const { user, password, database, host, port, socketPath } = place;
const sequelize = new Sequelize(database, user, password, {
  dialect: "%(dialect)s", host, port, logging: false, dialectOptions: socketPath ? { socketPath } : {},
});
const umzug = new Umzug({
  migrations: {
    glob: process.argv[2] + "/*.js",
    resolve: ({ name, path, context }) => ({
      name,
      up: () => require(path).up(context, Sequelize),
      down: () => require(path).down(context, Sequelize),
    }),
  },
  context: sequelize.getQueryInterface(),
  storage: new SequelizeStorage({ sequelize }),
  logger: undefined,
});
(async () => {
  const times = Number(process.argv[3]);
  if (!times) await umzug.up();
  else await umzug.down({ step: times });
})().finally(() => sequelize.close());
"""


class Sequelize:
    layout = "sequelize"
    engines = ("postgresql", "mariadb")
    slow = True

    def bring(self) -> None:
        node.modules()

    def prepare(self, project: Project, place: Place) -> None:
        words = {"dialect": DIALECTS[place.engine], "connection": node.connection(place)}
        (place.home / "migrate.cjs").write_text(SCRIPT % words)
        project.directory.mkdir(parents=True, exist_ok=True)

    def up(self, project: Project, place: Place) -> str:
        return node.run(place, place.home / "migrate.cjs", str(project.directory), "0")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        times = str(len(versions(edits)))
        return node.run(place, place.home / "migrate.cjs", str(project.directory), times)


DRIVER = Sequelize()
