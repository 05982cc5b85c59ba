"""Rendered files for SQLite, run by the real Alembic."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from alembic_kit import ORDERS, alembic, detected, job, migration, project_files, put

from generators.alembic import GENERATOR
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
)
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    Assignment,
    Backfill,
    CreateSync,
    DeleteRows,
    RebuildTable,
    RenameColumn,
    RenameTable,
    Require,
    Sync,
)

SQLITE = dialect("sqlite", (3, 40))
CUSTOMERS_SQL = "CREATE TABLE customers (id INTEGER PRIMARY KEY)"
ORDERS_SQL = (
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, status_code TEXT, note TEXT)"
)
TABLE = Table(
    name=ORDERS,
    columns=(
        Column(name="id", type="INTEGER"),
        Column(name="customer_id", type="INTEGER"),
        Column(name="status_code", type="TEXT"),
        Column(name="note", type="TEXT"),
    ),
    constraints=(PrimaryKey(columns=("id",)),),
    sql=ORDERS_SQL,
)


@pytest.fixture(params=["", ", transaction_per_migration=True"], ids=["run", "each"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.executescript(
            f"{CUSTOMERS_SQL}; {ORDERS_SQL};"
            "INSERT INTO customers VALUES (1), (2);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
            "INSERT INTO orders SELECT i, 1 + i % 2, 'code ' || i, 'a :x ' || i FROM n;"
            "CREATE TABLE pairs (a TEXT, b INTEGER, c INTEGER, PRIMARY KEY (a, b));"
            "INSERT INTO pairs SELECT 'k' || (id % 7), id, NULL FROM orders"
        )
    connection.close()
    return project_files(tmp_path, url=f"sqlite:///{tmp_path / 'shop.db'}", env=request.param)


def ask(root: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(root / "shop.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def shape(root: Path) -> list[tuple[object, ...]]:
    return ask(
        root,
        "SELECT type, name, replace(sql, '\"', '') FROM sqlite_master "
        "WHERE tbl_name NOT LIKE 'alembic%' AND sql IS NOT NULL ORDER BY 1, 2",
    )


def test_steps_go_up_down_and_up(root: Path) -> None:
    status = Column(name="status", type="varchar(20)", default="'a :x'")
    plan = job(
        migration(
            "add status",
            AddColumn(table=ORDERS, column=status),
            AddColumn(
                table=ORDERS,
                column=Column(
                    name="size", type="INTEGER", generated=Generated(expression="length(note)", stored=False)
                ),
            ),
            AddColumn(table=ORDERS, column=Column(name="odd", type="FANCY TYPE(3)")),
            budget=2_000,
        ),
        migration(
            "add index",
            AddIndex(
                table=ORDERS,
                index=Index(
                    name="ix_status",
                    parts=(IndexPart(column="status"), IndexPart(column="id", order="desc")),
                    where="status <> ' :x'",
                ),
            ),
        ),
        migration(
            "fill",
            Backfill(
                table=ORDERS,
                assignments=(Assignment(column="status", expression="status_code || ':x'"),),
                needed="status IS NOT status_code || ':x'",
                key=("id",),
                key_types=("INTEGER",),
            ),
            kind="data",
            transactional=False,
        ),
        migration("sync", CreateSync(sync=Sync(name="s", table=ORDERS, old="status_code", new="status"))),
        migration(
            "fill pairs",
            Backfill(
                table=TableName("pairs"),
                assignments=(Assignment(column="c", expression="b * 2"),),
                needed="c IS NULL",
                key=("a", "b"),
                key_types=("TEXT", "INTEGER"),
                batch=300,
            ),
            kind="data",
            transactional=False,
        ),
        migration(
            "names",
            RenameColumn(table=ORDERS, old="note", new="remark"),
            RenameTable(table=TableName("pairs"), new="couples"),
        ),
        engine=SQLITE,
    )  # fmt: skip
    before = shape(root)
    edits = GENERATOR.render(detected(root), plan)
    GENERATOR.check(edits, SQLITE)
    put(edits)
    alembic(root, "upgrade", "head")
    assert ask(root, "SELECT count(*) FROM orders WHERE status = status_code || ':x'") == [(2500,)]
    assert ask(root, "SELECT count(*) FROM couples WHERE c = b * 2") == [(2500,)]
    after = shape(root)
    alembic(root, "downgrade", "base")
    assert shape(root) == before
    alembic(root, "upgrade", "head")
    assert shape(root) == after


def rebuilt() -> RebuildTable:
    key = ForeignKey(
        columns=("customer_id",), ref_table=TableName("customers"), ref_columns=("id",), name="fk"
    )
    check = Check(name="ck", expression="note <> ' :x'")
    return RebuildTable(
        before=TABLE, after=replace(TABLE, constraints=(*TABLE.constraints, key, check))
    )


def test_a_rebuild_goes_up_down_and_up(root: Path) -> None:
    guard = Require(query="SELECT 1 FROM orders WHERE note = ' :x'", message="no", table=ORDERS)
    plan = job(migration("rebuild", guard, rebuilt(), transactional=False), engine=SQLITE)
    put(GENERATOR.render(detected(root), plan))
    before = shape(root)
    alembic(root, "upgrade", "head")
    [[sql]] = ask(root, "SELECT sql FROM sqlite_master WHERE name = 'orders'")
    assert isinstance(sql, str)
    assert "REFERENCES" in sql
    assert "' :x'" in sql
    assert ask(root, "SELECT count(*) FROM orders") == [(2500,)]
    alembic(root, "downgrade", "base")
    assert [one[:2] for one in shape(root)] == [one[:2] for one in before]
    assert "REFERENCES" not in str(shape(root))
    alembic(root, "upgrade", "head")
    assert ask(root, "PRAGMA foreign_key_check") == []


def test_a_failed_rebuild_changes_nothing(root: Path) -> None:
    put(
        GENERATOR.render(
            detected(root), job(migration("rebuild", rebuilt(), transactional=False), engine=SQLITE)
        )
    )
    connection = sqlite3.connect(root / "shop.db")
    connection.execute("UPDATE orders SET customer_id = 77 WHERE id = 9")
    connection.commit()
    before = shape(root)
    said = alembic(root, "upgrade", "head", fails=True)
    assert "foreign keys point nowhere" in said
    assert shape(root) == before
    assert ask(root, "SELECT count(*) FROM orders") == [(2500,)]
    connection.execute("UPDATE orders SET customer_id = 1 WHERE id = 9")
    connection.commit()
    connection.close()
    alembic(root, "upgrade", "head")
    assert "REFERENCES" in str(shape(root))


def test_deleting_rows_in_batches(root: Path) -> None:
    step = DeleteRows(
        table=ORDERS, needed="id % 2 = 0", key=("id",), key_types=("INTEGER",), batch=100
    )
    edits = GENERATOR.render(
        detected(root),
        job(migration("delete", step, kind="data", transactional=False), engine=SQLITE),
    )
    put(edits)
    alembic(root, "upgrade", "head")
    assert ask(root, "SELECT count(*), min(id % 2) FROM orders") == [(1250, 1)]
    assert "are not kept" in alembic(root, "downgrade", "base", fails=True)
