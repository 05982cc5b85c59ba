"""What MySQL's and MariaDB's dialects say, against a server: shared by the tests of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pymysql
from family_steps import EXAMPLES, PLAIN, SHOP
from step_examples import CUSTOMERS, ORDERS, Example

from wizard.dialects.base import Size
from wizard.dialects.mysql_family.choosing import Alter, way
from wizard.dialects.mysql_family.family import Family
from wizard.dialects.mysql_family.ways import Way
from wizard.model.inverse import inverse
from wizard.model.names import TableName
from wizard.model.plan import Lock
from wizard.model.steps import Impossible, Step
from wizard.rehearsal.mariadb_tracer import Trace, connected, trace

#: From the best to the worst; MySQL has no NOCOPY.
RANKS: tuple[Way, ...] = (
    Way("INSTANT"),
    Way("NOCOPY", "NONE"),
    Way("NOCOPY", "SHARED"),
    Way("INPLACE", "NONE"),
    Way("INPLACE", "SHARED"),
    Way("COPY", "NONE"),
    Way("COPY", "SHARED"),
)
#: "cannot do it that way", and MySQL's refusal of INSTANT together with a LOCK.
REFUSED = (1845, 1846, 1221)


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One step of an example or of its way back, with all that has to be there before."""

    name: str
    step: Step
    before: tuple[Step, ...]


def _directions(example: Example) -> list[Direction]:
    found = [Direction(name=example.name, step=example.step, before=example.before)]
    done = (*example.before, example.step)
    if isinstance(example.step, Impossible):
        return found
    for step in inverse(example.step)[0]:
        found.append(Direction(name=f"{example.name}: back", step=step, before=done))
        done = (*done, step)
    return found


DIRECTIONS = [one for example in EXAMPLES for one in _directions(example)]


class Session:
    """A connection whose statements read like sentences in a test."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def run(self, *statements: str) -> None:
        for one in statements:
            with self.connection.cursor() as cursor:
                cursor.execute(one)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def error(self, *statements: str) -> tuple[int, str]:
        """Return number and text of the error which the statements end with."""
        try:
            self.run(*statements)
        except pymysql.Error as error:
            return int(error.args[0]), str(error.args[1])
        raise AssertionError(f"no error from {statements[-1]}")


def fresh(session: Session) -> None:
    """Make the shop anew in the session's database."""
    name = session.rows("SELECT DATABASE()")[0][0]
    session.run(f"DROP DATABASE {name}", f"CREATE DATABASE {name}", f"USE {name}", *SHOP)


def plannable(engine: Family, one: Direction) -> bool:
    return all(engine.supports(step) is None for step in (*one.before, one.step))


def sql_of(engine: Family, steps: Sequence[Step]) -> list[str]:
    return [sql for step in steps for sql in engine.sql(step)]


def check_locks(engine: Family, url: str, one: Direction) -> None:
    """Assert that the step locks and works as its fact says."""
    fact = engine.lock(one.step, Size(rows=200, bytes=50_000))
    tables = tuple(dict.fromkeys((ORDERS, CUSTOMERS, PLAIN, TableName("old_orders"), *fact.on)))
    seen = trace(url, engine.sql(one.step), tables=tables, before=sql_of(engine, one.before))
    _check_waits(fact, seen)
    works = {each.work for each in seen.tables if each.table in fact.on} - {"none"}
    # Reading shows in no counter, and batches change rows, not tables.
    expected = set() if fact.work in ("none", "scan", "batches") else {fact.work}
    assert works == expected, (fact, seen)


def _check_waits(fact: Lock, seen: Trace) -> None:
    modes = {each.table: each.mode for each in seen.tables}
    for table in set(modes) - set(fact.on):
        assert modes[table] is None, (table, fact, seen)
    waits = fact.ends or "reads" in fact.blocks
    for table in fact.on:
        if waits and table == fact.on[-1]:
            assert modes[table] == "EXCLUSIVE", (table, fact, seen)
        elif waits:
            # The other table of a foreign key: at least its writers wait.
            assert modes[table] in ("EXCLUSIVE", "SHARED_NO_WRITE"), (table, fact, seen)
        else:
            assert modes[table] is None, (table, fact, seen)


def check_refusals(engine: Family, session: Session, one: Direction) -> None:
    """Assert that the server refuses every better way, and then takes the one that is written."""
    assert isinstance(one.step, Alter)
    session.run(*sql_of(engine, one.before))
    chosen = way(one.step, engine.ways)
    statements = engine.sql(one.step)
    place = next(at for at, sql in enumerate(statements) if sql.endswith(chosen.clause))
    session.run(*statements[:place])
    rank = next(
        at
        for at, each in enumerate(RANKS)
        if (each.algorithm, each.lock) == (chosen.algorithm, chosen.lock)
    )
    for better in RANKS[:rank]:
        if better.algorithm == "NOCOPY" and not engine.ways.maria:
            continue
        tried = statements[place].removesuffix(chosen.clause) + better.clause
        number, text = session.error(tried)
        assert number in REFUSED, (tried, number, text)
    session.run(*statements[place:])


def session_of(url: str) -> Any:
    """Return a context manager that yields a `Session`."""
    return _Session(url)


class _Session:
    def __init__(self, url: str) -> None:
        self._context = connected(url)

    def __enter__(self) -> Session:
        return Session(self._context.__enter__())

    def __exit__(self, *details: object) -> None:
        self._context.__exit__(None, None, None)
