"""What a parent that takes in what its partitions have really locks and reads, and what stops.

The reasons behind `wizard/operations/partitions.py` and `partition_keys.py`, on each server.
"""

from __future__ import annotations

import psycopg
import pytest
from servers import TestServer

from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.names import TableName
from wizard.model.schema import Column, ForeignKey, Index, IndexPart, PrimaryKey, Unique
from wizard.model.steps import AddForeignKey, AddIndex, AddPrimaryKey, AddUnique, Step
from wizard.rehearsal.tracer import Trace, plain_url, trace

EVENTS, FIRST, SECOND, LEAF = map(TableName, ("events", "events_1", "events_2", "events_2_a"))
CUSTOMERS = TableName("customers")
PARTS = (SECOND, FIRST, LEAF)
AT = Index(name="ix_events_at", parts=(IndexPart(column="at"),))
KEY = ForeignKey(name="events_fk", columns=("customer",), ref_table=CUSTOMERS, ref_columns=("id",))
SHOP = """
CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE events (id int NOT NULL, at int NOT NULL, customer int) PARTITION BY RANGE (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (100);
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (at);
CREATE TABLE events_2_a PARTITION OF events_2 DEFAULT;
INSERT INTO customers SELECT generate_series(0, 9);
INSERT INTO events SELECT n, n, n % 10 FROM generate_series(0, 199) n;
"""
EACH = ("events_1", "events_2_a")


@pytest.fixture
def shop(fresh_database: str) -> str:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        connection.execute(SHOP.encode())
    return fresh_database


def traced(url: str, postgres: TestServer, step: Step, *before: str) -> Trace:
    known = dialect("postgresql", postgres.version)
    tables = (EVENTS, *PARTS, CUSTOMERS)
    return trace(url, known.sql(step), tables=tables, before=before)


def modes(seen: Trace) -> dict[str, str | None]:
    return {one.table.name: one.mode for one in seen.tables}


def worked(seen: Trace) -> set[str]:
    """The tables that were read or rewritten, or got an index that was built from rows."""
    return {one.table.name for one in seen.tables if one.read or one.rewritten}


def test_finished_indexes_are_taken_in_under_a_lock_that_lets_reads_go_on(
    shop: str, postgres: TestServer
) -> None:
    step = AddIndex(table=EVENTS, index=AT, ready=PARTS)
    seen = traced(
        shop,
        postgres,
        step,
        *(f"CREATE INDEX ix_{one} ON {one} (at)" for one in EACH),
        "CREATE INDEX ix_events_2 ON events_2 (at)",
    )
    fact = dialect("postgresql", postgres.version).lock(step, Size())
    assert fact.work == "none"
    assert {one.name: fact.mode for one in fact.on} == {
        name: mode for name, mode in modes(seen).items() if mode is not None
    }
    assert not worked(seen)
    assert not any(one.built for one in seen.tables if one.table in PARTS)


def test_attaching_an_index_stops_readers_and_waits_for_them(shop: str) -> None:
    def blocked(other: psycopg.Connection[tuple[object, ...]], sql: str) -> bool:
        other.execute("SET lock_timeout = '100ms'")
        try:
            other.execute(sql.encode())
        except psycopg.errors.LockNotAvailable:
            return True
        finally:
            other.rollback()
        return False

    attach = "ALTER INDEX ix_events ATTACH PARTITION ix_1"
    with psycopg.connect(plain_url(shop)) as one, psycopg.connect(plain_url(shop)) as other:
        one.execute("CREATE INDEX ix_1 ON events_1 (at)")
        one.execute("CREATE INDEX ix_events ON ONLY events (at)")
        one.commit()
        one.execute(attach)
        assert blocked(other, "SELECT FROM events_1 WHERE at = 1")
        one.rollback()
        one.execute("SELECT FROM events_1 WHERE at = 1")
        assert blocked(other, attach)


def test_uniques_of_the_partitions_become_the_parents_without_a_build(
    shop: str, postgres: TestServer
) -> None:
    unique = Unique(name="once", columns=("id", "at"))
    seen = traced(
        shop,
        postgres,
        AddUnique(table=EVENTS, constraint=unique, ready=PARTS),
        *(f"ALTER TABLE {one} ADD CONSTRAINT {one}_once UNIQUE (id, at)" for one in EACH),
        "ALTER TABLE events_2 ADD CONSTRAINT events_2_once UNIQUE (id, at)",
    )
    assert modes(seen)["events"] == "ACCESS EXCLUSIVE"
    assert not worked(seen)
    assert not any(one.built for one in seen.tables if one.table in PARTS)


def test_primary_keys_of_the_partitions_become_the_parents_without_a_build(
    shop: str, postgres: TestServer
) -> None:
    columns = tuple(Column(name=one, type="integer", nullable=False) for one in ("id", "at"))
    key = PrimaryKey(name="events_pkey", columns=("id", "at"))
    seen = traced(
        shop,
        postgres,
        AddPrimaryKey(table=EVENTS, constraint=key, columns=columns, ready=PARTS),
        *(f"ALTER TABLE {one} ADD PRIMARY KEY (id, at)" for one in EACH),
        "ALTER TABLE events_2 ADD PRIMARY KEY (id, at)",
    )
    assert modes(seen)["events"] == "ACCESS EXCLUSIVE"
    assert not worked(seen)
    assert not any(one.built for one in seen.tables if one.table in PARTS)


def test_keys_of_the_partitions_become_the_parents_without_a_look_at_the_rows(
    shop: str, postgres: TestServer
) -> None:
    step = AddForeignKey(table=EVENTS, constraint=KEY, ready=PARTS)
    seen = traced(
        shop,
        postgres,
        step,
        *(
            f"ALTER TABLE {one} ADD CONSTRAINT events_fk FOREIGN KEY (customer) "
            "REFERENCES customers"
            for one in EACH
        ),
    )
    fact = dialect("postgresql", postgres.version).lock(step, Size())
    assert (fact.mode, fact.on, fact.work) == ("ACCESS EXCLUSIVE", (CUSTOMERS,), "none")
    assert modes(seen) == {
        "customers": "ACCESS EXCLUSIVE",
        **dict.fromkeys(("events", *(one.name for one in PARTS)), "SHARE ROW EXCLUSIVE"),
    }
    assert not worked(seen)


def test_keys_that_are_not_proven_are_not_taken_in(shop: str, postgres: TestServer) -> None:
    """Hence they are proven before: else every row is read, and before 18 there are two keys."""
    with psycopg.connect(plain_url(shop), autocommit=True) as connection:
        for one in EACH:
            connection.execute(
                f"ALTER TABLE {one} ADD CONSTRAINT own FOREIGN KEY (customer) "
                "REFERENCES customers NOT VALID".encode()
            )
        connection.execute(
            "ALTER TABLE events ADD CONSTRAINT events_fk FOREIGN KEY (customer) REFERENCES customers"
        )
        row = connection.execute(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = 'events_1'::regclass "
            "AND contype = 'f'"
        ).fetchone()
    assert row == (2 if postgres.major < 18 else 1,)
