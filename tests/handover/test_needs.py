from __future__ import annotations

import pytest

from wizard.dialects.base import Size
from wizard.handover.needs import need_of, shared_key
from wizard.model.names import TableName
from wizard.model.schema import (
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Reference,
    Table,
    Trigger,
    Unique,
)

NAME = TableName("orders")
COLUMNS = (
    Column(name="id", type="int", nullable=False),
    Column(name="code", type="varchar(20)", nullable=False),
    Column(name="note", type="text"),
)
PRIMARY, BY_CODE = PrimaryKey(columns=("id",)), Unique(columns=("code",), name="by_code")


def index(column: str, **more: object) -> Index:
    part = IndexPart(column=column, length=more.pop("length", None))
    return Index(name="u", parts=(part,), unique=bool(more.pop("unique", True)))


def test_all_that_is_known_of_a_table() -> None:
    key = ForeignKey(columns=("code",), ref_table=TableName("codes"), ref_columns=("code",))
    back = Reference(table=TableName("items"), foreign_key=key)
    trigger = Trigger(name="t", definition="…")
    table = Table(
        name=NAME,
        columns=COLUMNS,
        constraints=(PRIMARY, key),
        triggers=(trigger,),
        referenced_by=(back,),
        rows=10,
        bytes=20,
    )
    found = need_of(table, ("MODIFY id bigint",), engine="mariadb", version=(10, 11))
    assert (found.table, found.alter, found.engine) == (NAME, "MODIFY id bigint", "mariadb")
    assert (found.foreign_keys, found.referenced_by) == ((key,), (back,))
    assert (found.triggers, found.key) == ((trigger,), "primary")
    assert found.size == Size(rows=10, bytes=20)
    told = need_of(table, (), engine="mysql", version=(8, 0), size=Size(rows=99))
    assert told.size == Size(rows=99)


@pytest.mark.parametrize(
    ("constraints", "indexes", "clauses", "expected"),
    [
        ((PRIMARY,), (), ("MODIFY id bigint",), "primary"),
        ((PRIMARY,), (), ("DROP PRIMARY KEY",), None),
        ((PRIMARY, BY_CODE), (), ("DROP PRIMARY KEY",), "unique"),
        ((BY_CODE,), (), ("MODIFY id bigint",), "unique"),
        ((BY_CODE,), (), ("DROP INDEX `by_code`",), None),
        ((), (), (), None),
        ((), (index("code"),), (), "unique"),
        ((), (index("code", length=5),), (), None),
        ((), (index("code", unique=False),), (), None),
        ((), (index("note"),), (), None),
    ],
)
def test_the_key_that_stays(
    constraints: tuple[PrimaryKey | Unique, ...],
    indexes: tuple[Index, ...],
    clauses: tuple[str, ...],
    expected: str | None,
) -> None:
    table = Table(name=NAME, columns=COLUMNS, constraints=constraints, indexes=indexes)
    assert shared_key(table, clauses) == expected
