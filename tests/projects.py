"""Real Alembic projects for tests, and running the real Alembic in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import alembic

ENV = """\
import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)

with engine.connect() as connection:
    context.configure(connection=connection{arguments})
    with context.begin_transaction():
        context.run_migrations()
"""

INI = """\
[alembic]
script_location = %(here)s/migrations
file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s
"""

BASE = '''\
"""Start here.

Revision ID: 8c1f2a40d511
Revises:
Create Date: 2025-01-01 00:00:00

"""

revision = "8c1f2a40d511"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''


def make_alembic_project(root: Path, *, each_migration: bool = True) -> Path:
    """Write a small project with one revision; ``each_migration`` gives each its transaction."""
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    arguments = ", transaction_per_migration=True" if each_migration else ""
    (root / "alembic.ini").write_text(INI)
    (root / "migrations" / "env.py").write_text(ENV.format(arguments=arguments))
    template = Path(alembic.__file__).parent / "templates" / "generic" / "script.py.mako"
    (root / "migrations" / "script.py.mako").write_text(template.read_text())
    (versions / "2025_01_01_0000-8c1f2a40d511_start.py").write_text(BASE)
    return root


@cache
def _alembic_server() -> subprocess.Popen[str]:
    """Start the process that runs Alembic for this worker; it ends with the worker's pipe."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("alembic_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run_alembic(root: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the real Alembic in a process of its own; its exit code is not looked at."""
    server = _alembic_server()
    assert server.stdin is not None
    assert server.stdout is not None
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": ""}
    request = {"folder": str(root), "environment": environment, "words": words}
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    answer = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess(
        ["alembic", *words], answer["code"], answer["out"], answer["err"]
    )


def alembic_ok(root: Path, url: str, *words: str) -> str:
    """Run the real Alembic and return what it said; fails the test when it failed."""
    done = run_alembic(root, url, *words)
    assert done.returncode == 0, f"alembic {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr
