"""Sequelize and umzug: ``<UTC seconds>-<words-with-dashes>.js`` with the functions up and down.

Facts: Sequelize 6.37 and umzug 3.8, run; sequelize-cli's own template. Files are ordered by name.
Nothing is put into a transaction, and each query may have another connection, so a file that
needs a transaction opens one and names it in each query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from generators.base import Commands, Project
from generators.ledger import Ledger, by_name, list_of
from generators.sql.javascript import ENDINGS, Hand, calls, hand_of, read_hand
from generators.sql.layout import Draft, Section, Written
from generators.sql.layouts.named import Named, Naming
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_HAND = Hand()
_UMZUG = re.compile(r"\{\s*context\b")
_DOC = "/** @type {import('sequelize-cli').Migration} */\n"
_RECORD = re.compile(r"\bmigrationStorageTableName['\"]?\s*:\s*['\"]([\w.]+)")


class Sequelize(Named):
    """The layout; umzug passes the interface as its context."""

    name = "sequelize"
    label = "Sequelize"
    naming = Naming(
        pattern=re.compile(r"(\d+)([_-].*)(?<!\.d)\.[cm]?[jt]s"),
        endings=ENDINGS,
        behind="-",
        words="-",
    )
    folder = "migrations"
    mark = re.compile(r"\bqueryInterface\b|\bQueryInterface\b")
    tool = re.compile(r"\"(?:sequelize(?:-cli)?|umzug)\"\s*:|\bsequelize(?:-cli)?\s+db:migrate")
    setting = re.compile(
        r"(?m)migrations-path['\"]?\s*:\s*(?:path\.\w+\()?(?:__dirname,\s*)?['\"]([\w./-]+)['\"]"
        r"\s*(?:\)|,?\s*$)"
    )
    transactions = "none"

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return how the newest files are written, and whether umzug calls them."""
        newest = tree.heads(folder, names[-1:]).values()
        umzug = any(_UMZUG.search(text) for text in newest)
        found = read_hand(tree, folder, names, _HAND).options()
        return {**found, **({"umzug": "yes"} if umzug else {})}

    def ending(self, options: dict[str, str]) -> str:
        """Return the files' ending."""
        return options.get("ending", _HAND.ending)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file."""
        hand = hand_of(project.options, _HAND)
        quote, end = hand.quote, hand.semicolon
        umzug = "umzug" in project.options
        head = draft.comments("up", "down", more=draft.turns(self.label), mark="//")
        pair = (("up", draft.up), ("down", draft.down))
        if hand.module == "es":
            given = "{ context: queryInterface }" if umzug else "queryInterface"
            if hand.typed:
                head += f"\nimport type {{ QueryInterface }} from {quote}sequelize{quote}{end}\n"
                given += ": { context: QueryInterface }" if umzug else ": QueryInterface"
            result = ": Promise<void>" if hand.typed else ""
            body = "\n".join(
                f"export async function {name}({given if section.runs else ''}){result} {{\n"
                f"{_body(section, hand, 1)}\n}}\n"
                for name, section in pair
            )
        else:
            given = "{ context: queryInterface }" if umzug else "queryInterface"
            methods = "\n\n".join(
                f"{hand.indent}async {name}({given if section.runs else ''}) {{\n"
                f"{_body(section, hand, 2)}\n{hand.indent}}},"
                for name, section in pair
            )
            doc = "" if umzug else _DOC
            body = (
                f"{quote}use strict{quote}{end}\n\n{doc}module.exports = {{\n{methods}\n}}{end}\n"
            )
        return (
            Written(
                name=f"{self.stem(project, draft)}{hand.ending}",
                content=f"{head}\n{body}",
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
                language=hand.language,
            ),
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of names."""
        table = record_table(project, "SequelizeMeta", _RECORD)
        return Ledger(tables=(table,), columns=("name",), read=list_of(by_name))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return sequelize-cli's commands; `db:migrate:undo` takes back one file."""
        back = " && ".join(["npx sequelize-cli db:migrate:undo"] * max(1, len(versions)))
        return Commands(apply="npx sequelize-cli db:migrate", revert=back)


def _body(section: Section, hand: Hand, depth: int) -> str:
    before = "queryInterface.sequelize.query("
    if not section.runs or not section.transactional:
        return calls(section, hand, before, depth=depth)
    one, end = hand.indent * depth, hand.semicolon
    inner = calls(section, hand, before, ", { transaction })", depth=depth + 1)
    start = "await queryInterface.sequelize.transaction(async (transaction) => {"
    return f"{one}{start}\n{inner}\n{one}}}){end}"


LAYOUT = Sequelize()
