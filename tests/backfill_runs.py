"""Backfills that count how often each row was changed, on small tables of any engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from wizard.backfilling.control import Control
from wizard.backfilling.engines import engines
from wizard.backfilling.engines.base import Writer
from wizard.backfilling.progress import Progress
from wizard.backfilling.runner import Settings, Signals, no_signals, run
from wizard.backfilling.work import Work
from wizard.database.urls import parse_url
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.steps import Assignment, Backfill, Batched

TABLE = TableName("items")
VERSIONS = {
    "postgresql": (15,),
    "mariadb": (10, 11, 0),
    "mysql": (8, 0, 36),
    "sqlite": (3, 40, 1),
}
#: Signs of life so often that a test need not wait for one that is dead.
QUICK = Settings(
    beat_s=0.05, signals_s=0.05, dead_s=0.6, first=20, least=5, most=20, patience_s=60.0
)


def counted(key: Sequence[str] = ("id",), kinds: Sequence[str] = ("bigint",)) -> Backfill:
    """Return a step that adds one to each row, and nothing in the row says that it was there."""
    return Backfill(
        table=TABLE,
        assignments=(Assignment(column="n", expression="n + 1"),),
        needed="true",
        key=tuple(key),
        key_types=tuple(kinds),
    )


def keyless(engine: str) -> Backfill:
    """Return a step that fills notes along what the engine knows rows by where they have no key."""
    name, kind = {"postgresql": ("ctid", "tid"), "sqlite": ("rowid", "rowid")}[engine]
    return Backfill(
        table=TABLE,
        assignments=(Assignment(column="note", expression="'filled ' || id"),),
        needed="note IS NULL",
        key=(name,),
        key_types=(kind,),
    )


def work_of(engine: str, step: Batched, *, name: str = "count/1", total: int | None = None) -> Work:
    return Work(
        name=name,
        plan="count",
        title="count the rows",
        step=step,
        dialect=dialect(engine, VERSIONS[engine]),
        total=total,
    )


@dataclass(slots=True)
class Place:
    """A database with its engine, asked through the runner's own driver."""

    engine: str
    url: str
    _writer: Writer | None = field(default=None, init=False)

    @property
    def writer(self) -> Writer:
        if self._writer is None:
            self._writer = engines()[self.engine].open(parse_url(self.url))
        return self._writer

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What its driver raises."""
        return engines()[self.engine].errors

    def do(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements in one transaction and return the rows of the last one."""
        rows: tuple[tuple[object, ...], ...] = ()
        self.writer.begin(lock_ms=5_000, statement_ms=60_000)
        for one in statements:
            rows = self.writer.run(
                one.replace("%", "%%") if self.engine != "sqlite" else one, {}
            ).rows
        self.writer.commit()
        return list(rows)

    def counts(self) -> list[int]:
        """Return how many times each row was changed, in no order."""
        return [int(row[0]) for row in self.do("SELECT n FROM items")]

    def fill(self, columns: str, key: str, values: Sequence[str]) -> None:
        """Make the table, with rows whose key columns are given as SQL."""
        behind = (
            " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4"
            if self.engine in ("mysql", "mariadb")
            else ""
        )
        self.do(
            "DROP TABLE IF EXISTS items",
            f"CREATE TABLE items ({columns}, n int NOT NULL DEFAULT 0, PRIMARY KEY ({key})){behind}",
        )
        for at in range(0, len(values), 1_000):
            listed = ", ".join(f"({one})" for one in values[at : at + 1_000])
            self.do(f"INSERT INTO items ({key}) VALUES {listed}")

    def numbered(self, rows: int) -> None:
        """Make the table with keys 1, 2, 3 …"""
        self.fill("id bigint NOT NULL", "id", [str(one) for one in range(1, rows + 1)])

    @contextmanager
    def holding(self, key: int) -> Iterator[None]:
        """Hold the lock of a row, as a transaction of the application does: a run waits there."""
        other = Place(self.engine, self.url)
        try:
            other.writer.begin(lock_ms=5_000, statement_ms=60_000)
            assert other.writer.run(f"UPDATE items SET n = n + 0 WHERE id = {key}", {}) is not None
            yield
            other.writer.rollback()
        finally:
            other.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def run(
        self,
        step: Batched | None = None,
        settings: Settings = QUICK,
        *,
        url: str | None = None,
        control: Control | None = None,
        tell: Callable[[Progress], None] = lambda _: None,
        name: str = "count/1",
        signals: Signals = no_signals,
    ) -> Progress:
        """Run a backfill in this process."""
        work = work_of(self.engine, step or counted(), name=name)
        return run(
            work, parse_url(url or self.url), settings, control=control, tell=tell, signals=signals
        )


class Aside:
    """A run in a thread of its own, which a test disturbs meanwhile."""

    def __init__(self, place: Place, settings: Settings = QUICK, **given: Any) -> None:
        self.control = Control()
        self.told: list[Progress] = []
        self.ended: Progress | None = None
        self.raised: BaseException | None = None
        self._moved = threading.Condition()

        def tell(progress: Progress) -> None:
            with self._moved:
                self.told.append(progress)
                self._moved.notify_all()

        def go() -> None:
            try:
                self.ended = place.run(settings=settings, control=self.control, tell=tell, **given)
            except BaseException as error:
                self.raised = error

        self._thread = threading.Thread(target=go, daemon=True)
        self._thread.start()

    def until(self, what: Callable[[Progress], bool]) -> Progress:
        """Wait for something to be told."""
        with self._moved:
            assert self._moved.wait_for(
                lambda: bool(self.told) and what(self.told[-1]), timeout=20
            ), self.told[-1:]
            return self.told[-1]

    def sleep(self, seconds: float) -> None:
        """Let it run for a random while, or until its end."""
        self._thread.join(seconds)

    def end(self) -> Progress:
        """Wait for the end."""
        self._thread.join(60)
        if self.raised is not None:
            raise self.raised
        assert self.ended is not None, self.told[-1:]
        return self.ended
