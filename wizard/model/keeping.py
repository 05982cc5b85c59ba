"""Old values that a backfill keeps beside the table while it overwrites them."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptColumn:
    """Where the side table keeps a column: what it held, and what the backfill wrote to it.

    What was written tells later whether somebody else has changed the row since. ``compare_as`` is
    the type to which values are cast for comparison, see `Dialect.compare_as`.
    """

    column: str
    old: str
    new: str
    compare_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """A side table, one row for each changed row: its columns ``key`` are named as the table's own.

    An old value is kept once. It is replaced only when the row is changed again and holds something
    else than what the backfill wrote: then the application has written it meanwhile.
    """

    table: TableName
    key: tuple[str, ...]
    columns: tuple[KeptColumn, ...]
