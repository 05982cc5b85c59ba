"""A rich schema on MariaDB and MySQL, read back, and read from its file alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mysql_client import comparable, load
from servers import TestServer, connected, execute

from wizard.database.base import Catalog
from wizard.database.connection import Connection
from wizard.database.opening import open_catalog, open_offline
from wizard.database.urls import build_url, parse_url
from wizard.model.errors import AnswerError, ReachError
from wizard.model.names import TableName
from wizard.model.schema import Table

RICH = Path(__file__).with_name("rich_mysql.sql")
CUSTOMERS, ORDERS = TableName("customers"), TableName("orders")
ODD = TableName("Odd `name. x")


def script(server: TestServer) -> str:
    """The rich schema; the one thing that both engines have under different names is renamed."""
    text = RICH.read_text()
    return text if is_mariadb(server) else text.replace(" IGNORED", " INVISIBLE")


def is_mariadb(server: TestServer) -> bool:
    return server.url.startswith("mariadb")


@pytest.fixture
def url(mysql_family: TestServer) -> Iterator[str]:
    """An empty database."""
    with mysql_family.database() as url:
        yield url


@pytest.fixture(scope="module")
def rich(mysql_family: TestServer) -> Iterator[str]:
    """A database with the rich schema, which no test changes."""
    with mysql_family.database() as url:
        load(mysql_family, url, script(mysql_family))
        yield url


@pytest.fixture
def catalog(rich: str) -> Iterator[Catalog]:
    opened = open_catalog(rich)
    yield opened
    opened.close()


def test_the_list_has_tables_only(catalog: Catalog) -> None:
    assert [(one.name.name, one.kind) for one in catalog.tables()] == [
        ("Odd `name. x", "table"),
        ("copied", "table"),
        ("customers", "table"),
        ("events", "partitioned"),
        ("orders", "table"),
        ("refs", "table"),
        ("renamed", "table"),
    ]
    assert all(one.bytes for one in catalog.tables())


def test_the_type_is_what_the_server_calls_it(catalog: Catalog, rich: str) -> None:
    rows = catalog.query(
        "SELECT table_name, column_name, column_type FROM information_schema.columns"
        " WHERE table_schema = database() AND table_name IN ('customers', 'orders', 'events')",
        limit=100,
    )
    assert len(rows) > 20
    for table, name, kind in rows:
        found = catalog.table(TableName(str(table))).column(str(name))
        assert found is not None
        assert found.type == (kind.decode() if isinstance(kind, bytes) else kind)


def test_references_from_other_databases_and_odd_names(mysql_family: TestServer, url: str) -> None:
    with mysql_family.database() as elsewhere:
        there = parse_url(elsewhere).database
        execute(
            url,
            "CREATE TABLE `pa-rent` (id int PRIMARY KEY)",
            "CREATE TABLE plain (id int PRIMARY KEY)",
            "CREATE TABLE `chi ld` (p int, FOREIGN KEY (p) REFERENCES plain (id))",
            f"CREATE TABLE {there}.child (p int, CONSTRAINT far FOREIGN KEY (p) "
            f"REFERENCES {parse_url(url).database}.`pa-rent` (id) ON DELETE SET NULL)",
        )
        catalog = open_catalog(url)
        (far,) = catalog.table(TableName("pa-rent")).referenced_by
        assert far.table == TableName("child", there)
        assert (far.foreign_key.ref_table, far.foreign_key.on_delete) == (
            TableName("pa-rent"),
            "set null",
        )
        (near,) = catalog.table(TableName("plain")).referenced_by
        assert near.table == TableName("chi ld")
        child = catalog.table(TableName("child", there))
        assert child.name == TableName("child", there)
        assert child.foreign_keys[0].ref_table == TableName("pa-rent")
        assert catalog.table(TableName("plain", parse_url(url).database)).name.schema is None
        catalog.close()


def test_what_depends_can_be_made_again(mysql_family: TestServer, url: str) -> None:
    load(mysql_family, url, script(mysql_family))
    catalog = open_catalog(url)
    before = {name: catalog.table(name) for name in (CUSTOMERS, ORDERS)}
    views = [one for one in before[CUSTOMERS].dependents if one.kind == "view"]
    execute(url, *(f"DROP VIEW {one.name}" for one in views), "DROP TRIGGER orders_touch")
    assert not catalog.table(ORDERS).triggers
    execute(url, *(text for one in views for text in one.definition))
    execute(url, before[ORDERS].triggers[0].definition)
    assert {name: catalog.table(name) for name in before} == before
    catalog.close()


def test_sizes(url: str) -> None:
    execute(
        url,
        "CREATE TABLE whole (id int AUTO_INCREMENT PRIMARY KEY, v varchar(20), KEY (v))",
        "INSERT INTO whole (v) VALUES ('x'), ('y'), ('z')",
        *(["INSERT INTO whole (v) SELECT v FROM whole"] * 10),
        "CREATE TABLE parts (id int) PARTITION BY HASH (id) PARTITIONS 4",
        "INSERT INTO parts SELECT id FROM whole",
        "ANALYZE TABLE whole, parts",
    )
    catalog = open_catalog(url)
    listed = {one.name.name: one for one in catalog.tables()}
    for name, count in (("whole", 3072), ("parts", 3072)):
        details = catalog.table(TableName(name))
        for rows, size in ((listed[name].rows, listed[name].bytes), (details.rows, details.bytes)):
            assert rows is not None
            assert 0.5 * count <= rows <= 1.5 * count
            assert size is not None
            assert size >= 65_536
    assert listed["parts"].kind == "partitioned"
    catalog.close()


@pytest.fixture
def modest(mysql_family: TestServer, rich: str) -> Iterator[str]:
    """The URL of a user who may do no more than read the rich schema."""
    place = parse_url(rich)
    execute(
        mysql_family.url,
        "CREATE USER modest@'%' IDENTIFIED BY 'modest'",
        f"GRANT SELECT, SHOW VIEW, TRIGGER ON `{place.database}`.* TO modest@'%'",
    )
    yield build_url(
        "mysql",
        user="modest",
        password="modest",
        host=dict(place.options).get("unix_socket") or place.host,
        port=place.port,
        database=place.database,
    )
    execute(mysql_family.url, "DROP USER modest@'%'")


def test_a_user_without_privileges_reads_the_same(modest: str, catalog: Catalog) -> None:
    opened = open_catalog(modest)
    assert [(one.name, one.kind) for one in opened.tables()] == [
        (one.name, one.kind) for one in catalog.tables()
    ]
    for name in (CUSTOMERS, ORDERS, ODD):
        theirs, ours = opened.table(name), catalog.table(name)
        assert theirs.storage is not None
        assert theirs.storage.row_versions is None  # which takes the privilege PROCESS
        assert replace(theirs, storage=ours.storage) == ours
    with pytest.raises(ReachError) as caught:
        opened.query("SELECT * FROM mysql.user")
    assert caught.value.code == "no-permission"
    opened.close()


def test_an_unknown_table_has_near_names(catalog: Catalog) -> None:
    with pytest.raises(AnswerError) as caught:
        catalog.table(TableName("order"))
    assert caught.value.code == "unknown-table"
    assert "orders" in caught.value.next_actions[0]
    with pytest.raises(AnswerError):
        catalog.table(TableName("active"))


def test_queries(catalog: Catalog) -> None:
    assert catalog.query("SELECT id FROM refs ORDER BY id;", limit=2) == [(1,), (2,)]
    assert catalog.query("SELECT 1 WHERE 'a%b' LIKE 'a%' -- and %s") == [(1,)]
    for sql in ("SELECT 1; DROP TABLE refs", "DELETE FROM refs", "SELECT 1 INTO OUTFILE '/tmp/x'"):
        with pytest.raises(ReachError) as caught:
            catalog.query(sql)
        assert caught.value.code == "query-failed"


def test_a_slow_query_is_stopped(catalog: Catalog) -> None:
    with pytest.raises(ReachError) as caught:
        catalog.query("SELECT sleep(60) FROM refs", patience_ms=50)
    assert caught.value.code == "query-timeout"


def test_a_table_that_others_write_can_be_read(url: str) -> None:
    execute(url, "CREATE TABLE t (id int PRIMARY KEY) ", "CREATE TABLE u (id int)")
    catalog = open_catalog(url)
    with connected(url) as other:
        other.execute("LOCK TABLES t WRITE")
        assert [one.name.name for one in catalog.tables()] == ["t", "u"]
        assert catalog.table(TableName("t")).primary_key == ("id",)
        with pytest.raises(ReachError) as caught:
            catalog.query("SELECT * FROM t")
        assert caught.value.code == "locked"
    catalog.close()


def test_many_threads(catalog: Catalog) -> None:
    found: list[Table] = []
    threads = [
        threading.Thread(target=lambda: found.append(catalog.table(CUSTOMERS))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len({repr(one) for one in found}) == 1


def test_the_file_reads_as_the_server_does(
    catalog: Catalog, mysql_family: TestServer, tmp_path: Path
) -> None:
    file = tmp_path / "rich.sql"
    file.write_text(script(mysql_family))
    offline = open_offline(file, catalog.dialect, catalog.version)
    assert [(one.name, one.kind) for one in offline.tables()] == [
        (one.name, one.kind) for one in catalog.tables()
    ]
    for one in catalog.tables():
        assert comparable(offline.table(one.name)) == comparable(catalog.table(one.name))


#: Each is a type as people write it, perhaps with a default.
TYPES = (
    *("int", "INTEGER(5)", "int unsigned", "int zerofill", "INT1", "int2", "int3 unsigned", "int4"),
    *("int8 signed", "middleint", "bool DEFAULT true", "boolean", "tinyint(1)", "bigint(3)"),
    *("dec", "numeric(5)", "fixed(4,1) default '2.25'", "decimal(6,3) DEFAULT -1.5 "),
    *("float", "float(10)", "float(30)", "float(7,3)", "double precision default 1e3", "real"),
    *("double(10,2) default '2.50'", "float4", "float8", "bit", "bit(5) default b'101'"),
    *("bit(8) default 7", "char", "CHARACTER(5)", "varchar(70)", "character varying(9)"),
    *("char varying(9)", "nchar(3)", "nvarchar(3)", "national char varying(9)", "nchar varchar(2)"),
    *("national varchar(5)", "char(5) binary", "varchar(7) ascii", "varchar(7) unicode"),
    *("varchar(8) byte", "varchar(8) charset binary", "char(3) charset latin1 collate latin1_bin"),
    *("long", "long varchar", "long varbinary", "text", "text(20)", "text(60)", "text(70000)"),
    *("text(100) charset latin1", "tinytext", "mediumtext", "blob", "blob(300)", "blob(20)"),
    *("blob(17000000)", "binary", "binary(3) default 'ab'", "varbinary(20)", "json default '{}'"),
    *("enum ( 'a', \"b'x\" ,'c\\\\d ' ) default \"a\"", "set('x','y') not null default 'x,y'"),
    *(
        "date default '2020-01-01'",
        "time(2)",
        "time(0)",
        "datetime(0)",
        "datetime(6) default now(6)",
    ),
    *("timestamp null", "timestamp", "timestamp default current_timestamp on update localtime"),
    *("datetime default localtimestamp()", "year", "year default '2021'", "inet6", "uuid"),
    *("varchar(5) default x'4142'", "int default '7'", "int default -5", "varchar(5) default 5"),
    *("varchar(9) default 'a\\n''b'", "varchar(40) default (uuid())", "int default (1 + 2)"),
    *("varchar(9) default 'NULL'", "int null default null", "point", "geometrycollection"),
    *("varchar(4) default _utf8mb4'x'", "text default 'long'", "datetime default (now())"),
)


#: What MySQL has not, or takes no plain default for.
MARIADB_ONLY = ("inet6", "uuid", "json default '{}'", "text default 'long'")


def test_every_type_reads_as_the_server_shows_it(
    url: str, mysql_family: TestServer, tmp_path: Path
) -> None:
    types = [one for one in TYPES if is_mariadb(mysql_family) or one not in MARIADB_ONLY]
    columns = ",\n".join(f"c{number} {text}" for number, text in enumerate(types))
    file = tmp_path / "types.sql"
    file.write_text(
        f"CREATE TABLE t ({columns}) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;"
    )
    load(mysql_family, url, file)
    catalog = open_catalog(url)
    live = comparable(catalog.table(TableName("t")))
    written = open_offline(file, catalog.dialect, catalog.version)
    offline = comparable(written.table(TableName("t")))
    for text, ours, theirs in zip(types, offline.columns, live.columns, strict=True):
        assert (text, ours) == (text, theirs)
    assert offline == live
    catalog.close()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (1)",
        "CREATE TABLE u (a int)",
        "DROP TABLE t",
        "ALTER TABLE t ADD b int",
    ],
)
def test_writing_fails_even_below_the_catalogue(url: str, sql: str) -> None:
    execute(url, "CREATE TABLE t (a int)")
    connection = Connection(parse_url(url))
    with pytest.raises(ReachError, match="did not accept") as caught:
        connection.rows(sql)
    assert "READ ONLY" in caught.value.why
    connection.close()


def test_no_transaction_is_left_open(url: str) -> None:
    execute(url, "CREATE TABLE t (a int)")
    catalog = open_catalog(url)
    catalog.query("SELECT * FROM t")
    # An open transaction would keep its lock on the table's definition.
    execute(url, "SET lock_wait_timeout = 1", "DROP TABLE t")
    catalog.close()
