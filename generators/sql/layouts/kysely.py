"""Kysely: files with the functions ``up`` and ``down``, run in the order of their names.

Facts: Kysely 0.28, run; names as kysely-ctl makes them (milliseconds) or as times
(``20240101T000000Z``). On PostgreSQL all pending files run in one transaction, and no file can opt
out; on other engines there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from generators.base import Commands, Project
from generators.ledger import Ledger, by_name, list_of
from generators.sql.enclosed import enclosed
from generators.sql.javascript import ENDINGS, Hand, calls, hand_of, read_hand
from generators.sql.layout import Draft, Interruption, Section, Written
from generators.sql.layouts.named import Named, Naming
from generators.sql.numbering import Numbering
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_HAND = Hand(ending=".ts", module="es")
_DAY = 8
#: How a person makes Kysely take a file for applied.
_RECORD = "insert its name into kysely_migration"
_TABLE = re.compile(r"\bmigrationTableName['\"]?\s*:\s*['\"]([\w.]+)")


class Kysely(Named):
    """The layout."""

    name = "kysely"
    label = "Kysely"
    naming = Naming(
        pattern=re.compile(r"(\d{8}T\d{6,9}Z|\d+)([_-].*)(?<!\.d)\.[cm]?[jt]s"),
        endings=ENDINGS,
        numbering=Numbering(kind="epoch", width=13),
    )
    folder = "migrations"
    mark = re.compile(r"(?:from |require\()['\"]kysely['\"]")
    tool = re.compile(r"\"kysely(?:-ctl)?\"\s*:|\bkysely\s+migrate")
    transactions = "whole run"
    apart = "call `migrateUp`, which takes one file, until nothing is left"

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return how the newest files are written and named."""
        found = read_hand(tree, folder, names, _HAND).options()
        return {**found, **({"time": "yes"} if names[-1:] and names[-1][_DAY] == "T" else {})}

    def ending(self, options: dict[str, str]) -> str:
        """Return the files' ending."""
        return options.get("ending", _HAND.ending)

    def stem(self, project: Project, draft: Draft) -> str:
        """Return the name of a file without its ending."""
        stem = super().stem(project, draft)
        if "time" not in project.options:
            return stem
        version = draft.version
        return f"{version[:_DAY]}T{version[_DAY:]}Z{stem.removeprefix(version)}"

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file, and what a person runs before it."""
        hand = hand_of(project.options, _HAND)
        one = draft.dialect.name == "postgresql"
        inside, alone = (
            enclosed(draft, runner=self.label, mark=_RECORD, sides=("up", "down"))
            if one
            else (draft, ())
        )
        parts = [inside.comments("up", "down", mark="//"), _import(hand)]
        for name, section in (("up", inside.up), ("down", inside.down)):
            # Where the runner opens no transaction the file does, if the engine knows one for it.
            framed = section.transactional and section.runs and not one
            framed = framed and draft.dialect.capabilities.transactional_ddl
            parts.append(_function(name, section, hand, framed=framed))
        return (
            *alone,
            Written(
                name=f"{self.stem(project, draft)}{hand.ending}",
                content="\n".join(parts),
                up=inside.up.text() + "\n",
                down=inside.down.text() + "\n",
                language=hand.language,
            ),
        )

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that what is for a person to run stands alone in its file."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on when an index build was cut short."""
        return (
            "when the build was cut short: drop its index, then run it again" if cut.index else ""
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of names."""
        table = record_table(project, "kysely_migration", _TABLE)
        return Ledger(tables=(table,), columns=("name",), read=list_of(by_name))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return kysely-ctl's commands; a project may have a script of its own."""
        back = " && ".join(["npx kysely migrate:down"] * max(1, len(versions)))
        return Commands(apply="npx kysely migrate:latest", revert=back)


def _import(hand: Hand) -> str:
    source = f"{hand.quote}kysely{hand.quote}"
    if hand.typed:
        return f"import {{ type Kysely, sql }} from {source}{hand.semicolon}\n"
    if hand.module == "es":
        return f"import {{ sql }} from {source}{hand.semicolon}\n"
    return f"const {{ sql }} = require({source}){hand.semicolon}\n"


def _function(name: str, section: Section, hand: Hand, *, framed: bool) -> str:
    one, end = hand.indent, hand.semicolon
    if framed:
        inner = calls(section, hand, "sql", ".execute(trx)", depth=2)
        body = f"{one}await db.transaction().execute(async (trx) => {{\n{inner}\n{one}}}){end}"
    else:
        body = calls(section, hand, "sql", ".execute(db)")
    given = "db" if section.runs else ""
    if hand.typed:
        given = "db: Kysely<unknown>" if section.runs else ""
        return f"export async function {name}({given}): Promise<void> {{\n{body}\n}}\n"
    if hand.module == "es":
        return f"export async function {name}({given}) {{\n{body}\n}}\n"
    return f"exports.{name} = async function ({given}) {{\n{body}\n}}{end}\n"


LAYOUT = Kysely()
