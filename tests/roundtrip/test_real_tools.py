"""Files for every layout, run up, down and up again by the layout's own tool on real servers.

One plan after another is made for the database as it then is, written and applied; then all are
taken back, and applied once more.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import servers
from real_tools import Driver, Place, drivers
from real_tools.places import said, versions
from recorded import recorded

from generators.base import FileEdit, Project
from generators.sql import GENERATOR
from generators.sql.layouts import layouts
from wizard import journal, writer
from wizard.dialects.base import Size
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.schema import Schema, comparable
from wizard.producing import Producer
from wizard.session import Environment, Session

POSTGRESQL = """
CREATE TABLE customers (id bigserial PRIMARY KEY, email text, name text NOT NULL);
CREATE TABLE orders (
    id bigserial PRIMARY KEY, customer_id bigint NOT NULL, note text, total numeric(10, 2),
    status varchar(40) NOT NULL DEFAULT 'it''s $1 ${new} :so 100%'
);
INSERT INTO customers (email, name)
    SELECT CASE WHEN n % 3 > 0 THEN n || '@example.org' END, n FROM generate_series(1, 300) n;
INSERT INTO orders (customer_id, note, total)
    SELECT n % 300 + 1, CASE WHEN n % 2 > 0 THEN 'note ' || n END, n FROM generate_series(1, 900) n;
"""
MYSQL = (
    "CREATE TABLE customers (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(200), "
    "name varchar(200) NOT NULL)",
    "CREATE TABLE orders (id bigint AUTO_INCREMENT PRIMARY KEY, customer_id bigint NOT NULL, "
    "note varchar(200), total decimal(10, 2), "
    "status varchar(40) NOT NULL DEFAULT 'it''s $1 ${new} :so 100%')",
    "INSERT INTO customers (email, name) VALUES ('a', 'b'), (NULL, 'c')",
    "INSERT INTO orders (customer_id, note, total) VALUES (1, 'x', 1), (2, NULL, 2)",
)
SQLITE = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, note TEXT, total NUMERIC,
    status TEXT NOT NULL DEFAULT 'it''s $1 ${new} :so 100%'
);
INSERT INTO customers (email, name) VALUES ('a', 'b'), (NULL, 'c');
INSERT INTO orders (customer_id, note) VALUES (1, 'x'), (2, NULL);
"""

ADD = {
    "kind": "add_column", "table": "orders", "column": "currency", "type": "varchar(3)",
    "nullable": False, "default": "'EUR'",
}  # fmt: skip
INDEX = {"kind": "add_index", "table": "orders", "columns": ["customer_id", "total"]}
RENAME = {
    "kind": "rename_column", "table": "orders", "column": "note", "to": "remark", "how": "sync",
}  # fmt: skip
REQUIRE = {"kind": "set_not_null", "table": "customers", "column": "email", "fill": "'it''s; 100%'"}
REFER = {
    "kind": "add_foreign_key", "table": "orders", "columns": ["customer_id"],
    "ref_table": "customers",
}  # fmt: skip
CREATE = {
    "kind": "create_table", "table": "invoices", "indexes": "(number desc)",
    "columns": "id bigint identity, number varchar(20) required default '$1 ${x} :so; 100%'",
}  # fmt: skip
DEFAULT = {
    "kind": "set_default",
    "table": "orders",
    "column": "status",
    "default": "'$$ {{y}} ?; 1'",
}
CHANGES = {
    "postgresql": (ADD, INDEX, RENAME, REQUIRE, REFER, CREATE, DEFAULT),
    "mariadb": (ADD, INDEX, RENAME, REFER, CREATE, DEFAULT),
    "mysql": (ADD, INDEX, RENAME),
    "sqlite": (ADD, INDEX, REQUIRE, DEFAULT),
}
#: For tools that are slow to start: what stands outside a transaction, odd text, several files.
FEW = {"postgresql": (INDEX, REQUIRE, DEFAULT), "mariadb": (ADD, RENAME, DEFAULT)}
OURS = {"customers", "orders", "invoices"}
RUNS = [
    pytest.param(driver, engine, id=f"{name}-{engine}")
    for name, driver in sorted(drivers().items())
    for engine in driver.engines
]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)

#: Layouts that no program runs here, each with the reason. The README says so too.
PARSED_ONLY: dict[str, str] = {
    "ecto": "Debian's Elixir has no Ecto, and Hex is no registry that tests may ask",
    "hasura": "its client only talks to a running Hasura, which no package registry has",
}


_BY_HAND = "no runner is known here, so nothing tells what was run"
#: Where no record of what is applied can be read, and how that is said.
UNRECORDED = {
    **{("plain", engine): _BY_HAND for engine in ("postgresql", "mariadb", "sqlite")},
    (
        "sqitch",
        "sqlite",
    ): "sqitch keeps its record of SQLite in a file of its own: ask sqitch status",
}


