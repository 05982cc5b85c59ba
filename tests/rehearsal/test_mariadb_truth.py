"""What the dialect says that a step locks and costs, against a real MariaDB, up and down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
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

from wizard.dialects.mariadb import dialect
from wizard.dialects.mysql_family.choosing import Alter
from wizard.dialects.mysql_family.family import Family
from wizard.model.steps import AddForeignKey, Impossible

EACH = pytest.mark.parametrize("one", DIRECTIONS, ids=lambda one: one.name)
# From 11.2 on a copy for a key may let writes go on, but those to the other table wait all the same.
ALTERING = pytest.mark.parametrize(
    "one",
    [
        one
        for one in DIRECTIONS
        if isinstance(one.step, Alter)
        and not (isinstance(one.step, AddForeignKey) and one.step.constraint.validated)
    ],
    ids=lambda one: one.name,
)


@pytest.fixture(scope="module")
def url(mariadb: TestServer) -> Iterator[str]:
    with mariadb.database("truth") as url:
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
def engine(mariadb: TestServer) -> Family:
    return dialect(mariadb.version)


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
        assert "expression" in one.name


@ALTERING
def test_the_server_refuses_every_better_way(
    one: Direction, session: Session, engine: Family
) -> None:
    if plannable(engine, one):
        check_refusals(engine, session, one)
