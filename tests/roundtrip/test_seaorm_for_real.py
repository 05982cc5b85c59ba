"""Generated migrations compiled with the real SeaORM 1.1 and 2.0, and run up, down and up again.

All changes are planned for one small shop, each on its own, and written one behind the other into
the crate: a module directory for each engine, one compilation for all of them.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import seaorm_crates
import servers
from real_tools.places import Place, said
from recorded import recorded
from sqlalchemy import NullPool, create_engine, make_url, text
from test_alembic_for_real import plain

from generators.base import FileEdit, Project
from generators.seaorm import GENERATOR
from wizard import writer
from wizard.dialects.base import Size
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.plan import Plan
from wizard.model.schema import Schema
from wizard.model.steps import LockTables
from wizard.producing import Producer
from wizard.session import Environment, Session

POSTGRESQL = r"""
CREATE TYPE mood AS ENUM ('fine', 'bad');
CREATE TABLE customers (
    id bigserial PRIMARY KEY, email text, name text NOT NULL, mood mood, rating int
);
CREATE TABLE orders (
    id serial PRIMARY KEY, customer_id bigint NOT NULL, billing_id bigint, note text,
    total numeric(10, 2), status varchar(40) NOT NULL DEFAULT 'it''s $1 ${new} :so 100%'
);
CREATE INDEX ix_orders_status ON orders (status);
CREATE TABLE places (code text PRIMARY KEY, "Odd ""name" text, room int NOT NULL);
CREATE TABLE visits (page text NOT NULL, seconds int CONSTRAINT ck_visits CHECK (seconds > 0));
INSERT INTO customers (email, name, rating)
    SELECT CASE WHEN n % 3 > 0 THEN n || '@example.org' END, n, n % 5 FROM generate_series(1, 300) n;
INSERT INTO orders (customer_id, billing_id, note, total) SELECT n % 300 + 1, n % 300 + 1,
    CASE WHEN n % 2 > 0 THEN 'note ' || n END, n FROM generate_series(1, 2500) n;
INSERT INTO places SELECT 'p' || n, CASE WHEN n % 2 > 0 THEN 'odd' END, n
    FROM generate_series(1, 1500) n;
