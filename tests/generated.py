"""Files that a plan gives, in any framework; and Alembic's, run in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from engines import GOLDEN_VERSIONS
from shop import LARGE
from test_golden import project_for

from generators import generators
from generators.base import FileEdit
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.plan import Plan
from wizard.producing import Producer
from wizard.workspace import Environment


def files(plan: Plan, engine: str, target: str, root: Path) -> tuple[FileEdit, ...]:
    known = dialect(engine, GOLDEN_VERSIONS[engine])
    now = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
    producer = Producer(
        plan=plan,
        environment=Environment(root=root, environ={}, now=now, seed="golden"),
        dialect=known,
        sizes=lambda _: Size(rows=LARGE.rows, bytes=LARGE.bytes),
    )
    project = project_for(target, root, engine)
    edits = producer.files(project)
    generators()[project.framework].check(edits, known)
    return edits


def upgrade(module: ModuleType, database: sa.Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with Operations.context(context), context.begin_transaction(_per_migration=True):
            module.upgrade()


@contextmanager
def opened(url: str, **options: object) -> Iterator[sa.Engine]:
    database = sa.create_engine(url, **options)
    try:
        yield database
    finally:
        database.dispose()
