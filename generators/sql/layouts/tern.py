"""tern: one file with an up part, a line that divides, and a down part; counted from 1.

Facts: tern 2.4, run, and its source. Numbers may have no gap and no double. A file is a template
of Go; a part without statements is refused on the way up. The mark that opts out of a transaction
counts for the part that it stands in, whose statements are then sent one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, up_to
from generators.sql.detecting import joined, listed, problems, separators, shell_path
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.marked import Marks, cut_wrongly, marked
from generators.sql.numbering import Numbering, following, infer
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_NAME = re.compile(r"(\d+)(_.+)\.sql")
_DIVIDES = "---- create above / drop below ----"
_ALONE = "---- tern: disable-tx ----"
_COUNTER = Numbering(kind="counter", width=3)
_DEFAULT = "migrations"
_RECORD = re.compile(r"\bversion[_-]table['\"]?\s*[:= ]\s*['\"]?([\w.]+)")


class Tern:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "tern"
    label = "tern"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders whose newest files hold tern's dividing line, or which tern is told."""
        return [
            self._project(tree.root, one.folder, one.names, one.evidence)
            for one in marked(tree, _MARKS)
        ]

    def imagine(self, root: Path) -> Project:
        """Return the project that `tern init migrations` would begin."""
        return self._project(root, root / _DEFAULT, (), ())

    def _project(
        self, root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...]
    ) -> Project:
        versions = _versions(names)
        _, words = separators([match[2] for name in names if (match := _NAME.fullmatch(name))])
        broken = (*problems(versions), *_gap(versions))
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if names else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{infer(versions, default=_COUNTER)}_words.sql",
            transactions="each migration",
            options={"words": words, **({"broken": "yes"} if broken else {})},
            problems=broken,
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return the next numbers without a gap, in the width of the newest."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else None
        width = infer(versions, default=_COUNTER).width
        counter = Numbering(kind="counter", width=width)
        return following(counter, latest, now=now, count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file with its two parts."""
        slug = joined(draft.slug, project.options.get("words", "_"))
        up, down = _part(draft.up), _part(draft.down)
        lines = [
            draft.comments("up", "down", more=draft.turns(self.label)),
            up,
            "",
            _DIVIDES,
            "",
            down,
            "",
        ]
        content = "\n".join(lines)
        alone = [not one.transactional for one in (draft.up, draft.down)]
        if content.count(_DIVIDES) != 1 or content.count(_ALONE) != sum(alone):
            raise cut_wrongly(self.label, draft.slug)
        return (
            Written(
                name=f"{draft.version}_{slug}.sql",
                content=content,
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
            ),
        )

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that statements outside a transaction are sent one by one."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; tern counts a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: tern migrate -d -1, then tern migrate"
        return "when the way back was cut short: tern migrate -d +1, then go back again"

    def escape(self, sql: str) -> str:
        """Return the SQL with what a template would take for its own written as text."""
        return sql.replace("{{", '{{"{{"}}')

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of one row: the version reached."""
        table = record_table(project, "public.schema_version", _RECORD)
        return Ledger(tables=(table,), columns=("version",), read=up_to())

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return tern's commands; it goes back by a number of files."""
        call = f"tern migrate --migrations {shell_path(project)}"
        return Commands(apply=call, revert=f"{call} --destination -{max(1, len(versions))}")


def _part(section: Section) -> str:
    text = section.never_empty().text()
    return text if section.transactional else f"{_ALONE}\n\n{text}"


def _gap(versions: Sequence[str]) -> tuple[str, ...]:
    numbers = {int(one) for one in versions}
    missing = [str(one) for one in range(1, max(numbers, default=0)) if one not in numbers]
    return (f"number {missing[0]} is missing",) if missing else ()


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(int(match.group(1)), name) for name in names if (match := _NAME.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str]) -> list[str]:
    return [match.group(1) for name in names if (match := _NAME.fullmatch(name))]


_MARKS = Marks(
    label="tern",
    inside=re.compile(rf"^{_DIVIDES}", re.MULTILINE),
    shown=_DIVIDES,
    tool=re.compile(r"\bjackc/tern\b|(?<![\w/.-])tern\s+(?:migrate|new|init|status)\b"),
    folders=re.compile(
        r"(?<![\w/.-])tern\s+(?:migrate|new|status)\b[^\n#]*?\s(?:--migrations|-m)[= ]\s*"
        r"['\"]?([\w./-]+)|(?<![\w/.-])tern\s+init\s+([\w./-]+)"
    ),
    default=None,
    history=_history,
)
LAYOUT = Tern()
