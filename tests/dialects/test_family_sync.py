"""Two names kept equal by triggers on a real MariaDB, hammered under both names in random order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from family_truth import Session, session_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import TestServer

from wizard.dialects.mariadb import dialect
from wizard.dialects.mysql_family.family import Family
from wizard.model.names import TableName
from wizard.model.steps import CreateSync, DropSync, Sync

NAME = TableName("pairs")
SYNC = Sync(name="zz_sync_pairs_old_new", table=NAME, old="old", new="new")
VALUES = ("a", "A", "b", "ä", "a ", None)
FORMS = ("insert", "both", "update", "upsert", "replace", "other", "delete")


@pytest.fixture(scope="module")
def engine(mariadb: TestServer) -> Family:
    return dialect(mariadb.version)


@pytest.fixture(scope="module")
def session(mariadb: TestServer) -> Iterator[Session]:
    with mariadb.database("sync") as url, session_of(url) as session:
        yield session


def make(session: Session, engine: Family, *, rule: str = "", sync: Sync = SYNC) -> None:
    session.run(
        "DROP TABLE IF EXISTS pairs",
        f"CREATE TABLE pairs (id int PRIMARY KEY, old varchar(20) {rule}, n int, "
        "new varchar(20) NULL DEFAULT NULL)",
        # Another trigger that was there before: ours comes behind it.
        "CREATE TRIGGER tidy BEFORE UPDATE ON pairs FOR EACH ROW SET NEW.n = coalesce(NEW.n, 0) + 1",
        *engine.sql(CreateSync(sync=sync)),
    )


def said(value: str | None) -> str:
    return "NULL" if value is None else f"'{value}'"


def statement(form: str, name: str, row: int, value: str | None) -> str:
    new = said(value)
    match form:
        case "insert":
            return f"INSERT IGNORE INTO pairs (id, {name}) VALUES ({row}, {new})"
        case "both":
            return f"INSERT IGNORE INTO pairs (id, old, new) VALUES ({row}, 'x', {new})"
        case "update":
            return f"UPDATE pairs SET {name} = {new} WHERE id = {row}"
        case "upsert":
            return (
                f"INSERT INTO pairs (id, {name}) VALUES ({row}, {new}) "
                f"ON DUPLICATE KEY UPDATE {name} = VALUES({name})"
            )
        case "replace":
            return f"REPLACE INTO pairs (id, {name}) VALUES ({row}, {new})"
        case "other":
            return f"UPDATE pairs SET n = {row} WHERE id = {row}"
        case _:
            return f"DELETE FROM pairs WHERE id = {row}"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(FORMS),
        st.sampled_from(["old", "new"]),
        st.integers(1, 3),
        st.sampled_from(VALUES),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, rule=st.sampled_from(["", "DEFAULT 'd'"]))
def test_both_names_stay_equal(
    steps: list[tuple[str, str, int, str | None]], rule: str, session: Session, engine: Family
) -> None:
    make(session, engine, rule=rule)
    for form, name, row, value in steps:
        session.run(statement(form, name, row, value))
        rows = session.rows("SELECT old, new, id FROM pairs")
        assert all(old == new for old, new, _ in rows), (form, name, row, value, rows)
        # What was written is what is there, under either name, in its very case.
        if form in ("update", "upsert") and (value is not None or form == "update"):
            now = [old for old, _, which in rows if which == row]
            assert now in ([], [value]), (form, name, rows)


def test_a_required_old_column_is_filled(session: Session, engine: Family) -> None:
    make(session, engine, rule="NOT NULL")
    session.run("INSERT INTO pairs (id, new) VALUES (1, 'a')")
    assert session.rows("SELECT old, new FROM pairs") == [("a", "a")]
    assert session.error("INSERT INTO pairs (id) VALUES (2)")[0] == 1048


def test_only_the_case_changes(session: Session, engine: Family) -> None:
    """For which a comparison by the collation would be blind."""
    make(session, engine)
    session.run(
        "INSERT INTO pairs (id, old) VALUES (1, 'a')", "UPDATE pairs SET new = 'A' WHERE id = 1"
    )
    assert session.rows("SELECT old, new FROM pairs") == [("A", "A")]
    assert session.rows("SELECT 'a' <=> 'A'") == [(1,)]


def test_values_of_two_types(session: Session, engine: Family) -> None:
    sync = replace(SYNC, to_new="upper(old)", to_old="lower(new)")
    make(session, engine, sync=sync)
    session.run(
        "INSERT INTO pairs (id, old) VALUES (1, 'a')",
        "INSERT INTO pairs (id, new) VALUES (2, 'B')",
        "UPDATE pairs SET old = 'c' WHERE id = 1",
        "UPDATE pairs SET new = 'D' WHERE id = 2",
        "UPDATE pairs SET n = 5",
    )
    assert session.rows("SELECT old, new FROM pairs ORDER BY id") == [("c", "C"), ("d", "D")]


def test_it_can_be_made_and_dropped_twice(session: Session, engine: Family) -> None:
    make(session, engine)
    session.run(*engine.sql(CreateSync(sync=SYNC)))
    assert len(session.rows("SHOW TRIGGERS")) == 3
    for _ in range(2):
        session.run(*engine.sql(DropSync(sync=SYNC)))
    assert len(session.rows("SHOW TRIGGERS")) == 1
