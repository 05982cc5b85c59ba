"""Golden files: each operation's example as every generator writes it, phase by phase.

After a change that is meant: ``MIGWIZ_GOLDEN=1 pytest tests/test_golden.py``, then read the diff as
a senior user of that framework would.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engines import GOLDEN_VERSIONS as ENGINES
from shop import EXAMPLES, LARGE, plan_of

from generators import generators
from generators.base import FileEdit, Project
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.plan import Plan
from wizard.producing import Producer
from wizard.workspace import Environment

GOLDEN = Path(__file__).parent / "golden"
#: Read before the environment is frozen for each test.
UPDATE = os.environ.get("MIGWIZ_GOLDEN") == "1"
TARGETS = ["alembic", "django", "seaorm", "sql/golang-migrate", "sql/dbmate"]


def project_for(target: str, root: Path, engine: str) -> Project:
    framework, _, layout = target.partition("/")
    generator = generators()[framework]
    known = dialect(engine, ENGINES[engine])
    return generator.imagine(root, known, layout) if layout else generator.imagine(root, known)


def rendered(plan: Plan, project: Project, engine: str, root: Path) -> tuple[FileEdit, ...]:
    environment = Environment(
        root=root, environ={}, now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC), seed="golden"
    )
    producer = Producer(
        plan=plan,
        environment=environment,
        dialect=dialect(engine, ENGINES[engine]),
        sizes=lambda _: Size(rows=LARGE.rows, bytes=LARGE.bytes),
    )
    edits = producer.files(project)
    generators()[project.framework].check(edits, producer.dialect)
    return edits


#: Operations by engine; what an engine refuses has no files, and its plans.txt says why.
PLANNED = [
    (kind, engine)
    for kind in sorted(EXAMPLES)
    for engine in sorted(ENGINES)
    if plan_of(kind, rollout=LARGE, name=engine, version=ENGINES[engine]).refused is None
]


@pytest.mark.parametrize(
    ("target", "kind", "engine"),
    [(target, kind, engine) for target in TARGETS for kind, engine in PLANNED],
)
def test_golden(kind: str, target: str, engine: str, tmp_path: Path) -> None:
    plan = plan_of(kind, rollout=LARGE, name=engine, version=ENGINES[engine])
    edits = rendered(plan, project_for(target, tmp_path, engine), engine, tmp_path)
    folder = GOLDEN / kind / engine / target.replace("/", "-")
    written = {
        f"{edit.phase}-{edit.path.relative_to(tmp_path).as_posix().rpartition('/')[2]}": edit.content
        for edit in edits
    }
    if UPDATE:
        for old in folder.glob("*"):
            old.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in written.items():
            (folder / name).write_text(content)
    expected = {path.name: path.read_text() for path in sorted(folder.glob("*"))}
    assert sorted(written) == sorted(expected)
    for name, content in written.items():
        assert content == expected[name], name
