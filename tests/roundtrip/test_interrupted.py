"""Generated files that are cut off anywhere and run again end as if nothing had happened.

The real Alembic is killed at the points at which something has become durable: after each
statement outside a transaction that may have written, and after each commit. What an open transaction had done by then,
the server takes back. Concurrent builds and drops are also made to fail in the middle, where they
leave an INVALID index behind.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from cases import CASES as KINDS
from cases import named
from picture import picture
from projects import alembic_ok, make_alembic_project, run_alembic
from psycopg import sql
from servers import TestServer
from sqlalchemy import make_url
from test_alembic_for_real import LARGE, SHOP

from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.session import Environment, Session

KILLED = 70
#: Of the points behind the first few every fifth is tried.
FEW, FIFTH = 5, 5
#: Read before the environment is frozen for each test.
EVERY = os.environ.get("MIGWIZ_EVERY_POINT") == "1"
BASE = "8c1f2a40d511"

# Lines for env.py: die after the n-th durable point, or after the n-th statement at all, or let the
# n-th concurrent statement fail. All points that are passed are noted in a file.
STOP = """
from sqlalchemy import event

how, left = os.environ["STOP_HOW"], int(os.environ["STOP_AT"])
commit = engine.dialect.do_commit
passed = open(os.environ["STOP_PASSED"], "w", buffering=1)


def reached(way):
    global left
    print(way, file=passed)
    left -= way == how
    return way == how and left == 0


@event.listens_for(engine, "after_cursor_execute")
def outside_a_transaction(connection, cursor, statement, *_):
    # What has only read leaves nothing that was not there at the point before.
    reads = statement.lstrip().startswith("SELECT ") and "setval" not in statement
    durable = cursor.connection.autocommit and not reads and reached("after")
    if durable or reached("anywhere"):
        os._exit(70)


@event.listens_for(engine, "before_cursor_execute")
def concurrent(connection, cursor, statement, *_):
    global blocker
    if " CONCURRENTLY " in statement and reached("during"):
        # It waits for the snapshot of a build, and for the lock of a drop, until it gives up.
        blocker = cursor.connection.connect(os.environ["STOP_URL"])
        tables = blocker.execute(
            "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        blocker.rollback()
        blocker.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        for (table,) in tables:
            blocker.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        blocker.execute("SELECT 1")
        cursor.execute("SET lock_timeout = '50ms'")


def do_commit(connection):
    commit(connection)
    if not connection.autocommit and reached("after"):
        os._exit(70)


engine.dialect.do_commit = do_commit

with engine.connect()"""


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A server with copies of databases, and a project whose runs can be stopped."""

    server: TestServer
    root: Path
    monkeypatch: pytest.MonkeyPatch

    @contextmanager
    def copy(self, original: str) -> Iterator[str]:
        """Yield the URL of a database that is like another one, to which nobody is connected."""
        name = f"copy_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(plain(self.server.url), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(make_url(original).database or "")
                )
            )
        try:
            yield self.server.server.url_of(name)
        finally:
            self.server.server.drop_database(name)

    def stop(self, how: str, at: int, url: str) -> None:
        """Say where the next runs are to stop; ``at`` 0 is nowhere."""
        where = {"HOW": how, "AT": str(at), "URL": plain(url), "PASSED": str(self.passed)}
        for name, value in where.items():
            self.monkeypatch.setenv(f"STOP_{name}", value)

    @property
    def passed(self) -> Path:
        """Where the points are noted that a run has passed."""
        return self.root / "passed"

    def whole(self, url: str, *words: str) -> Counter[str]:
        """Run Alembic to its end; return how many points of each way there were."""
        self.stop("after", 0, url)
        alembic_ok(self.root, url, *words)
        return Counter(self.passed.read_text().split())


@pytest.fixture
def bench(postgres18: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(server=postgres18, root=tmp_path, monkeypatch=monkeypatch)


@pytest.fixture
def base(postgres18: TestServer) -> Iterator[str]:
    """The URL of a database with the shop."""
    with postgres18.database() as url:
        with psycopg.connect(plain(url)) as connection:
            connection.execute(SHOP)
            connection.execute("ANALYZE")
        yield url


def session_for(bench: Bench, url: str, case: dict[str, object]) -> Session:
    values = dict(case)
    operation = OperationAnswers(kind=str(values.pop("kind")), values=freeze(values))
    answers = Answers(operations=(operation,))
    for key, value in LARGE.items():
        answers = answers.put(key, value)
    kind = KINDS[operation.kind]
    if set(kind.direct) == set(kind.postgresql):
        # What always stops queries on a large table is for a window.
        answers = answers.put("rollout.deployment", "maintenance")
    environment = Environment(
        root=bench.root,
        environ={"DATABASE_URL": url},
        now=datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC),
        seed="test",
    )
    return Session(environment, answers, accepted=["all"])


