"""SQLite, on the library that Python brings and, where apsw is installed, on its newer one."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.dialects import dialect
from wizard.dialects.base import DefaultKind, Dialect
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddIndex,
    Assignment,
    Backfill,
    CreateSync,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    DropSync,
    Impossible,
    LockTables,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameTable,
    Require,
    SetNotNull,
    Step,
    Sync,
)

OLD, NEW = dialect("sqlite", (3, 40, 1)), dialect("sqlite", (3, 54, 1))
ITEMS = TableName("items")
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1)

Run = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(params=["sqlite3", "apsw"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Run one statement in an empty database, on each library in turn."""
    if request.param == "sqlite3":
        connection = sqlite3.connect(":memory:", isolation_level=None)
        yield lambda sql: connection.execute(sql).fetchall()
        connection.close()
        return
    apsw = pytest.importorskip("apsw", reason="tries a newer SQLite: pip install apsw")
    newer = apsw.Connection(":memory:")
    yield lambda sql: list(newer.execute(sql))
    newer.close()


def _do(run: Run, *steps: Step, engine: Dialect = OLD) -> None:
    for step in steps:
        for one in engine.sql(step):
            run(one)


COLUMNS = (
    Column(name="id", type="INTEGER", nullable=False, identity="by default"),
    Column(name="Order", type="varchar(10)", nullable=False, default="'x'", collation="NOCASE"),
    Column(name="owner", type="INTEGER"),
    Column(name="made", type="TEXT", default="CURRENT_TIMESTAMP"),
    Column(name="size", type="INT", default="(1 + 1)"),
    Column(name="twice", type="INT", generated=Generated(expression="size * 2", stored=False)),
)
SQL = (
    'CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, "Order" varchar(10) NOT NULL '
    "DEFAULT 'x' COLLATE NOCASE, owner INTEGER, made TEXT DEFAULT CURRENT_TIMESTAMP, "
    "size INT DEFAULT (1 + 1), twice INT GENERATED ALWAYS AS (size * 2) VIRTUAL, "
    'CONSTRAINT uq UNIQUE ("Order"), CHECK (size > 0), '
    "FOREIGN KEY (owner) REFERENCES items (id) ON DELETE SET NULL)"
)
TRIGGER = "CREATE TRIGGER log AFTER DELETE ON items BEGIN INSERT INTO gone VALUES (OLD.id); END"
TABLE = Table(
    name=ITEMS,
    columns=COLUMNS,
    constraints=(
        PrimaryKey(columns=("id",)),
        Unique(columns=("Order",), name="uq"),
        Check(expression="size > 0"),
        ForeignKey(
            columns=("owner",), ref_table=ITEMS, ref_columns=("id",), on_delete="set null"
        ),
    ),
    indexes=(
        Index(name="sqlite_autoindex_items_1", parts=(IndexPart(column="Order"),), unique=True,
              constraint=True),
        Index(name="ix", parts=(IndexPart(column="size", order="desc"),
                                IndexPart(expression="lower(\"Order\")")), where="size > 1"),
    ),
    triggers=(Trigger(name="log", definition=TRIGGER),),
    sql=SQL,
)  # fmt: skip


def _fill(run: Run) -> None:
    run("PRAGMA foreign_keys = ON")
    run(SQL)
    run("CREATE TABLE gone (id INTEGER)")
    run("CREATE TABLE child (id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES items "
        "ON DELETE CASCADE)")  # fmt: skip
    run(OLD.sql(AddIndex(table=ITEMS, index=TABLE.indexes[1]))[0])
    run(TRIGGER)
    run('CREATE VIEW shown AS SELECT id, "Order" FROM items')
    run("CREATE TRIGGER other AFTER INSERT ON child BEGIN UPDATE items SET size = size + 1 "
        "WHERE id = NEW.item; END")  # fmt: skip
    for number in range(1, 21):
        run(f"INSERT INTO items (\"Order\", owner) VALUES ('n{number}', {number - 1 or 'NULL'})")
    run("INSERT INTO child (item) SELECT id FROM items")
    run("DELETE FROM items WHERE id = 20")


