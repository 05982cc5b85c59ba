"""What the dialect says about names, types and functions, against real servers."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import TestServer
from step_examples import ORDERS, SHOP

from wizard.dialects import dialect
from wizard.dialects.postgresql import expressions, words
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import Index, IndexPart
from wizard.model.steps import AddIndex, Impossible, Require
from wizard.rehearsal.tracer import plain_url

Connection = psycopg.Connection[tuple[object, ...]]
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1)


@pytest.fixture
def server(fresh_database: str) -> Iterator[Connection]:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def one_server(postgres18: TestServer) -> Iterator[Connection]:
    with (
        postgres18.database() as url,
        psycopg.connect(plain_url(url), autocommit=True) as connection,
    ):
        yield connection


def _scalar(connection: Connection, sql: str) -> object:
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return row[0]


def test_every_keyword_of_the_server_is_quoted(server: Connection) -> None:
    rows = server.execute("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'").fetchall()
    assert {row[0] for row in rows} <= words.KEYWORDS
    for word in words.KEYWORDS:
        assert _scalar(server, f"SELECT quote_ident('{word}')") in (word, f'"{word}"')


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXT)
def test_a_literal_is_read_back_whole(text: str, one_server: Connection) -> None:
    for setting in ("on", "off"):
        one_server.execute(f"SET standard_conforming_strings = {setting}".encode())
        assert _scalar(one_server, f"SELECT {words.literal(text)}") == text
    one_server.execute("SET standard_conforming_strings = on")


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXT.filter(lambda one: len(one.encode()) <= 63))
def test_a_name_is_read_back_whole(text: str, one_server: Connection) -> None:
    cursor = one_server.execute(f"SELECT 1 AS {words.quote(text)}".encode())
    assert cursor.description is not None
    assert cursor.description[0].name == text


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXT)
def test_a_message_is_raised_whole(text: str, one_server: Connection) -> None:
    engine = dialect("postgresql", (18,))
    steps = (
        Impossible(reason=text),
        Require(query="SELECT 1", message=text, table=ORDERS),
    )
    for step in steps:
        with pytest.raises(psycopg.Error) as raised:
            one_server.execute(engine.sql(step)[0].encode())
        assert raised.value.diag.message_primary == text


def test_a_condition_that_holds_raises_nothing(server: Connection) -> None:
    server.execute("CREATE TABLE t (found int)")
    step = Require(
        query="SELECT found FROM t WHERE found > 0 ORDER BY found LIMIT 5;",
        message="no",
        table=TableName("t"),
    )
    engine = dialect("postgresql", (12,))
    server.execute(engine.sql(step)[0].encode())
    server.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        server.execute(engine.sql(step)[0].encode())


TYPES = (
    "int", "INTEGER", "int4", "int2", "int8", "float", "float(10)", "float(30)", "float8", "real",
    "decimal", "numeric(10)", "numeric(10, 2)", "dec(4,0)", "bool", "text", "varchar", "varchar(3)",
    "character  varying ( 3 )", "char", "char(3)", "nchar varying(2)", "bpchar", '"char"', "name",
    "bit", "bit(3)", "bit varying(5)", "varbit", "timestamp", "timestamp(3)", "timestamptz",
    "timestamptz(0)", "timestamp with time zone", "timestamp(3) with time zone",
    "timestamp without time zone", "time", "time(2)", "timetz", "time with time zone", "date",
    "interval", "interval(3)", "interval day to second", "interval day to second(3)",
    "interval year", "uuid", "json", "jsonb", "jsonpath", "xml", "bytea", "inet", "cidr", "macaddr8",
    "money", "point", "tsvector", "int4range", "tstzrange", "pg_lsn", "oid", "regclass",
    "int[]", "text[3]", "int[][]", "varchar(3)[]", "int ARRAY", "int ARRAY[4]", "timestamptz[]",
    "double precision", "double precision[]", "national character varying(7)",
)  # fmt: skip


def test_types_are_written_as_the_server_does(server: Connection) -> None:
    engine = dialect("postgresql", (server.info.server_version // 10000,))
    for text in TYPES:
        server.execute(f"CREATE TEMP TABLE t (c {text})".encode())
        said = _scalar(
            server,
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 't'::regclass AND attnum = 1",
        )
        server.execute("DROP TABLE t")
        assert engine.check_type(text, enums=(), flag="") == said, text
        # What was normalised once stays as it is.
        assert engine.check_type(str(said), enums=(), flag="") == said


def test_the_short_spelling_means_the_same(server: Connection) -> None:
    from wizard.dialects.postgresql.types import short

    engine = dialect("postgresql", (18,))
    for text in TYPES:
        normal = engine.check_type(text, enums=(), flag="")
        server.execute(f"CREATE TEMP TABLE t (c {short(normal)})".encode())
        said = _scalar(
            server,
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 't'::regclass AND attnum = 1",
        )
        server.execute("DROP TABLE t")
        assert said == normal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("serial", "serial-type"),
        ("bigserial", "serial-type"),
        ("strng", "unknown-type"),
        ("varcar(3)", "unknown-type"),
        ("text(3)", "bad-type"),
        ("numeric(1,2,3)", "bad-type"),
        ("varchar(x)", "bad-type"),
        ("text; DROP TABLE x", "bad-type"),
        ("text DEFAULT 'x'", "bad-type"),
        ("text NOT NULL", "unknown-type"),
        ("text --", "bad-type"),
        ("", "bad-type"),
        ("float(99)", "bad-type"),
        ("'text'", "bad-type"),
        ("text)", "bad-type"),
        ("Mood", "unknown-type"),
    ],
)
def test_what_is_no_type_is_refused(text: str, code: str) -> None:
    engine = dialect("postgresql", (18,))
    with pytest.raises(AnswerError) as raised:
        engine.check_type(text, enums=(), flag="--type")
    assert raised.value.code == code
    assert raised.value.flag == "--type"


def test_a_typing_error_gets_suggestions() -> None:
    engine = dialect("postgresql", (18,))
    with pytest.raises(AnswerError) as raised:
        engine.check_type("timestampz", enums=("mood",), flag="--type")
    assert "timestamptz" in raised.value.next_actions[0]


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("mood", "mood", "mood"),
        ("MOOD", "mood", "mood"),
        ("mood[]", "mood", "mood[]"),
        ('"Mood"', "Mood", '"Mood"'),
        ("shop.mood", "shop.mood", "shop.mood"),
        ('shop."Mood"', "shop.Mood", 'shop."Mood"'),
        ("citext", "mood", "citext"),
        ("vector(3)", "mood", "vector(3)"),
        ("geometry(Point,4326)", "mood", "geometry(Point,4326)"),
    ],
)
def test_own_types_and_those_of_extensions(text: str, known: str, said: str) -> None:
    assert dialect("postgresql", (18,)).check_type(text, enums=(known,), flag="") == said


def test_new_types_are_known_from_their_version_on() -> None:
    assert dialect("postgresql", (14,)).check_type("int4multirange", enums=(), flag="")
    with pytest.raises(AnswerError):
        dialect("postgresql", (13,)).check_type("int4multirange", enums=(), flag="")


def test_functions_are_as_volatile_as_the_server_says(server: Connection) -> None:
    rows = server.execute(
        "SELECT proname, max(CASE provolatile WHEN 'i' THEN 0 WHEN 's' THEN 1 ELSE 2 END) "
        "FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY proname"
    ).fetchall()
    level = {str(row[0]): row[1] for row in rows}
    for name in expressions.IMMUTABLE:
        assert level.get(name, 0) == 0, name
    for name in expressions.STABLE:
        assert int(str(level.get(name, 1))) <= 1, name


def _index(**options: object) -> AddIndex:
    index = Index(
        name="Odd'Ix",
        parts=(IndexPart(column="code", order="desc"), IndexPart(expression="lower(note)")),
        include=("amount",),
        where="amount > 0",
        unique=True,
    )
    from dataclasses import replace

    return AddIndex(table=ORDERS, index=replace(index, **options))


def test_the_state_of_an_index(server: Connection) -> None:
    engine = dialect("postgresql", (server.info.server_version // 10000,))
    for one in SHOP:
        server.execute(one.encode())
    step = _index()
    query = engine.index_state(step)
    assert query is not None

    def state(of: AddIndex = step) -> object:
        return _scalar(server, f"SELECT ({engine.index_state(of)})")

    assert state() == "absent"
    assert state(AddIndex(table=TableName("no'table", "no schema"), index=step.index)) == "absent"
    server.execute(engine.sql(step)[0].encode())
    assert state() == "valid"
    for other in (
        _index(unique=False),
        _index(where=None),
        _index(include=()),
        _index(method="hash"),
        _index(parts=step.index.parts[:1]),
        _index(parts=(IndexPart(column="code"), step.index.parts[1])),
        _index(parts=(IndexPart(column="note", order="desc"), step.index.parts[1])),
        AddIndex(table=TableName("customers"), index=step.index),
    ):
        assert state(other) == "different", other
    server.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"Odd''Ix\"'::regclass"
    )
    assert state() == "invalid"
    server.execute('DROP INDEX "Odd\'Ix"')
    server.execute('CREATE TABLE "Odd\'Ix" (a int)')
    assert state() == "different"


def test_an_interrupted_build_is_invalid(server: Connection) -> None:
    engine = dialect("postgresql", (server.info.server_version // 10000,))
    for one in SHOP:
        server.execute(one.encode())
    server.execute("UPDATE orders SET code = 'same'")
    index = Index(name="ix", parts=(IndexPart(column="code"),), unique=True)
    step = AddIndex(table=ORDERS, index=index, concurrently=True)
    with pytest.raises(psycopg.errors.UniqueViolation):
        server.execute(engine.sql(step)[0].encode())
    assert _scalar(server, engine.index_state(step) or "") == "invalid"


@pytest.mark.parametrize("options", [{}, {"nulls_not_distinct": True}])
def test_nulls_not_distinct_is_another_definition(
    options: dict[str, bool], server: Connection
) -> None:
    version = (server.info.server_version // 10000,)
    engine = dialect("postgresql", version)
    if not engine.capabilities.index_nulls_not_distinct:
        pytest.fail("every server of the tests has it")
    server.execute("CREATE TABLE orders (code text)")
    plain = Index(name="ix", parts=(IndexPart(column="code"),), unique=True)
    from dataclasses import replace

    server.execute(engine.sql(AddIndex(table=ORDERS, index=plain))[0].encode())
    asked = AddIndex(table=ORDERS, index=replace(plain, **options))
    expected = "different" if options else "valid"
    assert _scalar(server, engine.index_state(asked) or "") == expected
