"""What differs from engine to engine when rows are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from wizard.database.urls import DatabaseUrl
from wizard.model.steps import Batched

#: ``lost`` is the connection; after ``deadlock`` and ``locked`` the same may be tried again, after
#: ``slow`` with fewer rows. All else stays as it is, however often it is tried.
Trouble = Literal["lost", "deadlock", "locked", "slow", "permanent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The rows of a query, and how many rows a statement has changed.

    Values are the driver's own on MySQL, MariaDB and SQLite, the server's text on PostgreSQL.
    """

    rows: tuple[tuple[object, ...], ...]
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the tables of a run's state are made of; ``now`` is seconds since 1970, by the server.

    ``session`` is a query for the number by which the server knows a connection, empty for none.
    """

    key: str
    text: str
    whole: str
    moment: str
    now: str
    behind: str = ""
    session: str = ""


class Writer(Protocol):
    """One connection that writes, in transactions that are begun and ended by call.

    Every method may raise one of the engine's ``errors``. A connection that raised any but
    ``deadlock``, ``locked`` and ``slow`` is of no use any more.
    """

    def begin(self, *, lock_ms: int, statement_ms: int) -> None:
        """Begin a transaction whose statements wait and run so long at most; 0 is without end."""

    def run(self, sql: str, values: Mapping[str, object]) -> Result:
        """Run one statement in the form that `Engine.prepare` or `Engine.own` has made."""

    def commit(self) -> None:
        """Commit."""

    def rollback(self) -> None:
        """Take the transaction back; harmless without one, and on a connection that is gone."""

    def close(self) -> None:
        """Close the connection, and with it its transaction; harmless when it is closed."""


class Engine(Protocol):
    """An engine to which batches are written. Implementations are frozen data."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What its driver raises."""

    @property
    def words(self) -> Words:
        """What its tables are made of."""

    @property
    def compares_rows(self) -> bool:
        """Whether an index serves ``(a, b) > (1, 2)``."""

    @property
    def schema_in_columns(self) -> bool:
        """Whether a column may be named with the schema of its table before the table."""

    @property
    def one_writer(self) -> bool:
        """Whether one connection at a time can write."""

    def open(self, url: DatabaseUrl) -> Writer:
        """Return a new connection."""

    def prepare(self, sql: str) -> str:
        """Return SQL with parameters such as ``:after_0`` as the driver reads it."""

    def own(self, sql: str) -> str:
        """Return SQL of ours, in which every colon begins a parameter, as the driver reads it."""

    def parameter(self, name: str, kind: str, /) -> str:
        """Return a parameter to be compared with a column of that type."""

    def trouble(self, error: Exception) -> Trouble:
        """Tell what to make of an error."""

    def obstacle(self, step: Batched) -> str | None:
        """Return why the step's key cannot be walked safely; None when it can."""