"""
MARIADB = (
    "CREATE TABLE customers (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(200), "
    "name varchar(200) NOT NULL, rating int)",
    "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer_id bigint NOT NULL, "
    "billing_id bigint, note varchar(200), total decimal(10, 2), "
    "status varchar(40) NOT NULL DEFAULT 'it''s $1 ${new} :so 100%', KEY ix_status (status))",
    "CREATE TABLE places (code varchar(20) PRIMARY KEY, odd text, room int NOT NULL)",
    "INSERT INTO customers (email, name, rating) SELECT IF(seq % 3 = 0, NULL, concat('c', seq)), "
    "seq, seq % 5 FROM seq_1_to_300",
    "INSERT INTO orders (customer_id, billing_id, note, total) SELECT seq % 300 + 1, "
    "seq % 300 + 1, IF(seq % 2 = 0, NULL, concat('note ', seq)), seq FROM seq_1_to_2500",
    "INSERT INTO places SELECT concat('p', seq), IF(seq % 2 = 0, NULL, 'odd'), seq "
    "FROM seq_1_to_1500",
)
SQLITE = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT NOT NULL, rating int);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), note TEXT,
    total NUMERIC, status TEXT NOT NULL DEFAULT 'it''s $1 ${new} :so 100%'
);
CREATE TABLE places (code TEXT PRIMARY KEY, odd TEXT, room int NOT NULL);
INSERT INTO customers (email, name) VALUES ('a', 'b'), (NULL, 'c');
INSERT INTO orders (customer_id, note) VALUES (1, 'x'), (2, NULL);
INSERT INTO places VALUES ('a', 'x', 1), ('b', NULL, 2);
"""
Answer = dict[str, Any]
ADD: Answer = {
    "kind": "add_column", "table": "orders", "column": "currency", "type": "varchar(3)",
    "nullable": False, "default": "'EUR'",
}  # fmt: skip
INDEX: Answer = {"kind": "add_index", "table": "orders", "columns": ["customer_id", "total desc"]}
RENAME: Answer = {
    "kind": "rename_column", "table": "orders", "column": "note", "to": "remark", "how": "sync",
}  # fmt: skip
REQUIRE: Answer = {
    "kind": "set_not_null", "table": "customers", "column": "email", "fill": "'it''s; 100% ?'",
}  # fmt: skip
REFER: Answer = {
    "kind": "add_foreign_key", "table": "orders", "columns": ["billing_id"],
    "ref_table": "customers",
}  # fmt: skip
CREATE: Answer = {
    "kind": "create_table", "table": "invoices", "indexes": "(number desc)",
    "columns": "id bigint identity, number varchar(20) required unique default '$1 ${x} :so; 100%',"
    " customer_id bigint required references customers on delete cascade",
}  # fmt: skip
ODD: Answer = {
    "kind": "create_table", "table": "Odd Bills",
    "columns": "a_b bigint identity, e_mail2 text required default '{}', \"Größe\" numeric(10,2)",
}  # fmt: skip
ARCHIVE: Answer = {
    "kind": "drop_column", "table": "customers", "column": "rating", "archive": "table",
}  # fmt: skip
PLAIN_COLUMNS = (
    "id integer, number varchar(20) required unique default '$1 ${x} :so; 100%', "
    "customer_id integer required references customers on delete cascade"
)
DEFAULT: Answer = {
    "kind": "set_default", "table": "orders", "column": "total", "default": "42",
}  # fmt: skip
TEXTUAL: Answer = {
    "kind": "set_not_null", "table": "places", "column": "odd", "fill": "'{}\"#'",
}  # fmt: skip
QUOTED: Answer = {**TEXTUAL, "column": 'Odd "name'}
UNIQUE: Answer = {"kind": "add_unique", "table": "customers", "columns": ["name"]}
NULLABLE: Answer = {"kind": "drop_not_null", "table": "places", "column": "room"}
UNINDEX: Answer = {"kind": "drop_index", "table": "orders", "name": "ix_orders_status"}
LABEL: Answer = {"kind": "create_enum", "type": "payment", "values": ["card", 'it\'s "cash"']}
CHANGES: dict[str, tuple[Answer, ...]] = {
    "postgresql": (
        *(ADD, INDEX, RENAME, REQUIRE, REFER, CREATE, DEFAULT, QUOTED, UNIQUE),
        *(NULLABLE, UNINDEX, LABEL, ODD, ARCHIVE),
    ),
    "mariadb": (
        *(ADD, INDEX, RENAME, REQUIRE, REFER, CREATE, DEFAULT, TEXTUAL, UNIQUE),
        *(NULLABLE, {**UNINDEX, "name": "ix_status"}, ARCHIVE),
    ),
    "sqlite": (ADD, REQUIRE, {**CREATE, "columns": PLAIN_COLUMNS}, INDEX, NULLABLE),
}
ARCHIVED = "customers_rating_archive"
#: What a build that was cut short leaves behind, under the name that INDEX gets.
INTERRUPTED = (
    "CREATE INDEX ix_orders_customer_id_total ON orders (customer_id, total DESC)",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_orders_customer_id_total'::regclass",
)
TABLES = {"customers", "orders", "invoices", "places", "visits", "Odd Bills", ARCHIVED}
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written for one engine: the schema it was planned for, and the files in order.

    ``wanted`` is the schema that the dialect's own SQL makes of it.
    """

    before: Schema
    wanted: Schema
    edits: tuple[FileEdit, ...]


@dataclass(frozen=True, kw_only=True)
class Crate:
    """A crate with migrations for several engines, compiled; ``missing`` says why one is not there."""

    series: str
    root: Path
    program: Path
    written: dict[str, Written]
    missing: dict[str, str]


@contextmanager
def database(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Yield the SQLAlchemy URL of the shop, filled."""
    if engine == "sqlite":
        path = folder / "shop.db"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(SQLITE)
        connection.close()
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres18" if engine == "postgresql" else engine)
    with server.database("seaorm") as url:
        if engine == "postgresql":
            with psycopg.connect(url.replace("+psycopg", "")) as connection:
                connection.execute(POSTGRESQL)
        else:
            servers.execute(url, *MARIADB)
        yield url


def session(url: str, root: Path, change: Answer, now: datetime) -> Session:
    values = dict(change)
    operation = OperationAnswers(kind=str(values.pop("kind")), values=freeze(values))
    answers = Answers(operations=(operation,)).put("rollout.rows", 120_000_000)
    environment = Environment(root=root, environ={"DATABASE_URL": url}, now=now, seed="test")
    return Session(environment, answers, accepted=["all"])


def schema(url: str, root: Path) -> Schema:
    one = session(url, root, {"kind": "reindex", "table": "orders"}, NOW)
    found = [one.table(each.name) for each in one.tables() if each.name.name in TABLES]
    enums = one.connect().enums()
    one.disconnect()
    return Schema(tables=tuple(found), enums=tuple(enums))


def project(root: Path, engine: str) -> Project:
    (found,) = [one for one in GENERATOR.detect(root) if one.directory.name == engine]
    assert not found.problems
    return found


def write(url: str, root: Path, engine: str) -> Written:
    """Plan each change for the shop as it is at first, and write all files of all phases."""
    before = schema(url, root)
    now = NOW
    edits: list[FileEdit] = []
    plans: list[Plan] = []
    for change in CHANGES[engine]:
        now += timedelta(minutes=5)
        one = session(url, root, change, now)
        plan = one.plan()
        assert plan.refused is None, plan.refused
        producer = Producer(
            plan=plan,
            environment=one.environment,
            dialect=one.dialect(),
            sizes=lambda _: Size(rows=120_000_000, bytes=48_000_000_000),
        )
        made = producer.files(project(root, engine))
        GENERATOR.check(made, producer.dialect)
        one.disconnect()
        writer.write(made, root=root)
        edits += made
        plans.append(plan)
    dialect = producer.dialect
    steps = [step for plan in plans for each in plan.migrations for step in each.up]
    run(url, [sql for one in steps if not isinstance(one, LockTables) for sql in dialect.sql(one)])
    return Written(before=before, wanted=schema(url, root), edits=tuple(edits))


