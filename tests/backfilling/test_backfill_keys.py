"""Whatever a key is made of, the walk comes to each row once; what it cannot walk, it refuses."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from backfill_runs import QUICK, Place, counted, work_of
from servers import TestServer

from wizard.backfilling import positions
from wizard.backfilling.engines import engines
from wizard.backfilling.work import stop_if_unready, walkable
from wizard.dialects import dialects
from wizard.model.errors import AcknowledgementError
from wizard.model.schema import Column, Constraint, Index, IndexPart, PrimaryKey, Table

NUMBERS = range(40)
GAPS = [str(n * 1_000_000_000 - 7_000_000_000) for n in NUMBERS]
PAIRS = [f"{n % 5}, 'k{n * 37 % 61}'" for n in NUMBERS]
#: Capitals, accents, blanks at the end and in between, quotes, what patterns and drivers read.
WORDS = [
    *("''", "' '", "'a'", "'B'", "'ä'", "'z '", "'a b'", "'a-b'", "'%s'", "'100%'", "':size'"),
    *("'O''Hara'", "'Ö'", "'ß'", "'_'", "'~'", "'日本'", "'0'", "'10'", "'9'", "'é'", "'zz'"),
]

#: By engine: the columns with their types, the key, the values.
CASES: dict[str, list[tuple[str, list[tuple[str, str, str]], list[str]]]] = {
    "postgresql": [
        ("gaps of a billion", [("id", "bigint", "bigint")], GAPS),
        ("pairs", [("a", "int", "integer"), ("b", "varchar(9)", "character varying(9)")], PAIRS),
        ("words", [("w", "text", "text")], WORDS),
        ("padded", [("w", "char(5)", "character(5)")], [f"'k{n}'" for n in NUMBERS]),
        ("uuids", [("u", "uuid", "uuid")], [f"'{uuid4()}'" for _ in NUMBERS]),
        ("bytes", [("b", "bytea", "bytea")], [rf"'\x{n:02x}ff'" for n in NUMBERS]),
        (
            "odd numbers",
            [("f", "double precision", "double precision")],
            ["'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "0.1", "1e-300", "1.0000000000000002"],
        ),
        ("exact", [("d", "numeric(12,3)", "numeric(12,3)")], [f"{n}.{n:03}" for n in NUMBERS]),
        (
            "moments and days",
            [("t", "timestamptz", "timestamp with time zone"), ("d", "date", "date")],
            [f"'2024-10-27 00:{n}:00.123456+00', '2024-01-01'" for n in NUMBERS],
        ),
    ],
    "mariadb": [
        ("gaps of a billion", [("id", "bigint", "bigint")], GAPS),
        ("pairs", [("a", "int", "int"), ("b", "varchar(9)", "varchar(9)")], PAIRS),
        # Letters of either case are one there, and blanks at the end are none.
        (
            "alike words",
            [("w", "varchar(20)", "varchar(20)")],
            [one for one in WORDS if one not in ("' '", "'Ö'", "'é'", "'ä'")],
        ),
        (
            "words by their bytes",
            [("w", "varbinary(20)", "varbinary(20)")],
            WORDS,
        ),
        ("Latin", [("w", "varchar(9) CHARACTER SET latin1", "varchar(9)")], [f"'k{n}é'" for n in NUMBERS]),
        ("bytes", [("b", "binary(2)", "binary(2)")], [f"x'{n:02x}ff'" for n in NUMBERS]),
        ("large", [("id", "bigint unsigned", "bigint unsigned")], [str(2**64 - 1 - n * 3) for n in NUMBERS]),
        ("exact", [("d", "decimal(12,3)", "decimal(12,3)")], [f"{n}.{n:03}" for n in NUMBERS]),
        ("double", [("f", "double", "double")], ["0.1", "1e-300", "1.0000000000000002", "-7", "0"]),
        (
            "moments and days",
            [("t", "datetime(6)", "datetime(6)"), ("d", "date", "date")],
            [f"'2024-10-27 00:{n}:00.123456', '2024-01-01'" for n in NUMBERS],
        ),
    ],
    "sqlite": [
        ("gaps of a billion", [("id", "INTEGER", "INTEGER")], GAPS),
        ("pairs", [("a", "INTEGER NOT NULL", "INTEGER"), ("b", "TEXT NOT NULL", "TEXT")], PAIRS),
        ("words", [("w", "TEXT NOT NULL", "TEXT")], WORDS),
        (
            "alike words",
            [("w", "TEXT COLLATE NOCASE NOT NULL", "TEXT")],
            WORDS,
        ),
        ("of all types", [("v", "BLOB NOT NULL", "BLOB")], ["1", "'1'", "x'31'", "1.5", "'a'", "x'00'"]),
    ],
}  # fmt: skip
CASES["mysql"] = [one for one in CASES["mariadb"] if one[0] != "alike words"]


def test_each_row_once_along_every_kind_of_key(place: Place) -> None:
    for title, columns, values in CASES[place.engine]:
        names = [name for name, _, _ in columns]
        place.fill(
            ", ".join(f"{name} {kind}" for name, kind, _ in columns), ", ".join(names), values
        )
        step = counted(names, [kind for _, _, kind in columns])
        # Ranges of two batches, so that they are cut off along each kind of key.
        sizes = replace(QUICK, workers=2, first=5, least=1, most=5, batches=2)
        found = place.run(step, sizes, name=title)
        assert (found.state, found.walked) == ("done", len(values)), title
        assert Counter(place.counts()) == {1: len(values)}, title


def test_words_in_the_order_of_a_language(postgres15: TestServer) -> None:
    with postgres15.database() as url:
        place = Place("postgresql", url)
        place.fill('w text COLLATE "en-x-icu"', "w", WORDS)
        place.run(counted(("w",), ("text",)), replace(QUICK, first=3, least=1, most=3))
        assert Counter(place.counts()) == {1: len(WORDS)}
        place.close()


def test_every_dialect_can_be_written_to() -> None:
    assert set(engines()) == set(dialects())


@pytest.mark.parametrize(
    "key",
    [
        (1, -(2**63), 2**64 - 1),
        ("", " a ", "ä", "\n", '"', "日本"),
        (b"", b"\x00\xff"),
        (Decimal("1.50"), 0.1, -0.0, 1e300),
        (datetime(2024, 2, 29, 1, 2, 3, 456), date(2024, 2, 29), time(1, 2, 3, 456)),
        (timedelta(hours=-800, microseconds=7), uuid4()),
    ],
)
def test_a_key_comes_back_from_text_as_it_was(key: tuple[object, ...]) -> None:
    back = positions.read(positions.write(key))
    assert back == key
    assert [type(one) for one in back] == [type(one) for one in key]
    assert repr(back) == repr(key)


def test_a_type_that_nobody_expects_is_not_kept() -> None:
    with pytest.raises(TypeError, match="a key of complex"):
        positions.write((1j,))


@pytest.mark.parametrize("kind", ["enum('b','a')", "float", "timestamp", "bit(3)", "set('a')"])
def test_types_that_sort_otherwise_than_they_compare_are_refused(kind: str) -> None:
    table = _table(nullable=False, constraints=(PrimaryKey(name="pk", columns=("id",)),))
    work = work_of("mysql", counted(("id",), (kind,)))
    with pytest.raises(AcknowledgementError) as caught:
        stop_if_unready(work, lambda _: table)
    assert caught.value.code == "no-walk"
    assert kind in caught.value.why


def _table(
    *, nullable: bool, constraints: tuple[Constraint, ...] = (), where: str | None = None
) -> Table:
    index = Index(name="u", unique=True, parts=(IndexPart(column="id"),), where=where)
    return Table(
        name=counted().table,
        columns=(
            Column(name="id", type="bigint", nullable=nullable),
            Column(name="n", type="integer", nullable=False),
        ),
        constraints=constraints,
        indexes=(index,),
    )


def test_a_unique_index_over_nulls_or_some_rows_is_no_key() -> None:
    assert walkable(_table(nullable=False), ("id",))
    assert not walkable(_table(nullable=True), ("id",))
    assert not walkable(_table(nullable=False, where="n > 0"), ("id",))
    # SQLite lets NULL into primary keys.
    key = PrimaryKey(name="pk", columns=("id",))
    assert not walkable(_table(nullable=True, constraints=(key,)), ("id",))
    assert not walkable(_table(nullable=False), ("n",))


def test_errors_of_drivers_are_told_apart() -> None:
    trouble = engines()["postgresql"].trouble
    assert trouble(psycopg.errors.DeadlockDetected()) == "deadlock"
    # What CockroachDB asks to be tried again, and what it does not know itself.
    assert trouble(psycopg.errors.SerializationFailure()) == "deadlock"
    assert trouble(psycopg.errors.StatementCompletionUnknown()) == "lost"
    assert trouble(psycopg.errors.LockNotAvailable()) == "locked"
    assert trouble(psycopg.errors.QueryCanceled()) == "slow"
    assert trouble(psycopg.errors.AdminShutdown()) == "lost"
    assert trouble(psycopg.OperationalError("the connection is closed")) == "lost"
    assert trouble(psycopg.errors.CheckViolation()) == "permanent"
    assert trouble(psycopg.ProgrammingError("the query has 0 placeholders")) == "permanent"
    assert engines()["sqlite"].trouble(sqlite3.IntegrityError("CHECK")) == "permanent"
