"""Steps that leave the database as it is: they look, they lock, or they say why there is nothing to do."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class Require:
    """Stop with ``message`` unless ``query`` returns no row: a pre-flight inside the migration.

    ``named`` says that the query returns names of objects, which the error then lists.
    """

    query: str
    message: str
    table: TableName
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTables:
    """Take table locks up front and in one fixed order, so that two lockers cannot deadlock.

    ``mode`` is "share row exclusive" or "access exclusive". Engines without such locks skip it.
    """

    tables: tuple[TableName, ...]
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No change: the way back of what needs none. ``reason`` is shown and written in the file."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """A way back that does not exist. The generated downgrade raises ``reason``."""

    reason: str


GuardStep = Require | LockTables | Nothing | Impossible
