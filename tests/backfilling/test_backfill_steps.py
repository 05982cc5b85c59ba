"""Every kind of step that changes rows: from another table, into another one, behind odd names."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from backfill_runs import QUICK, TABLE, Place, counted
from servers import TestServer

from wizard.backfilling.engines import engines
from wizard.backfilling.tables import definitions
from wizard.model.errors import ReachError
from wizard.model.names import TableName
from wizard.model.steps import Assignment, Backfill, CopyRows

SMALL = replace(QUICK, first=7, least=3, most=7, workers=2)
KEY = {"key": ("a", "b"), "key_types": ("integer", "integer")}


def pairs(place: Place) -> None:
    """Make a table of 60 rows with a key of two columns."""
    place.fill(
        "a int NOT NULL, b int NOT NULL", "a, b", [f"{n % 4}, {n * 7 % 60}" for n in range(60)]
    )


def test_values_come_from_another_table(place: Place) -> None:
    pairs(place)
    place.do("CREATE TABLE prices (id int PRIMARY KEY, price int NOT NULL)")
    place.do("INSERT INTO prices (id, price) VALUES (0, 10), (1, 11), (3, 13)")
    step = Backfill(
        table=TABLE,
        assignments=(Assignment(column="n", expression="prices.price"),),
        needed="items.n = 0",
        join="prices",
        on="prices.id = items.a",
        **KEY,
    )
    found = place.run(step, SMALL)
    # Those without a price are walked, and need nothing.
    assert (found.state, found.walked, found.changed) == ("done", 60, 45)
    assert found.reason == "no row needs it any more"
    assert Counter(place.counts()) == {10: 15, 11: 15, 13: 15, 0: 15}


def test_rows_are_copied_and_those_that_are_there_stay(place: Place) -> None:
    pairs(place)
    place.do(
        "CREATE TABLE kept (a int NOT NULL, b int NOT NULL, n int, PRIMARY KEY (a, b))",
        "INSERT INTO kept (a, b, n) VALUES (0, 0, 99)",
    )
    step = CopyRows(
        table=TABLE, target=TableName("kept"), columns=("a", "b", "n"), needed="a < 3", **KEY
    )
    found = place.run(step, SMALL)
    assert (found.state, found.walked, found.changed) == ("done", 60, 44)
    assert Counter(int(row[0]) for row in place.do("SELECT n FROM kept")) == {0: 44, 99: 1}
    assert place.run(step, SMALL).reason == "was done before, and no row needs it"


def test_signs_of_drivers_and_parameters_in_the_users_own_sql(place: Place) -> None:
    place.numbered(30)
    place.do("ALTER TABLE items ADD note varchar(60)")
    step = replace(
        counted(),
        assignments=(Assignment(column="note", expression="'100% of :size and :after_0'"),),
        needed="note IS NULL AND (id % 2 = 0 OR id < 4)",
    )
    assert place.run(step, SMALL).changed == 17
    (row,) = place.do("SELECT DISTINCT note FROM items WHERE note IS NOT NULL")
    assert row == ("100% of :size and :after_0",)


@pytest.fixture
def guest(postgres18: TestServer):
    """A role that may change rows and make no tables, with the place that it works in."""
    with postgres18.database() as url:
        place = Place("postgresql", url)
        place.numbered(30)
        place.do(
            "CREATE ROLE guest LOGIN",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT SELECT, UPDATE ON items TO guest",
        )
        yield place
        place.do("DROP OWNED BY guest", "DROP ROLE guest")
        place.close()


def test_who_may_not_make_tables_is_told_what_to_make(guest: Place) -> None:
    url = guest.url.replace("//postgres@", "//guest@")
    with pytest.raises(ReachError) as caught:
        guest.run(url=url)
    assert caught.value.code == "no-state-tables"
    assert "permission denied" in caught.value.why
    made = [one for one in caught.value.next_actions if one.startswith("CREATE")]
    assert made == [f"{one};" for one in definitions(engines()["postgresql"])]
    guest.do(*made)
    guest.do(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON migwiz_backfills, migwiz_backfill_ranges TO guest"
    )
    assert guest.run(url=url).state == "done"


def test_a_server_that_is_not_there_is_named(tmp_path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    with pytest.raises(ReachError, match="cannot reach the database at"):
        Place("postgresql", url).run()
    with pytest.raises(ReachError, match="there is no file"):
        Place("sqlite", f"sqlite:///{tmp_path}/none.db").run()
