"""Liquibase's formatted SQL: one changeset with its rollback in each file, named in a change log.

Facts: Liquibase 4.33, run (5 is no longer free software). Statements end at semicolons outside
quotes, also inside the body of a trigger or a DO block, unless ``splitStatements:false`` or
``endDelimiter:`` says otherwise; rollbacks have settings of their own. ``runInTransaction:false``
holds for a changeset and its rollback alike. A formatted SQL file includes no others. ``${…}`` is replaced only where a parameter of that
name is defined, and there is no escape for it by default.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, by_name, list_of, plain
from generators.reading import read_text
from generators.sql.changelog import START, first_includes, includes_all, with_includes
from generators.sql.client import delimiter
from generators.sql.detecting import joined, listed, problems, separators, shorten
from generators.sql.jdbc import with_savepoints
from generators.sql.layout import Companion, Draft, Interruption, Section, Statement, Written
from generators.sql.numbering import UTC_SECONDS
from generators.sql.people import local_name
from generators.sql.releases import described, later, parts
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.names import TableName

_FIRST = re.compile(r"(?i)^\s*--\s*liquibase\s+formatted\s+sql\b")
_CHANGESET = re.compile(r"(?im)^\s*(--[ \t]*)changeset[ \t]+(\"[^\"]+\"|[^:\s]+):(\"[^\"]+\"|\S+)")
_MARK = re.compile(
    r"(?im)^\s*--\s*(?:changeset|rollback|property|comments?|precondition\S*|ignore(?:Lines)?"
    r"|validCheckSum)\b"
)
_NAME = re.compile(r"(?P<head>[A-Za-z_.-]*?)(?P<version>\d+(?:[._]\d+)*)(?P<rest>[-_. ].*)?\.sql")
_LOG = re.compile(r"(?i)\.(?:ya?ml|xml|json)$")
_TOOL = re.compile(r"(?i)\bliquibase\b")
_FOLDER, _MASTER = "db/changelog/changes", "db.changelog-master.yaml"
_RECENT = 10
_UP = 3
_RECORD = re.compile(r"(?i)\bdatabase-?change-?log-?table(?:-?name)?['\"]?\s*[:=]\s*['\"]?([\w.]+)")


class Liquibase:
    """The layout; style, author and ids are those of the newest files."""

    name = "liquibase"
    label = "Liquibase"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders with formatted SQL, and the change log that names what is in them."""
        found: list[Project] = []
        tool = next(tree.search(_TOOL), None)
        for folder, files in tree.folders.items():
            names = [name for name in files if name.endswith(".sql")]
            # Any ten files tell, before all of them are put into order.
            some = tree.heads(folder, names[-_RECENT:]).values()
            if not any(_FIRST.match(text) for text in some):
                continue
            ordered = _ordered(names)
            recent = tree.heads(folder, ordered[-_RECENT:])
            marked = [name for name, text in recent.items() if _FIRST.match(text)]
            if len(marked) * 2 <= len(recent):
                continue
            log = _log(tree, folder, ordered[-1])
            what = f"formatted sql in {len(marked)} of the newest {len(recent)} files"
            evidence = [Evidence(what=what, where=tree.relative(folder / marked[-1]))]
            if log:
                evidence.append(Evidence(what="includes them", where=tree.relative(log[0])))
            elif tool:
                named = shorten(tool.match.group())
                evidence.append(Evidence(what=f"names {named}", where=tool.path))
            texts = [recent[name] for name in marked]
            found.append(_project(tree.root, folder, ordered, texts, tuple(evidence), log=log))
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project of a Spring application whose change log is YAML."""
        folder = root / _FOLDER
        return _project(root, folder, (), (), (), log=(folder.parent / _MASTER, False))

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater than those in the names there, or `version-order`."""
        names = _ordered([name for name in listed(project.directory) if name.endswith(".sql")])
        options = project.options
        head, behind = options.get("head", ""), options.get("behind", "-")
        known = [*_versions(names, head), *taken]
        found = later(known, now=now, count=count, default=UTC_SECONDS)
        last = max(names, default="")
        # A log that includes the folder runs its files as text sorts them.
        if options.get("all") and any(f"{head}{one}{behind}" < last for one in found):
            raise ConflictError(
                "version-order",
                f"no version after {known[-1]} would be run last",
                why=f"includeAll takes files as text sorts them, and {found[0]} comes before {last}",
                next_actions=("give the existing files versions of one width",),
            )
        return found

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file with its changeset; `section-mark` where a line reads like a mark."""
        options = project.options
        mark = options.get("mark", "--")
        slug = joined(draft.slug, options.get("words", "-"))
        stem = f"{options.get('head', '')}{draft.version}{options.get('behind', '-')}{slug}"
        form = options.get("ids", "{version}")
        identity = form.format(version=draft.version, stem=stem, slug=slug)
        up, down, alike = _framed(draft)
        settings = ["" if alike else "runInTransaction:false", *_settings(up, "", "end", "split")]
        settings += _settings(down, "rollback", "End", "Split")
        author = options.get("author") or local_name(project.root)
        told = " ".join(one for one in settings if one)
        lines = [
            f"{mark}liquibase formatted sql",
            "",
            draft.comments("up", "down"),
            f"{mark}changeset {author}:{identity} {told}".rstrip(),
            _closed(up),
        ]
        for text in (draft.comments("up", "down"), _closed(up), _closed(down)):
            if _MARK.search(text):
                raise _confused(draft)
        undo = _closed(down) if down.runs else "not required"
        lines += [f"{mark}rollback {line}" for line in undo.split("\n")]
        written = Written(
            name=f"{stem}.sql",
            content="\n".join(lines) + "\n",
            up=draft.up.text() + "\n",
            down=draft.down.text() + "\n",
        )
        return (written,)

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return the master change log with includes of the new files, or nothing where it needs none."""
        place = project.options.get("log")
        if not place or project.options.get("all"):
            return ()
        path = project.root / place
        names = [Path(one.name).name for one in files]
        text = read_text(path, limit=1 << 24)
        if project.latest is None:
            there = project.directory.relative_to(path.parent).as_posix()
            content = first_includes(text or START, [f"{there}/{name}" for name in names])
            return (Companion(path=path, content=content, before=text, language="yaml"),)
        changed = with_includes(text or "", path.name, project.latest, names)
        if changed is None:
            raise ConflictError(
                "change-log",
                f"{place} no longer includes {project.latest}",
                why="the new files are included in the way of the one before them",
                next_actions=("look for migrations again", "or include that file"),
            )
        return (Companion(path=path, content=changed, before=text, language=path.suffix[1:]),)

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell no: Liquibase sends one statement after another."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; Liquibase records a changeset only when it has ended well."""
        if cut.direction == "down":
            return "when it was cut short: liquibase release-locks, liquibase update, then roll back again"
        back = f"liquibase rollback-count {cut.files - 1}, " if cut.files > 1 else ""
        return f"when it was cut short: liquibase release-locks, {back}then liquibase update"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: what is no parameter's name is no placeholder."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of change sets; each file of migwiz holds one, and its path is kept."""
        told = record_table(project, "databasechangelog", _RECORD)
        return Ledger(
            # Engines that fold no names keep it in capitals.
            tables=(told, TableName(told.name.upper(), told.schema)),
            columns=("filename", "exectype"),
            read=list_of(
                by_name,
                of=lambda path: plain(str(path).rpartition("/")[2]),
                undone=lambda row: row[1] in ("FAILED", "SKIPPED"),
            ),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Liquibase's commands; each file holds one changeset."""
        back = f"liquibase rollback-count {max(1, len(versions))}"
        return Commands(apply="liquibase update", revert=back, mark="liquibase changelog-sync")


def _project(
    root: Path,
    folder: Path,
    names: Sequence[str],
    texts: Sequence[str],
    evidence: tuple[Evidence, ...],
    *,
    log: tuple[Path, bool] | None,
) -> Project:
    heads = Counter(match["head"] for name in names[-_RECENT:] if (match := _NAME.fullmatch(name)))
    head = heads.most_common(1)[0][0] if heads else ""
    versions = _versions(names, head)
    rests = [match["rest"] or "" for name in names if (match := _NAME.fullmatch(name))]
    behind, words = separators(rests or ["-"], words="-")
    trouble = list(problems([".".join(map(str, parts(one))) for one in versions]))
    if log is None:
        trouble.append("no change log was found that includes these files: include new ones there")
    where = {}
    if log is not None:
        where = {"log": log[0].relative_to(root).as_posix(), "all": "yes" if log[1] else ""}
    return Project(
        framework="sql",
        layout=Liquibase.name,
        root=root,
        directory=folder,
        keeping=folder.parent / "plans",
        confidence="high" if names and log else "medium" if names else "low",
        evidence=evidence,
        heads=tuple(versions[-1:]),
        latest=names[-1] if names else None,
        pattern=f"{head}{described(versions, default=UTC_SECONDS)}{behind}words.sql",
        options={
            "head": head, "behind": behind, "words": words, **where, **_style(names, texts)
        },
        problems=tuple(trouble),
    )  # fmt: skip


def _style(names: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """Return how the newest files write marks, authors and ids."""
    found = [match for text in texts if (match := _CHANGESET.search(text))]
    if not found:
        return {}
    marks = Counter(match[1] for match in found)
    authors = {match[2] for match in found}
    style = {"mark": marks.most_common(1)[0][0]}
    if len(authors) == 1:
        style["author"] = authors.pop()
    newest = _NAME.fullmatch(names[-1])
    version, slug = (newest["version"], newest["rest"] or "") if newest else ("", "")
    forms = {
        "1": "1",
        names[-1].removesuffix(".sql"): "{stem}",
        slug.lstrip("-_. "): "{slug}",
        f"{version}-1": "{version}-1",
    }
    return {**style, "ids": forms.get(found[-1][3].strip('"'), "{version}")}


def _framed(draft: Draft) -> tuple[Section, Section, bool]:
    """Return both directions, and whether Liquibase runs them in a transaction of its own.

    What it does with the one it does with the other, so the other brings its own.
    """
    up, down = draft.up, draft.down
    if up.transactional and down.transactional:
        return up, down, True
    up, down = (with_savepoints(_own(one, draft.dialect), draft.dialect) for one in (up, down))
    return up, down, False


def _own(section: Section, dialect: Dialect) -> Section:
    several = sum(bool(one.sql) for one in section.statements) > 1
    if not (section.transactional and several and dialect.capabilities.transactional_ddl):
        return section
    frame = (Statement(sql="BEGIN"), Statement(sql="COMMIT"))
    return replace(section, statements=(frame[0], *section.statements, frame[1]))


def _cut(section: Section) -> str:
    """Return what ends the section's statements; "" for one statement that must not be cut."""
    texts = [one.sql for one in section.statements if one.sql]
    if not any(";" in text for text in texts):
        return ";"
    return "" if len(texts) == 1 else delimiter("\n".join(texts))


def _settings(section: Section, prefix: str, end: str, split: str) -> list[str]:
    mark = _cut(section)
    if mark == ";":
        return []
    return [f"{prefix}{end}Delimiter:{mark}" if mark else f"{prefix}{split}Statements:false"]


def _closed(section: Section) -> str:
    mark = _cut(section) or ";"
    lines: list[str] = []
    for one in section.statements:
        lines += [f"-- {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            lines.append(f"{one.sql}{mark}")
    return "\n".join(lines)


def _confused(draft: Draft) -> ConflictError:
    return ConflictError(
        "section-mark",
        f"Liquibase would cut {draft.slug} in the wrong place",
        why="a line of its text reads like one of Liquibase's own marks",
        next_actions=("write that default or comment on one line",),
    )


def _ordered(names: Sequence[str]) -> list[str]:
    """Return the names by the versions in them; those without one come first."""

    def key(name: str) -> tuple[tuple[int, ...], str]:
        match = _NAME.fullmatch(name)
        return (parts(match["version"]) if match else (), name)

    return sorted(names, key=key)


def _versions(names: Sequence[str], head: str) -> list[str]:
    found = [match for name in names if (match := _NAME.fullmatch(name))]
    return [match["version"] for match in found if match["head"] == head]


def _log(tree: Tree, folder: Path, latest: str) -> tuple[Path, bool] | None:
    """Return the change log that names the newest file, or includes all of the folder."""
    place = folder
    for _ in range(_UP):
        names = [name for name in tree.folders.get(place, ()) if _LOG.search(name)]
        for name, text in tree.heads(place, sorted(names, key=_rank)).items():
            if with_includes(text, name, latest, ()) is not None:
                return place / name, False
            if includes_all(text, tree.relative(folder)):
                return place / name, True
        if place == tree.root:
            break
        place = place.parent
    return None


def _rank(name: str) -> tuple[bool, str]:
    return "master" not in name.lower(), name


LAYOUT = Liquibase()
