"""Alembic projects to write into, jobs to render, and the real Alembic to run them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import alembic as real_alembic

from generators.alembic import GENERATOR
from generators.base import FileEdit, Job, Project
from wizard.dialects import dialect
from wizard.dialects.base import Dialect, Size
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration, PhaseName
from wizard.model.steps import Step

NOW = datetime(2026, 11, 23, 10, 20, 30)
ORDERS, CUSTOMERS = TableName("orders"), TableName("customers")
GENERIC = Path(real_alembic.__file__).parent / "templates" / "generic" / "script.py.mako"

ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

config = context.config
engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection{options})
    with context.begin_transaction():
        context.run_migrations()
"""


def postgresql(version: Sequence[int] = (16,)) -> Dialect:
    return dialect("postgresql", tuple(version))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def version_file(
    folder: Path,
    revision: str,
    down: str | None,
    message: str = "a change",
    *,
    name: str | None = None,
    mark: str = '"',
) -> Path:
    parent = "None" if down is None else f"{mark}{down}{mark}"
    text = (
        f'"""{message}\n\nRevision ID: {revision}\nRevises: {down or ""}\n'
        f'Create Date: 2026-01-01 10:00:00.123456\n\n"""\n'
        "from alembic import op\nimport sqlalchemy as sa\n\n"
        f"revision = {mark}{revision}{mark}\ndown_revision = {parent}\n"
        "branch_labels = None\ndepends_on = None\n\n\n"
        "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    )
    slug = "_".join(message.lower().split())
    return write(folder / f"{name or f'{revision}_{slug}'}.py", text)


def project_files(
    root: Path,
    *,
    url: str = "sqlite://",
    env: str = "",
    ini: str = "",
    template: str | None = None,
) -> Path:
    """Write a project with an empty history; ``env`` are more options of context.configure."""
    write(
        root / "alembic.ini",
        "[alembic]\nscript_location = %(here)s/migrations\n"
        f"sqlalchemy.url = {url.replace('%', '%%')}\n{ini}",
    )
    write(root / "migrations/env.py", ENV.format(options=env))
    write(
        root / "migrations/script.py.mako",
        GENERIC.read_text() if template is None else template,
    )
    (root / "migrations/versions").mkdir(exist_ok=True)
    return root


def detected(root: Path) -> Project:
    found = GENERATOR.detect(root)
    assert len(found) == 1, found
    return found[0]


def migration(
    title: str,
    *steps: Step | Change,
    budget: int | None = None,
    kind: str = "schema",
    transactional: bool = True,
) -> Migration:
    return Migration(
        slug=title.replace(" ", "_"),
        title=title,
        changes=tuple(one if isinstance(one, Change) else change(one) for one in steps),
        kind=kind,  # type: ignore[arg-type]
        transactional=transactional,
        lock_timeout_ms=budget,
    )


def job(
    *migrations: Migration,
    engine: Dialect | None = None,
    after: tuple[FileEdit, ...] = (),
    phase: PhaseName = "expand",
    now: datetime = NOW,
    seed: int = 1,
) -> Job:
    digits = random.Random(seed)
    return Job(
        title="a plan",
        plan_slug="a-plan",
        migrations=tuple((phase, one) for one in migrations),
        dialect=engine or postgresql(),
        sizes=lambda _: Size(rows=1_000_000, bytes=130_000_000),
        now=now,
        new_id=lambda count: "".join(digits.choice("0123456789abcdef") for _ in range(count)),
        after=after,
    )


def put(edits: Sequence[FileEdit]) -> None:
    for edit in edits:
        write(edit.path, edit.content)


def alembic(root: Path, *args: str, fails: bool = False) -> str:
    """Run the real Alembic and return what it said; ``fails`` expects it to fail."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *args],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    said = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, said
    return said
