"""A rich schema on MariaDB, read back in detail, and what only MariaDB has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mysql_client import comparable, load
from servers import TestServer, execute

from wizard.database import mysql_queries as queries
from wizard.database.base import Catalog
from wizard.database.connection import Connection
from wizard.database.mysql import MysqlCatalog
from wizard.database.opening import open_catalog, open_offline
from wizard.database.urls import parse_url
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    PrimaryKey,
    Storage,
    Table,
)

RICH = Path(__file__).with_name("rich_mysql.sql")
CUSTOMERS, ORDERS = TableName("customers"), TableName("orders")
ODD = TableName("Odd `name. x")


@pytest.fixture
def url(mariadb: TestServer) -> Iterator[str]:
    """An empty database on MariaDB."""
    with mariadb.database() as url:
        yield url


@pytest.fixture(scope="module")
def rich(mariadb: TestServer) -> Iterator[str]:
    """A database with the rich schema, which no test changes."""
    with mariadb.database() as url:
        load(mariadb, url, RICH)
        yield url


@pytest.fixture
def catalog(rich: str) -> Iterator[Catalog]:
    opened = open_catalog(rich)
    yield opened
    opened.close()


def column(table: Table, name: str) -> Column:
    found = table.column(name)
    assert found is not None
    return found


def index(table: Table, name: str) -> Index:
    found = table.index(name)
    assert found is not None
    return found


def test_a_gate_may_take_longer(catalog: Catalog) -> None:
    longest = "SELECT @@max_statement_time + 0"
    assert catalog.query(longest, patience_ms=90_000) == [(90,)]
    assert catalog.query(longest) == [(10,)]


def test_a_list_that_would_take_long_has_no_figures(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(url, "CREATE TABLE t (a int)")
    slow = "SET STATEMENT max_statement_time = 0.01 FOR SELECT sleep(9), 1, 1, 0 FROM t WHERE %s"
    execute(url, "INSERT INTO t VALUES (1)")
    monkeypatch.setattr(queries, "figures", lambda engine: (slow,))
    catalog = open_catalog(url)
    assert [(one.name.name, one.rows) for one in catalog.tables()] == [("t", None)]
    catalog.close()


def test_the_server_says_what_it_is(catalog: Catalog, mariadb: TestServer, rich: str) -> None:
    assert (catalog.dialect, catalog.version) == ("mariadb", mariadb.version)
    assert catalog.database == parse_url(rich).database
    assert catalog.live
    assert catalog.enums() == ()
    # Whatever the URL calls it.
    other = open_catalog(rich.replace("mariadb+pymysql://", "mysql://"))
    assert other.dialect == "mariadb"
    other.close()


def test_columns(catalog: Catalog) -> None:
    table = catalog.table(CUSTOMERS)
    assert column(table, "id") == Column(
        name="id", type="int(10) unsigned", nullable=False, identity="by default"
    )
    assert column(table, "email") == Column(
        name="email",
        type="varchar(190)",
        nullable=False,
        comment='lower case; it\'s "mail"\n',
    )
    assert column(table, "name").default == "'n/a'"
    assert column(table, "score").default == "0.00"
    assert column(table, "code").collation == "ascii_general_ci"
    assert column(table, "label").collation == "latin1_bin"
    assert column(table, "name").collation is None
    assert column(table, "state").type == r"enum('new','it''s paid','back\\slash')"
    assert column(table, "tags").type == "longtext"
    assert column(table, "twice").generated == Generated(expression="`id_copy` * 2", stored=True)
    hidden = column(table, "thrice")
    assert hidden.generated == Generated(expression="`id_copy` * 3", stored=False)
    assert (hidden.invisible, hidden.comment, hidden.default) == (True, "hidden", None)
    changed = column(table, "changed")
    assert changed.default == changed.on_update == "current_timestamp(3)"
    assert column(catalog.table(ORDERS), "note").default is None
    assert column(catalog.table(TableName("copied")), "note").default == "concat('a','b')"
    assert column(catalog.table(ODD), "a%b:c").default == "'100%'"
    assert table.comment == "Who buys; it's them"
    assert table.storage == Storage(
        engine="InnoDB", row_format="DYNAMIC", collation="latin1_swedish_ci"
    )


def test_keys(catalog: Catalog) -> None:
    table = catalog.table(CUSTOMERS)
    assert table.primary_key == ("id",)
    assert index(table, "PRIMARY") == Index(
        name="PRIMARY", parts=(IndexPart(column="id"),), unique=True, constraint=True
    )
    # A unique key is an index and nothing else.
    assert [type(one) for one in table.constraints] == [PrimaryKey, Check, Check, Check, Check]
    assert index(table, "email") == Index(
        name="email", parts=(IndexPart(column="email"),), unique=True
    )
    assert index(table, "name").parts[0] == IndexPart(column="name", length=10)
    assert index(table, "words").method == "fulltext"
    assert not index(table, "kept_back").visible
    orders = catalog.table(ORDERS)
    assert index(orders, "place").method == "spatial"
    assert index(orders, "by_parents").columns == ("parent_id", "at")
    assert catalog.table(ODD).primary_key == ("a%b:c", "select")


def test_descending_keys(catalog: Catalog, mariadb: TestServer) -> None:
    if mariadb.version < (10, 8):
        pytest.skip("needs MariaDB 10.8 or later: before, DESC was read and forgotten")
    parts = index(catalog.table(ORDERS), "once").parts
    assert parts == (IndexPart(column="ref"), IndexPart(column="at", order="desc"))


def test_checks(catalog: Catalog) -> None:
    checks = catalog.table(CUSTOMERS).checks
    assert [(one.name, one.columns) for one in checks] == [
        ("sane", ("name", "score")),
        ("CONSTRAINT_1", ("name",)),
        (None, ("tags",)),
        (None, ("born",)),
    ]
    assert checks[0].expression == "`score` >= 0 and `name` <> 'x)'"
    assert checks[2].expression == "json_valid(`tags`)"
    assert all(one.validated for one in checks)


def test_foreign_keys_both_ways(catalog: Catalog) -> None:
    orders = catalog.table(ORDERS)
    assert {one.name: one for one in orders.foreign_keys} == {
        "buyer": ForeignKey(
            name="buyer",
            columns=("customer_id",),
            ref_table=CUSTOMERS,
            ref_columns=("id",),
            on_delete="cascade",
        ),
        "orders_ibfk_1": ForeignKey(
            name="orders_ibfk_1",
            columns=("ref",),
            ref_table=TableName("refs"),
            ref_columns=("id",),
        ),
        "orders_ibfk_2": ForeignKey(
            name="orders_ibfk_2", columns=("parent_id",), ref_table=ORDERS, ref_columns=("id",)
        ),
    }
    assert [(one.table, one.foreign_key.name) for one in orders.referenced_by] == [
        (ORDERS, "orders_ibfk_2")
    ]
    assert [
        (one.table, one.foreign_key.name) for one in catalog.table(CUSTOMERS).referenced_by
    ] == [(ORDERS, "buyer")]


def test_views_triggers_and_routines(catalog: Catalog) -> None:
    customers, orders = catalog.table(CUSTOMERS), catalog.table(ORDERS)
    views = [one for one in customers.dependents if one.kind == "view"]
    # Those that read other views come after them, and need what those need.
    assert [(one.name, one.columns) for one in views] == [
        ("active", ("id", "email", "born")),
        ("totals", ("id", "name")),
        ("active_mail", ("id", "email", "born")),
    ]
    (trigger,) = orders.triggers
    assert trigger.name == "orders_touch"
    assert trigger.definition.startswith("CREATE DEFINER=`root`@`%` TRIGGER orders_touch BEFORE")
    assert trigger.definition.endswith("END IF;\nEND")
    assert Dependent(kind="trigger", name="orders_touch", columns=("qty", "note")) in (
        orders.dependents
    )
    assert {
        (one.kind, one.name, one.columns) for one in catalog.table(TableName("refs")).dependents
    } == {
        ("trigger", "renamed_log on renamed", ("id",)),
        ("function", "procedure tidy", ("id",)),
    }


def test_partitions(catalog: Catalog) -> None:
    events = catalog.table(TableName("events"))
    assert (events.kind, events.partition_key) == ("partitioned", "RANGE (year(`at`))")
    assert events.partitions == ()


def test_system_versions_and_periods(url: str) -> None:
    execute(
        url,
        "CREATE TABLE t (id int PRIMARY KEY, a date, b date, x int WITHOUT SYSTEM VERSIONING,"
        " z text COMPRESSED, PERIOD FOR app (a, b), UNIQUE (id, app WITHOUT OVERLAPS))"
        " WITH SYSTEM VERSIONING",
        "CREATE SEQUENCE s",
    )
    catalog = open_catalog(url)
    assert [one.name.name for one in catalog.tables()] == ["t"]
    table = catalog.table(TableName("t"))
    assert column(table, "x").type == "int(11) WITHOUT SYSTEM VERSIONING"
    assert column(table, "z").type == "text COMPRESSED"
    assert index(table, "id").parts[1] == IndexPart(column="app", opclass="without overlaps")
    with pytest.raises(AnswerError):
        catalog.table(TableName("s"))
    catalog.close()


def test_modes_that_change_definitions_do_not_matter(url: str) -> None:
    execute(url, "CREATE TABLE t (a varchar(9) DEFAULT 'it\\'s\\\\', `b\"c` int COMMENT 'x\\\\y')")
    plain = open_catalog(url)
    before = plain.table(TableName("t"))
    plain.close()
    assert column(before, "a").default == r"'it''s\\'"
    assert column(before, 'b"c').comment == "x\\y"
    (mode,) = _global(url, "sql_mode")
    execute(url, "SET GLOBAL sql_mode = 'ORACLE,ANSI,NO_BACKSLASH_ESCAPES,NO_TABLE_OPTIONS'")
    try:
        odd = open_catalog(url)
        assert odd.table(TableName("t")) == before
        odd.close()
    finally:
        execute(url, f"SET GLOBAL sql_mode = '{mode}'")


def _global(url: str, name: str) -> tuple[str, ...]:
    connection = Connection(parse_url(url))
    rows = connection.rows(f"SELECT @@GLOBAL.{name}")
    connection.close()
    return rows[0]


def test_a_mysqldump_reads_as_the_server_does(
    rich: str, catalog: Catalog, mariadb: TestServer, tmp_path: Path
) -> None:
    import os
    import subprocess

    place = parse_url(rich)
    dump = subprocess.run(
        [
            *(str(mariadb.bin / "mariadb-dump"), "--no-defaults", "--routines", "--triggers"),
            *(f"--host={place.host}", f"--port={place.port}", f"--user={place.user}"),
            place.database,
        ],
        env={**os.environ, "MYSQL_PWD": place.password or ""},
        capture_output=True,
        text=True,
        check=True,
    )
    file = tmp_path / "dump.sql"
    file.write_text(dump.stdout)
    offline = open_offline(file, "mariadb", mariadb.version)
    for one in catalog.tables():
        assert comparable(offline.table(one.name)) == comparable(catalog.table(one.name))


def test_a_server_that_refuses_to_set_things(rich: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.database import mysql_session

    known = mysql_session._settings

    def more(*given: object) -> dict[str, str]:
        return {"no_such_setting": "1", **known(*given)}  # type: ignore[arg-type]

    monkeypatch.setattr(mysql_session, "_settings", more)
    catalog = open_catalog(rich)
    assert isinstance(catalog, MysqlCatalog)
    assert catalog.query("SELECT @@max_statement_time + 0, @@tx_read_only") == [(10, 1)]
    catalog.close()
