"""Prisma 6 on PostgreSQL, with its schema engine in WebAssembly: the native one is in no package.

The engine then speaks to the database by Prisma's adapter of node-postgres. Two things of the
adapter are put right here, so that scripts arrive as the native engine sends them: whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tools

from generators.base import FileEdit, Project

from . import node
from .by_hand import run, run_ways_back
from .places import Place

VERSION = "6.19.0"
CONFIG = """
import { defineConfig } from "prisma/config";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

class Client extends pg.Client {
  constructor(config: any) {
    super(config);
    // The adapter knows no type "name" (19), in which the catalogue speaks.
    (this as any).connection.prependListener("rowDescription", (message: any) => {
      for (const field of message.fields) if (field.dataTypeID === 19) field.dataTypeID = 25;
    });
  }
}

class Adapter extends PrismaPg {
  async connect(): Promise<any> {
    const made: any = await super.connect();
    // The adapter's own cuts them at each semicolon.
    made.executeScript = async (script: string) => void (await made.client.query(script));
    return made;
  }
}

// The engine's timer for its own lock would keep the process for ten seconds after its end.
const later = globalThis.setTimeout;
(globalThis as any).setTimeout = (call: any, milliseconds: number, ...rest: any[]) => {
  const timer = later(call, milliseconds, ...rest);
  return milliseconds === 10_000 ? timer.unref() : timer;
};

export default defineConfig({
  experimental: { adapter: true },
  engine: "js",
  schema: "prisma/schema.prisma",
  adapter: async () =>
    new Adapter({ connectionString: process.env.SHOP, idleTimeoutMillis: 1, Client } as any),
});
"""
SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url      = env("SHOP")\n}\n'


class Prisma:
    layout = "prisma"
    engines = ("postgresql",)
    slow = True

    def bring(self) -> None:
        _modules()

    def prepare(self, project: Project, place: Place) -> None:
        project.directory.mkdir(parents=True, exist_ok=True)
        (project.root / "prisma" / "schema.prisma").write_text(SCHEMA)
        (project.root / "prisma.config.ts").write_text(CONFIG)
        # It takes no database with tables in it for its own, unless it is told so.
        baseline = project.directory / "0_init" / "migration.sql"
        baseline.parent.mkdir()
        baseline.write_text("-- What was there.\n")

    def up(self, project: Project, place: Place) -> str:
        if node.link(project.root, _modules()):
            self._run(project, place, "resolve", "--applied", "0_init")
        return self._run(project, place, "deploy")

    def _run(self, project: Project, place: Place, *words: str) -> str:
        # It looks for the native engines before it runs; what is named here is never started.
        return place.run(
            _modules() / ".bin" / "prisma",
            "migrate",
            *words,
            folder=project.root,
            SHOP=place.libpq.replace("@/", "@localhost/", 1),
            CHECKPOINT_DISABLE="1",
            PRISMA_QUERY_ENGINE_LIBRARY="/bin/true",
            PRISMA_SCHEMA_ENGINE_BINARY="/bin/true",
        )

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        said = run_ways_back(place, edits)
        names = [one.path.parent.name for one in edits if one.path.name == "down.sql"]
        for name in names:
            run(place, f"DELETE FROM _prisma_migrations WHERE migration_name = '{name}'")
        return said


def _modules() -> Path:
    # The scripts of its packages would fetch the native engines.
    packages = (f"prisma@{VERSION}", f"@prisma/adapter-pg@{VERSION}")
    return tools.npm_tool(f"prisma-{VERSION}", ["--ignore-scripts", *packages]) / "node_modules"


DRIVER = Prisma()
