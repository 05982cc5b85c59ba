"""What drivers of packages for Node share: one folder of packages, connections, scripts."""

from __future__ import annotations

import json
from pathlib import Path

import tools

from .places import Place

#: Under the name of better-sqlite3 stands libsql, its twin whose package holds the binary.
PACKAGES = (
    "knex@3.3.0",
    "pg@8.23.1",
    "mysql2@3.24.6",
    "better-sqlite3@npm:libsql@0.5.29",
    "umzug@3.8.3",
    "sequelize@6.37.8",
    "kysely@0.28.8",
    "typeorm@1.1.1",
    "drizzle-orm@0.45.4",
    "tsx@4.20.6",
)
ENGINES = ("postgresql", "mariadb", "sqlite")


def modules() -> Path:
    """Return the folder of packages; skips the test where there is none."""
    # The packages disagree about versions of clients which none of the tests uses.
    return tools.npm_tool("node-migrations-2", ["--legacy-peer-deps", *PACKAGES]) / "node_modules"


def connection(place: Place) -> str:
    """Return a JavaScript object that says to a client where the database is."""
    if place.engine == "sqlite":
        return json.dumps({"filename": place.database})
    if place.engine == "postgresql":
        found: dict[str, object] = {"host": place.host, "port": place.port}
    elif place.socket:
        found = {"socketPath": place.socket}
    else:
        found = {"host": place.host, "port": place.port}
    return json.dumps(
        {**found, "user": place.user, "password": place.password, "database": place.database}
    )


def link(folder: Path, packages: Path | None = None) -> bool:
    """Make packages those of a folder; return whether they were not yet."""
    place = folder / "node_modules"
    if place.is_symlink():
        return False
    place.symlink_to(packages or modules())
    return True


def run(place: Place, script: Path, *words: str) -> str:
    """Run a script of the tool's folder by Node, which reads TypeScript, too."""
    link(place.home)
    node = tools.program("node", "needs Node.js: apt-get install nodejs")
    return place.run(node, "--import", modules() / "tsx/dist/loader.mjs", script, *words)
