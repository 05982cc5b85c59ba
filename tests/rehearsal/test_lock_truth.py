"""What the dialect says that a step locks, against what real servers do."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from servers import TestServer
from step_examples import CUSTOMERS, EVENTS, EVENTS_1, EXAMPLES, ORDERS, SHOP, Example

from wizard.dialects import dialect
from wizard.dialects.base import DefaultKind, Size
from wizard.model.plan import Lock
from wizard.model.schema import Column
from wizard.model.steps import AddColumn, Impossible
from wizard.rehearsal.tracer import Trace, plain_url, trace

# Modes that stop neither readers nor writers may be taken on tables which a fact does not name.
_HARMLESS = {None, "ACCESS SHARE", "ROW SHARE"}
_databases: dict[int, str] = {}


@pytest.fixture(scope="module")
def _stack() -> Iterator[list[object]]:
    opened: list[object] = []
    yield opened
    _databases.clear()
    for one in reversed(opened):
        one.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
def shop(postgres: TestServer, _stack: list[object]) -> str:
    """The URL of a database with the shop as new: one for each server, emptied for each test."""
    if postgres.major not in _databases:
        context = postgres.database("truth")
        _databases[postgres.major] = context.__enter__()
        _stack.append(context)
    url = _databases[postgres.major]
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        for one in SHOP:
            connection.execute(one)
    return url


def _traced(example: Example, url: str, version: tuple[int, ...], fact: Lock) -> Trace:
    engine = dialect("postgresql", version)
    # What the fact names, and tables which it would have to name.
    tables = tuple(dict.fromkeys((ORDERS, CUSTOMERS, EVENTS, EVENTS_1, *fact.on)))
    return trace(
        url,
        engine.sql(example.step),
        tables=tables,
        before=[sql for step in example.before for sql in engine.sql(step)],
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_a_step_locks_and_works_as_its_fact_says(
    example: Example, shop: str, postgres: TestServer
) -> None:
    engine = dialect("postgresql", postgres.version)
    if engine.supports(example.step) is not None or postgres.version < example.since:
        assert example.since > (12,) or engine.supports(example.step)
        return
    if isinstance(example.step, Impossible):
        with psycopg.connect(plain_url(shop)) as connection, pytest.raises(psycopg.Error) as raised:
            connection.execute(engine.sql(example.step)[0].encode())
        assert raised.value.diag.message_primary == example.step.reason
        return

    fact = engine.lock(example.step, Size(rows=200, bytes=50_000))
    seen = _traced(example, shop, postgres.version, fact)

    modes = {one.table: one.mode for one in seen.tables}
    for table in fact.on:
        assert modes[table] == fact.mode, (table, seen)
    for table in set(modes) - set(fact.on):
        assert modes[table] in _HARMLESS, (table, seen)
    works = {one.work for one in seen.tables if one.table in fact.on} or {"none"}
    if fact.work == "batches":
        assert works == {"scan"}
    elif len(works) > 1:
        assert fact.work in works - {"none"}, seen
    else:
        assert works == {fact.work}, seen


# Type and default; whether the server works it out anew for each row.
DEFAULTS = (
    ("text", "'a'", False),
    ("text", "lower('A') || upper('b')", False),
    ("jsonb", "'{}'::jsonb", False),
    ("text[]", "ARRAY['a', 'b']", False),
    ("interval", "interval(3) '1 day'", False),
    ("numeric(10,2)", "CAST('1.5' AS numeric(10,2))", False),
    ("timestamptz", "now() + interval '1 day'", False),
    ("timestamptz", "CURRENT_TIMESTAMP(3)", False),
    ("timestamptz", "statement_timestamp()", False),
    ("date", "current_date", False),
    ("text", "current_user", False),
    ("text", "to_char(now(), 'YYYY')", False),
    ("text", "CASE WHEN true THEN 'a' ELSE 'b' END", False),
    ("boolean", "1 BETWEEN 0 AND 2", False),
    ("int", "length('abc')", False),
    ("timestamptz", "clock_timestamp()", True),
    ("uuid", "gen_random_uuid()", True),
    ("text", "'x'::text || random()", True),
    ("text", "timeofday()", True),
    ("bigint", "nextval('numbers')", True),
)


@pytest.mark.parametrize(("kind", "default", "rewrites"), DEFAULTS, ids=lambda one: str(one)[:30])
def test_a_default_rewrites_the_table_only_where_the_dialect_says_so(
    kind: str, default: str, rewrites: bool, shop: str, postgres: TestServer
) -> None:
    engine = dialect("postgresql", postgres.version)
    step = AddColumn(
        table=ORDERS, column=Column(name="extra", type=kind, default=default, nullable=False)
    )
    seen = trace(
        shop, engine.sql(step), tables=[ORDERS], before=["CREATE SEQUENCE IF NOT EXISTS numbers"]
    )
    assert seen.of(ORDERS).rewritten is rewrites
    assert (engine.default_kind(default) is DefaultKind.VOLATILE) is rewrites
    assert (engine.lock(step, Size()).work == "rewrite") is rewrites