def _objects(run: Run) -> list[tuple[Any, ...]]:
    return run("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2")


def test_a_rebuild_keeps_everything(run: Run) -> None:
    _fill(run)
    rows = run("SELECT * FROM items ORDER BY id")
    objects, children = _objects(run), run("SELECT * FROM child")
    wider = (*COLUMNS[:4], replace(COLUMNS[4], nullable=False), COLUMNS[5])
    added = Column(name="extra", type="TEXT", nullable=False, default="(lower('E'))")
    after = replace(TABLE, columns=(*wider, added))
    _do(run, RebuildTable(before=TABLE, after=after))

    assert [row[:-1] for row in run("SELECT * FROM items ORDER BY id")] == rows
    assert {row[-1] for row in run("SELECT * FROM items")} == {"e"}
    assert run("SELECT * FROM child") == children
    assert run("SELECT count(*) FROM gone") == [(1,)]
    assert _objects(run) == objects
    assert run("PRAGMA foreign_keys") == [(1,)]
    assert run("PRAGMA legacy_alter_table") in ([], [(0,)])
    assert run("SELECT count(*) FROM shown") == [(19,)]
    # The counter goes on behind the row that was deleted, and all rules hold.
    run("INSERT INTO items (\"Order\") VALUES ('new')")
    assert run("SELECT max(id) FROM items") == [(21,)]
    for broken in (
        "INSERT INTO items (\"Order\") VALUES ('NEW')",
        "UPDATE items SET size = 0",
        "UPDATE items SET size = NULL",
        "UPDATE items SET owner = 999",
    ):
        with pytest.raises(Exception, match="constraint failed"):
            run(broken)
    run("DELETE FROM items WHERE id = 5")
    assert run("SELECT count(*) FROM gone") == [(2,)]
    assert run("SELECT count(*) FROM child WHERE item = 5") == [(0,)]
    assert run("SELECT owner FROM items WHERE id = 6") == [(None,)]
    run("INSERT INTO child (item) VALUES (7)")
    _do(run, RebuildTable(before=replace(after, sql=None), after=TABLE))
    assert _objects(run) == objects


def test_a_rebuild_keeps_the_counter_of_an_empty_table(run: Run) -> None:
    _fill(run)
    run("DELETE FROM items")
    _do(run, RebuildTable(before=TABLE, after=replace(TABLE, columns=COLUMNS[:5])))
    run("INSERT INTO items (\"Order\") VALUES ('new')")
    assert run("SELECT id FROM items") == [(21,)]


@pytest.mark.parametrize("options", ["STRICT", "WITHOUT ROWID", "WITHOUT ROWID, STRICT"])
def test_a_rebuild_keeps_the_options(options: str, run: Run) -> None:
    sql = f"CREATE TABLE items (a TEXT, b INTEGER, PRIMARY KEY (a, b)) {options}"
    run(sql)
    run("INSERT INTO items VALUES ('x', 1)")
    table = Table(
        name=ITEMS,
        columns=(Column(name="a", type="TEXT"), Column(name="b", type="INTEGER")),
        constraints=(PrimaryKey(columns=("a", "b")),),
        sql=sql,
    )
    wider = replace(table, columns=(*table.columns, Column(name="c", type="TEXT", default="'d'")))
    _do(run, RebuildTable(before=table, after=wider))
    assert run("SELECT * FROM items") == [("x", 1, "d")]
    (said,) = run("SELECT sql FROM sqlite_master WHERE name = 'items'")[0]
    assert set(said.rpartition(")")[2].strip().split(", ")) == set(options.split(", "))


def test_a_rebuild_that_would_break_a_key_changes_nothing(run: Run) -> None:
    run("PRAGMA foreign_keys = OFF")
    run("CREATE TABLE items (id INTEGER PRIMARY KEY)")
    run("CREATE TABLE child (item INTEGER REFERENCES items)")
    run("INSERT INTO child VALUES (7)")
    table = Table(
        name=ITEMS,
        columns=(Column(name="id", type="INTEGER", nullable=False),),
        constraints=(PrimaryKey(columns=("id",)),),
    )
    with pytest.raises(Exception, match="foreign keys point nowhere after items was rebuilt"):
        _do(run, RebuildTable(before=table, after=table))
    run("ROLLBACK")
    assert run("SELECT name FROM sqlite_master WHERE name LIKE 'migwiz%'") == []


