"""The shop's application: what one instance of a version of it asks the database, all the time.

It names its columns, as an ORM does, and checks each answer against what was written last,
whichever version wrote it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.demo.ledger import Ledger
from wizard.demo.tally import Tally

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

#: Between two questions of an instance: enough to see every moment, few enough for a laptop.
PAUSE = 0.015
STATES = ("new", "paid", "shipped", "done", "cancelled")
#: What the shop's orders say when nobody says anything.
DEFAULT = "new"

_STATEMENTS = {
    "insert": "INSERT INTO orders (customer_id, total_cents, {writes}) VALUES (%s, 700, %s)"
    " RETURNING id, {reads}",
    "default": "INSERT INTO orders (customer_id, total_cents) VALUES (%s, 700) RETURNING id, {reads}",
    "update": "UPDATE orders SET {writes} = %s WHERE id = %s RETURNING {reads}",
    "upsert": "INSERT INTO orders (id, customer_id, total_cents, {writes})"
    " OVERRIDING SYSTEM VALUE VALUES (%s, 1, 700, %s)"
    " ON CONFLICT (id) DO UPDATE SET {writes} = excluded.{writes} RETURNING {reads}",
    "select": "SELECT {reads} FROM orders WHERE id = %s",
    "lock": "SELECT {reads} FROM orders WHERE id = %s FOR UPDATE",
    "find": "SELECT count(*) FROM orders WHERE id = %s AND {reads} = %s",
    "touch": "UPDATE orders SET closed_at = now() WHERE id = %s RETURNING {reads}",
    "delete": "DELETE FROM orders WHERE id = %s RETURNING {reads}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the application: the column that it reads, and the one that it writes."""

    name: str
    reads: str
    writes: str


class _Failed(Exception):
    """A query failed; it is counted already."""


class Instance:
    """One running process of the application, with a connection of its own."""

    def __init__(self, version: Version, url: str, ledger: Ledger, tally: Tally, seed: int) -> None:
        self.version = version
        #: Held while it is at work: who takes it finds the instance between two pieces of work.
        self.busy = threading.Lock()
        self._url, self._ledger, self._tally = url, ledger, tally
        self._chance = random.Random(seed)
        self._stop = threading.Event()
        self._connection: psycopg.Connection | None = None
        self._statements: dict[str, Composed] = {}
        self._thread = threading.Thread(target=self._run, name=version.name, daemon=True)

    def start(self) -> None:
        """Connect, and begin to ask."""
        from psycopg import sql

        from wizard.demo.proof import connect

        names = {
            "reads": sql.Identifier(self.version.reads),
            "writes": sql.Identifier(self.version.writes),
        }
        self._statements = {key: sql.SQL(text).format(**names) for key, text in _STATEMENTS.items()}
        self._connection = connect(self._url)
        self._connection.autocommit = True
        self._thread.start()

    def stop(self) -> None:
        """Let it finish what it is doing, and disconnect."""
        self._stop.set()
        if self._connection is not None:
            self._thread.join()
            self._connection.close()

    def _run(self) -> None:
        work: tuple[Callable[[], None], ...] = (
            self._update,
            self._select,
            self._insert,
            self._find,
            self._transaction,
            self._update,
            self._upsert,
            self._touch,
            self._delete,
        )
        import psycopg

        turn = 0
        while not self._stop.wait(PAUSE):
            stage = self._tally.stage
            with self.busy:
                try:
                    work[turn % len(work)]()
                except psycopg.Error as error:
                    # At the border of a transaction: no query of its own was counted for it.
                    self._tally.add(stage, self.version.name, seconds=0, problem=_first_line(error))
                except _Failed:
                    pass
            turn += 1

    # --- what it does ------------------------------------------------------------------------

    def _select(self) -> None:
        row = self._ledger.pick(self._chance)
        with row.lock:
            if row.value is not None:
                self._ask("select", (row.number,), (row.value,))

    def _find(self) -> None:
        row = self._ledger.pick(self._chance)
        with row.lock:
            if row.value is not None:
                self._ask("find", (row.number, row.value), (1,))

    def _touch(self) -> None:
        row = self._ledger.pick(self._chance)
        with row.lock:
            if row.value is not None:
                self._ask("touch", (row.number,), (row.value,))

    def _update(self) -> None:
        row, value = self._ledger.pick(self._chance), self._chance.choice(STATES)
        with row.lock:
            if row.value is not None:
                self._ask("update", (value, row.number), (value,))
                row.value = value

    def _upsert(self) -> None:
        row, value = self._ledger.pick(self._chance), self._chance.choice(STATES)
        with row.lock:
            if row.value is not None:
                self._ask("upsert", (row.number, value), (value,))
                row.value = value

    def _transaction(self) -> None:
        assert self._connection is not None
        row, value = self._ledger.pick(self._chance), self._chance.choice(STATES)
        with row.lock:
            if row.value is None:
                return
            with self._connection.transaction():
                self._ask("lock", (row.number,), (row.value,))
                self._ask("update", (value, row.number), (value,))
            row.value = value

    def _insert(self) -> None:
        customer = self._chance.randint(1, 20_000)
        if self._chance.random() < 0.5:
            number = self._ask("default", (customer,), (DEFAULT,))
            self._ledger.add(number, DEFAULT)
        else:
            value = self._chance.choice(STATES)
            number = self._ask("insert", (customer, value), (value,))
            self._ledger.add(number, value)

    def _delete(self) -> None:
        row = self._ledger.pick_own(self._chance)
        if row is None:
            return
        with row.lock:
            if row.value is not None:
                self._ask("delete", (row.number,), (row.value,))
                self._ledger.forget(row)

    def _ask(self, what: str, parameters: tuple[object, ...], expected: tuple[object, ...]) -> int:
        """Ask, count, and compare; return the number that came first where there are two values.

        Raises _Failed when the server refuses.
        """
        import psycopg

        assert self._connection is not None
        stage, started = self._tally.stage, time.perf_counter()
        try:
            found = self._connection.execute(self._statements[what], parameters).fetchone()
        except psycopg.Error as error:
            spent = time.perf_counter() - started
            self._tally.add(stage, self.version.name, seconds=spent, problem=_first_line(error))
            raise _Failed from None
        spent = time.perf_counter() - started
        answer = () if found is None else found[-1:]
        problem = "" if answer == expected else f"{what}: read {answer}, and not {expected}"
        self._tally.add(stage, self.version.name, seconds=spent, problem=problem)
        return int(found[0]) if found is not None and len(found) > 1 else 0


def _first_line(error: Exception) -> str:
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return said.partition(" at character ")[0]
