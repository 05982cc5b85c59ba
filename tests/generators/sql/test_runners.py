"""The generated files, run by golang-migrate and dbmate themselves."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import tools
from servers import TestServer
from sqlalchemy.engine import make_url

from generators.base import FileEdit, Job, Project
from generators.sql import GENERATOR
from wizard import writer
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Check, Column, Index, IndexPart, PrimaryKey, Table
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddIndex,
    Assignment,
    Backfill,
    DropColumn,
    DropConstraint,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    ValidateConstraint,
)

MakeJob = Callable[..., Job]

PROGRAMS = {"golang-migrate": tools.golang_migrate, "dbmate": tools.dbmate}

TABLE = TableName("orders")
STATUS = Column(name="status", type="text")
INDEX = Index(name="ix_orders_status", parts=(IndexPart(column="status"),))
CHECK = Check(name="orders_status_known", expression="status <> 'bad'", columns=("status",))
BUILD = AddIndex(table=TABLE, index=INDEX, concurrently=True)
UNBUILD = DropIndex(table=TABLE, index=INDEX, concurrently=True)


def one(slug: str, step: Any, *undo: Any, **more: Any) -> Migration:
    return Migration(slug=slug, title=slug, changes=(Change(step=step, undo=undo),), **more)


CHANGES = (
    one(
        "add_status",
        AddColumn(table=TABLE, column=STATUS),
        DropColumn(table=TABLE, column=STATUS),
        lock_timeout_ms=2_000,
    ),
    one("index_status", BUILD, UNBUILD, transactional=False),
    one(
        "fill_status",
        Backfill(
            table=TABLE,
            assignments=(Assignment(column="status", expression="'new'"),),
            needed="status IS NULL",
            key=("id",),
            key_types=("bigint",),
            batch=100,
        ),
        Nothing(reason="the column did not exist before"),
        kind="data",
        transactional=False,
    ),
    one(
        "check_status",
        AddCheck(
            table=TABLE,
            constraint=Check(
                name=CHECK.name, expression=CHECK.expression, columns=("status",), validated=False
            ),
        ),
        DropConstraint(table=TABLE, constraint=CHECK),
        lock_timeout_ms=2_000,
    ),
    one("validate_status", ValidateConstraint(table=TABLE, constraint=CHECK), Nothing(reason="-")),
)
BUILDING = one("index_note", AddIndex(
    table=TABLE, index=Index(name="ix_orders_note", parts=(IndexPart(column="note"),)), concurrently=True
), DropIndex(
    table=TABLE, index=Index(name="ix_orders_note", parts=(IndexPart(column="note"),)), concurrently=True
), transactional=False)  # fmt: skip


@dataclass
class Runner:
    """One runner, its migrations folder and its database."""

    layout: str
    program: str
    project: Project
    url: str
    dialect: Any

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        url = self.url
        folder = str(self.project.directory)
        if self.layout == "dbmate":
            call = [self.program, "--no-dump-schema", "--migrations-dir", folder, *words]
        else:
            call = [self.program, "-path", folder, "-database", url, *words]
        environment = {"DATABASE_URL": url, "PATH": tools.ENVIRONMENT.get("PATH", "")}
        return subprocess.run(
            call, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    def must(self, *words: str) -> None:
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"

    def up(self) -> None:
        self.must("up")

    def down(self, count: int) -> None:
        if self.layout == "dbmate":
            for _ in range(count):
                self.must("rollback")
        else:
            self.must("down", str(count))

    def write(self, job: Job) -> tuple[FileEdit, ...]:
        edits = GENERATOR.render(self.project, job)
        GENERATOR.check(edits, self.dialect)
        writer.write(edits, root=self.project.root)
        return edits


def count(edits: Sequence[FileEdit]) -> int:
    return len({edit.revision for edit in edits})


def go_url(url: str) -> str:
    """Return a SQLAlchemy URL as Go's drivers read it."""
    parts = make_url(url)
    host = parts.query.get("host") or parts.host or ""
    port = parts.query.get("port") or parts.port or 5432
    from urllib.parse import quote

    return (
        f"postgres://{quote(parts.username or '')}:{quote(parts.password or 'x')}@/{parts.database}"
        f"?host={quote(str(host), safe='')}&port={port}&sslmode=disable"
    )


