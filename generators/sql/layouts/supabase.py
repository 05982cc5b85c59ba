"""Supabase: ``supabase/migrations/<UTC seconds>_<words>.sql``, forward only.

Facts: Supabase CLI 3.1, run. It reads names of digits, ``_`` and words, and no others. A file's
statements and the record of the file are sent as one pipeline, which is a transaction; a statement
that must stand outside of one has to be alone in its file. `migration repair` forgets a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of
from generators.sql.forward import repair, rollback, rollback_paths, runs
from generators.sql.layout import Draft, Interruption, Written
from generators.sql.layouts.named import RECENT, Named, Naming
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import TableName

_OTHERS = re.compile(r"(?m)^--\s*(?:migrate:up|\+goose|\+migrate|atlas:)")
_CONFIG = "config.toml"


class Supabase(Named):
    """The layout; the folder is always the same, below one that `supabase init` makes."""

    name = "supabase"
    label = "Supabase"
    beside = True
    naming = Naming(pattern=re.compile(r"(\d+)(_.*)\.sql"), endings=(".sql",))
    folder = "supabase/migrations"
    tool = re.compile(r"(?<![\w/.-])supabase\s+(?:db|migration|start|link)\b|\"supabase\"\s*:")

    def evidence(self, tree: Tree, folder: Path, names: Sequence[str]) -> Iterator[Evidence]:
        """Yield the folder's name, and the configuration beside it."""
        if folder.parts[-2:] != ("supabase", "migrations"):
            return
        if any(_OTHERS.search(text) for text in tree.heads(folder, names[-RECENT:]).values()):
            return
        newest = tree.relative(folder / names[-1])
        yield Evidence(what=f"{len(names)} files in supabase/migrations", where=newest)
        if _CONFIG in tree.folders.get(folder.parent, ()):
            where = tree.relative(folder.parent / _CONFIG)
            yield Evidence(what="the configuration that supabase init makes", where=where)

    def detect(self, tree: Tree) -> list[Project]:
        """Find the folders, also one that `supabase migration new` would make."""
        found = super().detect(tree)
        there = {project.directory for project in found}
        for home, names in tree.folders.items():
            folder = home / "migrations"
            made = home.name == "supabase" and _CONFIG in names
            if made and folder not in there and not tree.folders.get(folder):
                why = Evidence(
                    what="supabase init was run here", where=tree.relative(home / _CONFIG)
                )
                found.append(self.project(tree.root, folder, (), (why,)))
        return found

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the migration, and its way back for psql."""
        name = f"{self.stem(project, draft)}.sql"
        up = draft.up.text() + "\n"
        return (
            Written(
                name=name,
                content=f"{draft.comments('up', more=draft.turns(self.label))}\n{up}",
                up=up,
            ),
            rollback(draft, name, after=_forget([draft.version])),
        )

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that several statements are one transaction."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on when an index build was cut short."""
        return repair(cut)

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions."""
        name = TableName("schema_migrations", "supabase_migrations")
        return Ledger(tables=(name,), columns=("version",), read=list_of())

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return the commands for the local database; --linked or --remote name another."""
        mark = " ".join(("supabase migration repair --status applied", *versions))
        return Commands(
            apply="supabase migration up",
            revert=f"{runs(rollback_paths(project, versions))} && {_forget(versions)}",
            mark=mark,
        )


def _forget(versions: Sequence[str]) -> str:
    return " ".join(("supabase migration repair --status reverted", *versions))


LAYOUT = Supabase()
