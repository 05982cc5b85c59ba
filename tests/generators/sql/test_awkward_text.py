"""Text of users that looks like a runner's own language, through the tools into the database."""

from __future__ import annotations

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
from wizard.model.schema import Column
from wizard.model.steps import AddColumn, DropColumn, Require

ORDERS = TableName("orders")
TEXTS = (
    "a -- b; c",
    "line;\n  --x\nend;",
    "a\n--x;\nb",
    "a;\n\n\nb",
    "{{ .x }} {{",
    "/* ; */ #{x} %s",
    "back\\slash '' \" `",
    "$1 ? :so ${x} $$ $a$",
    "-- end",
    "\tBEGIN x; END;",
    "DELIMITER //",
    "-- atlas:txmode none",
    "é ß 漢",
)


def _change(number: int, text: str) -> tuple[Change, ...]:
    quoted = "'" + text.replace("'", "''") + "'"
    column = Column(name=f"c{number}", type="text", default=quoted)
    query = f"SELECT 1 WHERE {quoted} = ''"
    return (
        Change(step=Require(query=query, message=text, table=ORDERS), undo=()),
        Change(
            step=AddColumn(table=ORDERS, column=column),
            undo=(DropColumn(table=ORDERS, column=column),),
        ),
    )


@pytest.mark.real_tool
@pytest.mark.parametrize(
    "layout",
    [
        *("goose", "sqlx", "sql-migrate", "tern", "diesel", "atlas", "refinery"),
        *("flyway", "liquibase", "sqitch", "yoyo", "node-pg-migrate", "graphile-migrate", "plain"),
    ],
)
def test_text_comes_out_as_it_was(
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
    changes = tuple(one for number, text in enumerate(TEXTS) for one in _change(number, text))
    with postgres18.database("text") as url:
        place = Place(engine="postgresql", url=url, home=home)
        by_hand.run(place, "CREATE TABLE orders (); INSERT INTO orders DEFAULT VALUES")
        project = GENERATOR.imagine(root, engine, layout)
        driver.prepare(project, place)
        job = make_job(Migration(slug="x", title="x", changes=changes), dialect=engine)
        edits = GENERATOR.render(project, job)
        writer.write(edits, root=root)
        driver.up(project, place)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT * FROM orders").fetchone() == TEXTS
        driver.down(project, place, edits)
        driver.up(project, place)
