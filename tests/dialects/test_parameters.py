from __future__ import annotations

from sqlalchemy import text

from wizard.dialects.parameters import rebind

SQL = (
    "UPDATE t SET a = '12:30 :size', b = x[1:size], c = d::text, e = '50%' || :size "
    'WHERE id > :after_0 AND "odd:after_0" < CAST(:after_1 AS text)'
)


def test_sqlalchemy_sees_only_the_parameters() -> None:
    bound = text(rebind(SQL, "sqlalchemy"))
    assert set(bound.compile().params) == {"size", "after_0", "after_1"}
    said = str(bound.compile())
    assert "'12:30 :size'" in said
    assert "x[1:size]" in said
    assert "d::text" in said


def test_psycopg_sees_only_the_parameters() -> None:
    found = rebind(SQL, "psycopg")
    assert found.count("%(size)s") == 1
    assert "'50%%'" in found
    assert "'12:30 :size'" in found
    assert '"odd:after_0" < CAST(%(after_1)s AS text)' in found


def test_sqlite_reads_it_as_it_is() -> None:
    assert rebind(SQL, "sqlite") == SQL
