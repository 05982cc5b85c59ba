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
from wizard.model.plan import Plan
from wizard.model.schema import Schema, Table, comparable
from wizard.model.steps import Backfill
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
CREATE TABLE parcels (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    code TEXT,
    state TEXT NOT NULL DEFAULT 'new',
    size TEXT,
    weight NUMERIC DEFAULT 0 CHECK (weight >= 0),
    CONSTRAINT uq_parcels_code UNIQUE (code)
);
CREATE INDEX ix_parcels_state ON parcels (state, size) WHERE size IS NOT NULL;
CREATE TABLE plain (id INTEGER, code TEXT, note TEXT DEFAULT 'x');
INSERT INTO plain (id, code) VALUES (7, 'a'), (9, 'b'), (8, 'c');
CREATE TABLE places (code TEXT, room INTEGER, CONSTRAINT places_key PRIMARY KEY (code, room));
INSERT INTO places VALUES ('a', 1), ('a', 2);
CREATE TABLE log (at TEXT, what TEXT);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
CREATE INDEX ix_orders_note ON orders (note) WHERE note IS NOT NULL;
CREATE TRIGGER customers_log AFTER INSERT ON customers
    BEGIN INSERT INTO log VALUES ('now', new.name); END;
CREATE VIEW names AS SELECT id, name FROM customers;
CREATE VIEW noted AS SELECT o.id, o.note FROM orders o JOIN names ON names.id = o.customer_id;
CREATE TRIGGER noted_gone INSTEAD OF DELETE ON noted BEGIN INSERT INTO log VALUES ('x', 'gone'); END;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO customers (email, name, rating)
    SELECT CASE WHEN i % 3 THEN 'c' || i || '@example.org' END, 'c' || i, i % 5 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO orders (id, customer_id, billing_id, agent_id, note, total)
    SELECT i * 3, i, CASE WHEN i % 4 THEN i END, CASE WHEN i % 5 THEN i END, CASE WHEN i % 2 THEN 'note ' || i END, i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
INSERT INTO parcels (owner_id, code, state, size, weight)
    SELECT i, 'code-' || i, CASE WHEN i % 3 THEN 'new' ELSE 'sent' END,
           CASE WHEN i % 2 THEN i % 5 END, i FROM n;
"""

WINDOW_CASES = windowed("sqlite")
CASES = named("sqlite")


def build(root: Path, case: str, rows: int, deployment: str, *, each: bool) -> Session:
    make_alembic_project(root, each_migration=each)
    connection = sqlite3.connect(root / "shop.db")
    connection.executescript(SHOP)
    values = dict({**CASES, **WINDOW_CASES}[case])
    if values["kind"] in ("drop_column", "drop_table", "split_column"):
        # What a view shows is not dropped: the view goes first, in a change of its own.
        connection.executescript("DROP VIEW IF EXISTS noted")
    connection.close()
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

    def level(sql: str) -> str:
        return " ".join(sql.replace('"', "").split())

    triggers = tuple(replace(one, definition=level(one.definition)) for one in table.triggers)
    dependents = tuple(
        replace(one, definition=tuple(map(level, one.definition))) for one in table.dependents
    )
    return replace(table, triggers=triggers, dependents=dependents)


Columns = dict[str, set[str]]


def rows(root: Path) -> dict[str, list[dict[str, object]]]:
    """Return the rows of the shop's tables, and its counters."""
    with sqlite3.connect(root / "shop.db") as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        connection.row_factory = sqlite3.Row
        return {
            name: [dict(one) for one in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]
            for name in ("customers", "orders", "parcels", "log", "sqlite_sequence")
            if name in there
        }


def only(
    found: dict[str, list[dict[str, object]]], columns: Columns
) -> dict[str, list[dict[str, object]]]:
    """Return rows with some of their columns."""
    return {
        table: [{key: one[key] for key in one if key in columns.get(table, one)} for one in listed]
        for table, listed in found.items()
    }


def columns_of(schema: Schema, plan: Plan) -> Columns:
    """Return the columns of the shop's own tables, but for those that the plan fills."""
    filled = {
        (step.table.name, one.column)
        for migration in plan.migrations
        for step in migration.up
        if isinstance(step, Backfill)
        for one in step.assignments
    }
    return {
        table.name.name: {
            one.name for one in table.columns if (table.name.name, one.name) not in filled
        }
        for table in schema.tables
        if table.name.name in ("customers", "orders", "parcels", "log")
    }


def shared(before: Schema, after: Schema, columns: Columns) -> Columns:
    """Return those columns which a change has left as they were."""
    kinds = [
        {(table.name.name, one.name, one.type) for table in both.tables for one in table.columns}
        for both in (before, after)
    ]
    same = {(table, name) for table, name, _ in kinds[0] & kinds[1]}
    return {
        table: {one for one in names if (table, one) in same} for table, names in columns.items()
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
    before = schema(session)
    columns = columns_of(before, plan)
    kept = rows(tmp_path)
    session.write(all_phases=True)
    alembic_ok(tmp_path, url, "upgrade", "head")
    after = schema(session)
    assert after != before or case in ("backfill", "reindex")
    left = shared(before, after, columns)
    done = only(rows(tmp_path), left)
    assert done.items() <= only(kept, left).items()
    alembic_ok(tmp_path, url, "downgrade", "8c1f2a40d511")
    assert schema(session) == before
    if not plan.reversibility.needs_acknowledgement:
        assert only(rows(tmp_path), columns) == only(kept, columns)
    alembic_ok(tmp_path, url, "upgrade", "head")
    assert schema(session) == after
    if not plan.reversibility.needs_acknowledgement:
        assert only(rows(tmp_path), left) == done
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