def connect(url: str) -> psycopg.Connection[Any]:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(params=["golang-migrate", "dbmate"])
def layout(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def runner(layout: str, postgres18: TestServer, tmp_path: Path) -> Iterator[Runner]:
    program = str(PROGRAMS[layout]())
    engine = dialect("postgresql", postgres18.version)
    with postgres18.database() as url:
        with connect(url) as connection:
            connection.execute("CREATE TABLE orders (id bigserial PRIMARY KEY, note text)")
            connection.execute("INSERT INTO orders (note) SELECT 'n' FROM generate_series(1, 1000)")
        project = GENERATOR.imagine(tmp_path, engine, layout)
        project.directory.mkdir(parents=True)
        yield Runner(layout, program, project, go_url(url), engine)


@pytest.fixture
def connection(runner: Runner) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(runner.url, autocommit=True) as found:
        yield found


def shape(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT 'column', attname::text, atttypid::regtype::text FROM pg_attribute "
        "WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped "
        "UNION ALL SELECT 'index', indexrelid::regclass::text, indisvalid::text FROM pg_index "
        "WHERE indrelid = 'orders'::regclass "
        "UNION ALL SELECT 'constraint', conname, convalidated::text FROM pg_constraint "
        "WHERE conrelid = 'orders'::regclass AND contype IN ('c', 'f', 'u') ORDER BY 1, 2"
    ).fetchall()


def test_up_down_and_up_again(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    before = shape(connection)
    edits = runner.write(make_job(*CHANGES, dialect=runner.dialect))
    assert count(edits) == 7

    runner.up()
    after = shape(connection)
    assert ("index", "ix_orders_status", "true") in after
    assert ("constraint", "orders_status_known", "true") in after
    filled = connection.execute("SELECT count(*) FROM orders WHERE status = 'new'").fetchone()
    assert filled == (1000,)

    runner.down(count(edits))
    assert shape(connection) == before
    runner.up()
    assert shape(connection) == after


def test_a_dropped_index_goes_and_comes_back(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    connection.execute("ALTER TABLE orders ADD COLUMN status text")
    connection.execute("CREATE INDEX ix_orders_status ON orders (status)")
    before = shape(connection)
    edits = runner.write(
        make_job(one("drop_index", UNBUILD, BUILD, transactional=False), dialect=runner.dialect)
    )
    runner.up()
    assert ("index", "ix_orders_status", "true") not in shape(connection)
    runner.down(count(edits))
    assert shape(connection) == before
    runner.up()


def interrupt_build(runner: Runner, connection: psycopg.Connection[Any], *words: str) -> str:
    """Run until an index build waits for an older transaction, cancel it, return what was said."""
    with psycopg.connect(runner.url) as older:
        older.execute("UPDATE orders SET note = note WHERE id = 1")
        done: list[subprocess.CompletedProcess[str]] = []
        thread = threading.Thread(target=lambda: done.append(runner.run(*words)))
        thread.start()
        cancelled = False
        while thread.is_alive() and not cancelled:
            thread.join(0.02)
            row = connection.execute(
                "SELECT bool_or(pg_cancel_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock' "
                "AND query LIKE '%CREATE INDEX CONCURRENTLY%'"
            ).fetchone()
            cancelled = bool(row and row[0])
        thread.join()
        older.rollback()
    assert done[0].returncode != 0
    return done[0].stdout + done[0].stderr


def repair(runner: Runner, edits: Sequence[FileEdit], part: str) -> None:
    """Do what the header of the named file says."""
    edit = next(one for one in edits if part in one.path.name)
    header = " ".join(edit.content.split("\n\n")[0].replace("\n--", " ").split())
    if runner.layout == "dbmate":
        assert "dbmate rollback, then dbmate up" in header
        runner.must("rollback")
    else:
        forced = re.search(r"migrate force (-- )?(-?\d+), then migrate up (\d+)", header)
        assert forced is not None, header
        runner.must("force", *(["--"] if forced[1] else []), forced[2])
        runner.must("up", forced[3])
    runner.up()


VALID = ("index", "ix_orders_note", "true")
INVALID = ("index", "ix_orders_note", "false")


def test_an_interrupted_build_is_repaired_as_the_header_says(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    edits = runner.write(make_job(BUILDING, dialect=runner.dialect))
    interrupt_build(runner, connection, "up")
    assert INVALID in shape(connection)
    repair(runner, edits, "index_note.")
    assert VALID in shape(connection)
    runner.down(count(edits))
    assert VALID not in shape(connection)


def test_running_again_without_repair_never_passes_over_an_invalid_index(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    edits = runner.write(make_job(BUILDING, dialect=runner.dialect))
    interrupt_build(runner, connection, "up")
    if runner.layout == "golang-migrate":
        # Forced too little: only the build runs again.
        runner.must("force", edits[0].revision)
    again = runner.run("up")
    assert again.returncode != 0
    assert "is not valid" in again.stdout + again.stderr
    repair(runner, edits, "index_note_check")
    assert VALID in shape(connection)


def test_an_index_that_the_server_finished_alone_is_accepted(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    edits = runner.write(make_job(BUILDING, dialect=runner.dialect))
    interrupt_build(runner, connection, "up")
    connection.execute("REINDEX INDEX ix_orders_note")
    assert VALID in shape(connection)
    oid = connection.execute("SELECT 'ix_orders_note'::regclass::oid").fetchone()
    if runner.layout == "golang-migrate":
        repair(runner, edits, "index_note.")
    else:
        runner.up()
    assert connection.execute("SELECT 'ix_orders_note'::regclass::oid").fetchone() == oid


def test_an_interrupted_way_back_is_repaired_as_the_header_says(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    connection.execute("CREATE INDEX ix_orders_note ON orders (note)")
    step, (undo,) = BUILDING.changes[0].step, BUILDING.changes[0].undo
    dropping = one("drop_note", undo, step, transactional=False)
    edits = runner.write(make_job(dropping, dialect=runner.dialect))
    runner.up()
    back = ("rollback",) if runner.layout == "dbmate" else ("down", "3")
    if runner.layout == "dbmate":
        runner.must("rollback")
    interrupt_build(runner, connection, *back)
    assert INVALID in shape(connection)

    if runner.layout == "dbmate":
        assert all("dbmate up, then roll back again" in edit.content for edit in edits[:2])
        runner.up()
        runner.down(3)
    else:
        downs = [edit for edit in edits if "drop_note.down" in edit.path.name]
        forced = re.search(r"migrate force (\d+), then migrate down (\d+)", downs[0].content)
        assert forced is not None
        runner.must("force", forced[1])
        runner.must("down", forced[2])
        runner.down(1)
    assert VALID in shape(connection)


def test_an_index_with_another_definition_stops_before_anything_happens(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    connection.execute("CREATE INDEX ix_orders_note ON orders (note, id)")
    before = shape(connection)
    runner.write(make_job(BUILDING, dialect=runner.dialect))
    stopped = runner.run("up")
    assert stopped.returncode != 0
    assert "another definition" in stopped.stdout + stopped.stderr
    assert shape(connection) == before


def test_a_way_back_that_is_none_fails_with_its_reason(
    runner: Runner, connection: psycopg.Connection[Any], make_job: MakeJob
) -> None:
    step = AddColumn(table=TABLE, column=STATUS)
    gone = Impossible(reason="it's gone: restore a backup")
    runner.write(make_job(one("no_way_back", step, gone), dialect=runner.dialect))
    runner.up()
    done = runner.run(*(("rollback",) if runner.layout == "dbmate" else ("down", "1")))
    assert done.returncode != 0
    assert "it's gone: restore a backup" in done.stdout + done.stderr


def test_a_second_statement_would_make_a_concurrent_build_fail(runner: Runner) -> None:
    """The reason why such a file holds one statement; when this changes, so can the layouts."""
    body = "SELECT 1;\nCREATE INDEX CONCURRENTLY ix ON orders (note);\n"
    if runner.layout == "dbmate":
        text = f"-- migrate:up transaction:false\n{body}\n-- migrate:down\n"
        (runner.project.directory / "1_x.sql").write_text(text)
    else:
        (runner.project.directory / "1_x.up.sql").write_text(body)
    done = runner.run("up")
    assert done.returncode != 0
    assert "cannot run inside a transaction block" in done.stdout + done.stderr


def test_sqlite_up_down_and_up_again(layout: str, tmp_path: Path, make_job: MakeJob) -> None:
    program = str(PROGRAMS[layout]())
    engine = dialect("sqlite", (3, 40))
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id integer PRIMARY KEY, note text)")
        connection.execute("INSERT INTO orders (note) VALUES ('n')")
    project = GENERATOR.imagine(tmp_path, engine, layout)
    project.directory.mkdir(parents=True)
    url = f"sqlite:{path}" if layout == "dbmate" else f"sqlite://{path}"
    runner = Runner(layout, program, project, url, engine)
    index = AddIndex(table=TABLE, index=INDEX)
    edits = runner.write(
        make_job(
            CHANGES[0],
            one("index_status", index, DropIndex(table=TABLE, index=INDEX)),
            dialect=engine,
        )
    )

    def columns() -> list[str]:
        with sqlite3.connect(path) as connection:
            return [row[1] for row in connection.execute("PRAGMA table_info(orders)")]

    runner.up()
    assert columns() == ["id", "note", "status"]
    runner.down(count(edits))
    assert columns() == ["id", "note"]
    runner.up()
    assert columns() == ["id", "note", "status"]


def test_sqlite_rebuild_runs_outside_the_runners_own_transaction(
    layout: str, tmp_path: Path, make_job: MakeJob
) -> None:
    program = str(PROGRAMS[layout]())
    engine = dialect("sqlite", (3, 40))
    path = tmp_path / "shop.db"
    sql = "CREATE TABLE orders (id integer PRIMARY KEY, note text)"
    with sqlite3.connect(path) as connection:
        connection.execute(sql)
        connection.execute("INSERT INTO orders (note) VALUES ('n')")
    key, note = Column(name="id", type="integer"), Column(name="note", type="text")
    primary = (PrimaryKey(columns=("id",)),)
    before = Table(name=TABLE, columns=(key, note), constraints=primary, sql=sql)
    strict = Column(name="note", type="text", nullable=False)
    after = Table(name=TABLE, columns=(key, strict), constraints=primary, sql=None)
    there = RebuildTable(before=before, after=after)
    back = RebuildTable(before=after, after=before)
    project = GENERATOR.imagine(tmp_path, engine, layout)
    project.directory.mkdir(parents=True)
    url = f"sqlite:{path}" if layout == "dbmate" else f"sqlite://{path}?x-no-tx-wrap=true"
    runner = Runner(layout, program, project, url, engine)
    edits = runner.write(
        make_job(one("require_note", there, back, transactional=False), dialect=engine)
    )

    def required() -> list[bool]:
        with sqlite3.connect(path) as connection:
            rows = list(connection.execute("PRAGMA table_info(orders)"))
            assert connection.execute("SELECT note FROM orders").fetchall() == [("n",)]
        return [bool(row[3]) for row in rows if row[1] == "note"]

    if layout == "golang-migrate":
        wrapped = Runner(layout, program, project, f"sqlite://{path}", engine)
        assert wrapped.run("up").returncode != 0
        assert required() == [False]
        runner.must("force", "--", "-1")
    runner.up()
    assert required() == [True]
    runner.down(count(edits))
    assert required() == [False]
    runner.up()
    assert required() == [True]
