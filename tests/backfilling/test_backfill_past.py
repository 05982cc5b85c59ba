"""Where a batch ends, read from the past. No CockroachDB runs here: PostgreSQL stands in for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from backfill_runs import QUICK, Place, counted, work_of
from servers import TestServer

from wizard.backfilling.engines import engines
from wizard.backfilling.runner import run
from wizard.backfilling.statements import Statements, statements
from wizard.database.urls import parse_url
from wizard.dialects import postgresql
from wizard.dialects.flavours import engine


@pytest.fixture
def postgres(postgres18: TestServer) -> Iterator[Place]:
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


def of(flavour: str) -> Statements:
    return statements(counted(), engine("postgresql", (13,), flavour), engines()["postgresql"])


def test_cockroachdb_is_asked_for_the_past_outside_of_what_writes() -> None:
    found = of("cockroachdb 24.1")
    assert found.past[True, False] == (
        "SELECT id FROM items AS OF SYSTEM TIME follower_read_timestamp() "
        "WHERE id > %(after_0)s ORDER BY id LIMIT 1 OFFSET %(size)s"
    )
    # What changes rows, and what looks for the very last of them, sees the present.
    for one in (*found.probe.values(), *found.rest.values(), *found.change.values()):
        assert "SYSTEM TIME" not in one
    assert of("").past == {}


def test_no_statement_of_a_walk_is_one_that_cockroachdb_lacks() -> None:
    found = of("cockroachdb 24.1")
    for one in (*found.probe.values(), *found.rest.values(), *found.change.values()):
        for lacking in ("ctid", "advisory", "pg_relation_size", "DO $", "LOCK TABLE"):
            assert lacking not in one


@pytest.mark.parametrize(
    "clause",
    [
        "/* as it was a moment ago */",
        # Refused, as by a server that is too old for it: the present does as well.
        "AS OF SYSTEM TIME follower_read_timestamp()",
        # A table with no rows at that moment.
        "JOIN (SELECT 1 AS one WHERE false) AS nothing ON true",
    ],
)
@pytest.mark.parametrize("workers", [1, 3])
def test_each_row_once_wherever_the_end_was_read(
    postgres: Place, clause: str, workers: int
) -> None:
    postgres.numbered(300)
    plain = postgresql.dialect((18,))
    dialect = replace(plain, capabilities=replace(plain.capabilities, reads_past=clause))
    work = replace(work_of("postgresql", counted()), dialect=dialect)
    ended = run(work, parse_url(postgres.url), replace(QUICK, workers=workers, batches=3))
    assert (ended.state, ended.walked, ended.retries) == ("done", 300, 0)
    assert Counter(postgres.counts()) == {1: 300}
