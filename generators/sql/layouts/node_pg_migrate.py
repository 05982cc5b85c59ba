"""node-pg-migrate: ``<milliseconds>_words.sql`` with an up and a down part.

Facts: node-pg-migrate 9.0, run, and its source. A part begins with a comment, and is sent as one
string. All pending files share one transaction by default; only code can leave it, with
``pgm.noTransaction()``, so a concurrent build is written in the project's JavaScript or TypeScript.
Prefixes are compared as numbers, those of 17 digits as the UTC time that they show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, by_name, list_of
from generators.reading import read_text
from generators.sql.detecting import (
    foreign,
    joined,
    listed,
    mentioned_folders,
    problems,
    separators,
    shell_path,
)
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.numbering import Numbering, following, infer
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError

_NAME = re.compile(r"(\d+)([_-].*)\.(sql|[cm]?[jt]s)")
_CODE = re.compile(r"(?im)\bpgm\b|\bnode-pg-migrate\b|^\s*--[\s-]*(?:up|down)\s+migration")
_MARK = re.compile(r"(?im)^\s*--[\s-]*(?:up|down)\s+migration")
_TOOL = re.compile(r"\bnode-pg-migrate\b")
_FOLDER = re.compile(
    r"node-pg-migrate\b[^\n#]*?\s(?:-m|--migrations-dir)[= ]\s*[\\'\"]*([\w./-]+)"
    r"|[\"']?migrations-dir[\"']?\s*:\s*[\"']([\w./-]+)"
)
_MODULE = re.compile(r"\"type\"\s*:\s*\"module\"")
_EPOCH = Numbering(kind="epoch", width=13)
_DEFAULT = "migrations"
_RECENT = 10
_RECORD = re.compile(
    r"node-pg-migrate\b[^\n#]*?\s(?:-t|--migrations-table)[= ]\s*[\\'\"]*([\w.]+)"
    r"|[\"']?migrations-table[\"']?\s*:\s*[\"']([\w.]+)"
)


class NodePgMigrate:
    """The layout; the newest files decide about names and about the language of code."""

    name = "node-pg-migrate"
    label = "node-pg-migrate"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders whose files speak to node-pg-migrate, or which it is told of."""
        found: list[Project] = []
        tool = next(tree.search(_TOOL), None)
        told = mentioned_folders(tree, _FOLDER, None, default=None)
        told = told or mentioned_folders(tree, _FOLDER, tool, default=_DEFAULT)
        for folder, files in tree.folders.items():
            hint = told.get(folder)
            # Any ten files tell, before all of them are put into order.
            some = tree.heads(folder, _last(files))
            if not hint and not any(_CODE.search(text) for text in some.values()):
                continue
            names = _history(files)
            recent = tree.heads(folder, names[-_RECENT:])
            marked = [name for name, text in recent.items() if _CODE.search(text)]
            empty = all(name[0] == "." for name in files)
            # Without marks a file is all upgrade.
            bare = all(name.endswith(".sql") for name in recent) and not foreign(
                tree, folder, names
            )
            if len(marked) * 2 <= len(recent) and not (hint and (empty or (bare and recent))):
                continue
            evidence = []
            if marked:
                what = (
                    f"its marks or its builder in {len(marked)} of the newest {len(recent)} files"
                )
                evidence.append(Evidence(what=what, where=tree.relative(folder / marked[-1])))
            if hint:
                evidence.append(hint)
            elif tool and marked:
                evidence.append(Evidence(what="depends on node-pg-migrate", where=tool.path))
            sure = bool((marked and tool) or (recent and hint))
            language = _language(tree, folder, names)
            found.append(_project(tree.root, folder, names, tuple(evidence), language, sure=sure))
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `node-pg-migrate create -j sql` would begin."""
        return _project(root, root / _DEFAULT, (), (), "js", sure=False)

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return prefixes greater, as numbers, than all files there."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else None
        form = infer(versions, default=_EPOCH)
        return following(form, latest, now=now, count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file: SQL, or code where it leaves the transaction."""
        options = project.options
        slug = joined(draft.slug, options.get("words", "-"))
        stem = f"{draft.version}{options.get('behind', '_')}{slug}"
        up, down = draft.up.text() + "\n", draft.down.text() + "\n"
        if not (draft.up.transactional and draft.down.transactional):
            language = options.get("language", "js")
            return (
                Written(
                    name=f"{stem}.{language.removesuffix(' module')}",
                    content=_code(draft, language),
                    up=up,
                    down=down,
                    language="typescript" if "ts" in language else "javascript",
                ),
            )
        head = draft.comments("up", "down")
        content = f"{head}\n-- Up Migration\n{up}\n-- Down Migration\n{down}"
        if len(_MARK.findall(content)) != 2:
            raise ConflictError(
                "section-mark",
                f"node-pg-migrate would cut {draft.slug} in the wrong place",
                why="a line of its text reads like one of its own marks",
                next_actions=("write that default or comment on one line",),
            )
        return (Written(name=f"{stem}.sql", content=content, up=up, down=down),)

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell no: in code every statement is sent by itself."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; a file is recorded only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            back = f"node-pg-migrate down {cut.files - 1}"
            return f"when the build was cut short: {back}, then node-pg-migrate up"
        return "when the way back was cut short: node-pg-migrate up, then down again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: without arguments, nothing is put into it."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of names."""
        table = record_table(project, "pgmigrations", _RECORD)
        return Ledger(tables=(table,), columns=("name",), read=list_of(by_name))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return the commands that apply all that is pending, and take just these back."""
        folder = shell_path(project)
        where = "" if folder == _DEFAULT else f" -m {folder}"
        up = f"npx node-pg-migrate up{where}"
        back = f"npx node-pg-migrate down {max(1, len(versions))}{where}"
        return Commands(apply=up, revert=back, mark=f"{up} --fake")


