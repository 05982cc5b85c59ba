"""What the rest of migwiz sees of a database: a catalogue that can only be read."""

from __future__ import annotations

from typing import Protocol

from wizard.model.names import TableName
from wizard.model.schema import Enum, Table, TableSummary


class Catalog(Protocol):
    """A database or a DDL file, read on demand. Every method may raise ReachError.

    Table names in the connection's default schema carry ``schema=None``.
    """

    @property
    def dialect(self) -> str:
        """The dialect's name."""

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version."""

    @property
    def database(self) -> str:
        """The database's name, or the file's, for people."""

    @property
    def flavour(self) -> str:
        """The engine behind the protocol with its own version: ``citus 12.1``; else empty."""

    @property
    def live(self) -> bool:
        """Whether queries can be run, which a DDL file cannot."""

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables and partitioned parents with their sizes, sorted by name."""

    def table(self, name: TableName) -> Table:
        """Return one table's details; raises AnswerError (`unknown-table`) with near names."""

    def enums(self) -> tuple[Enum, ...]:
        """Return the enumerated types, with what uses them."""

    def query(
        self, sql: str, *, limit: int = 5, patience_ms: int | None = None
    ) -> list[tuple[object, ...]]:
        """Run one read-only query and return at most ``limit`` rows; raises ReachError.

        ``patience_ms`` replaces the session's short statement timeout, for a gate's scan.
        """

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
