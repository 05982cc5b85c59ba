"""Every flavour is whole: each step has SQL or a reason and another way, and a lock fact."""

from __future__ import annotations

import inspect

import pytest
import sqlglot
from engines import FLAVOURS
from step_examples import EXAMPLES, Example

from wizard.dialects.base import Dialect, Size
from wizard.dialects.flavours import engine
from wizard.dialects.flavours.base import Flavoured, Situation
from wizard.dialects.flavours.subjects import is_ddl, tables_of
from wizard.model.errors import AnswerError
from wizard.model.plan import NO_LOCK
from wizard.model.rollout import Deployment, Rollout
from wizard.model.steps import (
    STEP_TYPES,
    AddIndex,
    Batched,
    CreateDependent,
    DropDependent,
    RenameIndex,
    ReplaceView,
)

#: Those that speak MySQL stand in test_mysql_flavours.py.
ENGINES = [
    pytest.param(engine(*one), id=f"{one[2]} on {'.'.join(map(str, one[1]))}")
    for versions in FLAVOURS.values()
    for one in versions
    if one[0] == "postgresql"
]
NAMED_OTHERWISE = (RenameIndex, DropDependent, CreateDependent, ReplaceView)
EACH = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
STOPPED = Situation(rollout=Rollout(deployment=Deployment.MAINTENANCE), table=lambda _: None)


def told_by(dialect: Dialect, example: Example) -> tuple[str, ...] | None:
    """The statements, None where the engine or its version has none."""
    if dialect.supports(example.step) is not None:
        return None
    try:
        return dialect.sql(example.step)
    except AnswerError:
        # A variant that came with a later version of the language.
        assert dialect.version < example.since
        return None


@pytest.mark.parametrize("dialect", ENGINES)
@EACH
def test_a_step_has_sql_or_another_way(dialect: Flavoured, example: Example) -> None:
    found = dialect.obstacle(example.step, STOPPED)
    assert (found is not None) == (dialect.supports(example.step) is not None)
    if found is None:
        statements = told_by(dialect, example)
        assert statements is None or statements or not is_ddl(example.step)
        return
    assert found.code == "engine-cannot"
    assert found.what.startswith(dialect.engine)
    assert found.what.endswith(".")
    assert not found.what.endswith("..")
    assert len(found.safer.split()) > 5
    assert found.reference
    with pytest.raises(AnswerError) as raised:
        dialect.sql(example.step)
    assert raised.value.code == "unsupported"


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_kind_of_step_can_be_asked_for(dialect: Flavoured) -> None:
    for kind in STEP_TYPES:
        reason = dialect.supports(kind)
        assert reason is None or len(reason.split()) > 3


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_step_has_a_lock_fact(dialect: Flavoured) -> None:
    for example in EXAMPLES:
        lock = dialect.lock(example.step, Size(rows=1_000_000, bytes=100_000_000))
        if lock == NO_LOCK:
            continue
        instant = lock.work == "none"
        assert lock.on, example.name
        assert lock.milliseconds is not None
        assert instant == (lock.milliseconds == (0, 10)), example.name
        # Without a size nothing is made up.
        unknown = dialect.lock(example.step, Size()).milliseconds
        assert unknown == ((0, 10) if instant else None), example.name


@pytest.mark.parametrize("dialect", ENGINES)
def test_the_sql_parses(dialect: Flavoured) -> None:
    opaque = (
        *("DO ", "CREATE FUNCTION", "CREATE TRIGGER", "LOCK", "CREATE RULE", "CREATE POLICY"),
        "CREATE INDEX ix_events_at ON ONLY",
        # CockroachDB's table@index.
        *("DROP INDEX", "ALTER INDEX"),
    )
    for one in (one for example in EXAMPLES for one in told_by(dialect, example) or ()):
        assert one == one.strip()
        assert not one.endswith(";")
        if not one.startswith(opaque) and "CONSTRAINT" not in one and "VIRTUAL" not in one:
            assert len(sqlglot.parse(one, read="postgres")) == 1, one


@pytest.mark.parametrize("dialect", ENGINES)
def test_steps_know_their_tables(dialect: Flavoured) -> None:
    for example in EXAMPLES:
        locked = dialect.base.lock(example.step, Size()).on
        # A view and an index are locked under names that are no tables.
        if not locked or isinstance(example.step, NAMED_OTHERWISE):
            continue
        assert set(tables_of(example.step)) & set(locked), example.name


@pytest.mark.parametrize("dialect", ENGINES)
def test_whole_dialects_are_passed_on(dialect: Flavoured) -> None:
    """Everything that a dialect promises is there, and what no engine changes is the base's."""
    promised = [name for name, _ in inspect.getmembers(Dialect) if not name.startswith("_")]
    assert all(hasattr(dialect, name) for name in promised)
    base = dialect.base
    assert (dialect.name, dialect.version) == (base.name, base.version)
    assert dialect.quote("Größe") == base.quote("Größe")
    assert dialect.literal("it's") == base.literal("it's")
    assert dialect.distinct("a", "b") == base.distinct("a", "b")
    assert dialect.default_kind("now()") == base.default_kind("now()")
    assert dialect.check_name("x", flag="") == "x"
    assert dialect.check_type("int", enums=(), flag="") == "integer"
    assert dialect.check_expression("now()", flag="") == "now()"
    assert dialect.rename_in("a > 1", "a", "b") == "b > 1"
    assert dialect.columns_in("a > 1") == frozenset({"a"})
    assert dialect.proves_not_null("a IS NOT NULL", "a")
    assert dialect.implies_null("a IS NULL", "a")


@pytest.mark.parametrize("dialect", ENGINES)
def test_batches_are_those_of_the_language(dialect: Flavoured) -> None:
    for example in EXAMPLES:
        step = example.step
        if isinstance(step, Batched) and step.key:
            own, base = dialect.batch(step), dialect.base.batch(step)
            patience = ", set_config('lock_timeout', '2s', true)"
            assert own.following in (base.following, base.following.replace(patience, ""))
            assert own.lagging in (base.lagging, None)
            assert dialect.needs_own_transaction(step)


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_build_that_can_be_interrupted_has_a_state(dialect: Flavoured) -> None:
    for example in EXAMPLES:
        if isinstance(example.step, AddIndex) and example.step.concurrently:
            state = dialect.index_state(example.step)
            assert (state is not None) == dialect.capabilities.concurrent_index