def _project(root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...], language: str, *, sure: bool) -> Project:  # fmt: skip
    versions = _versions(names)
    rests = [match[2] for name in names if (match := _NAME.fullmatch(name))]
    behind, words = separators(rests, words="-")
    return Project(
        framework="sql",
        layout=NodePgMigrate.name,
        root=root,
        directory=folder,
        confidence="high" if sure else "medium" if evidence else "low",
        evidence=evidence,
        heads=tuple(versions[-1:]),
        latest=names[-1] if names else None,
        pattern=f"{infer(versions, default=_EPOCH)}{behind}words.sql",
        transactions="whole run",
        apart="run it with `--no-single-transaction`",
        options={"behind": behind, "words": words, "language": language},
        problems=problems(versions),
    )


def _last(names: Sequence[str]) -> list[str]:
    """Return the last ten files as text sorts them."""
    found = (name for name in reversed(names) if _NAME.fullmatch(name))
    return list(islice(found, _RECENT))


def _history(names: Sequence[str]) -> list[str]:
    keyed = [(_moment(match[1]), name) for name in names if (match := _NAME.fullmatch(name))]
    return [name for _, name in sorted(keyed)]


def _moment(prefix: str) -> int:
    """Return the number by which the tool sorts a prefix."""
    if len(prefix) == 17:
        try:
            seconds = datetime.strptime(prefix[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return int(prefix)
        return int(seconds.timestamp()) * 1000 + int(prefix[14:])
    return int(prefix)


def _versions(names: Sequence[str]) -> list[str]:
    return [match[1] for name in names if (match := _NAME.fullmatch(name))]


def _language(tree: Tree, folder: Path, names: Sequence[str]) -> str:
    """Return the ending for code, with `` module`` where JavaScript exports by keyword."""
    endings = Counter(name.rpartition(".")[2] for name in names[-_RECENT:] if name[-2:] != "ql")
    packages = [
        (path, text)
        for path, text in tree.telling.items()
        if path.name == "package.json" and folder.is_relative_to(path.parent)
    ]
    module = any(_MODULE.search(text) for _, text in packages[-1:])
    if not endings:
        typed = any("tsconfig.json" in tree.folders.get(path.parent, ()) for path, _ in packages)
        return "ts" if typed else "js module" if module else "js"
    ending = endings.most_common(1)[0][0]
    newest = next(name for name in reversed(names) if name.endswith(f".{ending}"))
    text = read_text(folder / newest, limit=1 << 14) or ""
    if ending == "js" and ("export const" in text or "export async" in text or module):
        return "js module"
    return ending


def _code(draft: Draft, language: str) -> str:
    header = "".join(f"//{line[2:]}\n" for line in draft.comments("up", "down").splitlines())
    parts = [header]
    if "ts" in language:
        parts.append("import type { MigrationBuilder } from 'node-pg-migrate';\n")
    for name, section in (("up", draft.up), ("down", draft.down)):
        body = "\n".join(_calls(section))
        match language:
            case "ts" | "mts" | "cts":
                head = f"export async function {name}(pgm: MigrationBuilder): Promise<void> {{"
                parts.append(f"{head}\n{body}\n}}\n")
            case "js module" | "mjs":
                parts.append(f"export const {name} = (pgm) => {{\n{body}\n}};\n")
            case _:
                parts.append(f"exports.{name} = (pgm) => {{\n{body}\n}};\n")
    return "\n".join(parts)


def _calls(section: Section) -> list[str]:
    lines = [] if section.transactional else ["  pgm.noTransaction();"]
    for one in section.statements:
        lines += [f"  // {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            text = one.sql.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
            lines.append(f"  pgm.sql(`{text}`);")
    return lines


LAYOUT = NodePgMigrate()
