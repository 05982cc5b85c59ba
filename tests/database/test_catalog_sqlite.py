"""SQLite files read back in detail, and the same definitions read from a DDL file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wizard.database.base import Catalog
from wizard.database.opening import open_catalog, open_offline
from wizard.dialects import dialect
from wizard.model.errors import AnswerError, ReachError
from wizard.model.names import TableName
from wizard.model.schema import Check, ForeignKey, Generated, IndexPart, PrimaryKey, Unique
from wizard.model.steps import CreateDependent, DropDependent

RICH = """
CREATE TABLE z (q INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT UNIQUE);
CREATE TABLE "my ""t" (
    a INTEGER PRIMARY KEY, "b c" TEXT COLLATE NOCASE CHECK ("b c" <> 'x,)') DEFAULT 'a''b',
    v AS (a + 1) VIRTUAL, s INT GENERATED ALWAYS AS (a * 2) STORED,
    d REFERENCES z ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, e,
    [order] numeric(10, 2) NOT NULL DEFAULT (1+2),
    CONSTRAINT n CHECK (a > "order") CONSTRAINT u UNIQUE (e, "ORDER")
);
CREATE INDEX i1 ON "my ""t" (lower("b c") DESC, e COLLATE NOCASE) WHERE e IS NOT NULL;
CREATE TRIGGER t1 AFTER UPDATE OF e ON "my ""t" BEGIN
    UPDATE z SET n = CASE WHEN 1 THEN ';' END; END;
