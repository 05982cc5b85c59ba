"""Ecto: ``priv/<repo>/migrations/<UTC seconds>_<words>.exs`` with a module of the same words.

Facts: Ecto SQL's documentation and generator; Debian has Elixir, by which the files are checked, but
no Ecto. Files are ordered by number; two of one number or of one name are refused. `execute` sends
one statement, and what runs outside a transaction may have another connection each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generators.base import Commands, Project
from generators.ledger import Ledger, list_of
from generators.sql.detecting import listed, pascal, unused
from generators.sql.hosted import elixir
from generators.sql.layout import Draft, Section, Written
from generators.sql.layouts.named import Named, Naming
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_MODULE = re.compile(r"(?m)^defmodule\s+([\w.]+)\.\w+\s+do\b")
_APP = re.compile(r"\bapp:\s*:(\w+)")
_SIDES = ("up", "down")
_RECORD = re.compile(r"\bmigration_source:\s*\"([\w.]+)")


class Ecto(Named):
    """The layout; a folder for each repository."""

    name = "ecto"
    label = "Ecto"
    naming = Naming(pattern=re.compile(r"(\d+)(_.+)\.exs"), endings=(".exs",), order="number")
    folder = "priv/repo/migrations"
    mark = re.compile(r"\buse\s+Ecto\.Migration\b|\bEcto\.Migration\b")
    tool = re.compile(r"\{:ecto_sql\s*,|\bmix\s+ecto\.migrate\b")

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return the module that holds the others, by the newest file or the project's name."""
        for text in reversed(list(tree.heads(folder, names[-1:]).values())):
            if found := _MODULE.search(text):
                return {"module": found[1]}
        hit = next(tree.search(_APP), None)
        return {"module": f"{pascal(hit.match[1])}.Repo.Migrations"} if hit else {}

    def ending(self, options: dict[str, str]) -> str:
        """Return the files' ending."""
        return ".exs"

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file; what needs no transaction of its own turns the runner's off."""
        known = self.naming.rests(listed(project.directory))
        slug = unused(draft.slug, known)
        pair = tuple(zip(_SIDES, (draft.up, draft.down), strict=True))
        open_ = any(not section.transactional for _, section in pair)
        module = project.options.get("module", "MyApp.Repo.Migrations")
        lines = [
            draft.comments("up", "down", more=draft.turns(self.label), mark="#"),
            f"defmodule {module}.{pascal(slug)} do",
            "  use Ecto.Migration",
            "",
        ]
        if open_:
            lines += ["  @disable_ddl_transaction true", "  @disable_migration_lock true", ""]
        for name, section in pair:
            lines += [_function(name, section, draft, open_=open_), ""]
        lines[-1] = "end\n"
        return (
            Written(
                name=f"{self.stem(project, replace(draft, slug=slug))}.exs",
                content="\n".join(lines),
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
                language="elixir",
            ),
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions."""
        table = record_table(project, "schema_migrations", _RECORD)
        return Ledger(tables=(table,), columns=("version",), read=list_of())

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Ecto's commands."""
        count = max(1, len(versions))
        return Commands(apply="mix ecto.migrate", revert=f"mix ecto.rollback --step {count}")


def _function(name: str, section: Section, draft: Draft, *, open_: bool) -> str:
    """Return one of the two functions.

    What belongs together has one connection: by a transaction where the file has turned off the
    runner's, and by a checkout where the engine or the section knows none.
    """
    if not section.runs:
        notes = [
            f"    # {line}".rstrip() for one in section.statements for line in one.note.splitlines()
        ]
        return "\n".join([f"  def {name} do", *notes, "    :ok", "  end"])
    several = sum(bool(one.sql) for one in section.statements) > 1
    framed = section.transactional and draft.dialect.capabilities.transactional_ddl
    frame = ("transaction" if open_ else "") if framed else ("checkout" if several else "")
    indent = "      " if frame else "    "
    lines = [f"  def {name} do", *([f"    repo().{frame}(fn ->"] if frame else [])]
    for number, one in enumerate(section.statements):
        # As `mix format` does between calls of several lines.
        lines += [""] if number else []
        lines += [f"{indent}# {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            # `execute` waits for the end of the function, and so of the frame.
            call = "repo().query!(" if frame else "execute("
            lines.append(f"{indent}{call}{elixir(one.sql, indent)})")
    return "\n".join([*lines, *(["    end)"] if frame else []), "  end"])


LAYOUT = Ecto()
