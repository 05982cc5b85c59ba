"""What the dialect says that a step stops, against a second connection to the same file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from step_examples import EXAMPLES, Example

from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.steps import AddIndex, Impossible, Nothing, RebuildTable

ENGINE = dialect("sqlite", (3, 40, 1))
SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, code TEXT NOT NULL, note TEXT,
    amount NUMERIC, status_code TEXT);
CREATE INDEX ix_orders_note ON orders (note);
CREATE TABLE old_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO orders VALUES (1, 1, 'a', NULL, 7, 'b'), (2, 1, 'b', 'x', 8, 'c');
"""
SUPPORTED = [
    one
    for one in EXAMPLES
    if ENGINE.supports(one.step) is None
    and not isinstance(one.step, Nothing | Impossible | RebuildTable)
    and not (isinstance(one.step, AddIndex) and (one.step.index.include or one.since > (12,)))
    and not any(ENGINE.supports(step) for step in one.before)
    # A read stops nobody; SQLite drops no column with an index.
    and one.name not in ("require", "drop column", "add index, partitions ready")
    # The examples' trigger calls a function, as PostgreSQL's do.
    and not one.name.endswith(" trigger")
]


@pytest.mark.parametrize("example", SUPPORTED, ids=lambda one: one.name)
def test_a_step_stops_what_its_fact_says(example: Example, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    worker = sqlite3.connect(path, isolation_level=None)
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    worker.executescript(SHOP)
    for step in example.before:
        for sql in ENGINE.sql(step):
            worker.execute(sql)
    fact = ENGINE.lock(example.step, Size(rows=2))

    worker.execute("BEGIN")
    for sql in ENGINE.sql(example.step):
        worker.execute(sql)
    # A small change fits into memory: readers go on until it is committed.
    assert other.execute("SELECT count(*) FROM orders").fetchone() == (2,)
    if "writes" in fact.blocks:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO customers VALUES (1, 'x')")
    else:
        other.execute("INSERT INTO customers VALUES (1, 'x')")
    worker.execute("ROLLBACK")
    other.execute("INSERT INTO customers VALUES (2, 'y')")
    worker.close()
    other.close()


def test_the_examples_are_not_none() -> None:
    assert len(SUPPORTED) > 15