@contextmanager
def database(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Yield the SQLAlchemy URL of a small shop."""
    if engine == "sqlite":
        path = folder / "shop.db"
        connection = sqlite3.connect(path)
        connection.executescript(SQLITE)
        connection.close()
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres18" if engine == "postgresql" else engine)
    with server.database("tool") as url:
        if engine == "postgresql":
            with psycopg.connect(url.replace("+psycopg", "")) as connection:
                connection.execute(POSTGRESQL)
        else:
            servers.execute(url, *MYSQL)
        yield url


class Bench:
    """A project of one layout, a database, and the tool."""

    def __init__(self, driver: Driver, place: Place, root: Path) -> None:
        self.driver, self.place, self.root = driver, place, root
        self.now = NOW
        session = self._session({"kind": "reindex", "table": "orders"})
        self.project: Project = GENERATOR.imagine(root, session.dialect(), driver.layout)
        session.disconnect()
        driver.prepare(self.project, place)
        # What the tool has prepared may tell how the project writes.
        for found in GENERATOR.detect(root):
            if (found.layout, found.directory) == (driver.layout, self.project.directory):
                self.project = found
        # No tool may stumble over the plan files that lie beside its migrations.
        plans = journal.folder(self.project)
        plans.mkdir(parents=True, exist_ok=True)
        (plans / "2026-11-23-some-plan.toml").write_text("version = 1\n")

    def _session(self, change: dict[str, object]) -> Session:
        values = dict(change)
        operation = OperationAnswers(kind=str(values.pop("kind")), values=freeze(values))  # type: ignore[arg-type]
        answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
        environment = Environment(
            root=self.root, environ={"DATABASE_URL": self.place.url}, now=self.now, seed="test"
        )
        return Session(environment, answers, accepted=["all"])

    def write(self, change: dict[str, object]) -> tuple[FileEdit, ...]:
        """Plan one change for the database as it is, and write all of its files."""
        self.now += timedelta(minutes=5)
        session = self._session(change)
        plan = session.plan()
        assert plan.refused is None, plan.refused
        producer = Producer(
            plan=plan,
            environment=session.environment,
            dialect=session.dialect(),
            sizes=lambda _: Size(rows=120_000_000, bytes=48_000_000_000),
        )
        edits = producer.files(self.project)
        GENERATOR.check(edits, producer.dialect)
        session.disconnect()
        writer.write(edits, root=self.root)
        return edits

    def up(self) -> None:
        self._ran(lambda: self.driver.up(self.project, self.place))

    def down(self, edits: Sequence[FileEdit]) -> None:
        self._ran(lambda: self.driver.down(self.project, self.place, edits))

    def _ran(self, call: Callable[[], str]) -> None:
        try:
            call()
        except subprocess.CalledProcessError as error:
            pytest.fail(said(error))

    def applied(self, edits: Sequence[FileEdit]) -> list[str] | str:
        """Return which files the tool's own record has, as `migwiz status` reads it, or why not."""
        return recorded(GENERATOR, self.project, self.place.url, edits, self.root)

    def schema(self) -> Schema:
        session = self._session({"kind": "reindex", "table": "orders"})
        found = [session.table(one.name) for one in session.tables() if one.name.name in OURS]
        session.disconnect()
        return comparable(Schema(tables=tuple(found)))


@pytest.mark.real_tool
@pytest.mark.parametrize(("driver", "engine"), RUNS)
def test_written_files_run_up_down_and_up(
    driver: Driver, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    driver.bring()
    root, home = tmp_path / "project", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    with database(engine, request, tmp_path) as url:
        one = Bench(driver, Place(engine=engine, url=url, home=home), root)
        before = one.schema()
        kept = (driver.layout, engine) not in UNRECORDED
        edits: list[FileEdit] = []
        slow = getattr(driver, "slow", False)
        for change in (FEW if slow else CHANGES).get(engine, CHANGES[engine]):
            known = one.schema()
            fresh = one.write(change)
            assert not kept or one.applied(fresh) == []
            edits += fresh
            one.up()
            assert one.schema() != known
        after = one.schema()
        assert one.applied(edits) == (
            versions(edits) if kept else UNRECORDED[driver.layout, engine]
        )
        found = [
            each.layout
            for each in GENERATOR.detect(root)
            if each.directory == one.project.directory
        ]
        assert found == [driver.layout]
        one.down(edits)
        assert one.schema() == before
        assert not kept or one.applied(edits) == []
        one.up()
        assert not kept or one.applied(edits) == versions(edits)
        assert one.schema() == after


def test_every_layout_is_run_by_its_tool_or_says_why_not() -> None:
    assert set(layouts()) == set(drivers()) | set(PARSED_ONLY)
    assert not set(drivers()) & set(PARSED_ONLY)
