"""Every dialect is whole: each step has SQL or a reason, and a lock fact."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlglot
from engines import VERSIONS
from family_steps import EXAMPLES as FAMILY_EXAMPLES
from step_examples import EXAMPLES, Example

from wizard.dialects import dialect, dialects
from wizard.dialects.base import Dialect, Size
from wizard.dialects.parsing import sqlglot_name
from wizard.model.errors import AnswerError
from wizard.model.plan import NO_LOCK
from wizard.model.steps import (
    STEP_TYPES,
    AddEnumValue,
    AddIndex,
    Batched,
    CreateEnum,
    CreateTable,
    DropEnum,
    Impossible,
    MoveNumbering,
    Nothing,
    RenameEnum,
    RenameEnumValue,
)

FAMILY = ("mysql", "mariadb")
ENGINES = [
    pytest.param(dialect(name, version), id=f"{name}-{version[0]}.{version[-1]}")
    for name, versions in VERSIONS.items()
    for version in versions
]
#: Each engine with each example of the steps as it has them.
BOTH = [
    pytest.param(dialect(name, version), one, id=f"{one.name}-{name}-{version[0]}.{version[-1]}")
    for name, versions in VERSIONS.items()
    for version in versions
    for one in (FAMILY_EXAMPLES if name in FAMILY else EXAMPLES)
]
# Variants of steps that SQLite has in another form.
NOT_ON_SQLITE = {"add index, all options", "add index, nulls not distinct"}
# What MySQL and MariaDB have no statement for.
NOT_IN_THE_FAMILY = {
    *("AddNotNull", "AddExclusion", "RenameConstraint", "RebuildTable"),
    *(
        "CreateEnum",
        "DropEnum",
        "AddEnumValue",
        "RenameEnumValue",
        "RenameEnum",
        "MoveNumbering",
        "SwapColumns",
        "ReplaceView",
    ),
}
# What no other session can wait for: a table nobody knows yet, types, a sequence's own type.
LOCKS_NO_TABLE = (
    *(CreateTable, CreateEnum, DropEnum, RenameEnum, AddEnumValue, RenameEnumValue),
    MoveNumbering,
)
EACH = pytest.mark.parametrize(("engine", "example"), BOTH)


def test_every_dialect_is_tested_here() -> None:
    assert set(dialects()) == set(VERSIONS)


@EACH
def test_a_step_has_sql_or_a_reason(engine: Dialect, example: Example) -> None:
    reason = engine.supports(example.step)
    if reason is not None:
        assert len(reason.split()) > 3
        with pytest.raises(AnswerError) as raised:
            engine.sql(example.step)
        assert raised.value.code == "unsupported"
        return
    if engine.name == "postgresql" and engine.version < example.since:
        # A variant of the step that came with a later version.
        with pytest.raises(AnswerError, match=r"PostgreSQL 1\d"):
            engine.sql(example.step)
        return
    if engine.name == "sqlite" and example.name in NOT_ON_SQLITE:
        with pytest.raises(AnswerError, match="SQLite"):
            engine.sql(example.step)
        return
    found = engine.sql(example.step)
    skips = isinstance(example.step, Nothing) or not engine.capabilities.lock_tables
    assert found or skips
    assert not any(one.rstrip().endswith(";") for one in found)
    assert not any(one.strip() != one for one in found)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kind_of_step_can_be_asked_for(engine: Dialect) -> None:
    lacking = {kind.__name__ for kind in STEP_TYPES if engine.supports(kind)}
    if engine.name == "postgresql":
        later = {"AddNotNull"} if engine.version < (18,) else set()
        assert lacking == {"RebuildTable", "SetVisible"} | later
    elif engine.name in FAMILY:
        views = {"CreateShadowView", "DropShadowView"} if engine.name == "mysql" else set()
        checks = {"AddCheck"} if engine.name == "mysql" and engine.version < (8, 0, 16) else set()
        assert lacking == NOT_IN_THE_FAMILY | views | checks
    else:
        assert {"AddForeignKey", "SetDefault", "CreateShadowView"} <= lacking
        assert ("SetNotNull" in lacking) == (engine.version < (3, 53))


@EACH
def test_a_step_has_a_lock_fact(engine: Dialect, example: Example) -> None:
    lock = engine.lock(example.step, Size(rows=1_000_000, bytes=100_000_000))
    if isinstance(example.step, Nothing | Impossible):
        assert lock == NO_LOCK
        return
    if lock == NO_LOCK:
        assert not engine.capabilities.lock_tables or isinstance(example.step, LOCKS_NO_TABLE)
        return
    assert lock.on
    assert lock.milliseconds is not None
    assert lock.milliseconds[0] <= lock.milliseconds[1]
    assert (lock.work == "none") == (lock.milliseconds == (0, 10))
    # Without a size nothing is made up.
    unknown = engine.lock(example.step, Size()).milliseconds
    assert unknown == ((0, 10) if lock.work == "none" else None)


@EACH
def test_the_sql_parses(engine: Dialect, example: Example) -> None:
    if engine.supports(example.step) is not None or engine.version < example.since:
        return
    if engine.name == "sqlite" and example.name in NOT_ON_SQLITE:
        return
    statements = engine.sql(example.step)
    # What sqlglot reads only as an opaque command says nothing about its text.
    opaque = (
        *("DO ", "CREATE FUNCTION", "CREATE TRIGGER", "PRAGMA", "LOCK", "BEGIN", "COMMIT"),
        # Of MySQL and MariaDB.
        *("SIGNAL", "SET ", "RENAME TABLE", "DROP TRIGGER", "CREATE PROCEDURE", "CALL"),
        # sqlglot's grammar lacks these forms; the servers of the lock-truth tests run them.
        *("CREATE INDEX ix_events_at ON ONLY", "CREATE RULE", "CREATE POLICY"),
    )
    for one in statements:
        if not one.startswith(opaque) and "CONSTRAINT" not in one and "VIRTUAL" not in one:
            assert len(sqlglot.parse(one, read=sqlglot_name(engine.name))) == 1, one


@pytest.mark.parametrize("engine", ENGINES)
def test_batches_exist_where_there_is_a_key(engine: Dialect) -> None:
    for example in FAMILY_EXAMPLES if engine.name in FAMILY else EXAMPLES:
        if not isinstance(example.step, Batched):
            continue
        own = engine.needs_own_transaction(example.step)
        assert own == bool(example.step.key)
        if not example.step.key:
            assert engine.batch_script(example.step) == ()
            with pytest.raises((ValueError, AnswerError)):
                engine.batch(example.step)
            continue
        found = engine.batch(example.step)
        assert ":after_0" in found.following
        assert ":after_0" not in found.first
        assert (found.walk_first is None) == (engine.name == "postgresql")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_build_that_can_be_interrupted_has_a_state(engine: Dialect) -> None:
    for example in EXAMPLES:
        if isinstance(example.step, AddIndex) and example.step.concurrently:
            assert (engine.index_state(example.step) is not None) == (
                engine.capabilities.concurrent_index
            )


def test_old_servers_are_refused() -> None:
    old = (("postgresql", (11, 22)), ("sqlite", (3, 34, 1)), ("sqlite", ()))
    old += (("mysql", (5, 7, 44)), ("mysql", ()), ("mariadb", (10, 5, 29)))
    for name, version in old:
        with pytest.raises(AnswerError) as raised:
            dialect(name, version)
        assert raised.value.code == "old-server"
        assert raised.value.flag == "--server-version"


def test_an_unknown_dialect_is_named() -> None:
    with pytest.raises(AnswerError) as raised:
        dialect("oracle", (19,))
    assert "postgresql" in raised.value.next_actions[0]


def test_making_sql_loads_no_parser() -> None:
    code = (
        "import sys; from wizard.dialects import dialect; d = dialect('postgresql', (18,));"
        "d.check_expression(\"'EUR'\", flag=''); d.check_expression('now()', flag='');"
        "d.check_type('varchar(3)', enums=(), flag=''); d.default_kind('now()');"
        "d.proves_not_null('note IS NOT NULL', 'note'); d.rename_in('note', 'note', 'x');"
        "sys.exit('sqlglot' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
