"""Knex: ``<UTC seconds>_<words>.js`` or ``.ts`` with the functions ``up`` and ``down``.

Facts: Knex 3.3, run, and its own templates. All pending files run in one transaction; one file
whose ``config`` says ``transaction: false`` makes it one for each, and runs outside of one itself.
On PostgreSQL `raw` takes each ``?`` for a binding, and drops the backslashes before one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generators.base import Commands, Project
from generators.ledger import Ledger, by_name, list_of
from generators.sql.javascript import ENDINGS, Hand, calls, hand_of, read_hand
from generators.sql.layout import Draft, Section, Statement, Written
from generators.sql.layouts.named import Named, Naming
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError

_HAND = Hand(quote='"')
_DOC = '/**\n * @param { import("knex").Knex } knex\n * @returns { Promise<void> }\n */\n'
_RECORD = re.compile(r"\bmigrations['\"]?\s*:\s*\{[^}]*?\btableName['\"]?\s*:\s*['\"]([\w.]+)")


class Knex(Named):
    """The layout."""

    name = "knex"
    label = "Knex"
    naming = Naming(pattern=re.compile(r"(\d+)([_-].*)(?<!\.d)\.[cm]?[jt]s"), endings=ENDINGS)
    folder = "migrations"
    mark = re.compile(
        r"(?:exports\.up\s*=|export\s+(?:async\s+function|function|const)\s+up\b)[^\n]*\bknex\b"
        r"|import\(['\"]knex['\"]\)|from ['\"]knex['\"]"
    )
    tool = re.compile(r"\"knex\"\s*:|\bknex\s+migrate:\w+")
    setting = re.compile(r"\bmigrations:\s*\{[^}]*?\bdirectory:\s*['\"]([\w./-]+)['\"]")
    transactions = "whole run"
    apart = "run `knex migrate:up`, which takes one file, until nothing is left"

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return how the newest files are written."""
        return read_hand(tree, folder, names, _HAND).options()

    def ending(self, options: dict[str, str]) -> str:
        """Return the files' ending."""
        return options.get("ending", _HAND.ending)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file; what needs no transaction of its own turns the runner's off."""
        hand = hand_of(project.options, _HAND)
        sections = [_escaped(one, draft) for one in (draft.up, draft.down)]
        open_ = any(not one.transactional for one in sections)
        parts = [f"{draft.comments('up', 'down', mark='//')}"]
        if hand.typed:
            parts.append(
                f"import type {{ Knex }} from {hand.quote}knex{hand.quote}{hand.semicolon}\n"
            )
        for name, section in zip(("up", "down"), sections, strict=True):
            parts.append(_function(name, section, hand, framed=open_ and section.transactional))
        if open_:
            start = "export const config" if hand.module == "es" else "exports.config"
            parts.append(f"{start} = {{ transaction: false }}{hand.semicolon}\n")
        return (
            Written(
                name=f"{self.stem(project, draft)}{hand.ending}",
                content="\n".join(parts),
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
                language=hand.language,
            ),
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of names."""
        table = record_table(project, "knex_migrations", _RECORD)
        return Ledger(tables=(table,), columns=("name",), read=list_of(by_name))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Knex's commands; `migrate:down` takes back one file."""
        back = " && ".join(["npx knex migrate:down"] * max(1, len(versions)))
        return Commands(apply="npx knex migrate:latest", revert=back)


def _function(name: str, section: Section, hand: Hand, *, framed: bool) -> str:
    """Return one of the two functions, with a transaction of its own where ``framed`` says so."""
    if framed and section.runs:
        inner = calls(section, hand, "trx.raw(", depth=2)
        one = hand.indent
        body = f"{one}await knex.transaction(async (trx) => {{\n{inner}\n{one}}}){hand.semicolon}"
    else:
        body = calls(section, hand, "knex.raw(")
    given = "knex" if section.runs else ""
    if hand.typed:
        given = "knex: Knex" if section.runs else ""
        return f"export async function {name}({given}): Promise<void> {{\n{body}\n}}\n"
    if hand.module == "es":
        return f"{_DOC}export async function {name}({given}) {{\n{body}\n}}\n"
    return f"{_DOC}exports.{name} = async function ({given}) {{\n{body}\n}}{hand.semicolon}\n"


def _escaped(section: Section, draft: Draft) -> Section:
    """Return the section as `raw` must get it.

    Raises ConflictError ``section-mark`` for a backslash before a question mark, which it drops.
    """
    if draft.dialect.name != "postgresql":
        return section
    if any("\\?" in one.sql for one in section.statements):
        raise ConflictError(
            "section-mark",
            "Knex cannot send a text with a backslash before a question mark",
            why="it takes the two for an escaped binding, and drops the backslash",
            next_actions=("write that text another way, such as with [?] in a pattern",),
        )
    statements = tuple(
        Statement(sql=one.sql.replace("?", "\\?"), note=one.note) for one in section.statements
    )
    return replace(section, statements=statements)


LAYOUT = Knex()
