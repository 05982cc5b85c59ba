"""Tables without a primary key: what changing the unique index takes by which InnoDB stores rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pymysql
import pytest
from servers import TestServer, connected

from wizard.database.opening import open_catalog
from wizard.dialects import dialect as dialect_of
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.schema import Index, IndexPart, Table, Unique
from wizard.model.steps import AddIndex, AddUnique, DropConstraint, DropIndex, Step

TABLE = TableName("t")
ONE, TWO = (Index(name=f"key_{one}", parts=(IndexPart(column=one),), unique=True) for one in "ab")
UNIQUE = Unique(name="key_b", columns=("b",))

BARE = "a int NOT NULL, b int NOT NULL, c int"
#: What the table is, the step, and what it takes on MariaDB and on MySQL.
CASES: dict[str, tuple[str, Step, str | None, str | None]] = {
    "first key": (BARE, AddIndex(table=TABLE, index=ONE), "online", "online"),
    "first constraint": (BARE, AddUnique(table=TABLE, constraint=UNIQUE), "online", "online"),
    "second key": (
        f"{BARE}, UNIQUE KEY key_a (a)",
        AddUnique(table=TABLE, constraint=UNIQUE),
        None,
        None,
    ),
    "key with NULLs": (
        BARE,
        AddUnique(table=TABLE, constraint=Unique(name="key_c", columns=("c",))),
        None,
        None,
    ),
    "last key": (
        f"{BARE}, UNIQUE KEY key_a (a)",
        DropIndex(table=TABLE, index=ONE),
        "copy",
        "copy",
    ),
    "last constraint": (
        f"{BARE}, UNIQUE KEY key_b (b)",
        DropConstraint(table=TABLE, constraint=UNIQUE),
        "copy",
        "copy",
    ),
    "one of two keys": (
        f"{BARE}, UNIQUE KEY key_a (a), UNIQUE KEY key_b (b)",
        DropIndex(table=TABLE, index=ONE),
        "online",
        "copy",
    ),
    "beside a primary key": (
        f"{BARE}, PRIMARY KEY (b), UNIQUE KEY key_a (a)",
        DropIndex(table=TABLE, index=ONE),
        None,
        None,
    ),
}


def run(cursor: Any, statements: Sequence[str]) -> None:
    for sql in statements:
        cursor.execute(sql)


def read(url: str) -> tuple[Dialect, Table]:
    catalog = open_catalog(url)
    found = dialect_of(catalog.dialect, catalog.version), catalog.table(TABLE)
    catalog.close()
    return found


@pytest.mark.parametrize("case", CASES)
def test_it_takes_what_is_said_and_nothing_better(case: str, mysql_family: TestServer) -> None:
    columns, step, on_maria, on_mysql = CASES[case]
    with mysql_family.database() as url, connected(url) as cursor:
        cursor.execute(f"CREATE TABLE t ({columns})")
        dialect, table = read(url)
        fitted = dialect.fit(step, table)
        expected = on_maria if dialect.name == "mariadb" else on_mysql
        assert getattr(fitted, "rebuild", None) == expected
        if expected is not None and (dialect.name == "mariadb" or expected == "copy"):
            with pytest.raises(pymysql.err.MySQLError, match="not supported"):
                run(cursor, dialect.sql(step))
        run(cursor, dialect.sql(fitted))
