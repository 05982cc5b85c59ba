"""sqitch: a line in ``sqitch.plan``, and a script each to deploy, revert and verify a change.

Facts: sqitch 1.3, run. Scripts are run by the engine's own client and open their transactions
themselves; the plan alone gives the order. Names are unique in a plan. A line names its planner,
from the project's ``sqitch.conf``, git's or the user's own configuration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, Unrecorded, by_name, list_of
from generators.reading import read_text
from generators.sql.client import script
from generators.sql.detecting import joined, separators
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.people import author, settings, value
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.steps import AddColumn, CreateTable, RenameColumn, RenameTable, Step

_CHANGE = re.compile(r"(?m)^[ \t]*\+?[ \t]*(?P<name>[^\s@#%+-][^\s\[#]*)")
_TAG = re.compile(r"^[ \t]*@")
_PROJECT = re.compile(r"(?m)^%project\s*=\s*(\S+)")
_PLANNER = re.compile(r"\dZ[ \t]+([^<\n]+)<([^>\n]*)>")
_ENGINES = {"postgresql": "pg", "mariadb": "mysql"}
_PLAN = "sqitch.plan"
_LIMIT = 1 << 24
_REGISTRY = re.compile(r"(?m)^\s*registry\s*=\s*\"?(\w+)")


class Sqitch:
    """The layout; its history is the plan, its versions are places in it."""

    name = "sqitch"
    label = "sqitch"

    def detect(self, tree: Tree) -> list[Project]:
        """Find plans; each is certain."""
        found: list[Project] = []
        for folder, files in tree.folders.items():
            for name in files:
                if not name.endswith(".plan"):
                    continue
                text = read_text(folder / name, limit=_LIMIT) or ""
                if _PROJECT.search(text):
                    found.append(_project(tree.root, folder / name, text))
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `sqitch init` would begin."""
        return _project(root, root / _PLAN, "")

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return the next places in the plan."""
        last = len(_changes(_read(project))) + len(taken)
        return tuple(str(last + number) for number in range(1, count + 1))

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the three scripts."""
        name = _name(project, draft)
        change = f"{project.options['project']}:{name}"
        engine = _ENGINES.get(draft.dialect.name, draft.dialect.name)
        suffix = project.options["extension"]
        up, down = script(draft.up, draft.dialect), script(draft.down, draft.dialect)
        # Who waits for sqitch's lock waits in a statement, for whose end a build waits in turn.
        turns = draft.turns("sqitch")
        first, second = draft.comments("up", more=turns), draft.comments("down", more=turns)
        return (
            Written(
                name=f"{name}.{suffix}",
                content=f"-- Deploy {change} to {engine}\n\n{first}\n{up}",
                up=draft.up.text() + "\n",
            ),
            Written(
                name=f"{project.options['revert']}/{name}.{suffix}",
                content=f"-- Revert {change} from {engine}\n\n{second}\n{down}",
                down=draft.down.text() + "\n",
            ),
            Written(
                name=f"{project.options['verify']}/{name}.{suffix}",
                content=f"-- Verify {change} on {engine}\n\n{_verify(draft)}",
            ),
        )

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return the plan with a line for each change."""
        path = project.root / project.options["plan"]
        before = read_text(path, limit=_LIMIT)
        start = f"%syntax-version=1.0.0\n%project={project.options['project']}\n\n"
        text = (before or start).rstrip("\n") + "\n"
        if before is None or _TAG.match(text.splitlines()[-1]) or not _changes(text):
            text += "\n"
        who, mail = _planner(project, text)
        moment = now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
        for one in files[::3]:
            name = one.name.rpartition(".")[0]
            note = re.sub(r"[-_]+", " ", name)
            text += f"{name} {moment:%Y-%m-%dT%H:%M:%SZ} {who} <{mail}> # {note}\n"
        return (Companion(path=path, content=text, before=before),)

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell no: the client sends one statement after another."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; sqitch records a change only when it has ended well."""
        if cut.direction == "down":
            return "when it was cut short: sqitch deploy, then revert again"
        back = f"sqitch revert --to @HEAD^{cut.files - 1}, then " if cut.files > 1 else ""
        return f"when it was cut short: {back}sqitch deploy"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: psql puts variables into no quoted text."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger | Unrecorded:
        """Return the registry of changes, which on SQLite is another file."""
        if dialect.name == "sqlite":
            return Unrecorded(
                why="sqitch keeps its record of SQLite in a file of its own: ask sqitch status"
            )
        conf = project.root / project.options["home"] / "sqitch.conf"
        said = _REGISTRY.search(read_text(conf, limit=_LIMIT) or "")
        registry = said[1] if said else "sqitch"
        return Ledger(
            tables=(TableName("changes", registry),),
            columns=("change", "project"),
            read=list_of(by_name, undone=lambda row: row[1] != project.options["project"]),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return sqitch's commands; the first change of a plan has none before it to go back to."""
        first = next(iter(versions), "")
        to = "" if first == "1" else f" --to @HEAD^{max(1, len(versions))}"
        return Commands(
            apply="sqitch deploy", revert=f"sqitch revert{to}", mark="sqitch deploy --log-only"
        )


def _project(root: Path, plan: Path, text: str) -> Project:
    top = plan.parent
    home = next((one for one in (top, *top.parents) if (one / "sqitch.conf").is_file()), root)
    core = settings(home / "sqitch.conf") if home.is_relative_to(root) else settings(Path())
    places = {
        side: _place(home, top, value(core, "core", f"{side}_dir") or "", side)
        for side in ("deploy", "revert", "verify")
    }
    changes = _changes(text)
    said = _PROJECT.search(text)
    _, words = separators([f"_{name}" for name in changes])
    where = plan.relative_to(root).as_posix()
    shown = Evidence(what=f"a plan of {len(changes)} changes", where=where)
    return Project(
        framework="sql",
        layout=Sqitch.name,
        root=root,
        directory=places["deploy"],
        confidence="high" if said else "low",
        evidence=(shown,) if said else (),
        heads=(str(len(changes)),) if changes else (),
        latest=changes[-1] if changes else None,
        pattern="words.sql, in the order of the plan",
        transactions="file decides",
        options={
            "plan": where,
            "project": said[1] if said else re.sub(r"[^\w-]+", "_", root.name) or "project",
            "extension": value(core, "core", "extension") or "sql",
            "words": words,
            "revert": _relative(places["revert"], places["deploy"]),
            "verify": _relative(places["verify"], places["deploy"]),
            "home": home.relative_to(root).as_posix() if home.is_relative_to(root) else ".",
        },
    )


def _place(home: Path, top: Path, said: str, side: str) -> Path:
    place = (home / said).resolve() if said else top / side
    return place if place.is_relative_to(home) else top / side


def _relative(place: Path, start: Path) -> str:
    up = 0
    while not place.is_relative_to(start):
        start, up = start.parent, up + 1
    return "/".join([*[".."] * up, *place.relative_to(start).parts])


def _read(project: Project) -> str:
    return read_text(project.root / project.options["plan"], limit=_LIMIT) or ""


def _changes(plan: str) -> list[str]:
    return [match["name"] for match in _CHANGE.finditer(plan)]


def _name(project: Project, draft: Draft) -> str:
    """Return a name that is not in the plan, nor given to an earlier change of this write."""
    known = {*_changes(_read(project))}
    mark = project.options["words"]
    slug = joined(draft.slug, mark)
    # A number alone is what tells the files of one migration apart.
    names = (slug if number == 1 else f"{slug}{mark}v{number}" for number in count(1))
    return next(islice((one for one in names if one not in known), draft.namesakes, None))


def _planner(project: Project, plan: str) -> tuple[str, str]:
    """Return who plans: as configured; else whoever planned last."""
    here = project.root / project.options["home"] / "sqitch.conf"
    name, mail = author(project.root, here, Path.home() / ".sqitch" / "sqitch.conf")
    last = _PLANNER.findall(plan)
    if name == "migwiz" and last:
        return last[-1][0].strip(), last[-1][1]
    return name, mail


def _verify(draft: Draft) -> str:
    """Return a script that fails unless what the upgrade made can be read."""
    looks = [look for step in draft.steps if (look := _look(step, draft.dialect))]
    if not looks:
        return "-- Nothing to look for: the deploy script itself fails when it cannot be done.\n"
    text = "\n".join(f"{one};" for one in looks)
    return f"BEGIN;\n\n{text}\n\nROLLBACK;\n"


def _look(step: Step, dialect: Dialect) -> str:
    match step:
        case AddColumn():
            columns, table = [step.column.name], step.table
        case RenameColumn():
            columns, table = [step.new], step.table
        case CreateTable():
            columns, table = [one.name for one in step.table.columns], step.table.name
        case RenameTable():
            moved = TableName(step.new, step.table.schema)
            return f"SELECT 1 FROM {dialect.table(moved)} WHERE 1 = 0"
        case _:
            return ""
    named = ", ".join(dialect.quote(one) for one in columns)
    return f"SELECT {named} FROM {dialect.table(table)} WHERE 1 = 0"


LAYOUT = Sqitch()