def test_a_rebuild_refuses_what_it_would_lose() -> None:
    table = replace(TABLE, sql="CREATE TABLE items (a TEXT UNIQUE ON CONFLICT REPLACE)")
    with pytest.raises(AnswerError) as raised:
        OLD.sql(RebuildTable(before=table, after=table))
    assert raised.value.code == "cannot-rebuild"


def test_plain_changes(run: Run) -> None:
    run("CREATE TABLE items (id INTEGER PRIMARY KEY, size INT)")
    extra = Column(name="a b", type="TEXT", default="'it''s'", nullable=False)
    index = Index(name="I x", parts=(IndexPart(column="a b", collation="NOCASE"),), unique=True)
    _do(
        run,
        AddColumn(table=ITEMS, column=extra),
        AddColumn(table=ITEMS, column=COLUMNS[5]),
        AddIndex(table=TableName("items", "main"), index=index),
        DropIndex(table=TableName("items", "main"), index=index),
        RenameColumn(table=ITEMS, old="a b", new="select"),
        DropColumn(table=ITEMS, column=replace(extra, name="select")),
        RenameTable(table=ITEMS, new="Things"),
        LockTables(tables=(ITEMS,), mode="access exclusive"),
        Nothing(reason="nothing"),
    )
    assert run("SELECT id, size, twice FROM Things") == []


def test_constraints_in_place_from_353_on(run: Run) -> None:
    if run("SELECT sqlite_version()")[0][0] < "3.53":
        assert OLD.supports(SetNotNull(table=ITEMS, column=COLUMNS[4])) is not None
        return
    run("CREATE TABLE items (id INTEGER PRIMARY KEY, size INT)")
    column = Column(name="size", type="INT")
    check = Check(name="positive", expression="size > 0", columns=("size",))
    _do(
        run,
        SetNotNull(table=ITEMS, column=column),
        AddCheck(table=ITEMS, constraint=check),
        engine=NEW,
    )
    for value in ("NULL", "0"):
        with pytest.raises(Exception, match="constraint failed"):
            run(f"INSERT INTO items (size) VALUES ({value})")
    _do(
        run,
        DropNotNull(table=ITEMS, column=column),
        DropConstraint(table=ITEMS, constraint=check),
        engine=NEW,
    )
    run("INSERT INTO items (size) VALUES (NULL), (0)")


@pytest.mark.parametrize(
    "column",
    [
        Column(name="x", type="TEXT", nullable=False),
        Column(name="x", type="TEXT", default="CURRENT_TIMESTAMP"),
        Column(name="x", type="INT", default="(random())"),
        Column(name="x", type="INT", default="(1 + 1)"),
        Column(name="x", type="INT", generated=Generated(expression="1")),
        Column(name="x", type="INT", identity="always"),
        Column(name="x", type="INT", comment="lost"),
    ],
)
def test_columns_that_sqlite_would_refuse_have_a_reason(column: Column) -> None:
    assert OLD.supports(AddColumn(table=ITEMS, column=column))


def test_indexes_of_other_engines_are_refused() -> None:
    for index in (
        Index(name="i", parts=(IndexPart(column="a"),), include=("b",)),
        Index(name="i", parts=(IndexPart(column="a"),), method="gin"),
        Index(name="i", parts=(IndexPart(column="a"),), nulls_not_distinct=True),
        Index(name="i", parts=(IndexPart(column="a", nulls="last"),)),
        Index(name="i", parts=(IndexPart(column="a", opclass="text_ops"),)),
    ):
        with pytest.raises(AnswerError):
            OLD.sql(AddIndex(table=ITEMS, index=index))


