"""What only MySQL writes and answers, recorded from 9.7.4: a server of it is seldom at hand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from wizard.database import mysql_queries as queries
from wizard.database.connection import Read
from wizard.database.mysql import MysqlCatalog
from wizard.database.mysql_server import Engine
from wizard.model.errors import ReachError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    Storage,
    Trigger,
)

ORDERS = r"""CREATE TABLE `orders` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `ref` varchar(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT (uuid()),
  `note` varchar(200) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL DEFAULT 'it''s',
  `same` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
  `short` varchar(20) CHARACTER SET latin1 DEFAULT NULL,
  `qty` int unsigned NOT NULL DEFAULT '5' COMMENT 'pieces; \\ ''quoted''',
  `price` decimal(8,2) DEFAULT '4.99',
  `flag` tinyint(1) DEFAULT '0',
  `bits` bit(3) DEFAULT b'101',
  `data` json DEFAULT (json_object()),
  `at` datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  `total` decimal(10,2) GENERATED ALWAYS AS ((`price` * `qty`)) STORED NOT NULL,
  `word` varchar(9) GENERATED ALWAYS AS (concat(_latin1'a)',`note`)) VIRTUAL,
  `secret` int DEFAULT NULL /*!80023 INVISIBLE */,
  `place` point NOT NULL /*!80003 SRID 4326 */,
  `buyer_id` int NOT NULL,
  `zeros` int(10) unsigned zerofill DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `once` (`ref`,`qty` DESC),
  KEY `low` ((lower(`note`)),`qty`),
  KEY `unused` (`qty`) /*!80000 INVISIBLE */,
  KEY `prefix` (`note`(20)) USING BTREE COMMENT 'short',
  SPATIAL KEY `where_` (`place`),
  FULLTEXT KEY `words` (`note`),
  FULLTEXT KEY `grams` (`note`) /*!50100 WITH PARSER `ngram` */ ,
  CONSTRAINT `buyer` FOREIGN KEY (`buyer_id`) REFERENCES `people` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT `far` FOREIGN KEY (`qty`) REFERENCES `other`.`things` (`id`) ON DELETE SET NULL,
  CONSTRAINT `orders_chk_1` CHECK ((`qty` > 0)),
  CONSTRAINT `someday` CHECK ((`note` <> _utf8mb4'x')) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci ROW_FORMAT=DYNAMIC COMMENT='what they buy'"""
PARTS = r"""CREATE TABLE `parts` (
  `id` int NOT NULL,
  `d` date NOT NULL,
  PRIMARY KEY (`id`,`d`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50500 PARTITION BY RANGE  COLUMNS(d)
SUBPARTITION BY HASH (`id`)
SUBPARTITIONS 2
(PARTITION p0 VALUES LESS THAN ('2020-01-01') ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN (MAXVALUE) ENGINE = InnoDB) */"""
PEOPLE = "CREATE TABLE `people` (`id` int NOT NULL, PRIMARY KEY (`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
LOG = (
    "CREATE TABLE `log` (`order_id` bigint, KEY `o` (`order_id`), CONSTRAINT `of` FOREIGN KEY"
    " (`order_id`) REFERENCES `shop`.`orders` (`id`)) ENGINE=InnoDB DEFAULT CHARSET=latin1"
)
TRIGGER = (
    "CREATE DEFINER=`a`@`b` TRIGGER `t1` BEFORE INSERT ON `orders` FOR EACH ROW SET NEW.qty = 1"
)
VIEW = "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`b` SQL SECURITY DEFINER VIEW `{0}` AS select 1"


def denied(sql: str) -> ReachError:
    return ReachError("no-permission", f"may not read {sql}")


class Recorded:
    """A `Reader` that answers as MySQL 8.0.36 does, and keeps what it was asked."""

    def __init__(
        self, version: str = "8.0.36", *, allowed: bool = True, aurora: str | None = None
    ) -> None:
        self.version = version
        self.aurora = aurora
        self.allowed = allowed
        self.asked: list[str] = []

    @contextlib.contextmanager
    def reading(self) -> Iterator[Read]:
        yield self.rows

    def rows(
        self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None
    ) -> list[tuple[Any, ...]]:
        text = " ".join((sql % tuple(repr(one) for one in parameters)).split())
        self.asked.append(text)
        if text.startswith("SET SESSION"):
            return []
        for part, rows in self.answers().items():
            if part in text:
                if rows is None:
                    raise denied(text)
                return rows
        raise AssertionError(f"nobody asks MySQL for {text}")

    def close(self) -> None:
        pass

    def answers(self) -> dict[str, list[tuple[Any, ...]] | None]:
        return {
            "version()": [(self.version, "MySQL Community Server - GPL", "", 0, "shop")],
            "LIKE 'aurora_version'": []
            if self.aurora is None
            else [("aurora_version", self.aurora)],
            "SELECT table_name, table_type FROM": [
                ("orders", "BASE TABLE"),
                (b"parts", "BASE TABLE"),
                ("recent", "VIEW"),
            ],
            "create_options": [("orders", 120, 65536, 0), ("parts", None, None, 1)]
            if self.allowed
            else None,
            "tables WHERE table_schema = 'shop' AND table_name = 'orders'": [
                ("orders", "BASE TABLE", "InnoDB", "Dynamic", "utf8mb4_0900_ai_ci", 120, 65536)
            ],
            "tables WHERE table_schema = 'shop' AND table_name = 'parts'": [
                ("parts", "BASE TABLE", "InnoDB", "Dynamic", b"latin1_swedish_ci", 9, 32768)
            ],
            "SHOW CREATE TABLE shop.orders": [("orders", ORDERS)],
            "SHOW CREATE TABLE shop.parts": [("parts", PARTS)],
            "SHOW CREATE TABLE audit.log": [("log", LOG)],
            "SHOW CREATE TRIGGER": [("t1", "", TRIGGER, "utf8mb4", "", "", None)],
            "SHOW CREATE VIEW shop.recent": [("recent", VIEW.format("recent"), "", "")]
            if self.allowed
            else None,
            "SHOW CREATE VIEW audit.whole": [("whole", VIEW.format("whole"), "", "")],
            "innodb_tables": [(3,)] if self.allowed else None,
            "unique_constraint_schema = 'shop' AND referenced_table_name = 'orders'": [
                ("audit", "log")
            ],
            "referential_constraints": [],
            "information_schema.triggers": [
                ("t1", "orders", b"SET NEW.qty = 1"),
                ("t2", "people", "UPDATE orders SET note = 'qty' WHERE buyer_id = NEW.id"),
            ]
            if "orders" in self.asked[-1]
            else [],
            "information_schema.routines": [
                ("procedure", "shop", "tidy", "DELETE FROM orders WHERE at < now()")
            ]
            if "'orders'" in self.asked[-1]
            else [],
            "u.table_name = 'orders'": [
                (
                    "shop",
                    "recent",
                    "select `shop`.`orders`.`id` AS `id` from `shop`.`orders`"
                    if self.allowed
                    else "",
                )
            ],
            "u.table_name = 'recent'": [
                ("audit", "whole", "select `r`.`id` AS `id` from `shop`.`recent` `r`")
            ],
            "view_table_usage": [],
        }


@pytest.fixture
def reader() -> Recorded:
    return Recorded()


@pytest.fixture
def catalog(reader: Recorded) -> MysqlCatalog:
    return MysqlCatalog(reader)


def test_the_list_has_figures_that_the_server_keeps(
    catalog: MysqlCatalog, reader: Recorded
) -> None:
    assert [(one.name.name, one.kind, one.rows, one.bytes) for one in catalog.tables()] == [
        ("orders", "table", 120, 65536),
        ("parts", "partitioned", None, None),
    ]
    assert (catalog.dialect, catalog.version, catalog.vendor) == ("mysql", (8, 0, 36), "MySQL")
    assert reader.asked[2] == "SET SESSION information_schema_stats_expiry = DEFAULT"
    unknown = MysqlCatalog(Recorded(allowed=False)).tables()
    assert [(one.name.name, one.rows) for one in unknown] == [("orders", None), ("parts", None)]


@pytest.mark.parametrize(
    ("version", "aurora", "flavour", "questions"),
    [
        ("8.0.36", None, "", 2),
        ("8.0.28", "3.04.1", "aurora-mysql 3.4", 2),
        ("8.0.mysql_aurora.3.04.0", None, "aurora-mysql 3.4", 1),
        ("8.0.30-Vitess", None, "vitess", 1),
        ("8.0.34-PlanetScale", None, "planetscale", 1),
        ("10.11.19-MariaDB", None, "", 1),
    ],
)
def test_the_engine_behind_the_protocol(
    version: str, aurora: str | None, flavour: str, questions: int
) -> None:
    """Only a server that calls itself plain MySQL is asked again."""
    reader = Recorded(version, aurora=aurora)
    assert MysqlCatalog(reader).flavour == flavour
    assert len(reader.asked) == questions


def test_a_table_has_fresh_figures(catalog: MysqlCatalog, reader: Recorded) -> None:
    table = catalog.table(TableName("orders"))
    assert reader.asked[2] == "SET SESSION information_schema_stats_expiry = 0"
    assert (table.rows, table.bytes) == (120, 65536)
    assert table.storage == Storage(
        engine="InnoDB", row_format="DYNAMIC", collation="utf8mb4_0900_ai_ci", row_versions=3
    )
    assert table.comment == "what they buy"


def test_columns(catalog: MysqlCatalog) -> None:
    columns = {one.name: one for one in catalog.table(TableName("orders")).columns}
    assert columns["id"] == Column(name="id", type="bigint", nullable=False, identity="by default")
    assert columns["ref"].default == "(uuid())"
    assert columns["ref"].collation == "utf8mb4_bin"
    assert columns["note"].default == "'it''s'"
    assert columns["note"].collation == columns["short"].collation == "latin1_swedish_ci"
    assert columns["same"].collation is None
    assert columns["qty"] == Column(
        name="qty", type="int unsigned", nullable=False, default="5", comment="pieces; \\ 'quoted'"
    )
    assert [columns[name].default for name in ("price", "flag", "bits", "data", "secret")] == [
        "4.99",
        "0",
        "b'101'",
        "(json_object())",
        None,
    ]
    assert columns["flag"].type == "tinyint(1)"
    assert columns["at"].default == columns["at"].on_update == "CURRENT_TIMESTAMP(6)"
    assert columns["total"].generated == Generated(expression="`price` * `qty`", stored=True)
    assert columns["total"].nullable is False
    assert columns["word"].generated == Generated(
        expression="concat(_latin1'a)',`note`)", stored=False
    )
    assert columns["secret"].invisible
    assert columns["place"].type == "point SRID 4326"
    assert columns["zeros"].type == "int(10) unsigned zerofill"


def test_indexes(catalog: MysqlCatalog) -> None:
    table = catalog.table(TableName("orders"))
    found = {one.name: one for one in table.indexes}
    assert found["once"] == Index(
        name="once",
        parts=(IndexPart(column="ref"), IndexPart(column="qty", order="desc")),
        unique=True,
    )
    assert found["low"].parts == (IndexPart(expression="lower(`note`)"), IndexPart(column="qty"))
    assert not found["unused"].visible
    assert found["prefix"] == Index(name="prefix", parts=(IndexPart(column="note", length=20),))
    assert found["where_"].method == "spatial"
    assert found["words"].method == "fulltext"
    # No plan can make this again, so that it looks like no index that one could.
    assert found["grams"].method == "fulltext with parser ngram"
    assert found["PRIMARY"].constraint


def test_constraints(catalog: MysqlCatalog) -> None:
    table = catalog.table(TableName("orders"))
    assert table.foreign_keys == (
        ForeignKey(
            name="buyer",
            columns=("buyer_id",),
            ref_table=TableName("people"),
            ref_columns=("id",),
            on_delete="cascade",
            on_update="restrict",
        ),
        ForeignKey(
            name="far",
            columns=("qty",),
            ref_table=TableName("things", "other"),
            ref_columns=("id",),
            on_delete="set null",
        ),
    )
    assert table.checks == (
        Check(name="orders_chk_1", expression="`qty` > 0", columns=("qty",)),
        Check(
            name="someday",
            expression="`note` <> _utf8mb4'x'",
            columns=("note",),
            validated=False,
        ),
    )


def test_what_depends_on_it(catalog: MysqlCatalog) -> None:
    table = catalog.table(TableName("orders"))
    assert table.triggers == (Trigger(name="t1", definition=TRIGGER),)
    assert table.dependents == (
        Dependent(kind="view", name="recent", columns=("id",), definition=(VIEW.format("recent"),)),
        Dependent(
            kind="view", name="audit.whole", columns=("id",), definition=(VIEW.format("whole"),)
        ),
        Dependent(kind="trigger", name="t1", columns=("qty",)),
        Dependent(kind="trigger", name="t2 on people", columns=("id", "note", "buyer_id")),
        Dependent(kind="function", name="procedure tidy", columns=("at",)),
    )
    (reference,) = table.referenced_by
    assert reference.table == TableName("log", "audit")
    assert reference.foreign_key.ref_table == TableName("orders")


def test_partitions(catalog: MysqlCatalog, reader: Recorded) -> None:
    table = catalog.table(TableName("parts"))
    assert (table.kind, table.partition_key) == (
        "partitioned",
        "RANGE COLUMNS (d) SUBPARTITION BY HASH (`id`)",
    )
    assert table.storage is not None
    assert table.storage.collation == "latin1_swedish_ci"
    assert any("name LIKE 'shop/parts#p#%'" in one for one in reader.asked)


def test_a_user_without_privileges() -> None:
    table = MysqlCatalog(Recorded(allowed=False)).table(TableName("orders"))
    assert table.storage is not None
    assert table.storage.row_versions is None
    recent = next(one for one in table.dependents if one.name == "recent")
    # Its query is hidden: it may need any column, and cannot be made again.
    assert (len(recent.columns), recent.definition) == (len(table.columns), ())


def test_a_gate_may_take_longer(catalog: MysqlCatalog, reader: Recorded) -> None:
    with pytest.raises(AssertionError, match="MAX_EXECUTION_TIME"):
        catalog.query("SELECT count(*) FROM orders", patience_ms=600_000)
    assert reader.asked[-1].startswith("SELECT /*+ MAX_EXECUTION_TIME(600000) */ * FROM (")


@pytest.mark.parametrize(
    ("engine", "by_usage", "counted", "kept", "ways"),
    [
        (Engine(dialect="mysql", version=(8, 0, 12)), False, False, True, 1),
        (Engine(dialect="mysql", version=(8, 0, 28)), True, False, True, 1),
        (Engine(dialect="mysql", version=(9, 4, 0)), True, True, True, 1),
        (Engine(dialect="mariadb", version=(10, 6, 16)), False, False, False, 2),
        (Engine(dialect="mariadb", version=(11, 8, 2)), False, False, False, 2),
    ],
)
def test_which_server_is_asked_what(
    engine: Engine, by_usage: bool, counted: bool, kept: bool, ways: int
) -> None:
    assert ("view_table_usage" in queries.views(engine, "s", "t")[0]) is by_usage
    assert queries.views(engine, "s", "a`b")[1] == ("s", "a`b" if by_usage else "`a``b`")
    assert queries.counts_row_versions(engine) is counted
    assert queries.keeps_statistics(engine) is kept
    assert len(queries.figures(engine)) == ways
    assert (queries.children_of_innodb(engine) is not None) is engine.maria
