"""graphile-migrate: ``committed/NNNNNN-words.sql``, each with a hash of all before it.

Facts: graphile-migrate 1.4, run, and its source. It knows no way back. What is worked on stands in
``current.sql`` (or ``current/``) and is run again and again, so it has to bear that, and is one
migration; a plan is several that run once. So they are written as `graphile-migrate commit` would
have left them: the hash is SHA-1 over the hash before, a line feed and the body. A body is sent as
one string in a transaction, unless its first line is ``--! no-transaction``: then it may hold a
single statement. Placeholders such as ``:DATABASE_NAME`` are replaced everywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of, plain
from generators.reading import read_text
from generators.sql.detecting import joined, listed, problems, shell_path
from generators.sql.forward import FOLDER, rollback
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.numbering import Numbering, following
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.names import parse_table_name

_NAME = re.compile(r"(\d+)(?:-([-\w]*))?\.sql")
_HASH = re.compile(r"(?m)^--! Hash: *(\S+) *$")
_HEADER = re.compile(r"--! Previous:")
_SETTING = re.compile(r"[\"']?migrationsFolder[\"']?\s*:\s*[\"']([^\"']+)")
_PLACEHOLDER = re.compile(r"[\"'](:[A-Z][0-9A-Z_]+)[\"']\s*:")
_RESERVED = (":DATABASE_NAME", ":DATABASE_OWNER")
_SIX = Numbering(kind="counter", width=6)
_DEFAULT = "migrations"
_RECORD = "graphile_migrate.migrations"


class GraphileMigrate:
    """The layout; its history is the folder of what is committed."""

    name = "graphile-migrate"
    label = "graphile-migrate"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders of files with its headers, and those that a ``.gmrc`` names."""
        found: list[Project] = []
        told = _told(tree)
        for folder, files in tree.folders.items():
            if folder.name != "committed":
                continue
            names = _history(files)
            heads = tree.heads(folder, names[-1:])
            marked = [name for name, text in heads.items() if _HEADER.match(text)]
            hint = told.get(folder)
            if marked:
                evidence = [Evidence(what="--! Previous:", where=tree.relative(folder / marked[0]))]
                if hint:
                    evidence.append(hint[0])
                words = hint[1] if hint else ""
                found.append(_project(tree.root, folder, names, tuple(evidence), words))
        known = {one.directory for one in found}
        found += [
            _project(tree.root, folder, (), (hint,), words)
            for folder, (hint, words) in told.items()
            if folder not in known and not tree.folders.get(folder)
        ]
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `graphile-migrate init` would begin."""
        return _project(root, root / _DEFAULT / "committed", (), (), "")

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return the next numbers, six digits wide as the tool writes them."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else None
        return following(_SIX, latest, now=now, count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the committed file and, beside its folder, the file with its way back."""
        slug = joined(draft.slug, "-")
        stem = f"{draft.version}-{slug}"
        first = "" if draft.up.transactional else "--! no-transaction\n"
        body = f"{first}{draft.comments('up')}\n{draft.up.text()}".strip()
        placeholders = (*_RESERVED, *project.options.get("placeholders", "").split())
        used = [one for one in placeholders if re.search(rf"{one}\b", body)]
        if used:
            raise ConflictError(
                "placeholder",
                f"graphile-migrate would replace {used[0]} in {draft.slug}",
                why="it puts its placeholders into all text, and knows no way around that",
                next_actions=("write the text so that it does not hold this word",),
            )
        before = _hash_before(project, draft)
        hashed = _hash(body, before)
        said = draft.slug.replace("_", " ")
        headers = f"--! Previous: {before or '-'}\n--! Hash: {hashed}\n--! Message: {said}\n"
        after = f"DELETE FROM {_RECORD} WHERE filename = '{draft.version}.sql'"
        return (
            Written(
                name=f"{stem}.sql",
                content=f"{headers}\n{body}\n",
                up=draft.up.text() + "\n",
            ),
            rollback(draft, f"{stem}.sql", after=after),
        )

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the hashes are in the files."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell yes: a file is sent whole, and is one transaction when it holds several."""
        return True

    def repair(self, cut: Interruption) -> str:
        """Return how to go on: what has to be repeated must be off the record."""
        if cut.direction == "down":
            return f"when it was cut short: run the files again, beginning with {cut.start}"
        if cut.files == 1:
            return ""
        where = f" WHERE filename > '{cut.start}.sql'" if cut.start else ""
        return f"when it was cut short: DELETE FROM {_RECORD}{where}, then graphile-migrate migrate"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: what would be replaced has been refused."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of what is committed, which knows files by the number in front."""
        return Ledger(
            tables=(parse_table_name(_RECORD),),
            columns=("filename",),
            read=list_of(of=lambda name: plain(str(name).partition("-")[0])),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return the command that applies the files, and a loop over those of the way back."""
        folder = shell_path(project).removesuffix("committed") + FOLDER
        record = f"-c \"DELETE FROM {_RECORD} WHERE filename = '$v.sql'\""
        back = f'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f {folder}/$v-*.sql {record}'
        return Commands(
            apply="graphile-migrate migrate",
            revert=f"for v in {' '.join(reversed(versions))}; do {back} || break; done",
        )


def _project(root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...], placeholders: str) -> Project:  # fmt: skip
    versions = _versions(names)
    trouble = list(problems(versions))
    if names and _last_hash(folder, names) is None:
        trouble.append(f"{names[-1]} has no line --! Hash: for the next file to follow")
    return Project(
        framework="sql",
        layout=GraphileMigrate.name,
        root=root,
        directory=folder,
        keeping=folder.parent / "plans",
        confidence="high" if names else "medium" if evidence else "low",
        evidence=evidence,
        heads=tuple(versions[-1:]),
        latest=names[-1] if names else None,
        pattern="6-digit counter-words.sql",
        options={"placeholders": placeholders, **({"broken": "yes"} if trouble else {})},
        problems=tuple(trouble),
    )


def _told(tree: Tree) -> dict[Path, tuple[Evidence, str]]:
    """Return the folders that configurations name, with the evidence and their placeholders."""
    found = {}
    for path, text in tree.telling.items():
        if not path.name.startswith(".gmrc"):
            continue
        named = _SETTING.search(text)
        place = (path.parent / (named[1] if named else _DEFAULT)).resolve()
        if place.is_relative_to(tree.root):
            hint = Evidence(what="graphile-migrate's configuration", where=tree.relative(path))
            words = " ".join(_PLACEHOLDER.findall(text))
            found[place / "committed"] = (hint, words)
    return found


def _history(names: Sequence[str]) -> list[str]:
    keyed = [(int(match[1]), name) for name in names if (match := _NAME.fullmatch(name))]
    return [name for _, name in sorted(keyed)]


def _versions(names: Sequence[str]) -> list[str]:
    return [match[1] for name in names if (match := _NAME.fullmatch(name))]


def _hash_before(project: Project, draft: Draft) -> str | None:
    if draft.previous is not None:
        found = _HASH.search(draft.previous.content)
        return found[1] if found else None
    return _last_hash(project.directory, _history(listed(project.directory)))


def _last_hash(folder: Path, names: Sequence[str]) -> str | None:
    if not names:
        return None
    found = _HASH.search(read_text(folder / names[-1], limit=1 << 16) or "")
    return found[1] if found else None


def _hash(body: str, before: str | None) -> str:
    text = f"{before or ''}\n{body}".strip() + "\n"
    return "sha1:" + hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


LAYOUT = GraphileMigrate()
