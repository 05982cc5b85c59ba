"""Ways back that are run by hand: as a client of each engine takes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mysql_client
import pytest
import servers

from generators.base import FileEdit, Job, Project
from generators.sql import GENERATOR
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.steps import CreateSync, DropSync, Require, Sync

MakeJob = Callable[..., Job]
LOOK = Require(
    query="SELECT 1 FROM orders WHERE note = ';'", message="it's; no", table=TableName("orders")
)
SYNC = Sync(name="s", table=TableName("orders"), old="note", new="remark")


def rolled_back(tmp_path: Path, make_job: MakeJob, engine: str) -> FileEdit:
    """Return a way back that looks first; on MariaDB this is a block."""
    found = dialect(engine, {"mariadb": (10, 11), "postgresql": (16, 0)}[engine])
    project: Project = GENERATOR.imagine(tmp_path, found, "refinery")
    change = Change(step=DropSync(sync=SYNC), undo=(LOOK, CreateSync(sync=SYNC)))
    job = make_job(Migration(slug="x", title="x", changes=(change,)), dialect=found)
    edits = GENERATOR.render(project, job)
    GENERATOR.check(edits, found)
    return edits[1]


def test_where_ddl_is_transactional_all_is_one_transaction(
    tmp_path: Path, make_job: MakeJob
) -> None:
    text = rolled_back(tmp_path, make_job, "postgresql").content
    assert text.split("\n\n", 1)[1].startswith("BEGIN;\n\n")
    assert text.endswith("\n\nCOMMIT;\n")


@pytest.mark.server
def test_the_client_of_mysql_is_told_where_bodies_end(
    tmp_path: Path, make_job: MakeJob, mariadb: servers.TestServer
) -> None:
    back = rolled_back(tmp_path, make_job, "mariadb")
    assert back.content.count("DELIMITER //\nBEGIN NOT ATOMIC") == 1
    assert "DELIMITER" not in back.down
    with mariadb.database("back") as url:
        servers.execute(url, "CREATE TABLE orders (id int PRIMARY KEY, note text, remark text)")
        mysql_client.load(mariadb, url, back.content)
        servers.execute(url, "INSERT INTO orders (id, note) VALUES (1, 'it''s; //')")
        with servers.connected(url) as cursor:
            cursor.execute("SELECT remark FROM orders")
            assert cursor.fetchall() == (("it's; //",),)
