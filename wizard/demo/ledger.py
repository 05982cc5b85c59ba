"""What the applications have written last: every answer of the database is held against it."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping


class Row:
    """An order; ``value`` is its status as last written, None once it is deleted.

    Who asks about it or changes it holds ``lock`` meanwhile, so that there is one right answer.
    """

    def __init__(self, number: int, value: str, *, own: bool) -> None:
        self.number = number
        self.value: str | None = value
        self.own = own
        self.lock = threading.Lock()


class Ledger:
    """All orders. The applications work on the newest ones, and on those that they add themselves.

    Only orders of their own can be deleted: items and payments belong to the others.
    """

    def __init__(self, values: Mapping[int, str], *, busy: int) -> None:
        self._rest = dict(values)
        self._lock = threading.Lock()
        self._rows: dict[int, Row] = {}
        for number in sorted(values)[-busy:]:
            self._rows[number] = Row(number, self._rest.pop(number), own=False)
        self._numbers = list(self._rows)

    def pick(self, chance: random.Random) -> Row:
        """Return one of the orders that are worked on; it may be deleted by the time it is locked."""
        with self._lock:
            return self._rows[chance.choice(self._numbers)]

    def pick_own(self, chance: random.Random) -> Row | None:
        """Return an order that an application has added, None while there are few."""
        with self._lock:
            found = [number for number in self._numbers[-50:] if self._rows[number].own]
            return self._rows[chance.choice(found)] if len(found) > 10 else None

    def add(self, number: int, value: str) -> None:
        """Enter an order that has just been written."""
        with self._lock:
            self._rows[number] = Row(number, value, own=True)
            self._numbers.append(number)

    def forget(self, row: Row) -> None:
        """Strike a deleted order out; its lock is held."""
        row.value = None
        with self._lock:
            del self._rows[row.number]
            self._numbers.remove(row.number)

    def all(self) -> Mapping[int, str]:
        """Return every order's status; right only while nobody works."""
        with self._lock:
            worked = {number: row.value for number, row in self._rows.items()}
            return self._rest | {number: one for number, one in worked.items() if one is not None}