CREATE VIEW one AS SELECT d, e FROM "my ""t";
CREATE VIEW two AS SELECT count(*) FROM one;
CREATE VIEW three AS SELECT * FROM z;
CREATE TABLE wr (k TEXT PRIMARY KEY, x) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(body);
"""
MINE = TableName('my "t')
Z = TableName("z")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(RICH)
    connection.close()
    return path


@pytest.fixture(params=["live", "offline"])
def catalog(request: pytest.FixtureRequest, file: Path, tmp_path: Path) -> Iterator[Catalog]:
    if request.param == "live":
        opened = open_catalog("sqlite:///shop.db", root=tmp_path)
    else:
        (tmp_path / "shop.sql").write_text(RICH + "INSERT INTO z VALUES (1, 'x');")
        opened = open_offline(tmp_path / "shop.sql", "sqlite", (3, 40))
    yield opened
    opened.close()


def test_list(catalog: Catalog) -> None:
    assert [one.name.name for one in catalog.tables()] == ['my "t', "wr", "z"]
    assert catalog.database.startswith("shop.")
    assert catalog.enums() == ()


def test_columns(catalog: Catalog) -> None:
    columns = {one.name: one for one in catalog.table(MINE).columns}
    assert list(columns) == ["a", "b c", "v", "s", "d", "e", "order"]
    assert (columns["a"].nullable, columns["a"].identity) == (False, None)
    assert columns["b c"].collation == "NOCASE"
    assert columns["b c"].default == "'a''b'"
    assert columns["v"].generated == Generated(expression="a + 1", stored=False)
    assert columns["s"].generated == Generated(expression="a * 2", stored=True)
    assert columns["s"].type == "INT"
    assert columns["order"].default == "(1+2)"
    assert columns["order"].type == "numeric(10, 2)"
    assert catalog.table(Z).columns[0].identity == "by default"
    assert catalog.table(TableName("WR")).columns[0].nullable is False


def test_constraints(catalog: Catalog) -> None:
    assert catalog.table(MINE).constraints == (
        PrimaryKey(columns=("a",)),
        Check(expression="\"b c\" <> 'x,)'", columns=("b c",)),
        Check(name="n", expression='a > "order"', columns=("a", "order")),
        Unique(name="u", columns=("e", "order")),
        ForeignKey(
            columns=("d",),
            ref_table=Z,
            ref_columns=("q",),
            on_delete="cascade",
            deferrable=True,
            initially_deferred=True,
        ),
    )
    (reference,) = catalog.table(Z).referenced_by
    assert reference.table == MINE
    assert reference.foreign_key.ref_columns == ("q",)


def test_indexes(catalog: Catalog) -> None:
    table = catalog.table(MINE)
    index = table.index("i1")
    assert index is not None
    assert index.parts == (
        IndexPart(expression='lower("b c")', order="desc"),
        IndexPart(column="e", collation="NOCASE"),
    )
    assert index.where == "e IS NOT NULL"
    assert [one.constraint for one in table.indexes if one.name != "i1"] == [True]


def test_triggers_and_views(catalog: Catalog) -> None:
    table = catalog.table(MINE)
    assert [one.name for one in table.triggers] == ["t1"]
    assert {str(one): one.columns for one in table.dependents} == {
        "trigger t1": ("e",),
        "view one": ("d", "e"),
        "view two": ("d", "e"),
    }
    assert {str(one): one.columns for one in catalog.table(Z).dependents} == {
        'trigger t1 on "my ""t"': ("n",),
        "view three": ("q", "n"),
    }


def test_what_names_a_table_can_be_made_again(file: Path) -> None:
    def objects() -> list[tuple[str, str]]:
        with sqlite3.connect(file) as connection:
            return connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY 1"
            ).fetchall()

    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TRIGGER of_one INSTEAD OF DELETE ON one BEGIN DELETE FROM z; END"
        )
    before = objects()
    known = dialect("sqlite", (3, 40))
    opened = open_catalog(f"sqlite:///{file}")
    tables = [opened.table(name) for name in (MINE, Z)]
    opened.close()
    # It goes with its view, but stands alone for a table that only it names.
    assert [any(one.name == "of_one" for one in each.dependents) for each in tables] == [
        False,
        True,
    ]
    for table in tables:
        drops = [DropDependent(table=table.name, dependent=one) for one in table.dependents]
        makes = [CreateDependent(table=table.name, dependent=one) for one in table.dependents]
        with sqlite3.connect(file) as connection:
            for drop in reversed(drops):
                for sql in known.sql(drop):
                    connection.execute(sql)
            assert objects() != before or not drops
            for make in makes:
                for sql in known.sql(make):
                    connection.execute(sql)
        assert objects() == before


def test_text_of_the_table_is_kept(catalog: Catalog) -> None:
    assert (catalog.table(MINE).sql or "").startswith('CREATE TABLE "my ""t" (')


def test_unknown_table(catalog: Catalog) -> None:
    with pytest.raises(AnswerError) as caught:
        catalog.table(TableName("my t"))
    assert caught.value.code == "unknown-table"
    assert 'my ""t' in caught.value.next_actions[0] or 'my "t' in caught.value.next_actions[0]


def test_rows_from_statistics_else_from_the_rowid(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.executescript("INSERT INTO z (q) VALUES (1), (7); INSERT INTO wr VALUES (1, 2)")
    catalog = open_catalog(f"sqlite:///{file}")
    rows = {one.name.name: one.rows for one in catalog.tables()}
    assert rows == {'my "t': 0, "wr": None, "z": 7}
    with sqlite3.connect(file) as other:
        other.execute("ANALYZE")
    other.close()
    connection.close()
    assert {one.name.name: one.rows for one in catalog.tables()} == {'my "t': 0, "wr": 1, "z": 2}
    assert all(one.bytes for one in catalog.tables())
    catalog.close()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO z VALUES (1, 2)",
        "SELECT 1; DELETE FROM z",
        "SELECT 1) AS q; DELETE FROM z; SELECT (1",
    ],
)
def test_nothing_can_be_written(file: Path, sql: str) -> None:
    catalog = open_catalog(f"sqlite:///{file}")
    with pytest.raises(ReachError) as caught:
        catalog.query(sql)
    assert caught.value.code == "query-failed"
    catalog.close()


def test_the_file_itself_is_open_for_reading_only(file: Path) -> None:
    from wizard.database.connection import Connection
    from wizard.database.urls import parse_url

    connection = Connection(parse_url(f"sqlite:///{file}"))
    with pytest.raises(ReachError) as caught:
        connection.rows("INSERT INTO z VALUES (1, 2)")
    assert "readonly" in caught.value.why
    connection.close()


def test_query_has_a_limit(file: Path) -> None:
    catalog = open_catalog(f"sqlite:///{file}")
    assert catalog.query("VALUES (1), (2), (3) -- more;", limit=2) == [(1,), (2,)]
    catalog.close()


def test_a_file_that_is_written_to_meanwhile(file: Path) -> None:
    catalog = open_catalog(f"sqlite:///{file}")
    with sqlite3.connect(file) as other:
        other.execute("INSERT INTO z VALUES (1, 'x')")  # a write lock, not committed
        assert catalog.query("SELECT count(*) FROM z") == [(0,)]
        other.rollback()
    other.close()
    catalog.close()


def test_many_threads(file: Path) -> None:
    catalog = open_catalog(f"sqlite:///{file}")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: len(catalog.table(MINE).columns), range(8))) == [7] * 8
    catalog.close()


def test_large_files_share_their_size_by_rows(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(file) as connection:
        connection.executescript("INSERT INTO z (q) VALUES (1), (2)")
    connection.close()
    monkeypatch.setattr("wizard.database.sqlite._DBSTAT_LIMIT", 0)
    catalog = open_catalog(f"sqlite:///{file}")
    sizes = {one.name.name: one.bytes for one in catalog.tables()}
    assert 0 < (sizes["z"] or 0) <= file.stat().st_size
    assert sizes["wr"] is None
    catalog.close()
