"""TypeORM: ``<milliseconds>-<Words>.ts`` with a class whose name ends in the same number.

Facts: TypeORM 1.1, run, and its own template. The number in the class's name decides the order. A
class with a ``transaction`` of its own is refused unless the mode is ``each`` or ``none``; the
default is ``all``. `migration:revert` opens a transaction all the same.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from generators.base import Commands, Project
from generators.ledger import Ledger, list_of
from generators.sql.detecting import pascal
from generators.sql.javascript import ENDINGS, Hand, calls, hand_of, read_hand
from generators.sql.layout import Draft, Section, Written
from generators.sql.layouts.named import Named, Naming
from generators.sql.numbering import Numbering
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_HAND = Hand(ending=".ts", module="es", indent="    ", quote='"')
_SOURCE = re.compile(r"\btypeorm[^\n\"]*?\s(?:-d|--dataSource)[= ]\s*([\w./-]+)")
_RUNNER = (
    (
        "Runner",
        "runs this outside a transaction with --transaction each only; with its default it refuses",
    ),
)
_RECORD = re.compile(r"\bmigrationsTableName['\"]?\s*:\s*['\"]([\w.]+)")


class TypeOrm(Named):
    """The layout."""

    name = "typeorm"
    label = "TypeORM"
    naming = Naming(
        pattern=re.compile(r"(\d+)([-_].*)(?<!\.d)\.[cm]?[jt]s"),
        endings=ENDINGS,
        order="number",
        numbering=Numbering(kind="epoch", width=13),
        behind="-",
        words="",
    )
    folder = "src/migration"
    mark = re.compile(r"\bimplements\s+MigrationInterface\b|\basync\s+up\(queryRunner\b")
    tool = re.compile(r"\"typeorm\"\s*:|\btypeorm[\w-]*\s[^\n\"]*migration:\w+")
    transactions = "whole run"
    apart = "run it with `--transaction each`"

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return how the newest files are written and named, and where the data source is."""
        found = read_hand(tree, folder, names, _HAND).options()
        rest = self.naming.rests(names[-1:])
        plain = bool(rest) and rest[0][1:2].islower() and any(one in rest[0][1:] for one in "-_")
        source = next(tree.search(_SOURCE), None)
        return {
            **found,
            **({} if plain else {"words": ""}),
            **({"source": source.match[1]} if source else {}),
        }

    def ending(self, options: dict[str, str]) -> str:
        """Return the files' ending."""
        return options.get("ending", _HAND.ending)

    def stem(self, project: Project, draft: Draft) -> str:
        """Return the name of a file without its ending."""
        behind, words = project.options.get("separator", "-"), project.options.get("words", "")
        slug = draft.slug.replace("_", words) if words else pascal(draft.slug)
        return f"{draft.version}{behind}{slug}"

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file; what needs no transaction of its own turns the runner's off."""
        hand = hand_of(project.options, _HAND)
        end, one = hand.semicolon, hand.indent
        more = () if draft.up.transactional else _RUNNER
        lines = [draft.comments("up", "down", more=(*more, *draft.turns(self.label)), mark="//")]
        kind = pascal(draft.slug) + draft.version
        if hand.typed:
            names = (
                f"import {{ MigrationInterface, QueryRunner }} from {hand.quote}typeorm{hand.quote}"
            )
            lines += [f"{names}{end}", "", f"export class {kind} implements MigrationInterface {{"]
        elif hand.module == "es":
            lines.append(f"export class {kind} {{")
        else:
            lines.append(f"module.exports = class {kind} {{")
        if not hand.typed:
            # Bundlers and minifiers change the names of classes, by which they are known.
            lines.append(f"{one}name = {hand.quote}{kind}{hand.quote}{end}\n")
        if not draft.up.transactional:
            lines.append(f"{one}transaction = false{end}\n")
        lines += [_method("up", draft.up, hand), "", _method("down", draft.down, hand), "}", ""]
        return (
            Written(
                name=f"{self.stem(project, draft)}{hand.ending}",
                content="\n".join(lines),
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
                language=hand.language,
            ),
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of the times in the names of classes."""
        table = record_table(project, "migrations", _RECORD)
        return Ledger(tables=(table,), columns=("timestamp",), read=list_of())

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return TypeORM's commands; `migration:revert` takes back one file."""
        source = shlex.quote(project.options.get("source", "src/data-source.ts"))
        call = f"npx typeorm -d {source} --transaction each"
        back = " && ".join([call.replace("-d", "migration:revert -d", 1)] * max(1, len(versions)))
        return Commands(apply=call.replace("-d", "migration:run -d", 1), revert=back)


def _method(name: str, section: Section, hand: Hand) -> str:
    one, end = hand.indent, hand.semicolon
    body = calls(section, hand, "queryRunner.query(", depth=2)
    if name == "down" and not section.transactional:
        body = (
            f"{one * 2}// migration:revert opens a transaction, whatever this class says.\n"
            f"{one * 2}const framed = queryRunner.isTransactionActive{end}\n"
            f"{one * 2}if (framed) await queryRunner.commitTransaction(){end}\n"
            f"{body}\n"
            f"{one * 2}if (framed) await queryRunner.startTransaction(){end}"
        )
    given = "queryRunner" if section.runs else ""
    if not hand.typed:
        return f"{one}async {name}({given}) {{\n{body}\n{one}}}"
    given = "queryRunner: QueryRunner" if section.runs else ""
    return f"{one}public async {name}({given}): Promise<void> {{\n{body}\n{one}}}"


LAYOUT = TypeOrm()
