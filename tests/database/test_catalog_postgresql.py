"""A rich schema on every PostgreSQL, read back in detail; also the same file read offline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from servers import TestServer

from wizard.database.base import Catalog
from wizard.database.opening import open_catalog, open_offline
from wizard.model.errors import AnswerError, ReachError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Enum,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Reference,
    Table,
    TypeUse,
    Unique,
)

RICH = Path(__file__).with_name("rich_schema.sql")
ORDERS = TableName("orders", "sales")
CUSTOMERS = TableName("customers")
ODD = TableName('Tä"ble.x y', "Odd Schema")


def execute(url: str, *statements: str) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture
def rich_url(fresh_database: str) -> str:
    execute(fresh_database, RICH.read_text())
    return fresh_database


@pytest.fixture
def catalog(rich_url: str) -> Iterator[Catalog]:
    opened = open_catalog(rich_url)
    yield opened
    opened.close()


def _names(table: Table, kind: type) -> dict[str | None, object]:
    return {one.name: one for one in table.constraints if isinstance(one, kind)}


def test_list_hides_partitions_and_names_other_schemas(
    catalog: Catalog, postgres: TestServer
) -> None:
    assert [(str(one.name), one.kind) for one in catalog.tables()] == [
        ("customers", "table"),
        ("events", "partitioned"),
        ('Odd Schema."Tä""ble.x y"', "table"),
        ("sales.orders", "table"),
    ]
    assert catalog.version[0] == postgres.major
    assert catalog.live


def test_columns(catalog: Catalog) -> None:
    table = catalog.table(CUSTOMERS)
    columns = {one.name: one for one in table.columns}
    assert columns["id"].identity == "always"
    assert columns["id"].nullable is False
    assert columns["legacy"].identity == "by default"
    assert columns["name"].type == "character varying(40)"
    assert columns["name"].default == "'n/a'::character varying"
    assert columns["label"].generated == Generated(expression="upper((name)::text)", stored=True)
    assert columns["label"].default is None
    assert columns["code"].collation == "C"
    assert columns["email"].comment == "lower case"
    assert columns["tags"].type == "text[]"
    assert columns["at"].type == "timestamp with time zone"
    assert table.comment == "Who buys; it's them"


def test_constraints(catalog: Catalog) -> None:
    table = catalog.table(CUSTOMERS)
    assert table.primary_key == ("id",)
    assert _names(table, Unique)["ref_once"] == Unique(
        name="ref_once", columns=("ref", "born"), deferrable=True, initially_deferred=True
    )
    check = _names(table, Check)["sane"]
    assert isinstance(check, Check)
    assert check.expression.startswith("(score >= ")
    assert "CHECK" not in check.expression
    assert set(check.columns) == {"score", "name"}
    orders = catalog.table(ORDERS)
    keys = _names(orders, ForeignKey)
    assert keys["orders_customer_id_fkey"] == ForeignKey(
        name="orders_customer_id_fkey",
        columns=("customer_id",),
        ref_table=CUSTOMERS,
        ref_columns=("id",),
        on_delete="cascade",
        on_update="restrict",
    )
    assert [name for name, one in keys.items() if not one.validated] == ["unseen"]  # type: ignore[attr-defined]
    late = _names(orders, Check)["late"]
    assert late == Check(
        name="late", expression="length(note) < 10", validated=False, columns=("note",)
    )


def test_references_include_the_table_itself(catalog: Catalog) -> None:
    orders = catalog.table(ORDERS)
    assert [(one.table, one.foreign_key.name) for one in orders.referenced_by] == [
        (ORDERS, "orders_parent_id_fkey")
    ]
    assert {one.foreign_key.name for one in catalog.table(CUSTOMERS).referenced_by} == {
        "orders_customer_id_fkey",
        "unseen",
    }
    assert all(isinstance(one, Reference) for one in orders.referenced_by)


def test_indexes(catalog: Catalog) -> None:
    table = catalog.table(ORDERS)
    assert table.index("orders_open") == Index(
        name="orders_open",
        parts=(IndexPart(column="customer_id"), IndexPart(column="id", order="desc")),
        include=("qty",),
        where="deleted_at IS NULL",
    )
    assert table.index("orders_note") == Index(
        name="orders_note",
        parts=(
            IndexPart(expression="lower(note)", opclass="text_pattern_ops"),
            IndexPart(column="note", collation="C", order="desc", nulls="last"),
        ),
    )
    hashed = table.index("orders_hash")
    assert hashed is not None
    assert hashed.unique
    assert [part.column for part in hashed.parts] == ["parent_id", None]
    kind = table.index("orders_kind")
    assert kind is not None
    assert kind.method == "hash"
    assert table.index("orders_pkey").constraint  # type: ignore[union-attr]


def test_invalid_index(catalog: Catalog, rich_url: str) -> None:
    execute(rich_url, "INSERT INTO customers (email, code) VALUES ('a', 'x'), ('b', 'x')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        execute(rich_url, "CREATE UNIQUE INDEX CONCURRENTLY broken ON customers (code)")
    broken = catalog.table(CUSTOMERS).index("broken")
    assert broken is not None
    assert broken.valid is False


def test_nulls_not_distinct(catalog: Catalog, rich_url: str) -> None:
    execute(rich_url, "ALTER TABLE customers ADD CONSTRAINT one UNIQUE NULLS NOT DISTINCT (code)")
    table = catalog.table(CUSTOMERS)
    assert _names(table, Unique)["one"] == Unique(
        name="one", columns=("code",), nulls_not_distinct=True
    )
    assert table.index("one").nulls_not_distinct  # type: ignore[union-attr]


def test_triggers_and_dependents(catalog: Catalog) -> None:
    orders = catalog.table(ORDERS)
    (trigger,) = orders.triggers
    assert trigger.name == "orders_touch"
    assert trigger.function == "touch"
    assert trigger.definition.startswith("CREATE TRIGGER orders_touch BEFORE UPDATE OF ")
    found = {(one.kind, one.name): set(one.columns) for one in orders.dependents}
    assert found == {
        ("trigger", "orders_touch"): {"note", "state", "qty"},
        ("materialized view", "totals"): {"customer_id"},
    }
    found = {(one.kind, one.name): set(one.columns) for one in catalog.table(CUSTOMERS).dependents}
    assert found == {
        ("policy", "mine"): {"email"},
        ("rule", "no_delete"): {"ref"},
        ("view", "active"): {"id", "email", "born"},
        ("view", "active_mail"): {"id", "email", "born"},
    }


def test_views_on_views_come_after_those_they_read(catalog: Catalog) -> None:
    views = [one.name for one in catalog.table(CUSTOMERS).dependents if one.kind == "view"]
    assert views == ["active", "active_mail"]


def test_publication_with_a_column_list(catalog: Catalog, rich_url: str) -> None:
    execute(rich_url, "CREATE PUBLICATION feed FOR TABLE customers (id, name)")
    found = catalog.table(CUSTOMERS).dependents[-1]
    assert (str(found), found.columns) == ("publication feed", ("id", "name"))
    assert not found.definition
    assert found.obstacle == "subscribers would miss what is written meanwhile"


def test_sql_function_body_is_a_dependent(catalog: Catalog, rich_url: str) -> None:
    execute(
        rich_url,
        "CREATE FUNCTION mails() RETURNS bigint LANGUAGE sql"
        " BEGIN ATOMIC SELECT count(email) FROM customers; END",
    )
    found = catalog.table(CUSTOMERS).dependents[-1]
    assert (str(found), found.columns) == ("function mails()", ("email",))
    assert not found.definition
    assert found.obstacle.startswith("the server ties its body to the table")


def test_partitions(catalog: Catalog) -> None:
    parent = catalog.table(TableName("events"))
    assert parent.kind == "partitioned"
    assert parent.partition_key == "RANGE (at)"
    assert parent.partitions == (TableName("events_2026"), TableName("events_rest"))
    child = catalog.table(TableName("events_2026"))
    assert child.kind == "partition"
    assert child.partition_of == TableName("events")


def test_awkward_names(catalog: Catalog) -> None:
    table = catalog.table(ODD)
    assert table.primary_key == ("Mixed Case", "select")
    assert [one.name for one in table.columns] == ["select", "Mixed Case", "a%b:c"]
    assert table.columns[2].default == "'100%'::text"


def test_enums(catalog: Catalog) -> None:
    assert catalog.enums() == (
        Enum(
            name=TableName("status"),
            labels=("draft", "new", "it's paid", "done"),
            used_by=(TypeUse(table=ORDERS, column="state"),),
        ),
    )


def test_what_uses_an_enum(rich_url: str) -> None:
    execute(
        rich_url,
        "CREATE TYPE mood AS ENUM ('fine', 'bad')",
        "CREATE TYPE unused AS ENUM ()",
        "CREATE TABLE people (id int, now mood DEFAULT 'fine', before mood[], CHECK (now <> 'bad'))",
        "CREATE INDEX ON people (id) WHERE now = 'fine'",
        "CREATE VIEW happy AS SELECT id, now FROM people WHERE now = 'fine'",
        "CREATE MATERIALIZED VIEW moods AS SELECT now FROM people",
        "CREATE TABLE days (day date, felt mood) PARTITION BY RANGE (day)",
        "CREATE TABLE today PARTITION OF days FOR VALUES FROM ('2026-11-23') TO ('2026-11-24')",
        "CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'bad')",
        "CREATE FUNCTION cheer(mood) RETURNS text LANGUAGE sql AS $$ SELECT 'oh' $$",
    )
    catalog = open_catalog(rich_url)
    mood, _, unused = catalog.enums()
    catalog.close()
    assert mood.used_by == (
        TypeUse(table=TableName("days"), column="felt"),
        TypeUse(table=TableName("people"), column="now"),
        TypeUse(table=TableName("people"), column="before", array=True),
    )
    assert sorted(mood.others) == [
        "column now of materialized view moods",
        "function cheer(mood)",
        "type good_mood",
    ]
    assert unused == Enum(name=TableName("unused"), labels=())


def test_rows_of_partitions_are_summed(catalog: Catalog, rich_url: str) -> None:
    execute(
        rich_url,
        "INSERT INTO events SELECT n, date '2026-03-01' + n % 700, 'k' FROM generate_series(1, 500) n",
        "ANALYZE events",
    )
    listed = {one.name: one for one in catalog.tables()}[TableName("events")]
    assert listed.rows == 500
    assert listed.bytes == 2 * 8192 * round((listed.bytes or 0) / 16384)
    detail = catalog.table(TableName("events"))
    assert (detail.rows, detail.bytes) == (listed.rows, listed.bytes)


def test_rows_of_a_table_that_was_never_written(catalog: Catalog) -> None:
    assert {one.name: one.rows for one in catalog.tables()}[CUSTOMERS] == 0


def test_unknown_table_names_what_is_near(catalog: Catalog) -> None:
    with pytest.raises(AnswerError) as caught:
        catalog.table(TableName("orders"))
    assert caught.value.code == "unknown-table"
    assert caught.value.next_actions == ("did you mean sales.orders?",)
    with pytest.raises(AnswerError) as caught:
        catalog.table(TableName("custmers"))
    assert caught.value.next_actions == ("did you mean customers?",)


def test_first_schema_of_the_search_path_needs_no_name(rich_url: str) -> None:
    name = rich_url.partition("?")[0].rpartition("/")[2]
    execute(rich_url, f'ALTER DATABASE "{name}" SET search_path = sales, public')
    opened = open_catalog(rich_url)
    assert opened.table(TableName("orders")).name == TableName("orders")
    assert opened.table(ORDERS).name == TableName("orders")
    assert opened.table(TableName("customers", "public")).name == TableName("customers", "public")
    opened.close()


def test_not_null_that_is_not_validated(postgres18: TestServer) -> None:
    with postgres18.database() as url:
        execute(
            url,
            "CREATE TABLE t (a int, b int NOT NULL, v int GENERATED ALWAYS AS (a + 1) VIRTUAL)",
            "ALTER TABLE t ADD CONSTRAINT a_there NOT NULL a NOT VALID",
        )
        opened = open_catalog(url)
        table = opened.table(TableName("t"))
        assert table.constraints == (NotNull(name="a_there", column="a"),)
        assert [one.nullable for one in table.columns] == [True, False, True]
        assert table.columns[2].generated == Generated(expression="a + 1", stored=False)
        opened.close()


def test_keys_to_a_partitioned_table_are_listed_once(catalog: Catalog, rich_url: str) -> None:
    execute(
        rich_url,
        "ALTER TABLE events ADD PRIMARY KEY (id, at)",
        "CREATE TABLE marks (id bigint, at date, FOREIGN KEY (id, at) REFERENCES events)",
    )
    assert len(catalog.table(TableName("marks")).foreign_keys) == 1
    assert len(catalog.table(TableName("events")).referenced_by) == 1
    assert catalog.table(TableName("events_2026")).primary_key == ("id", "at")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO customers (email) VALUES ('x') RETURNING id",
        "SELECT 1; INSERT INTO customers (email) VALUES ('x')",
        "SELECT 1) AS q; COMMIT; INSERT INTO customers (email) VALUES ('x'); SELECT (1",
        "SELECT nextval('sales.orders_id_seq')",
        "SELECT set_config('transaction_read_only', 'off', false)",
    ],
)
def test_nothing_can_be_written(catalog: Catalog, rich_url: str, sql: str) -> None:
    with pytest.raises(ReachError) as caught:
        catalog.query(sql)
    assert caught.value.code == "query-failed"
    assert catalog.query("SELECT count(*) FROM customers") == [(0,)]


def test_query_has_a_limit_and_takes_percent_signs(catalog: Catalog) -> None:
    assert catalog.query(
        "SELECT n FROM generate_series(1, 9) n WHERE '50%' LIKE '%\\%' -- end;"
    ) == [
        (1,),
        (2,),
        (3,),
        (4,),
        (5,),
    ]
    assert catalog.query("SELECT 7 % 4 AS a, 'b' AS a;", limit=1) == [(3, "b")]


def test_catalogue_reads_while_a_table_is_locked(catalog: Catalog, rich_url: str) -> None:
    plain = rich_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain) as other:
        other.execute("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")
        assert CUSTOMERS in {one.name for one in catalog.tables()}
        # The server itself locks a table for an instant to write out its expressions.
        with pytest.raises(ReachError) as caught:
            catalog.table(CUSTOMERS)
        assert caught.value.code == "locked"
    assert catalog.table(CUSTOMERS).columns


def test_parent_reads_while_a_partition_is_locked(catalog: Catalog, rich_url: str) -> None:
    plain = rich_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain) as other:
        other.execute("LOCK TABLE events_2026 IN ACCESS EXCLUSIVE MODE")
        assert len(catalog.table(TableName("events")).partitions) == 2


def test_many_threads_share_one_catalogue(catalog: Catalog) -> None:
    start = threading.Barrier(4)

    def read(_: int) -> int:
        start.wait()
        return len(catalog.table(ORDERS).columns)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [7] * 4


def test_offline_reading_agrees_with_the_server(catalog: Catalog, postgres: TestServer) -> None:
    offline = open_offline(RICH, "postgresql", postgres.version)
    assert [one.name for one in offline.tables()] == [one.name for one in catalog.tables()]
    assert offline.enums() == catalog.enums()
    for summary in catalog.tables():
        live, read = catalog.table(summary.name), offline.table(summary.name)
        assert _outline(read) == _outline(live), summary.name


def _outline(table: Table) -> object:
    """Return all that does not depend on how the server rewrites an expression."""
    return (
        [
            (c.name, c.type, c.nullable, c.identity, c.collation, c.comment, c.generated is None)
            for c in table.columns
        ],
        sorted((type(c).__name__, c.name or "") for c in table.constraints),
        sorted(
            (c for c in table.constraints if isinstance(c, PrimaryKey | Unique | ForeignKey)),
            key=repr,
        ),
        sorted(
            (
                i.name,
                i.columns,
                i.include,
                i.unique,
                i.constraint,
                i.method or "",
                tuple((p.order, p.nulls, p.opclass, p.collation) for p in i.parts),
            )
            for i in table.indexes
        ),
        sorted((t.name, t.function or "") for t in table.triggers),
        sorted((d.kind, d.name, sorted(d.columns)) for d in table.dependents),
        sorted((str(r.table), r.foreign_key.name or "") for r in table.referenced_by),
        (table.partition_of, table.partitions, table.comment),
    )
