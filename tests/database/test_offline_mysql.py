"""DDL files of MySQL and MariaDB: what is read, what is passed over, and where a mistake is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.database.base import Catalog
from wizard.database.mysql_script import read_mysql_script
from wizard.database.mysql_server import Engine
from wizard.database.opening import open_offline
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import Check, Column, ForeignKey, Index, IndexPart, Table

MYSQL = (8, 0, 36)


def opened(
    tmp_path: Path, text: str, dialect: str = "mysql", version: tuple[int, ...] = MYSQL
) -> Catalog:
    file = tmp_path / "schema.sql"
    file.write_text(text)
    return open_offline(file, dialect, version)


def read(
    tmp_path: Path,
    text: str,
    name: str = "t",
    dialect: str = "mysql",
    version: tuple[int, ...] = MYSQL,
) -> Table:
    return opened(tmp_path, text, dialect, version).table(TableName(name))


def test_a_dump_of_mysql(tmp_path: Path) -> None:
    text = """
-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;
USE `shop`;
DROP TABLE IF EXISTS `orders`;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `orders` (
  `id` int NOT NULL AUTO_INCREMENT,
  `secret` int DEFAULT NULL /*!80023 INVISIBLE */,
  PRIMARY KEY (`id`),
  CONSTRAINT `c` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
LOCK TABLES `orders` WRITE;
INSERT INTO `orders` VALUES (1,'a;b'),(2,'it\\'s');
UNLOCK TABLES;
SET @saved_cs_client = @@character_set_client;
/*!50001 CREATE VIEW `recent` AS SELECT 1 AS `id`*/;
/*!50003 SET sql_mode = 'STRICT_TRANS_TABLES' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER `touch` BEFORE UPDATE ON `orders` FOR EACH ROW BEGIN
  /* never; twice */
  SET NEW.secret = 1;
END */;;
DELIMITER ;
/*!50001 DROP VIEW IF EXISTS `recent`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`a`@`%` SQL SECURITY DEFINER */
/*!50001 VIEW `recent` AS select `orders`.`id` AS `id` from `orders` where (`orders`.`id` > 5) */;
"""
    catalog = opened(tmp_path, text)
    assert catalog.notes == ("passed over 1 × INSERT",)  # type: ignore[attr-defined]
    assert [one.name for one in catalog.tables()] == [TableName("orders")]
    table = catalog.table(TableName("orders", "shop"))
    assert table.columns[1] == Column(name="secret", type="int", invisible=True)
    assert table.checks == (
        Check(name="c", expression="`id` > 0", columns=("id",), validated=False),
    )
    (trigger,) = table.triggers
    assert " ".join(trigger.definition.split()) == (
        "CREATE DEFINER=`a`@`%` TRIGGER `touch` BEFORE UPDATE ON `orders` FOR EACH ROW BEGIN"
        " /* never; twice */ SET NEW.secret = 1; END"
    )
    view, watching = table.dependents
    assert (view.kind, view.name, view.columns) == ("view", "recent", ("id",))
    assert " ".join(view.definition[0].split()).startswith(
        "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `recent` AS select"
    )
    assert (watching.kind, watching.name, watching.columns) == ("trigger", "touch", ("secret",))


def test_several_databases(tmp_path: Path) -> None:
    catalog = opened(
        tmp_path,
        "CREATE DATABASE a; USE a; CREATE TABLE t (id int PRIMARY KEY);"
        "CREATE TABLE b.u (t_id int REFERENCES a.t (id), FOREIGN KEY (t_id) REFERENCES a.t (id));"
        "USE b; CREATE TABLE v (x int, FOREIGN KEY (x) REFERENCES u (t_id));",
    )
    assert [str(one.name) for one in catalog.tables()] == ["t", "b.u", "b.v"]
    assert [str(one.table) for one in catalog.table(TableName("t")).referenced_by] == ["b.u"]
    (key,) = catalog.table(TableName("v", "b")).foreign_keys
    assert key.ref_table == TableName("u", "b")


def test_one_database_that_is_named_everywhere(tmp_path: Path) -> None:
    catalog = opened(
        tmp_path, "CREATE TABLE IF NOT EXISTS `a`.`t` (id int); ALTER TABLE a.t ADD x int;"
    )
    (table,) = catalog.tables()
    assert table.name == TableName("t")
    assert len(catalog.table(TableName("t", "a")).columns) == 2


def test_names_that_the_server_gives(tmp_path: Path) -> None:
    text = """
        CREATE TABLE p (id int PRIMARY KEY, KEY (id));
        CREATE TABLE t (a int, b int, c varchar(30), UNIQUE (a, b), KEY (a), INDEX (b),
            KEY ((lower(c))), KEY ((upper(c))), CHECK (a > 0), CONSTRAINT named CHECK (b > 0),
            CHECK (b < 9), CONSTRAINT key_ UNIQUE (c),
            FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT fk FOREIGN KEY (c) REFERENCES p (id),
            FOREIGN KEY by_b (b, a) REFERENCES p (id, id));
    """
    table = read(tmp_path, text)
    assert [one.name for one in table.indexes] == [
        *("a", "a_2", "b", "functional_index", "functional_index_2", "key_", "by_b"),
    ]
    assert [one.name for one in table.checks] == ["t_chk_1", "named", "t_chk_2"]
    assert [one.name for one in table.foreign_keys] == ["t_ibfk_1", "fk", "t_ibfk_2"]
    maria = read(
        tmp_path, text.replace("KEY ((lower(c))), KEY ((upper(c))),", ""), dialect="mariadb"
    )
    assert [one.name for one in maria.checks] == ["CONSTRAINT_1", "named", "CONSTRAINT_2"]


def test_the_index_of_a_foreign_key_makes_room_for_a_better_one(tmp_path: Path) -> None:
    text = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));"
    assert [one.name for one in read(tmp_path, text).indexes] == ["f"]
    better = read(tmp_path, text + "CREATE INDEX ab ON t (a, b);")
    assert [one.name for one in better.indexes] == ["ab"]
    other = read(tmp_path, text + "CREATE INDEX ba ON t (b, a);")
    assert [one.name for one in other.indexes] == ["f", "ba"]


@pytest.mark.parametrize(
    ("dialect", "version", "keys"),
    [
        ("mysql", (8, 0, 36), 0),
        ("mysql", (9, 1), 1),
        ("mariadb", (10, 6), 1),
    ],
)
def test_references_beside_a_column(
    tmp_path: Path, dialect: str, version: tuple[int, ...], keys: int
) -> None:
    text = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p (id) ON DELETE CASCADE);"
    table = read(tmp_path, text, dialect=dialect, version=version)
    assert len(table.foreign_keys) == len(table.indexes) == keys


@pytest.mark.parametrize(
    ("dialect", "version", "text", "shown"),
    [
        ("mysql", (8, 0, 36), "int(11)", "int"),
        ("mysql", (8, 0, 18), "int", "int(11)"),
        ("mysql", (8, 0, 36), "tinyint(1)", "tinyint(1)"),
        ("mysql", (8, 0, 36), "tinyint(1) unsigned", "tinyint unsigned"),
        ("mysql", (8, 0, 36), "bool", "tinyint(1)"),
        ("mysql", (8, 0, 36), "int(5) zerofill", "int(5) unsigned zerofill"),
        ("mysql", (8, 0, 36), "year", "year"),
        ("mysql", (8, 0, 36), "json", "json"),
        ("mysql", (8, 0, 36), "serial", "bigint unsigned"),
        ("mysql", (8, 0, 36), "geometrycollection", "geomcollection"),
        ("mysql", (8, 0, 36), "geometry SRID 4326", "geometry SRID 4326"),
        ("mariadb", (10, 6), "serial", "bigint(20) unsigned"),
        ("mariadb", (10, 6), "year", "year(4)"),
        ("mariadb", (10, 6), "json", "longtext"),
    ],
)
def test_types_by_version(
    tmp_path: Path, dialect: str, version: tuple[int, ...], text: str, shown: str
) -> None:
    table = read(tmp_path, f"CREATE TABLE t (a {text});", dialect=dialect, version=version)
    assert table.columns[0].type == shown


def test_serial_is_a_number_for_each_row(tmp_path: Path) -> None:
    for text in ("SERIAL", "BIGINT UNSIGNED SERIAL DEFAULT VALUE"):
        table = read(tmp_path, f"CREATE TABLE t (id {text} COMMENT 'x');")
        assert table.columns == (
            Column(
                name="id",
                type="bigint unsigned",
                nullable=False,
                identity="by default",
                comment="x",
            ),
        )
        assert table.indexes == (Index(name="id", parts=(IndexPart(column="id"),), unique=True),)


@pytest.mark.parametrize(
    ("dialect", "text", "shown"),
    [
        ("mysql", "datetime DEFAULT now()", "CURRENT_TIMESTAMP"),
        ("mysql", "datetime(3) DEFAULT (now(3))", "(now(3))"),
        ("mysql", "int DEFAULT '5'", "5"),
        ("mysql", "varchar(9) DEFAULT 5", "'5'"),
        ("mysql", "varchar(9) DEFAULT (uuid())", "(uuid())"),
        ("mysql", "bit DEFAULT TRUE", "b'1'"),
        ("mysql", "decimal(4,2) DEFAULT 1", "1.00"),
        ("mariadb", "datetime DEFAULT now()", "current_timestamp()"),
        ("mariadb", "varchar(9) DEFAULT (uuid())", "uuid()"),
        ("mariadb", "int DEFAULT NEXT VALUE FOR s", "NEXT VALUE FOR s"),
    ],
)
def test_defaults(tmp_path: Path, dialect: str, text: str, shown: str) -> None:
    table = read(tmp_path, f"CREATE TABLE t (a {text}, b int);", dialect=dialect, version=(11,))
    assert table.columns[0].default == shown
    assert table.columns[1].name == "b"


def test_timestamps_before_mariadb_10_10(tmp_path: Path) -> None:
    text = "CREATE TABLE t (a timestamp, b timestamp, c timestamp NULL);"
    old = read(tmp_path, text, dialect="mariadb", version=(10, 6, 16)).columns
    assert [(one.nullable, one.default, one.on_update) for one in old] == [
        (False, "current_timestamp()", "current_timestamp()"),
        (False, "'0000-00-00 00:00:00'", None),
        (True, None, None),
    ]
    new = read(tmp_path, text, dialect="mariadb", version=(10, 11, 6)).columns
    assert [(one.nullable, one.default) for one in new] == [(True, None)] * 3


def test_collations(tmp_path: Path) -> None:
    text = """
        CREATE DATABASE d CHARACTER SET = latin1; USE d;
        CREATE TABLE t (a text, b text CHARACTER SET utf8, c text COLLATE utf8_bin,
            d varchar(9) BINARY, e char(3) CHARACTER SET binary);
        CREATE TABLE u (a text, b text CHARACTER SET utf8mb4) DEFAULT CHARSET utf8mb4;
    """
    columns = read(tmp_path, text).columns
    assert [one.collation for one in columns] == [
        *(None, "utf8mb3_general_ci", "utf8mb3_bin", "latin1_bin", None),
    ]
    assert columns[4].type == "binary(3)"
    table = read(tmp_path, text, "u")
    assert table.storage is not None
    assert table.storage.collation == "utf8mb4_0900_ai_ci"
    assert [one.collation for one in table.columns] == [None, None]
    maria = read(tmp_path, text, "u", dialect="mariadb").storage
    assert maria is not None
    assert maria.collation == "utf8mb4_general_ci"


def test_alter_table(tmp_path: Path) -> None:
    text = """
        CREATE TABLE p (id int PRIMARY KEY, code int);
        CREATE TABLE t (id int, old int, gone int, c int DEFAULT 1 COMMENT 'forgotten',
            KEY g (gone), KEY og (old, gone), CHECK (c > 0));
        ALTER TABLE t ADD PRIMARY KEY (id), DROP COLUMN gone, MODIFY c bigint NOT NULL FIRST,
            ADD (x int, y int), ADD UNIQUE KEY u (x DESC), ALTER INDEX u INVISIBLE,
            ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES p (code), ADD CHECK (y > 0) NOT ENFORCED,
            ENGINE = MyISAM, COMMENT = 'changed', AUTO_INCREMENT = 5, ORDER BY id;
        ALTER TABLE t RENAME TO u;
        ALTER TABLE u RENAME COLUMN x TO z, CHANGE old older smallint, ALTER COLUMN older SET DEFAULT 3,
            DROP CHECK t_chk_1;
        ALTER TABLE p RENAME COLUMN code TO number;
        ALTER TABLE IF EXISTS nowhere ADD a int;
    """
    catalog = opened(tmp_path, text)
    assert [str(one.name) for one in catalog.tables()] == ["p", "u"]
    table = catalog.table(TableName("u"))
    assert [(one.name, one.type, one.nullable, one.default) for one in table.columns] == [
        ("c", "bigint", False, None),
        ("id", "int", False, None),
        ("older", "smallint", True, "3"),
        ("z", "int", True, None),
        ("y", "int", True, None),
    ]
    assert table.columns[0].comment is None
    assert [(one.name, one.columns, one.visible) for one in table.indexes] == [
        ("og", ("older",), True),
        ("PRIMARY", ("id",), True),
        ("u", ("z",), False),
    ]
    assert table.foreign_keys == (
        ForeignKey(name="fk", columns=("z",), ref_table=TableName("p"), ref_columns=("number",)),
    )
    assert table.checks[0].validated is False
    assert (table.comment, table.storage and table.storage.engine) == ("changed", "MyISAM")
    assert catalog.notes == (
        "passed over 1 × ALTER TABLE AUTO_INCREMENT",
        "passed over 1 × ALTER TABLE ORDER",
    )  # type: ignore[attr-defined]


def test_converting_the_character_set(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "CREATE TABLE t (a text, b text COLLATE latin1_bin) CHARSET latin1;"
        "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, ADD c text;",
    )
    assert [one.collation for one in table.columns] == [None, None, None]
    assert table.storage is not None
    assert table.storage.collation == "utf8mb4_bin"


def test_partitions(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "CREATE TABLE t (a int, b int) PARTITION BY LIST (a) (PARTITION p VALUES IN (1, 2));",
    )
    assert (table.kind, table.partition_key) == ("partitioned", "LIST (a)")
    later = read(
        tmp_path, "CREATE TABLE t (a int); ALTER TABLE t PARTITION BY KEY (a) PARTITIONS 4;"
    )
    assert (later.kind, later.partition_key) == ("partitioned", "KEY (a)")


def test_copies(tmp_path: Path) -> None:
    text = """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE s (id int PRIMARY KEY, p int, FOREIGN KEY f (p) REFERENCES p (id));
        CREATE TABLE t LIKE s; CREATE TABLE u (LIKE s); CREATE TABLE v AS SELECT * FROM s;
        CREATE TEMPORARY TABLE w (id int); CREATE TABLE x (a int) SELECT 1 AS b;
    """
    catalog = opened(tmp_path, text)
    assert [str(one.name) for one in catalog.tables()] == ["p", "s", "t", "u"]
    assert catalog.notes == ("passed over 2 × CREATE TABLE AS",)  # type: ignore[attr-defined]
    copy = catalog.table(TableName("t"))
    assert [one.name for one in copy.indexes] == ["PRIMARY", "f"]
    assert copy.foreign_keys == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("CREATE TABLE t (\n  a int,\n  b);", 3),
        ("CREATE TABLE t (a int b int,\n c int", 1),
        ("\nALTER TABLE nowhere ADD a int;", 2),
        ("CREATE TABLE t (a int, CHECK (a > 0));\nALTER TABLE t RENAME COLUMN a TO b;", 2),
        ("CREATE INDEX i ON nowhere (a);", 1),
        ("CREATE TABLE t (a int);\nALTER TABLE t DROP a;", 2),
        ("CREATE TABLE t (a varchar(9) DEFAULT 'x);\n", 1),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(AnswerError) as caught:
        opened(tmp_path, text)
    assert caught.value.code == "schema-syntax"
    assert f"line {line} " in caught.value.message


def code(text: str, engine: Engine) -> str | None:
    try:
        for table in read_mysql_script(text, engine).tables:
            assert table.columns
    except AnswerError as error:
        return error.code
    return None


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_are_a_user_error_at_worst(data: st.DataObject) -> None:
    text = Path(__file__).with_name("rich_mysql.sql").read_text()
    start = data.draw(st.integers(0, len(text)))
    hole = data.draw(st.integers(1, 60) | st.just(len(text)))
    damaged = text[:start] + text[start + hole :]
    for engine in (Engine(dialect="mysql", version=MYSQL), Engine(dialect="mariadb")):
        assert code(damaged, engine) in (None, "schema-syntax")


WORDS = (
    *("CREATE", "TABLE", "t", "(", ")", ",", "int", "KEY", "a", "ALTER", "ADD", ";", "'x'", "."),
    *("DEFAULT", "CHECK", "REFERENCES", "VIEW", "AS", "SELECT", "TRIGGER", "ON", "BEGIN", "END"),
    *("CONSTRAINT", "FOREIGN", "`b`", "DELIMITER", "//", "/*!50000", "*/", "1", "PARTITION", "BY"),
    *(
        "RENAME",
        "TO",
        "DROP",
        "COLUMN",
        "USE",
        "COLLATE",
        "=",
        "PRIMARY",
        "UNIQUE",
        "INDEX",
        "LIKE",
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_words_are_a_user_error_at_worst(words: list[str]) -> None:
    for start in ("", "CREATE TABLE t (a int", "CREATE TABLE t (a int); ALTER TABLE t"):
        text = " ".join([start, *words])
        assert code(text, Engine(dialect="mysql", version=MYSQL)) in (None, "schema-syntax")
