"""One connection that can only read: short timeouts, read-only transactions, clear failures."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from wizard.database import drivers, failures
from wizard.database.failure_words import gone
from wizard.database.urls import DatabaseUrl
from wizard.model.errors import ReachError

Row = tuple[Any, ...]
Read = Callable[..., list[Row]]


class Reader(Protocol):
    """What a catalogue needs of a connection."""

    def reading(self) -> contextlib.AbstractContextManager[Read]:
        """Yield a function ``read(sql, parameters, limit=None) -> rows``."""

    def rows(self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None) -> list[Row]:
        """Run one query and return its rows."""

    def close(self) -> None:
        """Close the connection; harmless when it is closed."""


class Connection:
    """A read-only connection that may be used from any thread, by one at a time.

    It connects on first use, holds no transaction between two calls, and connects anew when the
    server has dropped it meanwhile. It is closed at the latest when nobody holds it any more, or
    when the program ends. Every method may raise ReachError.
    """

    def __init__(self, url: DatabaseUrl) -> None:
        self.url = url
        self._session: Any = None
        self._at_the_latest: weakref.finalize[[Any], Connection] | None = None
        self._lock = threading.RLock()
        self._was_open = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[Read]:
        """Yield a function ``read(sql, parameters, limit=None) -> rows``, all in one transaction.

        The transaction is read-only and always rolled back.
        """
        with self._lock:
            session = self._connected()
            try:
                yield lambda sql, parameters=(), limit=None: self._run(
                    session, sql, parameters, limit
                )
            finally:
                with contextlib.suppress(Exception):
                    session.rollback()

    def rows(self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None) -> list[Row]:
        """Run one query in a transaction of its own and return its rows."""
        with self.reading() as read:
            return read(sql, parameters, limit)

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                _close(session)
                if self._at_the_latest is not None:
                    self._at_the_latest.detach()

    def _connected(self) -> Any:
        if self._session is not None and self._alive(self._session):
            return self._session
        self.close()
        failure: ReachError
        try:
            self._session = drivers.open_session(self.url)
            self._at_the_latest = weakref.finalize(self, _close, self._session)
            drivers.begin(self._session, self.url)
        except Exception as error:  # every driver has its own tree of errors
            failure = failures.connecting(error, self.url)
        else:
            self._was_open = True
            return self._session
        self.close()
        if self._was_open and failure.code in ("unreachable", "no-database"):
            failure = gone(self.url, failure.why)
        raise failure from None

    def _alive(self, session: Any) -> bool:
        try:
            drivers.begin(session, self.url)
        except Exception:
            return False
        return True

    def _run(
        self, session: Any, sql: str, parameters: Sequence[Any], limit: int | None
    ) -> list[Row]:
        failure: ReachError
        try:
            with contextlib.closing(session.cursor()) as cursor:
                cursor.execute(sql, tuple(parameters))
                found = cursor.fetchall() if limit is None else cursor.fetchmany(limit)
            return [tuple(row) for row in found]
        except Exception as error:
            failure = failures.reading(error, self.url)
        if failure.code == "gone":
            self.close()
        raise failure from None


def _close(session: Any) -> None:
    with contextlib.suppress(Exception):
        session.close()
