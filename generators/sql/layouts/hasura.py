"""Hasura: ``migrations/<database>/<milliseconds>_<words>/up.sql`` and ``down.sql``.

Facts: Hasura CLI 2's documentation and its own migrations; the tool needs a running Hasura and is
not run here. A file is sent to the database as one string: several statements are a transaction,
one alone is not. Folders are ordered by their number.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Kept, Ledger, Reading, Rows, list_of
from generators.sql.layout import Draft, Written
from generators.sql.layouts.named import RECENT, Named, Naming
from generators.sql.numbering import Numbering
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import TableName

#: The time of a version, in whole seconds, since 2015.
_MILLISECONDS = re.compile(r"1[4-9]\d{11}_")


class Hasura(Named):
    """The layout; a folder for each database."""

    name = "hasura"
    label = "Hasura"
    naming = Naming(
        pattern=re.compile(r"(\d+)((?:_.*)?)"),
        inside="up.sql",
        order="number",
        numbering=Numbering(kind="epoch", width=13),
    )
    folder = "migrations/default"
    tool = re.compile(r"(?m)^\s*metadata_directory:|\bhasura\s+migrate\s+(?:apply|create)\b")

    def evidence(self, tree: Tree, folder: Path, names: Sequence[str]) -> Iterator[Evidence]:
        """Yield folders whose versions are milliseconds, which no other runner of pairs has."""
        recent = names[-RECENT:]
        if sum(bool(_MILLISECONDS.match(name)) for name in recent) * 2 > len(recent):
            where = tree.relative(folder / names[-1] / self.naming.inside)
            yield Evidence(what=f"{len(names)} folders <milliseconds>_…/up.sql", where=where)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the pair in its folder."""
        stem = self.stem(project, draft)
        up, down = draft.up.text() + "\n", draft.down.text() + "\n"
        return (
            Written(name=f"{stem}/up.sql", content=f"{draft.comments('up')}\n{up}", up=up),
            Written(
                name=f"{stem}/down.sql", content=f"{draft.comments('down')}\n{down}", down=down
            ),
        )

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether the server takes the file for one transaction when it holds several."""
        return dialect.name == "postgresql"

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the state of the command line, which lies in Hasura's own database."""
        return Ledger(
            tables=(TableName("hdb_version", "hdb_catalog"),),
            columns=("cli_state",),
            read=partial(_ran, project.directory.name),
            absent="Hasura keeps its record in its own database: ask hasura migrate status",
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Hasura's commands for the database that the folder is named after."""
        name = f"--database-name {shlex.quote(project.directory.name)}"
        count = max(1, len(versions))
        marks = [
            f"hasura migrate apply {name} --version {version} --skip-execution"
            for version in versions
        ]
        return Commands(
            apply=f"hasura migrate apply {name} --up {count}",
            revert=f"hasura migrate apply {name} --down {count}",
            mark=" && ".join(marks),
        )


def _ran(database: str, rows: Rows, files: Sequence[Kept]) -> Reading:
    """Return what is applied: versions by database, true for one whose run was cut short."""
    states = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]
    found: dict[str, object] = {}
    for state in states:
        if isinstance(state, dict):
            found.update((state.get("migrations") or {}).get(database) or {})
    done = [(version,) for version in found]
    return list_of(failed=lambda row: bool(found[str(row[0])]))(done, files)


LAYOUT = Hasura()
