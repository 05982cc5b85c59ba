"""An outside referee reads the SQL of large tables, both ways: only what the plans themselves explain."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product, takewhile
from pathlib import Path

import end_tables
import pytest
from engines import VERSIONS
from shop import BLUE_GREEN, EXAMPLES, LARGE, SCHEMA, plan_of

from generators import generators
from generators.base import FileEdit
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.plan import Phase, Plan
from wizard.model.rollout import Rollout
from wizard.model.steps import SetNotNull, SwapColumns
from wizard.producing import Producer
from wizard.workspace import Environment

LAYOUT = "golang-migrate"
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
#: A maintenance window allows what squawk warns of: nobody waits.
ROLLOUTS = (LARGE, BLUE_GREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file, and the plan that it is from. Each direction has files of its own."""

    plan: Plan
    phase: Phase
    edit: FileEdit

    @property
    def down(self) -> bool:
        return self.edit.path.name.endswith(".down.sql")

    def told(self) -> str:
        """What the file's header says of its direction."""
        lines = [line.removeprefix("--") for line in self.edit.content.split("\n\n")[0].split("\n")]
        mark = "Down" if self.down else "Up"
        start = next(at for at, line in enumerate(lines) if line.split()[:1] == [mark])
        following = takewhile(lambda line: line.startswith("  "), lines[start + 1 :])
        return " ".join(" ".join([lines[start], *following]).split())


def says(*texts: str) -> Callable[[File], bool]:
    return lambda file: any(text in file.told() for text in texts)


def asked_or_way_back(file: File) -> bool:
    """What goes was asked for and has a gate, or it is what this plan has made before."""
    return file.down or file.phase.gate is not None


def proven(file: File) -> bool:
    steps = [
        step
        for one in file.phase.migrations
        for step in (one.down if file.down else one.up)
        if isinstance(step, SetNotNull)
    ]
    return bool(steps) and all(step.proof is not None for step in steps)


def concurrent(file: File) -> bool:
    """What a build has left behind is dropped by itself: the header tells of all the files."""
    lines = [one for one in file.edit.content.splitlines() if one and not one.startswith("--")]
    return all(one.startswith("DROP INDEX CONCURRENTLY IF EXISTS ") for one in lines)


def own_type(file: File) -> bool:
    columns = [column.type for table in SCHEMA.tables for column in table.columns]
    lengths = set(re.findall(r"char[a-z ]*\((\d+)\)", f"{columns} {EXAMPLES}"))
    return set(re.findall(r"char[a-z ]*\((\d+)\)", file.edit.content)) <= lengths


def found(*codes: str) -> Callable[[File], bool]:
    return lambda file: any(one.code in codes for one in file.plan.findings)


