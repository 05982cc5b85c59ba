"""What the dialect says of conversions, against what real servers do with each value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from servers import TestServer

from wizard.dialects import dialect
from wizard.model.schema import Column
from wizard.rehearsal.tracer import plain_url

Connection = psycopg.Connection[tuple[object, ...]]

NUMBERS = ("0", "1", "-1", "1.5", "32767", "32768", "2147483647", "2147483648", "-9e18", "1e20")
TEXTS = (
    *("''", "'a'", "' 12 '", "'-7'", "'1.50'", "'1e3'", "'abcdefghijk'", "'true'", "'fine'"),
    *("'2147483648'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'2020-02-29'", "'{}'", "'12x'"),
)
MOMENTS = ("'2020-02-29 10:11:12.345678'", "'2020-02-29'", "'infinity'", "'0044-03-15 BC'")
VALUES = {
    "smallint": NUMBERS[:3],
    "integer": NUMBERS[:7],
    "bigint": NUMBERS[:8],
    "numeric": (*NUMBERS, "12345678.99"),
    "real": ("0", "1.5", "'NaN'", "1e38"),
    "double precision": ("0", "0.1", "1e300", "'NaN'"),
    "text": TEXTS,
    "boolean": ("true", "false"),
    "mood": ("'fine'", "'bad'"),
    "uuid": ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",),
    "json": ('\'{"b": 1, "a": 1}\'', "'[]'", "'\"x\"'"),
    "jsonb": ('\'{"b": 1, "a": 1}\'', "'1.00'"),
    "date": ("'2020-02-29'", "'infinity'"),
    "timestamp": MOMENTS,
    "inet": ("'10.0.0.1'", "'10.0.0.0/8'"),
    "cidr": ("'10.0.0.0/8'",),
    "bit": ("B'10101010'",),
    "character": ("'a'", "'ab   '", "'abcde'"),
}
PAIRS = (
    *(("smallint", "integer"), ("integer", "bigint"), ("integer", "numeric(10,2)")),
    *(("integer", "numeric(6,2)"), ("bigint", "numeric"), ("numeric", "integer")),
    *(("numeric(12,2)", "numeric(10,2)"), ("numeric(12,2)", "numeric(12,1)")),
    *(("numeric(12,2)", "numeric(10)"), ("numeric", "numeric(8,3)"), ("real", "double precision")),
    *(("integer", "text"), ("integer", "character varying(5)"), ("bigint", "text")),
    *(("text", "character varying(5)"), ("character varying(20)", "text")),
    *(("character(5)", "text"), ("character(5)", "character varying(3)")),
    *(("text", "integer"), ("text", "bigint"), ("text", "numeric"), ("text", "boolean")),
    *(("text", "uuid"), ("text", "date"), ("text", "json"), ("text", "jsonb"), ("text", "mood")),
    *(("mood", "text"), ("uuid", "text"), ("uuid", "character varying(20)")),
    *(("json", "jsonb"), ("integer", "boolean"), ("cidr", "inet")),
    *(("date", "timestamp without time zone"), ("date", "timestamp with time zone")),
    ("timestamp without time zone", "timestamp with time zone"),
    ("timestamp(3) without time zone", "timestamp(0) with time zone"),
    ("bit(8)", "bit varying"),
)
BOTH = [one for pair in PAIRS for one in (pair, pair[::-1])]
#: The server's own cast, where that differs: it cuts texts, or takes the session's zone.
PLAIN = ("character varying", "character")


@pytest.fixture(scope="module")
def connections() -> Iterator[Callable[[TestServer], Connection]]:
    """One database for each server."""
    made: dict[int, Connection] = {}
    with ExitStack() as stack:

        def connect(server: TestServer) -> Connection:
            if server.major not in made:
                url = stack.enter_context(server.database())
                made[server.major] = stack.enter_context(
                    psycopg.connect(plain_url(url), autocommit=True)
                )
            return made[server.major]

        yield connect


@pytest.fixture
def server(postgres: TestServer, connections: Callable[[TestServer], Connection]) -> Connection:
    connection = connections(postgres)
    connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.execute("CREATE TYPE mood AS ENUM ('fine', 'bad')")
    connection.execute("DISCARD ALL")
    connection.execute("SET TimeZone = 'Asia/Kathmandu'")
    return connection


def _values(server: Connection, kind: str) -> list[str]:
    base = kind.split("(", maxsplit=1)[0].replace(" varying", "").replace(" with time zone", "")
    base = base.replace(" without time zone", "")
    given = VALUES["text" if kind.startswith("character varying") else base]
    found = []
    for one in given:
        try:
            # Only the values that the column itself would take.
            server.execute(f"CREATE TEMP TABLE taken (x {kind})".encode())
            server.execute(f"INSERT INTO taken VALUES ({one})".encode())
            found.append(one)
        except psycopg.errors.DataError:
            pass
        finally:
            server.execute("DROP TABLE IF EXISTS taken")
    return found


def _converted(server: Connection, old: str, new: str, value: str, expression: str) -> object:
    """Return what an UPDATE with the expression stores, or the error that it ends in."""
    server.execute(f"CREATE TEMP TABLE there (x {old}, y {new})".encode())
    try:
        server.execute(f"INSERT INTO there VALUES ({value})".encode())
        server.execute(f"UPDATE there SET y = {expression}".encode())
        row = server.execute("SELECT y::text FROM there").fetchone()
        assert row is not None
        return row[0]
    except psycopg.errors.DataError as error:
        return error
    finally:
        server.execute("DROP TABLE there")


@pytest.mark.parametrize(("old", "new"), BOTH)
def test_each_value_converts_or_is_named(
    old: str, new: str, server: Connection, postgres: TestServer
) -> None:
    engine = dialect("postgresql", postgres.version)
    column, to = Column(name="x", type=old), Column(name="x", type=new)
    there = engine.conversion(column, to, enums=("mood",))
    values = _values(server, old)
    assert values
    for value in values:
        made = _converted(server, old, new, value, there.to_new)
        if there.misfits is None:
            continue
        assert not isinstance(made, Exception), (value, made)
        misfit = _asked(server, old, value, there.misfits)
        assert (made is None) == misfit, (value, made)
        if made is None:
            # What has no place in the type is refused by the server, or would lose something.
            plain = _converted(server, old, new, value, f"CAST(x::text AS {new})")
            assert isinstance(plain, Exception) or plain != _text(server, old, value), value
            continue
        home = _home(server, old, new, value, there.to_new, re.sub(r"\bx\b", "y", there.to_old))
        if there.exact:
            assert home == (True,), (value, made)


def _asked(server: Connection, kind: str, value: str, predicate: str) -> bool:
    if not predicate:
        return False
    row = server.execute(
        f"SELECT {predicate} FROM (SELECT CAST({value} AS {kind}) AS x) AS one".encode()
    ).fetchone()
    assert row is not None
    return bool(row[0])


def _text(server: Connection, kind: str, value: str) -> str:
    row = server.execute(f"SELECT CAST(CAST({value} AS {kind}) AS text)".encode()).fetchone()
    assert row is not None
    return str(row[0])


def _home(
    server: Connection, old: str, new: str, value: str, to_new: str, to_old: str
) -> tuple[object, ...] | None:
    """Tell whether a value that went there and back is what it was."""
    server.execute(f"CREATE TEMP TABLE both_ways (x {old}, y {new}, z {old})".encode())
    try:
        server.execute(f"INSERT INTO both_ways VALUES ({value})".encode())
        server.execute(f"UPDATE both_ways SET y = {to_new}".encode())
        server.execute(f"UPDATE both_ways SET z = {to_old}".encode())
        # 1.5 and 1.500 are one number.
        kind = "numeric" if old.startswith("numeric") else "text"
        return server.execute(
            f"SELECT x::{kind} IS NOT DISTINCT FROM z::{kind} FROM both_ways".encode()
        ).fetchone()
    finally:
        server.execute("DROP TABLE both_ways")


@pytest.mark.parametrize(("old", "new"), BOTH)
def test_what_may_stand_in_an_index(
    old: str, new: str, server: Connection, postgres: TestServer
) -> None:
    engine = dialect("postgresql", postgres.version)
    column, to = Column(name="x", type=old), Column(name="x", type=new)
    way = engine.conversion(column, to, enums=("mood",))
    server.execute(f"CREATE TEMP TABLE kept (x {new}, one integer)".encode())
    build = f"CREATE INDEX ON kept (one) WHERE ({way.to_old}) IS NULL"
    try:
        server.execute(build.encode())
        steady = True
    except psycopg.errors.InvalidObjectDefinition:
        steady = False
    assert steady or not way.indexable


def test_a_moment_converts_the_same_in_every_session(
    server: Connection, postgres: TestServer
) -> None:
    engine = dialect("postgresql", postgres.version)
    plain, zoned = "timestamp without time zone", "timestamp with time zone"
    found = engine.conversion(Column(name="x", type=plain), Column(name="x", type=zoned))
    made = set()
    for zone in ("UTC", "Europe/Berlin", "Asia/Kathmandu"):
        server.execute(f"SET TimeZone = '{zone}'".encode())
        row = server.execute(
            f"SELECT extract(epoch FROM {found.to_new}) FROM "
            "(SELECT CAST('2020-06-01' AS timestamp) AS x) AS one".encode()
        ).fetchone()
        made.add(row)
    assert len(made) == 1


def test_the_users_own_way_is_taken_as_it_is(postgres: TestServer) -> None:
    engine = dialect("postgresql", postgres.version)
    column, to = Column(name="code", type="text"), Column(name="code", type="integer")
    found = engine.conversion(column, to, using="length(code)", back="repeat('x', code)")
    assert (found.to_new, found.to_old) == ("length(code)", "repeat('x', code)")
    assert (found.fits, found.returns, found.exact, found.alike) == (None, None, False, False)
    # Without a way back of his own the server's is taken, for what it is worth.
    found = engine.conversion(column, to, using="length(code)")
    assert found.to_old == "CAST(code AS text)"
    assert found.closes == ""
