"""refinery: ``V<number>__<words>.sql``, forward only; ``U`` in front where numbers may come late.

Facts: refinery_cli 0.10, run, and its source. Versions are ordered as numbers, of 32 bits unless
the feature ``int8-versions`` is on. Every file is sent as one string in a transaction, and nothing
turns that off: what cannot be in one is run by hand, and the file of its number waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of
from generators.sql.crates import crates_with
from generators.sql.detecting import problems, shell_path
from generators.sql.forward import by_hand, out_of_band, rollback
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.numbering import Numbering, following, infer
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.names import TableName

_NAME = re.compile(r"([VU])(\d+)__(\w+)\.(?:sql|rs)")
_COUNTER = Numbering(kind="counter", width=0)
_DEFAULT = "migrations"
_MACRO = re.compile(r'\bembed_migrations!\(\s*(?:"([^"]*)")?\s*\)')
_CALLS = re.compile(r"\brefinery\s+migrate\b[^\n#]*?\s-p[= ]\s*['\"]?([\w./-]+)")
_SMALL = 2**31


class Refinery:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "refinery"
    label = "refinery"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders of V and U files that refinery is told to use, or in crates that use it."""
        crates = crates_with(tree, "refinery", macro=_MACRO, calls=_CALLS, default=_DEFAULT)
        wide = any("int8-versions" in text for text in tree.telling.values())
        found: list[Project] = []
        for folder, files in tree.folders.items():
            claim = crates.claim(folder)
            names = _history(files) if claim else ()
            if claim is None or (not names and folder not in crates.named):
                continue
            evidence = [claim.evidence]
            if names:
                where = tree.relative(folder / names[-1])
                evidence.append(Evidence(what=f"{len(names)} files V… or U…", where=where))
            sure = claim.sure and bool(names)
            found.append(
                self._project(tree.root, folder, names, tuple(evidence), sure=sure, wide=wide)
            )
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that refinery's documentation begins with."""
        return self._project(root, root / _DEFAULT)

    def _project(
        self,
        root: Path,
        folder: Path,
        names: Sequence[str] = (),
        evidence: tuple[Evidence, ...] = (),
        *,
        sure: bool = False,
        wide: bool = False,
    ) -> Project:
        versions = _versions(names)
        broken = problems(versions)
        kind = names[-1][0] if names else "V"
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if sure else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{kind}, {infer(versions, default=_COUNTER)}__words.sql",
            transactions="each migration",
            options={
                "kind": kind,
                **({"wide": "yes"} if wide else {}),
                **({"broken": "yes"} if broken else {}),
            },
            problems=broken,
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return numbers greater than all there; folders below are read, too, as refinery does.

        Raises ConflictError where a number would not fit into the 32 bits of its own.
        """
        folder = project.directory
        there = [one.name for one in folder.rglob("*")] if folder.is_dir() else []
        versions = [*_versions(_history(there)), *taken]
        latest = versions[-1] if versions else None
        form = infer(versions, default=_COUNTER)
        new = following(form, latest, now=now, count=count, order="number")
        if int(new[-1] if new else 0) >= _SMALL > int(latest or 0):
            raise ConflictError(
                "version-order",
                f"refinery would not read a version {new[-1]}",
                why="its versions have 32 bits unless the feature int8-versions is on",
                next_actions=("turn that feature on, or go on with smaller numbers",),
            )
        return new

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file, its way back beside the folder, and what is to be run by hand."""
        name = f"{project.options.get('kind', 'V')}{draft.version}__{draft.slug}.sql"
        back = f"DELETE FROM refinery_schema_history WHERE version = {int(draft.version)}"
        files: tuple[Written, ...] = (rollback(draft, name, after=back),)
        up = draft.up
        if not up.transactional and draft.dialect.capabilities.transactional_ddl:
            mark = f"refinery migrate -p {shell_path(project)} -f -t {int(draft.version)}"
            file, guard = out_of_band(draft, name, runner="refinery", mark=mark)
            files = (*files, file)
            up = replace(up, statements=guard)
        text = up.text() + "\n"
        first = Written(name=name, content=f"{draft.comments('up')}\n{text}", up=text)
        return (first, *files)

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that what is outside a transaction is run by hand, by a client that splits files."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; refinery records a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: drop the index, then build it by hand once more"
        return "when it was cut short: drop the index, then run it again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: refinery knows no placeholders."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions."""
        return Ledger(
            tables=(TableName("refinery_schema_history"),), columns=("version",), read=list_of()
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return refinery's command; it knows no way back."""
        call = f"refinery migrate -p {shell_path(project)}"
        kind = project.options.get("kind", "V")
        return Commands(
            apply=call,
            revert=by_hand(project, [f"{kind}{one}__*" for one in versions]),
            mark=f"{call} -f -t {int(versions[-1])}" if versions else "",
        )


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(int(match[2]), name) for name in names if (match := _NAME.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str]) -> list[str]:
    return [match[2] for name in names if (match := _NAME.fullmatch(name))]


LAYOUT = Refinery()
