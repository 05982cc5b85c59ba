"""Reading the signs on which a run waits, through connections of their own that can only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wizard.backfilling import signals
from wizard.backfilling.engines import engines
from wizard.backfilling.progress import Reading
from wizard.backfilling.signals.asking import asking_mysql, asking_postgresql, asking_sqlite
from wizard.backfilling.signals.base import Query, Refused, Row, Watch
from wizard.database import failures
from wizard.database.drivers import open_session
from wizard.database.urls import DatabaseUrl
from wizard.model.names import TableName

_ASKING: Mapping[str, Callable[[Any], Query]] = {
    "postgresql": asking_postgresql,
    "mysql": asking_mysql,
    "mariadb": asking_mysql,
    "sqlite": asking_sqlite,
}


class Asker:
    """A server that is asked now and then; it is connected to anew when the connection was lost."""

    def __init__(self, dialect: str, url: DatabaseUrl) -> None:
        self._dialect, self._url = dialect, url
        self._session: Any = None
        self._query: Query | None = None

    def __call__(self, sql: str) -> Sequence[Row]:
        """Run one query; raises Refused, also when the server cannot be reached."""
        if self._query is None:
            self._connect()
        assert self._query is not None
        try:
            return self._query(sql)
        except Refused as error:
            cause = error.__cause__
            if isinstance(cause, Exception) and self._lost(cause):
                self.close()
            raise

    def close(self) -> None:
        """Close the connection; harmless when there is none."""
        session, self._session, self._query = self._session, None, None
        if session is not None and getattr(session, "open", True):
            session.close()

    def _connect(self) -> None:
        engine = engines()[self._dialect]
        try:
            self._session = open_session(self._url)
        except engine.errors as error:
            raise Refused(failures.connecting(error, self._url).message) from None
        if self._dialect == "postgresql":
            self._session.autocommit = True
        self._query = _ASKING[self._dialect](self._session)

    def _lost(self, error: Exception) -> bool:
        return engines()[self._dialect].trouble(error) == "lost"


class Watcher:
    """The signs of one table's database, and of the replicas that were named: a run's `Signals`."""

    def __init__(
        self,
        dialect: str,
        url: DatabaseUrl,
        table: TableName,
        *,
        replicas: Sequence[DatabaseUrl] = (),
        limits: Mapping[str, float] | None = None,
    ) -> None:
        self._dialect, self._table, self._limits = dialect, table, limits or {}
        self._asker = Asker(dialect, url)
        self._replicas = {_name(one): Asker(dialect, one) for one in replicas}

    def __call__(self, sessions: tuple[int, ...]) -> tuple[Reading, ...]:
        """Return what all signs say; ``sessions`` are the numbers of those that write."""
        watch = Watch(
            table=self._table, ours=sessions, replicas=self._replicas, limits=self._limits
        )
        return signals.read(self._dialect, self._asker, watch)

    def close(self) -> None:
        """Close all connections."""
        for one in (self._asker, *self._replicas.values()):
            one.close()


def _name(url: DatabaseUrl) -> str:
    return f"{url.host}:{url.port}" if url.port else url.host or url.shown