def test_a_guard_says_its_message(run: Run) -> None:
    run("CREATE TABLE items (a)")
    step = Require(
        query="SELECT 1 FROM items WHERE a IS NULL LIMIT 5;", message="it's \"full\" of NULLs", table=ITEMS
    )  # fmt: skip
    _do(run, step)
    run("INSERT INTO items VALUES (NULL)")
    for _ in range(2):
        with pytest.raises(Exception, match="it's 'full' of NULLs"):
            _do(run, step)
    with pytest.raises(Exception, match="gone for good"):
        _do(run, Impossible(reason="gone for good"))


@given(TEXT)
def test_names_and_texts_are_read_back_whole(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute(f"SELECT {OLD.literal(text)}").fetchone() == (text,)
    connection.execute(f"CREATE TABLE t ({OLD.quote(text)})")
    assert connection.execute("SELECT name FROM pragma_table_info('t')").fetchone() == (text,)
    connection.close()


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("default", ["", " DEFAULT 'd'"])
def test_both_columns_are_equal_after_every_write(default: str, recursive: str, run: Run) -> None:
    run(f"PRAGMA recursive_triggers = {recursive}")
    run(f'CREATE TABLE items (id INTEGER PRIMARY KEY, "Old" TEXT{default}, "select" TEXT)')
    sync = Sync(name="zz_sync", table=ITEMS, old="Old", new="select")
    _do(run, CreateSync(sync=sync))
    values = ("'a'", "'A'", "''", "1", "NULL")
    shown: dict[str, Any] = {one: run(f"SELECT CAST({one} AS TEXT)")[0][0] for one in values}

    def pair() -> tuple[Any, ...]:
        row: tuple[Any, ...] = run('SELECT "Old", "select" FROM items ORDER BY id DESC LIMIT 1')[0]
        return row

    empty = "d" if default else None
    run("INSERT INTO items (id) VALUES (NULL)")
    assert pair() == (empty, empty)
    for value in values:
        run(f'INSERT INTO items ("Old") VALUES ({value})')
        assert pair() == (shown[value],) * 2
        run(f'INSERT INTO items ("select") VALUES ({value})')
        assert pair() == (empty if value == "NULL" else shown[value],) * 2
    for old, new in itertools.product(values, values):
        run(f'INSERT INTO items ("Old", "select") VALUES ({old}, {new})')
        assert pair() == (shown[new] if new != "NULL" else shown[old],) * 2
    for start, value in itertools.product(values, values):
        for column in ('"Old"', '"select"'):
            run(f'INSERT INTO items ("Old", "select") VALUES ({start}, {start})')
            run(f"UPDATE items SET {column} = {value} WHERE id = (SELECT max(id) FROM items)")
            assert pair() == (shown[value],) * 2
    run("UPDATE items SET \"Old\" = 'both', \"select\" = 'new'")
    assert set(run('SELECT "Old", "select" FROM items')) == {("new", "new")}
    run("UPDATE items SET id = id + 100000")
    _do(run, DropSync(sync=sync))
    assert run("SELECT name FROM sqlite_master WHERE type = 'trigger'") == []


def test_a_sync_needs_rowids_and_says_so_at_once(run: Run) -> None:
    run("CREATE TABLE items (id TEXT PRIMARY KEY, a, b) WITHOUT ROWID")
    with pytest.raises(Exception, match="rowid"):
        _do(run, CreateSync(sync=Sync(name="zz", table=ITEMS, old="a", new="b")))


def _walk(
    connection: sqlite3.Connection, step: Backfill | DeleteRows, size: int
) -> tuple[int, int]:
    found, batches, total = OLD.batch(step), 0, 0
    assert found.walk_first is not None
    assert found.walk_following is not None
    walk, change, values = found.walk_first, found.first, {"size": size}
    while True:
        row: Sequence[Any] = connection.execute(walk, values).fetchone()
        if row[0] is None:
            return batches, total
        upto = {f"upto_{at}": one for at, one in enumerate(row)}
        total += connection.execute(change, {**values, **upto}).rowcount
        connection.commit()
        batches += 1
        walk, change = found.walk_following, found.following
        values = {"size": size, **{f"after_{at}": one for at, one in enumerate(row)}}


@pytest.mark.parametrize(
    ("key", "made"),
    [
        (("id",), "n * n - 50"),
        (("Text Key",), "hex(n * 7919 % 1000)"),
        (("a", "select"), "n % 5, hex(n)"),
    ],
)
def test_batches_run_to_completion(key: tuple[str, ...], made: str) -> None:
    connection = sqlite3.connect(":memory:")
    listed = ", ".join(f'"{one}"' for one in key)
    connection.execute(f"CREATE TABLE items ({listed}, n, old, new, PRIMARY KEY ({listed}))")
    connection.execute(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300) "
        f"INSERT INTO items SELECT {made}, n, CASE WHEN n % 10 THEN 'v' || n END, NULL FROM c"
    )
    step = Backfill(
        table=ITEMS,
        assignments=(Assignment(column="new", expression="old || ':x'"),),
        needed="new IS NOT old || ':x' OR false",
        key=key,
        key_types=("",) * len(key),
    )
    assert _walk(connection, step, 7)[0] == 43
    assert connection.execute("SELECT count(*) FROM items WHERE new = old || ':x'").fetchone() == (
        270,
    )
    assert _walk(connection, step, 50) == (6, 0)
    gone = DeleteRows(table=ITEMS, needed="old IS NULL", key=key, key_types=("",) * len(key))
    assert _walk(connection, gone, 50) == (6, 30)
    assert _walk(connection, gone, 50) == (6, 0)
    assert connection.execute(OLD.sql(replace(step, needed="true"))[0]).rowcount == 270
    connection.close()


