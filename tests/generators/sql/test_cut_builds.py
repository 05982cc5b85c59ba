"""An index build that fails half-way, and the way out that the files' headers name, by each tool."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import servers
from real_tools import Place, by_hand, drivers

from generators.base import Job
from generators.sql import GENERATOR
from wizard import writer
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Index, IndexPart
from wizard.model.steps import AddIndex, DropIndex

ORDERS = TableName("orders", "public")
INDEX = Index(name="one_note", parts=(IndexPart(column="note"),), unique=True)
BUILD = Change(
    step=AddIndex(table=ORDERS, index=INDEX, concurrently=True),
    undo=(DropIndex(table=ORDERS, index=INDEX, concurrently=True),),
)
#: How each header says it: back by one file and on again, or the index by hand and on again.
BACK = (
    *("goose", "sql-migrate", "sqlx", "tern", "diesel"),
    *("liquibase", "yoyo", "node-pg-migrate"),
)
BY_HAND = ("atlas", "refinery")
#: Off the record and on again, by the header's own statement.
FORGET = ("flyway", "graphile-migrate")
#: Nothing but again: sqitch has taken back what it did before the failure.
AGAIN = ("sqitch", "plain")


@pytest.mark.real_tool
@pytest.mark.parametrize("layout", BACK + BY_HAND + FORGET + AGAIN)
def test_a_broken_index_never_passes_and_the_header_names_the_way_out(
    layout: str,
    tmp_path: Path,
    make_job: Callable[..., Job],
    postgres18: servers.TestServer,
) -> None:
    driver, engine = drivers()[layout], dialect("postgresql", (18, 0))
    driver.bring()
    root, home = tmp_path / "project", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    with postgres18.database("cut") as url:
        place = Place(engine="postgresql", url=url, home=home)
        project = GENERATOR.imagine(root, engine, layout)
        driver.prepare(project, place)
        job = make_job(Migration(slug="x", title="x", changes=(BUILD,)), dialect=engine)
        edits = GENERATOR.render(project, job)
        writer.write(edits, root=root)
        by_hand.run(place, "CREATE TABLE orders (id bigint, note text)")
        # Enough rows that no runner may build it within a transaction.
        rows = "SELECT n, n % 10001 FROM generate_series(1, 10002) n"
        by_hand.run(place, f"INSERT INTO orders {rows}")

        # The second run passes over the broken index, and its check stops.
        for _ in range(2):
            with pytest.raises((subprocess.CalledProcessError, psycopg.Error)):
                driver.up(project, place)
            assert not _valid(url)

        by_hand.run(place, "DELETE FROM orders WHERE id = 10002")
        if layout in BACK:
            driver.down(project, place, edits[:1])
        elif layout in FORGET:
            (build,) = (one for one in edits if "INDEX CONCURRENTLY" in one.up)
            told = " ".join(build.content.replace("\n--", " ").split())
            (forget,) = re.findall(r"short: (DELETE .*?), then", told)
            by_hand.run(place, forget)
        elif layout in BY_HAND:
            by_hand.run(place, "DROP INDEX CONCURRENTLY one_note")
            by_hand.run(place, engine.sql(BUILD.step)[0])
        driver.up(project, place)
        assert _valid(url)


def _valid(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found = connection.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('one_note')"
        ).fetchone()
    return found is not None and bool(found[0])
