"""Drizzle 1.0: ``<UTC seconds>_<words>/migration.sql`` with a ``snapshot.json``, forward only.

Facts: drizzle-orm and drizzle-kit 1.0.0-rc.5, run. There is no journal: the folders' names decide
the order. Snapshots name those before them; from format 9 on each holds only what its migration
changes. All pending files run in one transaction, as with a journal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, by_folder, list_of
from generators.reading import read_text
from generators.sql.enclosed import enclosed
from generators.sql.forward import repair, rollback, rollback_paths, runs
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.layouts.drizzle import MODEL, RECORD, statements, table_of_migrations
from generators.sql.layouts.named import RECENT, Named, Naming
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import parse_table_name

_SNAPSHOT = "snapshot.json"
_NOTHING = "00000000-0000-0000-0000-000000000000"
_SIZE = 64 * 1024 * 1024


class DrizzleFolders(Named):
    """The layout without a journal."""

    name = "drizzle-folders"
    label = "Drizzle 1.0"
    naming = Naming(pattern=re.compile(r"(\d+)((?:_.*)?)"), inside="migration.sql")
    folder = "drizzle"
    tool = re.compile(r"\"drizzle-(?:orm|kit)\"\s*:|\bdrizzle-kit\s+(?:generate|migrate)\b")
    transactions = "whole run"
    apart = (
        "this runner knows no other way: write and deploy one phase, or even one file, at a time"
    )

    def evidence(self, tree: Tree, folder: Path, names: Sequence[str]) -> Iterator[Evidence]:
        """Yield a snapshot in the newest folders."""
        recent = names[-RECENT:]
        held = [one for one in recent if _SNAPSHOT in tree.folders.get(folder / one, ())]
        if held:
            where = tree.relative(folder / held[-1] / _SNAPSHOT)
            what = f"a snapshot in {len(held)} of the newest {len(recent)} folders"
            yield Evidence(what=what, where=where)

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return the engine that the newest snapshot names."""
        text = str((_newest(folder, names) or {}).get("dialect", ""))
        return {"engine": "postgresql" if text == "postgres" else text} if text else {}

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the migration, its way back, and what a person runs before it."""
        inside, alone = enclosed(draft, runner=self.label, mark=RECORD)
        stem = self.stem(project, draft)
        up = Written(
            name=f"{stem}/migration.sql",
            content=f"{inside.comments('up', more=MODEL)}\n{statements(inside.up)}",
            up=inside.up.text() + "\n",
        )
        table = table_of_migrations(draft.dialect.name)
        forget = f"DELETE FROM {table} WHERE name = '{stem}'"
        return (*alone, up, rollback(draft, f"{stem}.sql", after=forget))

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return a snapshot for each file, in which nothing has changed yet."""
        last = _newest(project.directory, self.naming.there(project.directory))
        found: list[Companion] = []
        for stem in [
            Path(one.name).parent.name for one in files if Path(one.name).name == self.naming.inside
        ]:
            last = _following(last, stem, project.options.get("engine", "postgresql"))
            if last is None:
                return ()
            path = project.directory / stem / _SNAPSHOT
            text = json.dumps(last, indent=2, ensure_ascii=False)
            found.append(Companion(path=path, content=text, before=None, language="json"))
        return tuple(found)

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that what is for a person to run stands alone in its file."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on when an index build was cut short."""
        if cut.direction == "down":
            return repair(cut)
        return (
            "when the build was cut short: drop its index, then run it again" if cut.index else ""
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of names."""
        name = parse_table_name(table_of_migrations(dialect.name))
        return Ledger(tables=(name,), columns=("name",), read=list_of(by_folder))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Drizzle's command, and the database's own client for the way back."""
        engine = project.options.get("engine", "postgresql")
        rows = " OR ".join(f"name LIKE '{version}%'" for version in versions)
        then = f"DELETE FROM {table_of_migrations(engine)} WHERE {rows}"
        back = runs(rollback_paths(project, versions), engine, then)
        return Commands(apply="npx drizzle-kit migrate", revert=back)


def _newest(folder: Path, names: Sequence[str]) -> dict[str, Any] | None:
    """Return the newest snapshot that can be read."""
    for name in reversed(names[-RECENT:]):
        try:
            found = json.loads(read_text(folder / name / _SNAPSHOT, limit=_SIZE) or "")
        except ValueError:
            continue
        if isinstance(found, dict) and "id" in found:
            return cast("dict[str, Any]", found)
    return None


def _following(last: dict[str, Any] | None, stem: str, engine: str) -> dict[str, Any] | None:
    """Return the snapshot of a migration whose change the schema in code has not seen."""
    before = _NOTHING if last is None else last["id"]
    ids = {"id": str(uuid5(NAMESPACE_URL, f"{before}/{stem}")), "prevIds": [before]}
    if last is None:
        # The format of other engines is another.
        if engine != "postgresql":
            return None
        head = {"type": "base", "version": "9", "dialect": "postgres"}
        return {**head, **ids, "footprints": [], "ddl": []}
    if "type" not in last:
        return {**last, **ids}
    return {
        "type": "diff",
        "version": last.get("version", "9"),
        "dialect": last.get("dialect"),
        **ids,
        "footprints": [],
        "deltas": [],
    }


LAYOUT = DrizzleFolders()
