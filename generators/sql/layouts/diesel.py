"""diesel: a folder for each migration, with ``up.sql``, ``down.sql`` and perhaps ``metadata.toml``.

Facts: diesel_cli 2.3, run, and its source. What stands before the first underscore is the version;
its hyphens do not count, and versions are ordered as text. A file is sent as one string, which
PostgreSQL's driver refuses when it holds nothing but comments, in a transaction unless ``metadata.toml`` says ``run_in_transaction = false``, for both directions; on
MySQL there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of, plain
from generators.sql.crates import crates_with
from generators.sql.detecting import joined, problems, separators, shell_path
from generators.sql.forward import framed
from generators.sql.layout import Companion, Direction, Draft, Interruption, Written
from generators.sql.numbering import UTC_SECONDS, following, infer
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import TableName

_NAME = re.compile(r"(\d[\d-]*[0-9a-f])(_.*)")
_DASHED = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)-?(\d{6})(-[0-9a-f]{4})?")
_FIRST = "00000000000000_diesel_initial_setup"
_COUNTED = "2000-01-01-000000-0000"
_DEFAULT = "migrations"
_MACRO = re.compile(r'\bembed_migrations!\(\s*(?:"([^"]*)")?\s*\)')
_CALLS = re.compile(
    r"\bdiesel\s+[^\n#]*?--migration-dir[= ]\s*['\"]?([\w./-]+)"
    r"|\[migrations_directory\]\s*\n\s*dir\s*=\s*['\"]([^'\"]+)"
)
_WAYS: tuple[Direction, Direction] = ("up", "down")
_ALONE = "run_in_transaction = false\n"


class Diesel:
    """The layout; all of its knowledge of a project is in the folders' names."""

    name = "diesel"
    label = "diesel"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders of folders that hold ``up.sql`` where a crate uses diesel, or which it is told."""
        crates = crates_with(tree, "diesel", macro=_MACRO, calls=_CALLS, default=_DEFAULT)
        there = dict(_folders(tree))
        found: list[Project] = []
        for folder in {**there, **crates.named}:
            names = _history(there.get(folder, ()))
            claim = crates.claim(folder)
            if claim is None and _FIRST not in names:
                continue
            evidence = [claim.evidence] if claim else []
            if names:
                last = _FIRST if claim is None else names[-1]
                where = tree.relative(folder / last / "up.sql")
                evidence.append(Evidence(what=f"{len(names)} folders with up.sql", where=where))
            sure = bool(names) and (_FIRST in names or (claim is not None and claim.sure))
            found.append(self._project(tree.root, folder, names, tuple(evidence), sure=sure))
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `diesel setup` would begin."""
        return self._project(root, root / _DEFAULT)

    def _project(
        self,
        root: Path,
        folder: Path,
        names: Sequence[str] = (),
        evidence: tuple[Evidence, ...] = (),
        *,
        sure: bool = False,
    ) -> Project:
        versions = _versions(names)
        _, words = separators([match[2] for name in names if (match := _NAME.fullmatch(name))])
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            keeping=folder.parent / "plans",
            confidence="high" if sure else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{_form(versions)}_words/up.sql",
            transactions="each migration",
            options={"words": words},
            problems=problems([one.replace("-", "") for one in versions]),
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions that sort as text, without hyphens, behind all folders there."""
        folder = project.directory
        there = [one.name for one in folder.iterdir() if one.is_dir()] if folder.is_dir() else []
        versions = _versions(_history(there))
        versions += [one for one in taken if one not in versions]
        model = _model(versions)
        match = _DASHED.fullmatch(model)
        if match is None:
            form = infer(versions)
            return following(form, versions[-1], now=now, count=count, order="text")
        latest = versions[-1].replace("-", "")[:14] if versions else None
        times = following(UTC_SECONDS, latest, now=now, count=count, order="text")
        if "-" not in model:
            return times
        behind = "-0000" if match[5] else ""
        return tuple(f"{one[:4]}-{one[4:6]}-{one[6:8]}-{one[8:]}{behind}" for one in times)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the two files of the folder, and a third where a direction is to have no transaction."""
        stem = f"{draft.version}_{joined(draft.slug, project.options.get('words', '_'))}"
        alone = not (draft.up.transactional and draft.down.transactional)
        up, down = (
            framed(one, draft.dialect) if alone else one.text() + "\n"
            for one in (draft.up.never_empty(), draft.down.never_empty())
        )
        files = (
            Written(name=f"{stem}/up.sql", content=f"{draft.comments('up')}\n{up}", up=up),
            Written(
                name=f"{stem}/down.sql", content=f"{draft.comments('down')}\n{down}", down=down
            ),
        )
        if not alone:
            return files
        return (*files, Written(name=f"{stem}/metadata.toml", content=_ALONE, language="toml"))

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: diesel itself writes schema.rs anew when it has run."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether the server takes the file for one transaction when it holds several."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; diesel records a migration only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return (
                "when the build was cut short: diesel migration revert, then diesel migration run"
            )
        return "when the way back was cut short: diesel migration run, then revert again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: diesel knows no placeholders in migrations."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions, which are kept without their hyphens."""
        return Ledger(
            tables=(TableName("__diesel_schema_migrations"),),
            columns=("version",),
            read=list_of(lambda one: plain(one.revision.replace("-", ""))),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return diesel's commands; it reverts a number of migrations."""
        folder = shell_path(project)
        call = "diesel migration"
        if folder != _DEFAULT:
            call += f" --migration-dir {folder}"
        return Commands(apply=f"{call} run", revert=f"{call} revert -n {max(1, len(versions))}")


def _folders(tree: Tree) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each folder whose folders are migrations, with the names of these."""
    found: dict[Path, list[str]] = {}
    for path, files in tree.folders.items():
        if "up.sql" in files and _NAME.fullmatch(path.name):
            found.setdefault(path.parent, []).append(path.name)
    yield from ((folder, tuple(names)) for folder, names in found.items())


def _model(versions: Sequence[str]) -> str:
    """Return the version to follow in form: the newest one, unless diesel's own is the only one."""
    return versions[-1] if versions and not _FIRST.startswith(f"{versions[-1]}_") else _COUNTED


def _form(versions: Sequence[str]) -> str:
    model = _model(versions)
    match = _DASHED.fullmatch(model)
    if match is None or "-" not in model:
        return str(infer(versions))
    return "UTC time with hyphens" + (" and a counter" if match[5] else "")


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(match[1].replace("-", ""), one) for one in names if (match := _NAME.fullmatch(one))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str]) -> list[str]:
    return [match[1] for name in names if (match := _NAME.fullmatch(name))]


LAYOUT = Diesel()