def write(bench: Bench, url: str, kind: str, *, each: bool = False) -> None:
    """Write all files of the kind's change with the most work outside transactions."""
    make_alembic_project(bench.root, each_migration=each)
    env = bench.root / "migrations" / "env.py"
    env.write_text(env.read_text().replace("\nwith engine.connect()", STOP))
    bench.stop("after", 0, url)
    alembic_ok(bench.root, url, "upgrade", "head")
    if kind in ("drop_column", "drop_table"):
        # What a view shows is not dropped: the views go first, in a change of their own.
        with psycopg.connect(plain(url)) as connection:
            connection.execute("DROP VIEW IF EXISTS counted, open_orders CASCADE")
            connection.execute("DROP MATERIALIZED VIEW IF EXISTS sold")
    cases = [one for one in named("postgresql").values() if one["kind"] == kind]
    sessions = [session_for(bench, url, one) for one in cases]
    outside = [sum(not one.transactional for one in each.plan().migrations) for each in sessions]
    sessions[outside.index(max(outside))].write(all_phases=True)
    for one in sessions:
        one.disconnect()


def chosen(points: int) -> list[int]:
    """Return the points at which to stop, by their number."""
    return [at for at in range(1, points + 1) if at <= FEW or at % FIFTH == 0 or EVERY]


def run_again_everywhere(
    bench: Bench,
    start: str,
    end: str,
    *words: str,
    points: Counter[str],
    ways: Sequence[str] = ("after", "during"),
) -> int:
    """Stop a run on copies of ``start`` at its points, and run it again: it must end as ``end``.

    Behind the first few it is every fifth, because each costs two whole runs; all of them with
    MIGWIZ_EVERY_POINT=1. Returns at how many points it was stopped.
    """
    wanted = picture(plain(end))
    stops = [(how, at) for how in ways for at in chosen(points[how])]
    for how, at in stops:
        with bench.copy(start) as url:
            bench.stop(how, at, url)
            done = run_alembic(bench.root, url, *words)
            if how == "during":
                assert done.returncode != 0, f"{how} {at}"
                assert "LockNotAvailable" in done.stderr
            else:
                assert done.returncode == KILLED, done.stderr
            bench.stop(how, 0, url)
            again = run_alembic(bench.root, url, *words)
            assert again.returncode == 0, f"{how} {at}: {again.stderr}"
            assert picture(plain(url)) == wanted, f"{how} {at}"
    bench.stop("after", 0, start)
    return len(stops)


@pytest.mark.parametrize("kind", sorted(kind for kind, one in KINDS.items() if one.postgresql))
def test_it_ends_as_if_nothing_had_happened(bench: Bench, base: str, kind: str) -> None:
    write(bench, base, kind)
    words = ("upgrade", "head")
    with bench.copy(base) as upgraded:
        points = bench.whole(upgraded, *words)
        assert run_again_everywhere(bench, base, upgraded, *words, points=points) > 0
        words = ("downgrade", BASE)
        with bench.copy(upgraded) as back:
            points = bench.whole(back, *words)
            assert run_again_everywhere(bench, upgraded, back, *words, points=points) > 0


@pytest.mark.parametrize("each", [False, True], ids=["one transaction", "a transaction each"])
def test_the_server_takes_back_what_was_not_durable(bench: Bench, base: str, each: bool) -> None:
    write(bench, base, "set_not_null", each=each)
    with bench.copy(base) as upgraded:
        points = bench.whole(upgraded, "upgrade", "head")
        ways = ("anywhere", "after")
        stopped = run_again_everywhere(
            bench, base, upgraded, "upgrade", "head", points=points, ways=ways
        )
        assert stopped > 10


def test_a_file_without_its_guard_is_found(bench: Bench, base: str) -> None:
    write(bench, base, "add_index")
    (file,) = (bench.root / "migrations" / "versions").glob("*index*.py")
    guarded = file.read_text()
    file.write_text(guarded.replace("state = index_state()", 'state = "absent"'))
    assert file.read_text() != guarded
    with bench.copy(base) as upgraded:
        points = bench.whole(upgraded, "upgrade", "head")
        with pytest.raises(AssertionError, match="DuplicateTable"):
            run_again_everywhere(bench, base, upgraded, "upgrade", "head", points=points)