def swaps(file: File) -> bool:
    """The two columns change names in one transaction, so that no code sees a name missing."""
    return any(
        isinstance(step, SwapColumns)
        for one in file.phase.migrations
        for step in (one.down if file.down else one.up)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why squawk's rule does not hold here, and where the plan itself must say so."""

    why: str
    where: str
    holds: Callable[[File], bool]


GATE = "the phase's gate, or the way back"
EXPLAINED = {
    "require-statement-timeout": Explanation(
        why="a statement timeout would cut validations and builds short (safety.md, conclusion 7)",
        where="the header: how long it waits, or that others go on; or the file does nothing else",
        holds=lambda file: (
            says("waits at most", "reads and writes go on", "no lock")(file) or concurrent(file)
        ),
    ),
    "require-lock-timeout": Explanation(
        why="nobody waits behind VALIDATE and CONCURRENTLY; a timeout would leave an INVALID index",
        where="the header: reads and writes go on; or the file does nothing else",
        holds=lambda file: says("reads and writes go on", "no lock")(file) or concurrent(file),
    ),
    "adding-not-nullable-field": Explanation(
        why="SET NOT NULL does not scan: a check that was validated before proves it",
        where="the step's proof",
        holds=proven,
    ),
    "ban-drop-constraint": Explanation(
        why="a proof that has done its work, a column's own check, what was asked for, or what "
        "another one replaces that is proven by then",
        where=f"{GATE}; or a warning that both hold for a while",
        holds=lambda file: asked_or_way_back(file) or found("both-keys-hold")(file),
    ),
    "ban-drop-default": Explanation(
        why="no code counts on it any more", where=GATE, holds=asked_or_way_back
    ),
    "ban-drop-not-null": Explanation(
        why="all code copes with NULL, or nothing reads the column any more",
        where=GATE,
        holds=asked_or_way_back,
    ),
    "ban-drop-function": Explanation(
        why="the sync trigger's own, with its trigger", where=GATE, holds=asked_or_way_back
    ),
    "renaming-column": Explanation(
        why="two columns change names at once, and each value is in both", where=GATE, holds=swaps
    ),
    "ban-drop-column": Explanation(
        why="no code names the column any more", where=GATE, holds=asked_or_way_back
    ),
    "ban-drop-table": Explanation(
        why="nothing names the table any more, or the plan itself made it",
        where=GATE,
        holds=asked_or_way_back,
    ),
    "ban-drop-view": Explanation(
        why="all code says the table's new name", where=GATE, holds=asked_or_way_back
    ),
    "ban-drop-type": Explanation(
        why="no column is of the type any more", where=GATE, holds=asked_or_way_back
    ),
    "renaming-table": Explanation(
        why="no code names it by then, or a view goes by the other name",
        where=GATE,
        holds=asked_or_way_back,
    ),
    "renaming-object": Explanation(
        why="code names no index and no constraint; the lock is waited for as long as was said",
        where="the header: how long it waits",
        holds=says("waits at most", "SHARE UPDATE EXCLUSIVE"),
    ),
    "prefer-bigint-over-int": Explanation(
        why="the type is the user's own", where="the answers, or the column", holds=own_type
    ),
    "prefer-text-field": Explanation(
        why="the type is the user's own", where="the answers, or the column", holds=own_type
    ),
}


def squawk(version: int, *paths: Path) -> list[tuple[str, str]]:
    """Return squawk's findings: path and rule of each."""
    beside = Path(sys.executable).parent / "squawk"
    program = str(beside) if beside.exists() else shutil.which("squawk")
    if program is None:
        pytest.skip("needs squawk: pip install squawk-cli (it is in the dev group)")
    done = subprocess.run(
        [program, "--reporter", "Json", "--pg-version", str(version), *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [(one["file"], one["rule_name"]) for one in json.loads(done.stdout or "[]")]


def files(kind: str, version: tuple[int, ...], rollout: Rollout, root: Path) -> Iterator[File]:
    """Write the files of an operation's example, for a table of 120 M rows."""
    engine = dialect("postgresql", version)
    plan = plan_of(kind, rollout=rollout, version=version)
    producer = Producer(
        plan=plan,
        environment=Environment(root=root, environ={}, now=NOW, seed="squawk"),
        dialect=engine,
        sizes=lambda _: Size(rows=rollout.rows, bytes=rollout.bytes),
    )
    phases = {one.name: one for one in plan.phases}
    for edit in producer.files(generators()["sql"].imagine(root, engine, LAYOUT)):
        edit.path.parent.mkdir(parents=True, exist_ok=True)
        edit.path.write_text(edit.content)
        yield File(plan=plan, phase=phases[edit.phase], edit=edit)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_only_what_the_plan_explains(
    kind: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    counted: Counter[str] = Counter()
    for number, (version, rollout) in enumerate(product(VERSIONS["postgresql"], ROLLOUTS)):
        written = {
            str(one.edit.path): one for one in files(kind, version, rollout, tmp_path / str(number))
        }
        if not written:
            assert plan_of(kind, rollout=rollout, version=version).refused is not None
            continue
        for path, rule in squawk(version[0], *map(Path, written)):
            assert rule in EXPLAINED, f"{rule} in {path}:\n{written[path].edit.content}"
            explained = EXPLAINED[rule].holds(written[path])
            assert explained, f"{rule} in {path}:\n{written[path].edit.content}"
            counted[rule] += 1
    record_property(end_tables.SQUAWK, [(rule, n, said(rule)) for rule, n in counted.items()])


def said(rule: str) -> str:
    return f"{EXPLAINED[rule].where} ({EXPLAINED[rule].why})"


def test_the_referee_is_awake(tmp_path: Path) -> None:
    bad = tmp_path / "bad.sql"
    bad.write_text("CREATE INDEX ix ON orders (status);\n")
    assert (str(bad), "require-concurrent-index-creation") in squawk(16, bad)
