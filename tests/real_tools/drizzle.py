"""Drizzle's migrator, which drizzle-kit calls, too."""

from __future__ import annotations

from collections.abc import Sequence

from generators.base import FileEdit, Project
from generators.sql.layouts.drizzle import forget

from . import node
from .by_hand import run, run_ways_back
from .places import Place

POSTGRESQL = """
import pg from "pg";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
const client = new pg.Client(%s);
await client.connect();
await migrate(drizzle(client), { migrationsFolder: process.argv[2] });
await client.end();
"""
MYSQL = """
import mysql from "mysql2/promise";
import { drizzle } from "drizzle-orm/mysql2";
import { migrate } from "drizzle-orm/mysql2/migrator";
const client = await mysql.createConnection(%s);
await migrate(drizzle(client), { migrationsFolder: process.argv[2] });
await client.end();
"""


class Drizzle:
    layout = "drizzle"
    # SQLite rebuilds tables for most changes, which a transaction cannot hold.
    engines = ("postgresql", "mariadb")
    slow = True

    def bring(self) -> None:
        node.modules()

    def prepare(self, project: Project, place: Place) -> None:
        script = POSTGRESQL if place.engine == "postgresql" else MYSQL
        (place.home / "migrate.mjs").write_text(script % node.connection(place))

    def up(self, project: Project, place: Place) -> str:
        return node.run(place, place.home / "migrate.mjs", str(project.directory))

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        said = run_ways_back(place, edits)
        own = [one for one in edits if one.revision and one.path.parent == project.directory]
        for one in own:
            run(place, forget(one.content, place.engine))
        return said


DRIVER = Drizzle()
