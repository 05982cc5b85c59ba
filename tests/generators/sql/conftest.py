"""A dialect whose every statement is known here, so that the tests show whole files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generators.base import Job
from wizard.dialects import dialect
from wizard.dialects.base import Capabilities, Size
from wizard.model.names import TableName
from wizard.model.plan import Lock, Migration
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    Backfill,
    DropColumn,
    DropIndex,
    RebuildTable,
    Require,
    ValidateConstraint,
)


@dataclass(frozen=True)
class PlainDialect:
    """Just enough SQL for the generator's own tests."""

    name: str = "postgresql"
    label: str = "PostgreSQL 16"
    version: tuple[int, ...] = (16, 0)
    capabilities: Capabilities = dialect("postgresql", (16, 0)).capabilities

    def table(self, name: TableName) -> str:
        return str(name)

    def quote(self, identifier: str) -> str:
        return identifier

    def literal(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    def sql(self, step: Any) -> tuple[str, ...]:
        match step:
            case AddColumn():
                return (
                    f"ALTER TABLE {step.table} ADD COLUMN {step.column.name} {step.column.type}",
                )
            case DropColumn():
                return (f"ALTER TABLE {step.table} DROP COLUMN {step.column.name}",)
            case AddIndex():
                how = "CONCURRENTLY " if step.concurrently else ""
                return (f"CREATE INDEX {how}{step.index.name} ON {step.table} (status)",)
            case DropIndex():
                how = "CONCURRENTLY " if step.concurrently else ""
                return (f"DROP INDEX {how}{step.index.name}",)
            case Backfill():
                return (f"UPDATE {step.table} SET status = 'x' WHERE {step.needed}",)
            case ValidateConstraint():
                return (f"ALTER TABLE {step.table} VALIDATE CONSTRAINT {step.constraint.name}",)
            case Require():
                return (f"DO $$ BEGIN ASSERT NOT EXISTS ({step.query}); END $$",)
            case RebuildTable():
                return ("PRAGMA foreign_keys = OFF", "BEGIN", "DROP TABLE t", "COMMIT")
        return ()

    def batch_script(self, step: Backfill) -> tuple[str, ...]:
        if self.name != "postgresql":
            return ()
        return (f"DO $$\nBEGIN\n    UPDATE {step.table} SET status = 'x';\n    COMMIT;\nEND\n$$",)

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        return (f"SET LOCAL lock_timeout = '{milliseconds}ms'",)

    def index_state(self, step: AddIndex) -> str | None:
        if self.name != "postgresql":
            return None
        return f"SELECT state_of('{step.index.name}')"

    def needs_own_transaction(self, step: Any) -> bool:
        return isinstance(step, RebuildTable) or getattr(step, "concurrently", False)

    def lock(self, step: Any, size: Size) -> Lock:
        if isinstance(step, AddColumn | DropColumn):
            table = (step.table,)
            return Lock(mode="ACCESS EXCLUSIVE", on=table, blocks=("reads", "writes"))
        return Lock(mode="SHARE UPDATE EXCLUSIVE")


MakeJob = Callable[..., Job]


@pytest.fixture
def make_job() -> MakeJob:
    def make(*migrations: Migration, dialect: Any = None, **more: Any) -> Job:
        return Job(
            title="a change",
            plan_slug="a-change",
            migrations=tuple(("expand", one) for one in migrations),
            dialect=dialect or PlainDialect(),
            sizes=lambda table: Size(rows=1_000_000),
            now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
            new_id=lambda n: "0" * n,
            **more,
        )

    return make


@pytest.fixture
def sqlite_dialect() -> Any:
    return PlainDialect(name="sqlite", label="SQLite 3.45", version=(3, 45))


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Write files below the temporary folder and return it."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write
