"""golang-migrate: pairs ``<digits>_<words>.up.sql`` and ``.down.sql``.

Facts: golang-migrate 4.20, run, and its parser of names. Versions are ordered as numbers, two
files of one version and direction are refused, and a version below the newest applied one is
skipped in silence. On PostgreSQL a file is sent as one simple query: several statements form a
transaction, one alone does not. Its SQLite driver wraps each file in a transaction itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, up_to
from generators.sql.detecting import (
    joined,
    listed,
    mentioned_folders,
    problems,
    separators,
    shell_path,
    shorten,
)
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.numbering import following, infer
from generators.sql.told import record_table
from generators.sql.tree import Hit, Tree
from wizard.dialects.base import Dialect

_NAME = re.compile(r"(\d+)(_.*)\.(up|down)\.(.+)")
_TOOL = re.compile(
    r"\bgolang-migrate\b|\bmigrate/migrate\b"
    r"|(?<![\w./-])migrate\s+(?:create\b|[^\n]*?-(?:path|source|database)\b)"
)
_FOLDER = re.compile(
    r"(?<![\w.-])migrate\b[^\n#]*?\s-{1,2}(?:path|dir)[= ]\s*['\"]?([\w./-]+)"
    r"|-{1,2}source[= ]\s*['\"]?file://([\w./-]+)"
)
_SPLITTING = re.compile(r"x-multi-statement=true")
#: Runners whose files look the same; where one is used, a pair alone proves nothing.
_OTHERS = re.compile(r"(?m)^\s*sqlx\b|\bsqlx(?:-cli)?\s+migrate|\buptrace/bun\b|\bgobuffalo/pop\b")
_OTHERS_INSIDE = re.compile(r"(?m)^--\s*(?:migrate:up|\+goose|\+migrate|no-transaction|bun:split)")
_DEFAULT = "migrations"
_RECENT = 10
_RECORD = re.compile(r"x-migrations-table=([\w.]+)")


class GolangMigrate:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "golang-migrate"
    label = "golang-migrate"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders with pairs; the tool's name somewhere above makes it certain."""
        tools = list(tree.search(_TOOL))
        told = mentioned_folders(tree, _FOLDER, None, default=None)
        split = next(tree.search(_SPLITTING), None)
        found: list[Project] = []
        for folder, files in tree.folders.items():
            names = _history(files)
            pairs = len({name for name in names if ".up." in name}) if names else 0
            hint = told.get(folder)
            if not pairs and not (hint and all(name[0] == "." for name in files)):
                continue
            tool = _above(tree, tools, folder)
            if not (tool or hint) and _belongs_to_another(tree, folder, names):
                continue
            evidence: list[Evidence] = []
            if pairs:
                where = tree.relative(folder / names[-1])
                evidence.append(Evidence(what=f"{pairs} files *.up.*", where=where))
            if hint:
                evidence.append(hint)
            elif tool:
                evidence.append(
                    Evidence(what=f"names {shorten(tool.match.group())}", where=tool.path)
                )
            sure = bool(pairs and (tool or hint))
            found.append(
                self._project(
                    tree.root, folder, names, sure=sure, evidence=tuple(evidence), split=split
                )
            )
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `migrate create -dir migrations` would begin."""
        return self._project(root, root / _DEFAULT)

    def _project(
        self,
        root: Path,
        folder: Path,
        names: Sequence[str] = (),
        *,
        sure: bool = False,
        evidence: tuple[Evidence, ...] = (),
        split: Hit | None = None,
    ) -> Project:
        versions = _versions(names)
        _, words = separators([match[2] for name in names if (match := _NAME.fullmatch(name))])
        extension = _extension(names)
        broken = problems([version for version, up in _sides(names) if up])
        trouble = list(broken)
        if split is not None:
            trouble.append(
                f"{split.path} sets x-multi-statement=true, which cuts files at every semicolon, "
                "also inside DO blocks: run files that hold one without it"
            )
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if sure else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{infer(versions)}_words.up.{extension}",
            transactions="file decides",
            options={
                "words": words,
                "extension": extension,
                **({"broken": "yes"} if broken else {}),
            },
            problems=tuple(trouble),
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater, as numbers, than all files there."""
        versions = _versions(_history(listed(project.directory)))
        versions += [version for version in taken if version not in versions]
        latest = versions[-1] if versions else None
        return following(infer(versions), latest, now=now, count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the pair."""
        extension = project.options.get("extension", "sql")
        stem = f"{draft.version}_{joined(draft.slug, project.options.get('words', '_'))}"
        more = _remarks(draft)
        up, down = _framed(draft.up, draft.dialect), _framed(draft.down, draft.dialect)
        return (
            Written(
                name=f"{stem}.up.{extension}",
                content=f"{draft.comments('up', more=more)}\n{up}",
                up=up,
            ),
            Written(
                name=f"{stem}.down.{extension}",
                content=f"{draft.comments('down', more=more)}\n{down}",
                down=down,
            ),
        )

    def companions(
        self,
        project: Project,
        files: Sequence[Written],
        *,
        now: datetime,
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether the server takes the file for one transaction when it holds several."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on: golang-migrate marks the database dirty and waits for a person."""
        # A version of -1 means none; without the dashes it would be read as a flag.
        version = cut.start if cut.start is not None else "-- -1"
        return (
            f"when it was cut short: migrate force {version}, "
            f"then migrate {cut.direction} {cut.files}"
        )

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: golang-migrate knows no placeholders."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of one row: the version reached, and whether its run was cut short."""
        table = record_table(project, "schema_migrations", _RECORD)
        return Ledger(
            tables=(table,),
            columns=(
                "version",
                "dirty",
            ),
            read=up_to(dirty=True),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return the commands that run just these files, and take just these back."""
        call = f'migrate -path {shell_path(project)} -database "$DATABASE_URL"'
        count = max(1, len(versions))
        mark = f"{call} force {versions[-1]}" if versions else ""
        return Commands(apply=f"{call} up {count}", revert=f"{call} down {count}", mark=mark)


def _remarks(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Return what the runner must be told, or spared, before it runs this file.

    The SQLite driver wraps files itself. On PostgreSQL a second migrate waits for the first in a
    statement with a snapshot, for whose end a concurrent build waits in turn.
    """
    if draft.dialect.name == "sqlite" and not (draft.up.transactional and draft.down.transactional):
        return (
            (
                "Runner",
                "opens and closes its own transaction: run it with x-no-tx-wrap=true in the "
                "database URL; without it the file fails and changes nothing",
            ),
        )
    sections = (draft.up, draft.down)
    if not draft.dialect.capabilities.transactional_ddl and any(
        sum(bool(one.sql) for one in section.statements) > 1 for section in sections
    ):
        return (
            (
                "Runner",
                "sends the file whole: the database URL must say multiStatements=true, and must "
                "not say x-multi-statement=true",
            ),
        )
    if any(
        "INDEX CONCURRENTLY" in one.sql for one in (*draft.up.statements, *draft.down.statements)
    ):
        return (
            (
                "Runner",
                "one migrate at a time: a second one, waiting its turn, ends the index build "
                "with a deadlock",
            ),
        )
    return ()


def _framed(section: Section, dialect: Dialect) -> str:
    text = section.text()
    if dialect.name != "postgresql" or not section.transactional or not section.runs:
        return text + "\n"
    return f"BEGIN;\n\n{text}\n\nCOMMIT;\n"


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(int(match.group(1)), name) for name in names if (match := _NAME.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _sides(names: Sequence[str]) -> list[tuple[str, bool]]:
    found = [match.groups() for name in names if (match := _NAME.fullmatch(name))]
    return [(version, side == "up") for version, _, side, _ in found]


def _versions(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(version for version, _ in _sides(names)))


def _extension(names: Sequence[str]) -> str:
    found = Counter(
        match.group(4) for name in names[-_RECENT * 2 :] if (match := _NAME.fullmatch(name))
    )
    return found.most_common(1)[0][0] if found else "sql"


def _above(tree: Tree, hits: Sequence[Hit], folder: Path) -> Hit | None:
    """Return the mention that speaks for the folder: in a folder above it, or at the root."""
    for hit in hits:
        home = (tree.root / hit.path).parent
        if folder.is_relative_to(home) or hit.path.startswith((".", "scripts/", "script/", "bin/")):
            return hit
    return None


def _belongs_to_another(tree: Tree, folder: Path, names: Sequence[str]) -> bool:
    if _above(tree, list(tree.search(_OTHERS)), folder) is not None:
        return True
    texts = tree.heads(folder, names[-_RECENT:]).values()
    return any(_OTHERS_INSIDE.search(text) for text in texts)


LAYOUT = GolangMigrate()
