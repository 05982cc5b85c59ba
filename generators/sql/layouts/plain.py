"""Numbered or dated SQL files of a project's own, which no known runner claims.

What runs them is not known, so nothing is certain: versions, separators and the place of the way
back are those of the newest files. Files open their transactions themselves, as a client such as
psql needs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Unrecorded
from generators.sql.client import script
from generators.sql.detecting import (
    foreign,
    joined,
    listed,
    problems,
    separators,
    shell_path,
)
from generators.sql.forward import FOLDER
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.numbering import Numbering, following, infer
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

#: A date with or without a time or a counter of the day, or a number.
_NAME = re.compile(
    r"(\d{4}([-_.])\d\d\2\d\d(?:[-_T.]\d\d[-_.:]?\d\d(?:[-_.:]?\d\d)?|[-_.]\d{1,3})?|\d+)"
    r"(?=[-_ .])([-_ ].*?)?([._-](?:up|do|apply|deploy))?\.sql",
    re.IGNORECASE,
)
_DOWNS = tuple(f"{mark}{word}" for mark in "._-" for word in ("down", "rollback", "undo", "revert"))
_FOLDERS = ("down", "rollback", "rollbacks", "undo", "revert")
#: Folders of numbered files that are something else.
_OTHER = re.compile(
    r"(?i)^(?:seeds?|fixtures?|tests?|samples?|examples?|quer(?:y|ies)|reports?|verify|"
    r"docker-entrypoint-initdb\.d|initdb(?:\.d)?|" + "|".join(_FOLDERS) + r")$"
)
_FOUR = Numbering(kind="counter", width=4)
_DEFAULT = "migrations"
_ASIDE = f"../{FOLDER}/{{stem}}.sql"
_RECENT = 10
_LEAST = 2


class Plain:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "plain"
    label = "plain SQL files"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders in which most SQL files begin with a number or a date."""
        found: list[Project] = []
        for folder, files in tree.folders.items():
            scripts = [name for name in files if name.endswith(".sql") and not _down(name)]
            if len(scripts) < _LEAST or _OTHER.match(folder.name):
                continue
            # The newest tell whose the folder is, before all of them are looked at.
            if foreign(tree, folder, scripts[-_RECENT:]):
                continue
            names = _history(scripts)
            if len(names) < _LEAST or len(names) * 3 < len(scripts) * 2:
                continue
            what = f"{len(names)} files begin with a number or a date"
            evidence = Evidence(what=what, where=tree.relative(folder / names[-1]))
            down = _back(tree, folder, files)
            found.append(_project(tree.root, folder, names, (evidence,), down))
        return found

    def imagine(self, root: Path) -> Project:
        """Return a project that numbers its files."""
        return _project(root, root / _DEFAULT, (), (), _ASIDE)

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater, as numbers, than all files there, in the form of the newest."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else ""
        same = [_digits(one) for one in versions if len(_digits(one)) == len(_digits(latest))]
        found = following(
            infer(same, default=_FOUR),
            _digits(latest) or None,
            now=now,
            count=count,
            order="number",
        )
        return tuple(_shaped(one, latest) for one in found)

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file, and the one with its way back where the project keeps such files."""
        options = project.options
        slug = joined(draft.slug, options.get("words", "_"))
        stem = f"{draft.version}{options.get('behind', '_')}{slug}"
        runner = (("Runner", "a client that opens no transaction itself, such as psql -f"),)
        back = (("Way back", "run this file by hand, newest first"), *runner)
        down = options["down"].format(stem=stem)
        return (
            Written(
                name=f"{stem}{options.get('up', '')}.sql",
                content=f"{draft.comments('up', more=runner)}\n{script(draft.up, draft.dialect)}",
                up=draft.up.text() + "\n",
            ),
            Written(
                name=down,
                content=f"{draft.comments('down', more=back)}\n{script(draft.down, draft.dialect)}",
                down=draft.down.text() + "\n",
            ),
        )

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: what else such a project keeps is not known."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether a runner that sends files whole would make a transaction of several."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on: by hand, beginning with the first file to repeat."""
        if cut.direction == "down":
            return f"when it was cut short: run the ways back again, beginning with {cut.start}"
        if cut.files == 1:
            return "when it was cut short: run it again"
        again = f"the {cut.files} files that follow {cut.start}" if cut.start else "all files"
        return f"when it was cut short: run {again} again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: a client knows no placeholders in quoted text."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Unrecorded:
        """Tell that nobody keeps a record."""
        return Unrecorded(why="no runner is known here, so nothing tells what was run")

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return, as comments for a shell, which files to run in which order."""
        folder = shell_path(project)
        names = ", ".join(f"{folder}/{one}*.sql" for one in versions) or folder
        back = Path(project.options["down"].format(stem="…")).name
        places = ", ".join(back.replace("…", f"{one}*") for one in reversed(versions)) or back
        return Commands(
            apply=f"# with the project's own runner, in this order: {names}",
            revert=f"# by hand, in this order: {places}",
        )


def _project(
    root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...], down: str
) -> Project:
    versions = _versions(names)
    matches = [match for name in names[-_RECENT:] if (match := _NAME.fullmatch(name))]
    behind, words = separators([match[3] or "" for match in matches])
    ups = Counter(match[4] or "" for match in matches)
    latest = versions[-1] if versions else ""
    form = str(infer([_digits(one) for one in versions], default=_FOUR))
    return Project(
        framework="sql",
        layout=Plain.name,
        root=root,
        directory=folder,
        confidence="low",
        evidence=evidence,
        heads=tuple(versions[-1:]),
        latest=names[-1] if names else None,
        pattern=f"{form if latest.isdigit() or not latest else 'date in parts'}{behind}words.sql",
        transactions="file decides",
        options={
            "behind": behind,
            "words": words,
            "up": ups.most_common(1)[0][0] if ups else "",
            "down": down,
        },
        problems=problems(versions) if latest.isdigit() and len(latest) != 8 else (),
    )


def _back(tree: Tree, folder: Path, files: Sequence[str]) -> str:
    """Return how the project names a way back: a file beside, or in a folder for such files."""
    downs = Counter(end for name in files if (end := _down(name)))
    if downs:
        return f"{{stem}}{downs.most_common(1)[0][0]}.sql"
    for name in _FOLDERS:
        if folder / name in tree.folders:
            return f"{name}/{{stem}}.sql"
        if folder.parent / name in tree.folders:
            return f"../{name}/{{stem}}.sql"
    return _ASIDE


def _down(name: str) -> str:
    """Return what marks a file as a way back, "" for any other."""
    stem = name.removesuffix(".sql")
    if stem == name or not stem.lower().endswith(_DOWNS):
        return ""
    return next(stem[-len(end) :] for end in _DOWNS if stem.lower().endswith(end))


def _history(names: Sequence[str]) -> list[str]:
    found = [
        (match[1], name) for name in names if not _down(name) and (match := _NAME.fullmatch(name))
    ]
    return [name for _, name in sorted(found, key=lambda one: (int(_digits(one[0])), one[1]))]


def _versions(names: Sequence[str]) -> list[str]:
    return [match[1] for name in names if (match := _NAME.fullmatch(name))]


def _digits(version: str) -> str:
    return re.sub(r"\D", "", version)


def _shaped(digits: str, like: str) -> str:
    """Return the digits with the marks that stand between those of ``like``."""
    if len(digits) != len(_digits(like)):
        return digits
    rest = iter(digits)
    return "".join(next(rest) if one.isdigit() else one for one in like)


LAYOUT = Plain()
