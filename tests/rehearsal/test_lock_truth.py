"""What the dialect says that a step locks, up and down, against what every server version does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import end_tables
import psycopg
import pytest
from lock_bed import CASES, Bed, Case, disagreements
from majors import MAJORS
from servers import TestServer
from step_examples import CUSTOMERS, EXAMPLES, ORDERS, Example

from wizard.dialects import dialect
from wizard.dialects.base import DefaultKind, Size
from wizard.dialects.postgresql.locks import BLOCKS
from wizard.model.schema import Column
from wizard.model.steps import AddColumn, Impossible
from wizard.rehearsal.tracer import plain_url


@pytest.fixture(scope="module")
def beds(start_postgres: Callable[[int], TestServer]) -> Iterator[Callable[[int], Bed]]:
    """One bed for each server, made when it is first asked for."""
    made: dict[int, Bed] = {}
    with ExitStack() as stack:

        def bed(major: int) -> Bed:
            if major not in made:
                server = start_postgres(major)
                made[major] = Bed(server, stack.enter_context(server.database("truth")))
                stack.callback(made[major].close)
            return made[major]

        yield bed


@pytest.fixture
def bed(
    request: pytest.FixtureRequest,
    beds: Callable[[int], Bed],
    record_property: Callable[[str, object], None],
) -> Bed:
    """The bed of the version that the test names, which counts it in the table at the end."""
    bed = beds(request.param)
    record_property(end_tables.LOCK_TRUTH, ".".join(map(str, bed.version)))
    return bed


def _on(major: int, *values: object, name: str) -> object:
    return pytest.param(major, *values, id=f"pg{major}-{name}")


@pytest.mark.parametrize(
    ("bed", "case"), [_on(one.major, one, name=one.name) for one in CASES], indirect=["bed"]
)
def test_a_step_locks_and_works_as_its_fact_says(bed: Bed, case: Case) -> None:
    fact = bed.engine.lock(case.step, Size(rows=200, bytes=50_000))
    seen = bed.watch(case, fact.on)
    assert disagreements(fact, seen, bed.trees()) == []


@pytest.mark.parametrize("bed", [18], indirect=True)
def test_a_wrong_fact_is_found(bed: Bed) -> None:
    case = next(one for one in CASES if one.name == "set not null")
    fact = bed.engine.lock(case.step, Size())
    seen = bed.watch(case, fact.on)
    for wrong, told in (
        (replace(fact, mode="SHARE"), "orders: SHARE expected, ACCESS EXCLUSIVE seen"),
        (replace(fact, on=()), "orders: no lock expected, ACCESS EXCLUSIVE seen"),
        (replace(fact, on=(ORDERS, CUSTOMERS)), "customers: ACCESS EXCLUSIVE expected, None seen"),
        (replace(fact, work="none"), "work: none expected, scan seen"),
        (replace(fact, work="rewrite"), "work: rewrite expected, scan seen"),
    ):
        assert told in disagreements(wrong, seen, {})


@pytest.mark.parametrize("bed", MAJORS, ids=lambda major: f"pg{major}", indirect=True)
def test_what_is_impossible_says_why(bed: Bed) -> None:
    for example in EXAMPLES:
        if isinstance(example.step, Impossible):
            with pytest.raises(psycopg.Error) as raised:
                bed.connection.execute(bed.engine.sql(example.step)[0].encode())
            assert raised.value.diag.message_primary == example.step.reason


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_says_since_when_there_is_its_step(example: Example) -> None:
    engines = [dialect("postgresql", (major, 0)) for major in MAJORS]
    having = [one.version[:1] for one in engines if one.supports(example.step) is None]
    assert not having or having[0] <= example.since


@pytest.mark.parametrize("bed", [18], indirect=True)
@pytest.mark.parametrize("mode", BLOCKS)
def test_a_mode_blocks_what_its_fact_says(bed: Bed, mode: str) -> None:
    bed.renew()
    with psycopg.connect(plain_url(bed.url)) as holder:
        holder.execute(f"LOCK TABLE orders IN {mode} MODE".encode())
        blocked = []
        bed.connection.execute("SET lock_timeout = '20ms'")
        for kind, sql in (
            ("reads", "SELECT FROM orders LIMIT 1"),
            ("writes", "DELETE FROM orders WHERE false"),
        ):
            try:
                bed.connection.execute(sql.encode())
            except psycopg.errors.LockNotAvailable:
                blocked.append(kind)
        bed.connection.execute("RESET lock_timeout")
    assert tuple(blocked) == BLOCKS[mode]


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


@pytest.mark.parametrize(
    ("bed", "kind", "default", "rewrites"),
    [_on(major, *one, name=one[1]) for major in MAJORS for one in DEFAULTS],
    indirect=["bed"],
)
def test_a_default_rewrites_the_table_only_where_the_dialect_says_so(
    bed: Bed, kind: str, default: str, rewrites: bool
) -> None:
    column = Column(name="extra", type=kind, default=default, nullable=False)
    step = AddColumn(table=ORDERS, column=column)
    prepared = ["CREATE SEQUENCE numbers"] if "nextval" in default else []
    if "uuid" in default and bed.version < (13,):
        prepared = ["CREATE EXTENSION pgcrypto"]
    seen = bed.watch_sql(bed.engine.sql(step), prepared)
    assert seen.of(ORDERS).rewritten is rewrites
    assert (bed.engine.default_kind(default) is DefaultKind.VOLATILE) is rewrites
    assert (bed.engine.lock(step, Size()).work == "rewrite") is rewrites
