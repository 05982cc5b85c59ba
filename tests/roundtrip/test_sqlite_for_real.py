"""Generated files run up, down and up again by the real Alembic on SQLite."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cases import named, windowed
from projects import alembic_ok, make_alembic_project

from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.schema import Schema, Table, comparable
from wizard.session import Environment, Session

SHOP = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT, name TEXT NOT NULL, rating INTEGER
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    billing_id INTEGER,
    agent_id INTEGER,
    note TEXT,
    total NUMERIC DEFAULT 0 CHECK (total >= 0),
    CONSTRAINT ck_orders_billing CHECK (billing_id > 0),
    CONSTRAINT fk_orders_billing FOREIGN KEY (billing_id) REFERENCES customers (id)
        ON DELETE SET NULL,
    CONSTRAINT uq_orders_agent UNIQUE (agent_id)
);
CREATE TABLE log (at TEXT, what TEXT);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
CREATE INDEX ix_orders_note ON orders (note) WHERE note IS NOT NULL;
CREATE TRIGGER customers_log AFTER INSERT ON customers
    BEGIN INSERT INTO log VALUES ('now', new.name); END;
CREATE VIEW names AS SELECT id, name FROM customers;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO customers (email, name, rating)
    SELECT CASE WHEN i % 3 THEN 'c' || i || '@example.org' END, 'c' || i, i % 5 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO orders (id, customer_id, billing_id, agent_id, note, total)
    SELECT i * 3, i, CASE WHEN i % 4 THEN i END, CASE WHEN i % 5 THEN i END, CASE WHEN i % 2 THEN 'note ' || i END, i FROM n;
"""

WINDOW_CASES = windowed("sqlite")
CASES = named("sqlite")


def build(root: Path, case: str, rows: int, deployment: str, *, each: bool) -> Session:
    make_alembic_project(root, each_migration=each)
    connection = sqlite3.connect(root / "shop.db")
    connection.executescript(SHOP)
    connection.close()
    values = dict({**CASES, **WINDOW_CASES}[case])
    answers = Answers(
        operations=(OperationAnswers(kind=str(values.pop("kind")), values=freeze(values)),)
    )
    answers = answers.put("rollout.rows", rows).put("rollout.deployment", deployment)
    environment = Environment(
        root=root,
        environ={"DATABASE_URL": f"sqlite:///{root}/shop.db"},
        now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
        seed="test",
    )
    return Session(environment, answers, accepted=["all"])


def schema(session: Session) -> Schema:
    session.disconnect()
    tables = [session.table(one.name) for one in session.tables()]
    session.disconnect()
    return comparable(
        Schema(tables=tuple(_level(one) for one in tables if one.name.name != "alembic_version"))
    )


def _level(table: Table) -> Table:
    """The text of a trigger stands indented in the file, and a rename puts names in quotes.

    Only that may differ.
    """
    triggers = tuple(
        replace(one, definition=" ".join(one.definition.replace('"', "").split()))
        for one in table.triggers
    )
    return replace(table, triggers=triggers)


#: Tables, and columns of theirs which no change here takes away.
KEPT = {
    "customers": "id, name, rating",
    "orders": "id, customer_id, billing_id, total",
    "log": "*",
    "sqlite_sequence": "*",
}


def rows(root: Path) -> dict[str, list[object]]:
    """The rows of the tables that are there."""
    with sqlite3.connect(root / "shop.db") as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=str)
            for table, columns in KEPT.items()
            if table in there
        }


@pytest.mark.parametrize(
    ("size", "deployment", "each"),
    [
        (120_000_000, "rolling", True),
        (120_000_000, "rolling", False),
        (900, "rolling", True),
        (900, "maintenance", True),
    ],
    ids=["large", "large-whole-run", "tiny", "maintenance"],
)
@pytest.mark.parametrize("case", sorted(CASES))
def test_up_down_and_up_again(
    case: str, size: int, deployment: str, each: bool, tmp_path: Path
) -> None:
    run_up_down_up(tmp_path, case, size, deployment, each=each)


@pytest.mark.parametrize("case", sorted(WINDOW_CASES))
def test_only_in_a_maintenance_window(case: str, tmp_path: Path) -> None:
    run_up_down_up(tmp_path, case, 120_000_000, "maintenance", each=True)


def run_up_down_up(tmp_path: Path, case: str, size: int, deployment: str, *, each: bool) -> None:
    session = build(tmp_path, case, size, deployment, each=each)
    url = f"sqlite:///{tmp_path}/shop.db"
    alembic_ok(tmp_path, url, "upgrade", "head")
    plan = session.plan()
    assert plan.refused is None, plan.refused
    before, kept = schema(session), rows(tmp_path)
    session.write(all_phases=True)
    alembic_ok(tmp_path, url, "upgrade", "head")
    after = schema(session)
    assert after != before or case == "backfill"
    assert rows(tmp_path).items() <= kept.items()
    alembic_ok(tmp_path, url, "downgrade", "8c1f2a40d511")
    assert schema(session) == before
    if not plan.reversibility.needs_acknowledgement:
        assert rows(tmp_path) == kept
    alembic_ok(tmp_path, url, "upgrade", "head")
    assert schema(session) == after
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
