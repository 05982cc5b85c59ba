"""What the dialect says that a step locks and costs, against a real MySQL, up and down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from family_steps import FILL, PLAIN, STATUS
from family_truth import (
    DIRECTIONS,
    Direction,
    Session,
    check_locks,
    check_refusals,
    fresh,
    plannable,
    session_of,
)
from servers import TestServer
from step_examples import ORDERS, SYNC

from wizard.dialects.mysql import dialect
from wizard.dialects.mysql_family.choosing import Alter
from wizard.dialects.mysql_family.family import Family
from wizard.model.inverse import inverse
from wizard.model.schema import Column
from wizard.model.steps import (
    AddColumn,
    CreateSync,
    DropColumn,
    Impossible,
    RenameColumn,
    Require,
)

EACH = pytest.mark.parametrize("one", DIRECTIONS, ids=lambda one: one.name)
# INSTANT would do for a rename here, too, but not where a foreign key points to the column.
ALTERING = pytest.mark.parametrize(
    "one",
    [
        one
        for one in DIRECTIONS
        if isinstance(one.step, Alter) and not isinstance(one.step, RenameColumn)
    ],
    ids=lambda one: one.name,
)


@pytest.fixture(scope="module")
def url(mysql: TestServer) -> Iterator[str]:
    with mysql.database("truth") as url:
        yield url


@pytest.fixture(scope="module")
def open_session(url: str) -> Iterator[Session]:
    with session_of(url) as session:
        yield session


@pytest.fixture
def session(open_session: Session) -> Session:
    fresh(open_session)
    return open_session


@pytest.fixture(scope="module")
def engine(mysql: TestServer) -> Family:
    return dialect(mysql.version)


@EACH
def test_a_step_waits_and_works_as_its_fact_says(
    one: Direction, url: str, session: Session, engine: Family
) -> None:
    if isinstance(one.step, Impossible):
        number, text = session.error(*engine.sql(one.step))
        assert (number, text) == (1644, one.step.reason)
    elif plannable(engine, one):
        check_locks(engine, url, one)
    else:
        assert "view with both names" in one.name


@ALTERING
def test_the_server_refuses_every_better_way(
    one: Direction, session: Session, engine: Family
) -> None:
    if plannable(engine, one):
        check_refusals(engine, session, one)


def test_a_view_with_both_names_takes_no_insert(session: Session) -> None:
    """The fact for which a rename by a view is refused."""
    session.run(
        "CREATE TABLE base (id int PRIMARY KEY, old int)",
        "CREATE VIEW shown AS SELECT id, old, old AS new FROM base",
        "UPDATE shown SET new = 1",
    )
    assert session.error("INSERT INTO shown (id, new) VALUES (1, 1)")[0] == 1471


def test_dropping_a_default_would_leave_none_at_all(session: Session) -> None:
    """The fact for which a column that may be NULL gets DEFAULT NULL instead."""
    session.run("ALTER TABLE orders ALTER COLUMN status_code DROP DEFAULT")
    values = "INSERT INTO orders (id, code, place) VALUES (900, 'a', point(1, 1))"
    assert session.error(values)[0] == 1364
    session.run("ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT NULL", values)


def test_the_guards_of_mysql(session: Session, engine: Family) -> None:
    step = Require(query="SELECT id FROM orders LIMIT 5", message="that's 100% wrong", table=ORDERS)
    number, text = session.error(*engine.sql(step))
    assert number == 1411
    assert "that's 100% wrong" in text
    session.run(*engine.sql(replace(step, query="SELECT id FROM orders WHERE id < 0")))


def test_the_procedure_of_mysql(session: Session, engine: Family) -> None:
    session.run("UPDATE orders SET note = NULL", *engine.batch_script(replace(FILL, batch=7)))
    assert session.rows("SELECT count(*) FROM orders WHERE note IS NULL") == [(0,)]
    name = session.rows("SELECT DATABASE()")[0][0]
    assert session.rows(f"SHOW PROCEDURE STATUS WHERE db = '{name}'") == []


def test_the_sync_of_mysql(session: Session, engine: Family) -> None:
    session.run(
        *engine.sql(AddColumn(table=ORDERS, column=STATUS)), *engine.sql(CreateSync(sync=SYNC))
    )
    session.run(
        "INSERT INTO orders (id, code, place, status) VALUES (901, 'a', point(1, 1), 'x')",
        "INSERT INTO orders (id, code, place) VALUES (902, 'b', point(1, 1))",
        "UPDATE orders SET status = 'X' WHERE id = 901",
        "REPLACE INTO orders (id, code, place, status_code) VALUES (902, 'b', point(1, 1), 'y')",
    )
    rows = session.rows("SELECT status, status_code FROM orders WHERE id > 900 ORDER BY id")
    assert rows == [("X", "X"), ("y", "y")]


def test_the_limit_of_instant_changes(session: Session, engine: Family) -> None:
    step = AddColumn(table=PLAIN, column=Column(name="extra", type="int"))
    limit = engine.row_versions(step)
    assert limit is not None
    back = inverse(step)[0][0]
    for number in range(limit):
        session.run(*engine.sql(back if number % 2 else step))
    assert session.error(*engine.sql(back if limit % 2 else step))[0] == 4092
    assert isinstance(back, DropColumn)
    session.run(*engine.sql(replace(back, rebuild="online")))
