from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from servers import TestServer

from wizard.model.errors import RehearsalError
from wizard.model.names import TableName
from wizard.rehearsal.tracer import plain_url, trace

AWKWARD, OTHER = TableName("My Table", "S's"), TableName("other")


@pytest.fixture
def url(postgres18: TestServer) -> Iterator[str]:
    with postgres18.database() as found:
        with psycopg.connect(plain_url(found), autocommit=True) as connection:
            connection.execute('CREATE SCHEMA "S\'s"')
            connection.execute('CREATE TABLE "S\'s"."My Table" (id int, note text)')
            connection.execute('INSERT INTO "S\'s"."My Table" SELECT 1, \'a\'')
            connection.execute("CREATE TABLE other (id int)")
        yield found


def _count(url: str, sql: str) -> object:
    with psycopg.connect(plain_url(url)) as connection:
        row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


def test_a_trace_leaves_nothing_behind(url: str) -> None:
    seen = trace(
        url,
        ['ALTER TABLE "S\'s"."My Table" ADD COLUMN x int', "LOCK TABLE other IN SHARE MODE"],
        tables=[AWKWARD, OTHER],
    )
    assert seen.undone
    assert seen.milliseconds > 0
    assert [one.mode for one in seen.tables] == ["ACCESS EXCLUSIVE", "SHARE"]
    assert _count(url, "SELECT count(*) FROM pg_attribute WHERE attname = 'x'") == 0


def test_a_rewrite_a_scan_and_a_build_are_told_apart(url: str) -> None:
    name = '"S\'s"."My Table"'
    for sql, work in (
        (f"ALTER TABLE {name} ALTER id TYPE bigint", "rewrite"),
        (f"ALTER TABLE {name} ALTER id SET NOT NULL", "scan"),
        (f"CREATE INDEX i ON {name} (id)", "build"),
        (f"ALTER TABLE {name} ALTER id SET DEFAULT 1", "none"),
    ):
        assert trace(url, [sql], tables=[AWKWARD]).of(AWKWARD).work == work


def test_a_table_that_goes_is_not_rewritten(url: str) -> None:
    gone = trace(url, ["DROP TABLE other"], tables=[OTHER]).of(OTHER)
    assert (gone.mode, gone.work) == ("ACCESS EXCLUSIVE", "none")


def test_an_index_that_keeps_its_file_is_not_built(url: str) -> None:
    seen = trace(
        url,
        ["ALTER TABLE other ALTER code TYPE varchar(9)"],
        tables=[OTHER],
        before=["ALTER TABLE other ADD code varchar(3)", "CREATE INDEX i ON other (code)"],
    )
    assert seen.of(OTHER).work == "none"


def test_what_stops_queries_on_an_index_stops_them_on_its_table(url: str) -> None:
    tree = [
        "CREATE TABLE tree (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE leaf PARTITION OF tree FOR VALUES FROM (1) TO (9)",
        "CREATE INDEX on_tree ON ONLY tree (id)",
        "CREATE INDEX on_leaf ON leaf (id)",
    ]
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        for one in tree:
            connection.execute(one.encode())
    attach = "ALTER INDEX on_tree ATTACH PARTITION on_leaf"
    seen = trace(url, [attach], tables=[TableName("tree"), TableName("leaf")])
    assert [one.mode for one in seen.tables] == ["ACCESS SHARE", "ACCESS EXCLUSIVE"]
    # The probe: a reader really waits.
    with psycopg.connect(plain_url(url)) as one, psycopg.connect(plain_url(url)) as other:
        one.execute(attach)
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("SELECT * FROM leaf")


def test_a_renamed_index_stops_nobody(url: str) -> None:
    before = ["CREATE INDEX i ON other (id)"]
    seen = trace(url, ["ALTER INDEX i RENAME TO j"], tables=[OTHER], before=before)
    assert seen.of(OTHER).mode is None


def test_preparation_does_not_count(url: str) -> None:
    seen = trace(
        url, ["SELECT 1"], tables=[OTHER], before=["ALTER TABLE other ADD COLUMN prepared int"]
    )
    assert seen.of(OTHER).mode is None
    assert not seen.undone


def test_concurrent_work_is_watched_while_it_is_held_up(url: str) -> None:
    name = '"S\'s"."My Table"'
    seen = trace(url, [f"CREATE INDEX CONCURRENTLY i ON {name} (id)"], tables=[AWKWARD, OTHER])
    assert seen.of(AWKWARD).mode == "SHARE UPDATE EXCLUSIVE"
    assert seen.of(AWKWARD).work == "build"
    assert seen.of(OTHER).mode is None
    assert not seen.undone
    assert _count(url, "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid = '\"S''s\".i'::regclass") == 1  # fmt: skip


def test_a_word_in_quotes_is_no_concurrent_work(url: str) -> None:
    seen = trace(url, ["COMMENT ON TABLE other IS 'CONCURRENTLY'"], tables=[OTHER])
    assert seen.undone
    assert seen.of(OTHER).mode == "SHARE UPDATE EXCLUSIVE"


@pytest.mark.parametrize(
    "sql", ["ALTER TABLE other ADD COLUMN id int", "CREATE INDEX CONCURRENTLY i ON other (nope)"]
)
def test_a_failure_is_told_without_a_trace_of_the_connection(sql: str, url: str) -> None:
    with pytest.raises(RehearsalError) as raised:
        trace(url, [sql], tables=[OTHER])
    assert raised.value.code == "trace-failed"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert "id" in raised.value.why or "nope" in raised.value.why


def test_an_unknown_table_is_named(url: str) -> None:
    with pytest.raises(RehearsalError, match="no table nowhere"):
        trace(url, ["SELECT 1"], tables=[TableName("nowhere")])


def test_urls_of_sqlalchemy_become_plain() -> None:
    assert plain_url("postgresql+psycopg://u@/d?host=/tmp") == "postgresql://u@/d?host=/tmp"
    assert plain_url("postgresql://u@h/d") == "postgresql://u@h/d"