def run(url: str, statements: Sequence[str]) -> None:
    """Run statements one by one, each by itself."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for sql in statements:
            file.execute(sql)
        file.close()
    elif url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
            for sql in statements:
                server.execute(sql.encode())
    else:
        servers.execute(url, *statements)


@pytest.fixture(scope="module", params=sorted(seaorm_crates.VERSIONS))
def crate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crate:
    series = request.param
    lock = seaorm_crates.kept(series) / "Cargo.lock"
    home = tmp_path_factory.mktemp("seaorm")
    root = home / "project"
    (root / "migration").mkdir(parents=True)
    seaorm_crates.fill(root / "migration", series)
    (root / "migration" / "Cargo.lock").write_bytes(lock.read_bytes())
    written: dict[str, Written] = {}
    missing: dict[str, str] = {}
    for engine in seaorm_crates.ENGINES:
        with ExitStack() as stack:
            try:
                url = stack.enter_context(database(engine, request, home))
            except pytest.skip.Exception as reason:
                missing[engine] = str(reason.msg)
                continue
            written[engine] = write(url, root, engine)
    try:
        program = seaorm_crates.program(series, root / "migration" / "src", home)
    except subprocess.CalledProcessError as error:
        pytest.fail(said(error))
    return Crate(series=series, root=root, program=program, written=written, missing=missing)


def url_of(place: Place) -> str:
    """Return the database's URL as sqlx reads it."""
    if place.engine == "postgresql":
        return place.libpq.replace("@/", "@localhost/")
    if place.engine == "sqlite":
        return f"sqlite://{place.database}"
    parts = make_url(place.url)
    where = f"{parts.host or 'localhost'}:{parts.port or 3306}"
    socket = f"?socket={place.socket}" if place.socket else ""
    return f"mysql://{place.user}:{place.password}@{where}/{place.database}{socket}"


class Runner:
    """The compiled program and psql, against one database."""

    def __init__(self, crate: Crate, place: Place) -> None:
        self.crate, self.place = crate, place
        written = crate.written[place.engine]
        self.names = [one.revision for one in written.edits if one.revision]
        self.scripts = {one.path.name: one.path for one in written.edits if one.language == "sql"}

    def call(self, way: str) -> None:
        self.place.run(self.crate.program, way, "-n", "1", DATABASE_URL=url_of(self.place))

    def script(self, name: str, way: str, psql: Path) -> None:
        path = self.scripts.get(f"{name}.{way}.sql")
        if path is not None:
            self.place.run(psql, self.place.libpq, "-X", "-q", "-f", path)

    def all(self, way: str, names: Sequence[str], psql: Path) -> None:
        for name in names:
            try:
                self.script(name, way, psql)
                self.call(way)
            except subprocess.CalledProcessError as error:
                pytest.fail(f"{name} {way}: {said(error)}")


@pytest.mark.real_tool
@pytest.mark.parametrize("engine", seaorm_crates.ENGINES)
def test_migrations_run_up_down_and_up(
    crate: Crate, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if engine in crate.missing:
        pytest.skip(crate.missing[engine])
    written = crate.written[engine]
    psql = Path("psql")
    if engine == "postgresql":
        psql = request.getfixturevalue("postgres18").bin / "psql"
    with database(engine, request, tmp_path) as url:
        runner = Runner(crate, Place(engine=engine, url=url, home=tmp_path))
        ledger = partial(recorded, GENERATOR, project(crate.root, engine))
        if engine == "postgresql" and crate.series == "1.1":
            unscripted(runner, psql)
        known = ratings(url)
        runner.all("up", runner.names, psql)
        after = schema(url, tmp_path)
        assert plain(after) == plain(written.wanted)
        assert ledger(url, written.edits, crate.root) == runner.names
        runner.all("down", runner.names[::-1], psql)
        assert plain(schema(url, tmp_path)) == plain(written.before)
        assert ledger(url, written.edits, crate.root) == []
        assert engine == "sqlite" or ratings(url) == known
        if engine == "postgresql":
            run(url, INTERRUPTED)
        runner.all("up", runner.names, psql)
        assert plain(schema(url, tmp_path)) == plain(after)


def ratings(url: str) -> list[Any]:
    """Return what ARCHIVE keeps on the way up, and brings back on the way down."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return list(connection.execute(text("SELECT id, rating FROM customers ORDER BY id")))


def unscripted(runner: Runner, psql: Path) -> None:
    """Show that a migration whose script was forgotten stops and names it, and changes nothing."""
    first = next(one for one in runner.names if f"{one}.up.sql" in runner.scripts)
    ahead = runner.names[: runner.names.index(first)]
    runner.all("up", ahead, psql)
    with pytest.raises(subprocess.CalledProcessError) as error:
        runner.call("up")
    assert f"{first}.up.sql" in said(error.value)
    runner.all("down", ahead[::-1], psql)
