"""Steps that change rows, a batch at a time, each batch in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.keeping import Keep
from wizard.model.names import TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One column and the SQL expression it is set to."""

    column: str
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Change existing rows in batches along ``key``, each batch its own transaction.

    ``needed`` is a predicate that holds just for the rows still to be changed, so that a second
    run does nothing. ``join`` is a FROM item for values from elsewhere, with ``on`` its condition.
    ``batch`` is the first batch's size in rows. ``overwrites`` says whether values are lost.
    An empty ``key`` means one statement for all rows: small tables, and engines with one writer.
    ``keeps`` are columns which the server would set with each change of a row, and which stay as
    they are; with ``touches`` they need not. ``keep`` is where each batch keeps the values that it
    overwrites, in its own transaction.
    """

    table: TableName
    assignments: tuple[Assignment, ...]
    needed: str
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    batch: int = 1_000
    join: str | None = None
    on: str | None = None
    overwrites: bool = False
    keeps: tuple[str, ...] = ()
    touches: bool = False
    keep: Keep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRows:
    """Delete existing rows in batches along ``key``, each batch its own transaction."""

    table: TableName
    needed: str
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    batch: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRows:
    """Copy rows of one table into another in batches along ``key``, each its own transaction.

    ``columns`` have the same names in both tables, ``key`` is unique in both and among them. A row
    whose key is in ``target`` already is left as it is, so that a second run does nothing.
    ``table`` is the source.
    """

    table: TableName
    target: TableName
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_types: tuple[str, ...]
    needed: str = ""
    batch: int = 1_000


#: The steps that walk a table in batches.
Batched = Backfill | DeleteRows | CopyRows
