"""A rich schema on MariaDB, read back in detail; also the same file read offline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest
from mariadb_client import comparable, load
from servers import TestServer

from wizard.database.base import Catalog
from wizard.database.connection import Connection
from wizard.database.mysql import MysqlCatalog
from wizard.database.opening import open_catalog, open_offline
from wizard.database.urls import parse_url
from wizard.model.errors import AnswerError, ReachError
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


def run(url: str, *statements: str) -> None:
    place = parse_url(url)
    with pymysql.connect(
        host=place.host,
        port=int(place.port),
        user=place.user,
        password=(place.password or "").encode(),
        database=place.database,
        autocommit=True,
    ) as connection:
        for statement in statements:
            connection.cursor().execute(statement)


def column(table: Table, name: str) -> Column:
    found = table.column(name)
    assert found is not None
    return found


def index(table: Table, name: str) -> Index:
    found = table.index(name)
    assert found is not None
    return found


def test_the_server_says_what_it_is(catalog: Catalog, mariadb: TestServer, rich: str) -> None:
    assert (catalog.dialect, catalog.version) == ("mariadb", mariadb.version)
    assert catalog.database == parse_url(rich).database
    assert catalog.live
    assert catalog.enums() == ()
    # Whatever the URL calls it.
    other = open_catalog(rich.replace("mariadb+pymysql://", "mysql://"))
    assert other.dialect == "mariadb"
    other.close()


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


def test_the_type_is_what_the_server_calls_it(catalog: Catalog, rich: str) -> None:
    rows = catalog.query(
        "SELECT table_name, column_name, column_type FROM information_schema.columns"
        " WHERE table_schema = database() AND table_name IN ('customers', 'orders', 'events')",
        limit=100,
    )
    assert len(rows) > 20
    for table, name, kind in rows:
        assert column(catalog.table(TableName(str(table))), str(name)).type == kind


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


def test_references_from_other_databases_and_odd_names(mariadb: TestServer, url: str) -> None:
    with mariadb.database() as elsewhere:
        there = parse_url(elsewhere).database
        run(
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


def test_what_depends_can_be_made_again(mariadb: TestServer, url: str) -> None:
    load(mariadb, url, RICH)
    catalog = open_catalog(url)
    before = {name: catalog.table(name) for name in (CUSTOMERS, ORDERS)}
    views = [one for one in before[CUSTOMERS].dependents if one.kind == "view"]
    run(url, *(f"DROP VIEW {one.name}" for one in views), "DROP TRIGGER orders_touch")
    assert not catalog.table(ORDERS).triggers
    run(url, *(text for one in views for text in one.definition))
    run(url, before[ORDERS].triggers[0].definition)
    assert {name: catalog.table(name) for name in before} == before
    catalog.close()


def test_partitions(catalog: Catalog) -> None:
    events = catalog.table(TableName("events"))
    assert (events.kind, events.partition_key) == ("partitioned", "RANGE (year(`at`))")
    assert events.partitions == ()


def test_system_versions_and_periods(url: str) -> None:
    run(
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


def test_sizes(url: str) -> None:
    run(
        url,
        "CREATE TABLE full (id int PRIMARY KEY, v varchar(20), KEY (v))",
        "INSERT INTO full SELECT seq, 'x' FROM seq_1_to_5000",
        "CREATE TABLE parts (id int) PARTITION BY HASH (id) PARTITIONS 4",
        "INSERT INTO parts SELECT seq FROM seq_1_to_4000",
        "ANALYZE TABLE full, parts",
    )
    catalog = open_catalog(url)
    listed = {one.name.name: one for one in catalog.tables()}
    for name, count in (("full", 5000), ("parts", 4000)):
        details = catalog.table(TableName(name))
        for rows, size in ((listed[name].rows, listed[name].bytes), (details.rows, details.bytes)):
            assert rows is not None
            assert 0.5 * count <= rows <= 1.5 * count
            assert size is not None
            assert size >= 65_536
    assert listed["parts"].kind == "partitioned"
    catalog.close()


@pytest.fixture
def modest(mariadb: TestServer, rich: str) -> Iterator[str]:
    """The URL of a user who may do no more than read the rich schema."""
    database = parse_url(rich).database
    run(
        rich,
        "CREATE USER modest@'%' IDENTIFIED BY 'modest'",
        f"GRANT SELECT, SHOW VIEW, TRIGGER ON `{database}`.* TO modest@'%'",
    )
    yield rich.replace(f"root:{parse_url(rich).password}@", "modest:modest@")
    run(rich, "DROP USER modest@'%'")


def test_a_user_without_privileges_reads_the_same(modest: str, catalog: Catalog) -> None:
    opened = open_catalog(modest)
    assert [(one.name, one.kind) for one in opened.tables()] == [
        (one.name, one.kind) for one in catalog.tables()
    ]
    for name in (CUSTOMERS, ORDERS, ODD):
        assert opened.table(name) == catalog.table(name)
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
    assert catalog.query("SELECT @@max_statement_time + 0", patience_ms=90_000) == [(90,)]
    assert catalog.query("SELECT @@max_statement_time + 0") == [(10,)]
    for sql in ("SELECT 1; DROP TABLE refs", "DELETE FROM refs", "SELECT 1 INTO OUTFILE '/tmp/x'"):
        with pytest.raises(ReachError) as caught:
            catalog.query(sql)
        assert caught.value.code == "query-failed"


def test_a_slow_query_is_stopped(catalog: Catalog) -> None:
    with pytest.raises(ReachError) as caught:
        catalog.query("SELECT sleep(60) FROM refs", patience_ms=50)
    assert caught.value.code == "query-timeout"


def test_a_table_that_others_write_can_be_read(url: str) -> None:
    run(url, "CREATE TABLE t (id int PRIMARY KEY) ", "CREATE TABLE u (id int)")
    place = parse_url(url)
    catalog = open_catalog(url)
    with pymysql.connect(
        host=place.host,
        port=int(place.port),
        user=place.user,
        password=(place.password or "").encode(),
        database=place.database,
    ) as other:
        other.cursor().execute("LOCK TABLES t WRITE")
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


def test_modes_that_change_definitions_do_not_matter(url: str) -> None:
    run(url, "CREATE TABLE t (a varchar(9) DEFAULT 'it\\'s\\\\', `b\"c` int COMMENT 'x\\\\y')")
    plain = open_catalog(url)
    before = plain.table(TableName("t"))
    plain.close()
    assert column(before, "a").default == r"'it''s\\'"
    assert column(before, 'b"c').comment == "x\\y"
    (mode,) = _global(url, "sql_mode")
    run(url, "SET GLOBAL sql_mode = 'ORACLE,ANSI,NO_BACKSLASH_ESCAPES,NO_TABLE_OPTIONS'")
    try:
        odd = open_catalog(url)
        assert odd.table(TableName("t")) == before
        odd.close()
    finally:
        run(url, f"SET GLOBAL sql_mode = '{mode}'")


def _global(url: str, name: str) -> tuple[str, ...]:
    connection = Connection(parse_url(url))
    rows = connection.rows(f"SELECT @@GLOBAL.{name}")
    connection.close()
    return rows[0]


def test_the_file_reads_as_the_server_does(catalog: Catalog, mariadb: TestServer) -> None:
    offline = open_offline(RICH, "mariadb", mariadb.version)
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


def test_every_type_reads_as_the_server_shows_it(
    url: str, mariadb: TestServer, tmp_path: Path
) -> None:
    columns = ",\n".join(f"c{number} {text}" for number, text in enumerate(TYPES))
    script = f"CREATE TABLE t ({columns}) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;"
    file = tmp_path / "types.sql"
    file.write_text(script)
    load(mariadb, url, script)
    catalog = open_catalog(url)
    live = comparable(catalog.table(TableName("t")))
    offline = comparable(open_offline(file, "mariadb", mariadb.version).table(TableName("t")))
    for text, ours, theirs in zip(TYPES, offline.columns, live.columns, strict=True):
        assert (text, ours) == (text, theirs)
    assert offline == live
    catalog.close()


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
