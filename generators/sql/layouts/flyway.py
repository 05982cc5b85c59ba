"""Flyway: ``V<version>__<words>.sql``, with its way back in ``U<version>__<words>.sql``.

Facts: Flyway 13.12, run, open-source edition. Versions are compared part by part as numbers, ``_``
equals ``.``. `flyway undo` is a paid feature; the open edition passes over U files, unless
``validateMigrationNaming`` is set, which makes it refuse them. A script runs in one transaction
unless a file ``<script>.conf`` says otherwise. On PostgreSQL Flyway holds its lock in a transaction
of its own, for whose end a concurrent index build waits for ever, unless
``flyway.postgresql.transactional.lock`` is false. Its parser of SQLite takes BEGIN for the start of
a block, so a transaction there is a savepoint. Placeholders ``${…}`` are replaced everywhere in
a script, also in strings, and an unknown one stops it; only the ``.conf`` turns that off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, last_word, plain
from generators.sql.client import for_client
from generators.sql.detecting import joined, listed, problems, separators, shorten
from generators.sql.forward import FOLDER
from generators.sql.jdbc import with_savepoints
from generators.sql.layout import Companion, Direction, Draft, Interruption, Section, Written
from generators.sql.releases import described, later, parts
from generators.sql.told import record_table
from generators.sql.tree import Hit, Tree
from wizard.dialects.base import Dialect

_TOOL = re.compile(r"(?i)\bflyway\w*\b")
_PLACE = re.compile(r"(?:filesystem|classpath):/?([\w./-]+)")
_SETTING = r"(?im)\b(?:flyway[._])?{}[\"']?(?:[ \t]*[=:][ \t]*|>)[\[ \t]*[\"']?([^\"'<>\s#,\]]*)"
_SETTINGS = {
    name: re.compile(_SETTING.format("[-_]?".join(words)))
    for name, words in {
        "prefix": ("sql", "migration", "prefix"),
        "separator": ("sql", "migration", "separator"),
        "suffix": ("sql", "migration", "suffixes"),
        "undo": ("undo", "sql", "migration", "prefix"),
        "strict": ("validate", "migration", "naming"),
    }.items()
}
#: Often made of marks that are none in other settings, such as #[.
_SETTINGS["placeholder"] = re.compile(
    r"(?i)\bplaceholder[-_]?prefix[\"']?(?:\s*[=:]\s*|>)[\"']?([^\"'\s<]+)"
)
_LOCK_OFF = re.compile(r"(?i)transactional[-_.]?lock[\"']?\s*[=:]\s*[\"']?false")
_DEFAULTS = {
    "prefix": "V", "separator": "__", "suffix": ".sql", "undo": "U", "placeholder": "${",
    "strict": "",
}  # fmt: skip
#: Runners of the same names. Where one is used nearby, a name proves nothing.
_OTHERS = re.compile(r"\brefinery\b|\bpgmigrate\b")
_DEFAULT = "src/main/resources/db/migration"
_RECORD = re.compile(
    r"(?i)\bflyway[._]table['\"]?\s*[:=]\s*['\"]?([\w.]+)"
    r"|\[flyway\](?:\n(?!\[).*)*?\n\s*table\s*=\s*['\"]([\w.]+)|\bflyway:\s*\n(?:[ \t]+.*\n)*?[ \t]+table:\s*([\w.]+)"
)


class Flyway:
    """The layout; names and prefixes are read from Flyway's and Spring's configuration."""

    name = "flyway"
    label = "Flyway"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders with versioned scripts; Flyway's name in a file above makes it certain."""
        found: list[Project] = []
        mentions = list(tree.search(_TOOL))
        others = list(tree.search(_OTHERS))
        texts = [
            (_home(path.parent), text)
            for path, text in sorted(tree.telling.items(), key=lambda item: len(item[0].parts))
            if mentions and _TOOL.search(text)
        ]
        for folder, files in tree.folders.items():
            empty = all(name[0] == "." for name in files)
            if not empty and not any(name.lower().endswith("sql") for name in files):
                continue
            tool = _above(tree, mentions, folder)
            settings = _settings(texts, folder)
            names = _history(files, settings)
            hint = _told(tree, mentions, folder)
            if not names and not (hint and empty):
                continue
            if tool is None and (_above(tree, others, folder) or _kept_by_pgmigrate(tree, folder)):
                continue
            evidence = []
            if names:
                shape = f"{settings['prefix']}…{settings['separator']}….sql"
                where = tree.relative(folder / names[-1])
                evidence.append(Evidence(what=f"{len(names)} files {shape}", where=where))
            if hint:
                evidence.append(hint)
            elif tool:
                evidence.append(
                    Evidence(what=f"names {shorten(tool.match.group())}", where=tool.path)
                )
            certain = bool(names and tool)
            found.append(
                _project(
                    tree.root,
                    folder,
                    files,
                    settings=settings,
                    evidence=tuple(evidence),
                    certain=certain,
                )
            )
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that Flyway in a Spring application begins with."""
        return _project(root, root / _DEFAULT, ())

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater, part by part, than all files there."""
        settings = {**_DEFAULTS, **project.options}
        names = _history(listed(project.directory), settings)
        return later([*_versions(names, settings), *taken], now=now, count=count)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the script, the script of its way back, and the settings of either."""
        options = {**_DEFAULTS, **project.options}
        stem = (
            f"{draft.version}{options['separator']}{joined(draft.slug, options.get('words', '_'))}"
        )
        files: list[Written] = []
        sides: tuple[tuple[Direction, str, Section], ...] = (
            ("up", options["prefix"], draft.up),
            ("down", f"{options.get('place', '')}{options['undo']}", draft.down),
        )
        for side, prefix, planned in sides:
            more = _remarks(planned, options) if side == "up" else _way_back(draft)
            section = with_savepoints(planned, draft.dialect)
            sql = section.text() + "\n"
            text = f"{draft.comments(side, more=more)}\n{for_client(section, draft.dialect)}\n"
            script = f"{prefix}{stem}{options['suffix']}"
            files.append(
                Written(
                    name=script,
                    content=text,
                    up=sql if side == "up" else "",
                    down=sql if side == "down" else "",
                )
            )
            told = []
            if not section.transactional:
                told.append("executeInTransaction=false")
            if options["placeholder"] in text:
                told.append("placeholderReplacement=false")
            if told:
                content = "".join(f"{line}\n" for line in told)
                files.append(Written(name=f"{script}.conf", content=content, language="properties"))
        return tuple(files)

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell no: Flyway sends one statement after another."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on: what has to be repeated must be off Flyway's record."""
        if cut.direction == "down":
            return f"when it was cut short: run the U files again, beginning with {cut.start}"
        where = "type = 'SQL'"
        if cut.start is not None:
            rank = "SELECT installed_rank FROM flyway_schema_history"
            where = f"installed_rank > ({rank} WHERE version = '{_shown(cut.start)}')"
        return (
            f"when it was cut short: DELETE FROM flyway_schema_history WHERE {where}, "
            "then flyway migrate"
        )

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: a script that holds a placeholder's mark has them turned off."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the history: a row for each run, where undoing adds another one."""
        return Ledger(
            tables=(record_table(project, "flyway_schema_history", _RECORD),),
            columns=("version", "installed_rank", "success", "type"),
            read=last_word(
                lambda row: not str(row[3]).startswith(("UNDO", "DELETE")),
                lambda one: plain(_shown(one.revision)),
                failed=lambda row: not row[2],
            ),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Flyway's commands; without a paid edition each U file says what to do."""
        back = " && ".join(["flyway undo"] * max(1, len(versions)))
        return Commands(
            apply="flyway migrate",
            revert=f"{back}  # a paid feature: without it run the U files, as each one says",
        )


def _project(
    root: Path,
    folder: Path,
    files: Sequence[str],
    *,
    settings: Mapping[str, str] = _DEFAULTS,
    evidence: tuple[Evidence, ...] = (),
    certain: bool = False,
) -> Project:
    names = _history(files, settings)
    versions = _versions(names, settings)
    rests = [name.split(settings["separator"], 1)[-1] for name in names]
    _, words = separators([f"_{rest}" for rest in rests])
    undone = any(name.startswith(settings["undo"]) for name in files)
    # Strict naming refuses what the open edition does not know.
    beside = undone or settings["strict"].lower() != "true"
    found = problems([".".join(map(str, parts(one))) for one in versions])
    return Project(
        framework="sql",
        layout=Flyway.name,
        root=root,
        directory=folder,
        confidence="high" if certain else "medium" if evidence else "low",
        evidence=evidence,
        heads=tuple(versions[-1:]),
        latest=names[-1] if names else None,
        pattern=f"{settings['prefix']}{described(versions)}{settings['separator']}words"
        f"{settings['suffix']}",
        transactions="each migration",
        options={
            **settings,
            "words": words,
            "place": "" if beside else f"../{FOLDER}/",
            **({"broken": "yes"} if found else {}),
        },
        problems=found,
    )


def _remarks(section: Section, options: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    building = any("INDEX CONCURRENTLY" in one.sql for one in section.statements)
    if not building or options.get("lock") == "off":
        return ()
    return (
        (
            "Runner",
            "set flyway.postgresql.transactional.lock=false first: else Flyway's own lock and "
            "the index build wait for each other for ever",
        ),
    )


def _way_back(draft: Draft) -> tuple[tuple[str, str], ...]:
    alone = " in one transaction" if draft.down.transactional and draft.down.runs else ""
    if not draft.dialect.capabilities.transactional_ddl:
        alone = ""
    return (
        (
            "Way back",
            f"flyway undo is a paid feature; without it run this file by hand{alone}, newest first",
        ),
        ("Then", f"DELETE FROM flyway_schema_history WHERE version = '{_shown(draft.version)}'"),
    )


def _shown(version: str) -> str:
    """Return the version as Flyway writes it into its table."""
    return version.replace("_", ".")


def _pattern(settings: Mapping[str, str], prefixes: str) -> re.Pattern[str]:
    separator, suffix = re.escape(settings["separator"]), re.escape(settings["suffix"])
    return re.compile(rf"(?:{prefixes})(\d+(?:[._]\d+)*)(?:{separator}.*)?{suffix}")


def _history(names: Sequence[str], settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return versioned and baseline scripts, in Flyway's order."""
    pattern = _pattern(settings, f"{re.escape(settings['prefix'])}|B")
    keyed = [(parts(match[1]), name) for name in names if (match := pattern.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str], settings: Mapping[str, str]) -> list[str]:
    pattern = _pattern(settings, f"{re.escape(settings['prefix'])}|B")
    return [match[1] for name in names if (match := pattern.fullmatch(name))]


def _settings(texts: Sequence[tuple[Path, str]], folder: Path) -> dict[str, str]:
    """Return what the configuration says about names; the nearest, which is the last, wins."""
    found = dict(_DEFAULTS)
    for home, text in texts:
        if not folder.is_relative_to(home):
            continue
        for name, pattern in _SETTINGS.items():
            match = pattern.search(text)
            if match:
                found[name] = match[1]
        if _LOCK_OFF.search(text):
            found["lock"] = "off"
    return found


def _home(folder: Path) -> Path:
    """Return the module of a folder: what stands in its resources speaks for all of it."""
    where = folder.parts
    return Path(*where[: where.index("src")]) if "src" in where else folder


def _above(tree: Tree, hits: Sequence[Hit], folder: Path) -> Hit | None:
    for hit in hits:
        home = _home((tree.root / hit.path).parent)
        if folder.is_relative_to(home) or hit.path.startswith((".", "scripts/", "docker/")):
            return hit
    return None


def _told(tree: Tree, mentions: Sequence[Hit], folder: Path) -> Evidence | None:
    """Return the line that names the folder as one of Flyway's places."""
    where = f"/{tree.relative(folder)}"
    for path in dict.fromkeys(hit.path for hit in mentions):
        for match in _PLACE.finditer(tree.telling[tree.root / path]):
            place = match[1].strip("/").removeprefix("./")
            if place and where.endswith(f"/{place}") and _above(tree, mentions, folder):
                return Evidence(what=shorten(match.group()), where=path)
    return None


def _kept_by_pgmigrate(tree: Tree, folder: Path) -> bool:
    return "migrations.yml" in tree.folders.get(folder.parent, ())


LAYOUT = Flyway()