def test_values_from_another_table() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE items (id INTEGER PRIMARY KEY, new); CREATE TABLE o (id, value);"
        "INSERT INTO items (id) VALUES (1), (2), (3); INSERT INTO o VALUES (1, 'a'), (3, 'c');"
    )
    step = Backfill(
        table=ITEMS,
        assignments=(Assignment(column="new", expression="o.value"),),
        needed="items.new IS NOT o.value",
        key=("id",),
        key_types=("INTEGER",),
        join="o",
        on="o.id = items.id",
    )
    assert _walk(connection, step, 2) == (2, 2)
    assert connection.execute("SELECT new FROM items").fetchall() == [("a",), (None,), ("c",)]
    connection.close()


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        (None, DefaultKind.NONE),
        ("null", DefaultKind.NONE),
        ("'a'", DefaultKind.CONSTANT),
        ("-1.5", DefaultKind.CONSTANT),
        ("(1 + 1)", DefaultKind.STABLE),
        ("(lower('A'))", DefaultKind.STABLE),
        ("CURRENT_TIMESTAMP", DefaultKind.STABLE),
        ("(datetime('now'))", DefaultKind.STABLE),
        ("(random())", DefaultKind.VOLATILE),
        ("(my_function(1))", DefaultKind.VOLATILE),
        ("x'00ff'", DefaultKind.CONSTANT),
    ],
)
def test_how_a_default_is_worked_out(expression: str | None, kind: DefaultKind) -> None:
    assert OLD.default_kind(expression) is kind


def test_types_and_names() -> None:
    for text in ("TEXT", "varchar( 30 )", "decimal(10, 2)", "unsigned  big int"):
        assert OLD.check_type(f" {text} ", enums=(), flag="") == " ".join(text.split())
    for text in ("", "TEXT NOT NULL", "text; DROP TABLE x", "int DEFAULT 1", "text)", "1"):
        with pytest.raises(AnswerError) as raised:
            OLD.check_type(text, enums=(), flag="--type")
        assert raised.value.flag == "--type"
    assert OLD.check_name("größe", flag="") == "größe"
    for name in ("", "sqlite_x", "a\0", "x" * 300):
        with pytest.raises(AnswerError):
            OLD.check_name(name, flag="")


def test_the_budget_is_the_busy_timeout() -> None:
    assert OLD.budget(1_500) == ("PRAGMA busy_timeout = 1500",)
