"""Which tables are a tool's own: those of all frameworks and layouts, and none of the user's."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from projects import make_alembic_project

from generators import generators
from generators.base import Project
from generators.ledger import Ledger, Unrecorded, list_of
from generators.records import is_record
from generators.sql.layouts import layouts
from wizard.dialects import dialect
from wizard.model.answers import Answers
from wizard.model.names import TableName
from wizard.workspace import Environment, Workspace

#: Names that an application may give to a table of its own.
OTHERS = {"typeorm": "migrations", "tern": "schema_version"}
POSTGRESQL = dialect("postgresql", (16,))
PLACES = [*(name for name in generators() if name != "sql"), *layouts()]


@pytest.mark.parametrize("place", PLACES)
def test_each_tools_record_is_known(place: str, tmp_path: Path) -> None:
    project: Project = (
        layouts()[place].imagine(tmp_path)
        if place in layouts()
        else generators()[place].imagine(tmp_path, POSTGRESQL)
    )
    ledger = generators()[project.framework].ledger(project, POSTGRESQL)
    for table in () if isinstance(ledger, Unrecorded) else ledger.tables:
        assert is_record(table, ledger)
        assert is_record(table) == (table.name != OTHERS.get(place))


def test_a_record_that_a_project_names_is_known() -> None:
    ledger = Ledger(tables=(TableName("versions", "ops"),), columns=(), read=list_of())
    assert is_record(TableName("versions", "ops"), ledger)
    assert not is_record(TableName("versions"), ledger)
    assert not is_record(TableName("orders", "ops"), ledger)


def test_records_come_last(tmp_path: Path) -> None:
    make_alembic_project(tmp_path)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        for name in ("alembic_version", "migrations", "migwiz_backfills", "orders"):
            connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY)")
    now = datetime(2026, 11, 26, tzinfo=UTC)
    workspace = Workspace(Environment(root=tmp_path, environ={}, now=now, seed="test"))
    answers = Answers().put("database.url", f"sqlite:///{tmp_path / 'shop.db'}")
    tables = workspace.tables(answers)
    workspace.disconnect()
    assert [(str(one.name), one.record) for one in tables] == [
        *(("migrations", False), ("orders", False)),
        *(("alembic_version", True), ("migwiz_backfills", True)),
    ]
