"""Renames in steps of numbered columns, keys, and columns to which others point.

Every file runs up, down and up again on a real server, and after each one the code that may run
then writes and reads: under the old name, the new one, or both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from projects import alembic_ok, make_alembic_project
from servers import TestServer
from shop import planned

from wizard.database.opening import open_catalog
from wizard.dialects import dialect
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Schema, Table
from wizard.model.steps import AddIndex, Backfill, DropIndex, Step
from wizard.session import Environment, Leaving, Session, Written

pytestmark = pytest.mark.server

LARGE = Rollout(rows=120_000_000, bytes=48_000_000_000)

ORDERS = """
CREATE TABLE orders (
    id {numbering} PRIMARY KEY, parent_id bigint REFERENCES orders (id) ON DELETE SET NULL,
    region text NOT NULL DEFAULT 'eu', total integer, UNIQUE (region, id)
);
CREATE TABLE lines (
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE ON UPDATE CASCADE,
    line integer, PRIMARY KEY (order_id, line)
);
CREATE TABLE parcels (
    id serial PRIMARY KEY, region text, order_id bigint,
    CONSTRAINT parcels_order FOREIGN KEY (region, order_id) REFERENCES orders (region, id)
    DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO orders (total) SELECT n FROM generate_series(1, 50) n;
UPDATE orders SET parent_id = 1 WHERE total > 40;
INSERT INTO lines SELECT n, 1 FROM generate_series(1, 50) n;
INSERT INTO parcels (region, order_id) SELECT 'eu', n FROM generate_series(1, 50) n;
"""
BESIDE = """
CREATE TABLE orders (
    total integer PRIMARY KEY, parent_id bigint, region text NOT NULL DEFAULT 'eu',
    id {numbering} UNIQUE
);
CREATE TABLE lines (
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE ON UPDATE CASCADE,
    line integer, PRIMARY KEY (order_id, line)
);
CREATE TABLE parcels (id serial PRIMARY KEY, region text, order_id bigint);
INSERT INTO orders (total) SELECT n FROM generate_series(1, 50) n;
INSERT INTO lines SELECT n, 1 FROM generate_series(1, 50) n;
"""


@dataclass
class Place:
    """A database with a table whose column is renamed, and what was written to it."""

    url: str
    connection: psycopg.Connection[Any]
    version: tuple[int, ...]
    given: list[int] = field(default_factory=list)
    totals: Iterator[int] = field(default_factory=lambda: count(1_000))
    explicit: Iterator[int] = field(default_factory=lambda: count(1_000_000))

    def schema(self) -> Schema:
        catalog = open_catalog(self.url)
        try:
            found = [catalog.table(TableName(one)) for one in ("orders", "lines", "parcels")]
        finally:
            catalog.close()
        return Schema(tables=tuple(found))

    def plan(self, **values: object) -> Plan:
        made = planned(
            "rename_column",
            {"table": "orders", "column": "id", "to": "order_no", "how": "sync", **values},
            rollout=LARGE,
            dialect=dialect("postgresql", self.version),
            schema=self.schema(),
        )
        assert made.refused is None, made.refused
        return made

    def do(self, steps: Sequence[Step]) -> None:
        """Run steps as the files do: what fits no transaction alone, all else in one."""
        waiting: list[str] = []
        for step in steps:
            sql = dialect("postgresql", self.version).sql(step)
            alone = isinstance(step, Backfill) or (
                isinstance(step, AddIndex | DropIndex) and step.concurrently
            )
            if not alone:
                waiting += sql
                continue
            self._together(waiting)
            waiting = []
            for one in sql:
                self.connection.execute(one.encode())
        self._together(waiting)

    def _together(self, statements: list[str]) -> None:
        with self.connection.transaction():
            for one in statements:
                self.connection.execute(one.encode())

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def sequence(self, name: str) -> list[tuple[Any, ...]]:
        """What the sequence of a column was told, not how far it has come."""
        return self.ask(
            "SELECT seqrelid::regclass::text, seqtypid, seqstart, seqincrement, seqmin, seqmax, "
            "seqcache, seqcycle FROM pg_sequence "
            f"WHERE seqrelid = pg_get_serial_sequence('orders', '{name}')::regclass"
        )

    def code(self, name: str, *, always: bool) -> None:
        """Write and read as code does that knows the column by this name alone."""
        total, own = next(self.totals), next(self.explicit)
        ((number,),) = self.ask(f"INSERT INTO orders (total) VALUES ({total}) RETURNING {name}")
        assert number is not None
        self.given.append(number)
        assert self.ask("SELECT lastval()") == [(number,)]
        over = "OVERRIDING SYSTEM VALUE" if always else ""
        other = next(self.totals)
        ((said,),) = self.ask(
            f"INSERT INTO orders ({name}, total) {over} VALUES ({own}, {other}) RETURNING {name}"
        )
        assert said == own
        self.ask(
            f"INSERT INTO orders ({name}, total) {over} VALUES ({own}, {other}) "
            f"ON CONFLICT ({name}) DO UPDATE SET region = orders.region RETURNING total"
        )
        self.ask(f"INSERT INTO lines VALUES ({number}, 1), ({own}, 1) RETURNING line")
        self.ask(f"INSERT INTO parcels (region, order_id) VALUES ('eu', {number}) RETURNING id")
        if not always:
            moved = next(self.explicit)
            self.ask(f"UPDATE orders SET {name} = {moved} WHERE {name} = {own} RETURNING total")
            assert self.ask(f"SELECT line FROM lines WHERE order_id = {moved}") == [(1,)]
            own = moved
        assert self.ask(f"SELECT total FROM orders WHERE {name} = {own}") == [(other,)]
        self.ask(f"DELETE FROM orders WHERE {name} = {own} RETURNING total")
        assert self.ask(f"SELECT line FROM lines WHERE order_id = {own}") == []
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            self.ask(f"INSERT INTO lines VALUES ({own}, 1) RETURNING line")
        with pytest.raises(psycopg.errors.UniqueViolation):
            self.ask(f"INSERT INTO orders ({name}, total) {over} VALUES (1, -1) RETURNING total")


@contextmanager
def placed(server: TestServer, statements: str) -> Iterator[Place]:
    with (
        server.database() as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection,
    ):
        connection.execute(statements.encode())
        yield Place(url, connection, (server.major,))


def known(table: Table) -> object:
    """What must be as it was: not how far a counter has come, nor in which order columns stand."""
    columns = sorted(
        (one.name, one.type, one.nullable, one.default or "", one.identity or "")
        for one in table.columns
    )
    constraints = sorted(map(repr, table.constraints))
    indexes = sorted((one.name, one.columns, one.unique, one.valid) for one in table.indexes)
    return columns, constraints, indexes, sorted(map(repr, table.referenced_by))


def there_and_back(place: Place, plan: Plan, *, always: bool) -> None:
    """Run every file up, down and up, with code of both versions where it may run."""
    steps = [(phase.name, one) for phase in plan.phases for one in phase.migrations]
    ready = sum(name != "contract" for name, _ in steps)
    before, sequence = place.schema(), place.sequence("id")
    assert len(sequence) == 1

    def run_code(applied: int) -> None:
        if applied <= ready:
            place.code("id", always=always)
        if applied >= ready:
            place.code("order_no", always=always)
        # On the way back the old column comes first, and is filled by the next file.
        if ready <= applied < len(steps) - 1:
            assert place.ask("SELECT total FROM orders WHERE id IS DISTINCT FROM order_no") == []

    run_code(0)
    for position, (_, one) in enumerate(steps, start=1):
        place.do(one.up)
        place.do(one.down)
        place.do(one.up)
        run_code(position)
    assert place.schema().tables[0].column("id") is None
    assert place.sequence("order_no") == sequence
    for position, (_, one) in reversed(list(enumerate(steps))):
        place.do(one.down)
        run_code(position)
    assert [known(one) for one in place.schema().tables] == [known(one) for one in before.tables]
    assert place.sequence("id") == sequence
    for _, one in steps:
        place.do(one.up)
    place.code("order_no", always=always)
    assert len(place.given) == len(set(place.given))


@pytest.mark.parametrize("postgres", [18], indirect=True, ids=["pg18"])
@pytest.mark.parametrize("shop", [ORDERS, BESIDE], ids=["key", "beside"])
@pytest.mark.parametrize(
    "numbering",
    [
        "bigint GENERATED ALWAYS AS IDENTITY "
        "(MINVALUE -7 MAXVALUE 900000 START WITH 1 CACHE 3 CYCLE)",
        "bigint GENERATED BY DEFAULT AS IDENTITY",
        "bigserial",
    ],
    ids=["always", "by default", "serial"],
)
def test_old_and_new_code_at_every_moment(postgres: TestServer, shop: str, numbering: str) -> None:
    with placed(postgres, shop.format(numbering=numbering)) as place:
        there_and_back(place, place.plan(), always="ALWAYS" in numbering)


@pytest.mark.parametrize("postgres", [18], indirect=True, ids=["pg18"])
def test_the_only_key_of_a_table_is_renamed(postgres: TestServer) -> None:
    alone = BESIDE.replace("total integer PRIMARY KEY", "total integer")
    with placed(postgres, alone.format(numbering="bigserial")) as place:
        there_and_back(place, place.plan(), always=False)


def session_of(root: Path, url: str) -> Session:
    values = {"table": "orders", "column": "id", "to": "order_no", "how": "sync"}
    environment = Environment(
        root=root,
        environ={"DATABASE_URL": url},
        now=datetime(2026, 11, 23, 10, 20, tzinfo=UTC),
        seed="test",
    )
    asked = OperationAnswers(kind="rename_column", values=freeze(values))  # type: ignore[arg-type]
    return Session(environment, Answers(operations=(asked,)).put("rollout.rows", 120_000_000))


@pytest.mark.parametrize("last", ["validate", "contract"])
def test_phase_by_phase_and_given_up(postgres18: TestServer, tmp_path: Path, last: str) -> None:
    make_alembic_project(tmp_path)
    shop = ORDERS.format(numbering="bigint GENERATED BY DEFAULT AS IDENTITY")
    with placed(postgres18, shop) as place:
        before = [known(one) for one in place.schema().tables]
        name = "id"

        def go_on(written: Written) -> Written:
            assert written.notes == ()
            alembic_ok(tmp_path, place.url, "upgrade", "head")
            place.code(name, always=False)
            if written.journal.next_phase is None:
                return written
            session = session_of(tmp_path, place.url)
            try:
                return session.write_next(session.resume(written.journal.slug), confirmed=True)
            finally:
                session.disconnect()

        session = session_of(tmp_path, place.url)
        written = session.write()
        session.disconnect()
        while written.phase != last:
            written = go_on(written)
        name = "order_no"
        alembic_ok(tmp_path, place.url, "upgrade", "head")
        place.code(name, always=False)
        session = session_of(tmp_path, place.url)
        written = session.abandon(session.resume("rename-orders-id"), Leaving(confirmed=True))
        session.disconnect()
        while written.journal.next_phase is not None:
            written = go_on(written)
        name = "id"
        go_on(written)
        assert [known(one) for one in place.schema().tables] == before
        assert len(place.given) == len(set(place.given))
