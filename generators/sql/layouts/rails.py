"""Rails: ``db/migrate/<UTC seconds>_<words>.rb`` with a class of the same name.

Facts: Active Record 6.1, run, and the guide to migrations of 8.1. Files are ordered by number, and
two of one name are refused. `disable_ddl_transaction!` counts for both directions. The schema is
dumped anew by `db:migrate`; as Ruby it holds no triggers and no functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generators.base import Commands, Project
from generators.ledger import Ledger, list_of
from generators.sql.detecting import listed, pascal, unused
from generators.sql.hosted import ruby
from generators.sql.layout import Draft, Section, Written
from generators.sql.layouts.named import RECENT, Named, Naming
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_NEWEST = "8.1"
_VERSION = re.compile(r"ActiveRecord::Migration\[([\d.]+)\]")
_ACRONYM = re.compile(r"\bacronym\s*\(?\s*['\"](\w+)['\"]")
_MAGIC = "# frozen_string_literal: true"
_HIDDEN = re.compile(r"(?i)\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:TRIGGER|FUNCTION)\b")
_RECORD = re.compile(r"\bschema_migrations_table_name\s*=\s*['\"]([\w.]+)")


class Rails(Named):
    """The layout."""

    name = "rails"
    label = "Rails"
    naming = Naming(pattern=re.compile(r"(\d+)(_[a-z0-9_]+)\.rb"), endings=(".rb",), order="number")
    folder = "db/migrate"
    mark = re.compile(r"<\s*ActiveRecord::Migration\b(?:\[[\d.]+\])?")
    tool = re.compile(r"(?m)^\s*gem ['\"](?:rails|activerecord)['\"]|\brails\s+db:migrate\b")

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return the version in the newest classes, the project's acronyms and its dump."""
        recent = list(tree.heads(folder, names[-RECENT:]).values())
        versions = [found[1] for text in recent if (found := _VERSION.search(text))]
        acronyms = {hit.match[1] for hit in tree.search(_ACRONYM)}
        dump = next(
            (
                one
                for one in ("structure.sql", "schema.rb")
                if one in tree.folders.get(folder.parent, ())
            ),
            "",
        )
        frozen = bool(recent) and recent[-1].startswith(_MAGIC)
        return {
            **({"version": versions[-1]} if versions else {}),
            **({"acronyms": " ".join(sorted(acronyms))} if acronyms else {}),
            **({"dump": f"{tree.relative(folder.parent)}/{dump}"} if dump else {}),
            **({"frozen": "yes"} if frozen else {}),
        }

    def ending(self, options: dict[str, str]) -> str:
        """Return the files' ending."""
        return ".rb"

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file; what needs no transaction of its own turns the runner's off."""
        known = self.naming.rests(listed(project.directory))
        slug = unused(draft.slug, [one.removesuffix(".rb") for one in known])
        acronyms = {one.lower(): one for one in project.options.get("acronyms", "").split()}
        open_ = not (draft.up.transactional and draft.down.transactional)
        head = draft.comments("up", "down", more=_dumped(project, draft), mark="#")
        lines = [f"{_MAGIC}\n"] if "frozen" in project.options else []
        version = project.options.get("version", _NEWEST)
        lines += [head, f"class {pascal(slug, acronyms)} < ActiveRecord::Migration[{version}]"]
        if open_:
            lines.append("  disable_ddl_transaction!\n")
        lines += [
            _method("up", draft.up, framed=open_ and draft.up.transactional),
            "",
            _method("down", draft.down, framed=open_ and draft.down.transactional),
            "end",
            "",
        ]
        return (
            Written(
                name=f"{self.stem(project, replace(draft, slug=slug))}.rb",
                content="\n".join(lines),
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
                language="ruby",
            ),
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions."""
        table = record_table(project, "schema_migrations", _RECORD)
        return Ledger(tables=(table,), columns=("version",), read=list_of())

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Rails' commands."""
        count = max(1, len(versions))
        return Commands(apply="bin/rails db:migrate", revert=f"bin/rails db:rollback STEP={count}")


def _method(name: str, section: Section, *, framed: bool) -> str:
    framed = framed and section.runs
    indent = "      " if framed else "    "
    lines = [f"  def {name}", *(["    transaction do"] if framed else [])]
    for one in section.statements:
        lines += [f"{indent}# {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            lines.append(f"{indent}execute {ruby(one.sql, indent)}")
    return "\n".join([*lines, *(["    end"] if framed else []), "  end"])


def _dumped(project: Project, draft: Draft) -> tuple[tuple[str, str], ...]:
    """Return what is to know of the dump of the schema."""
    dump = project.options.get("dump", "db/schema.rb")
    told = f"db:migrate writes {dump} anew: commit it with this file"
    hidden = any(_HIDDEN.search(one.sql) for one in (*draft.up.statements, *draft.down.statements))
    if hidden and dump.endswith(".rb"):
        told += "; it holds no triggers and functions, structure.sql does (config.active_record.schema_format)"
    return (("Schema", told),)


LAYOUT = Rails()
