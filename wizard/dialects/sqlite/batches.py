"""Backfills and deletions on SQLite: at once, or in batches of two statements."""

from __future__ import annotations

from wizard.dialects.base import Batch
from wizard.dialects.kept_batches import Words, changing, keeping
from wizard.dialects.keyset import (
    about_keeping,
    conditions,
    joined_values,
    key_names,
    last_key,
    row,
    where,
)
from wizard.dialects.sqlite.words import names, quote, table
from wizard.model.errors import AnswerError
from wizard.model.schema import Column, Table
from wizard.model.steps import Backfill, Batched, CopyRows, DeleteRows


def whole(step: Batched) -> tuple[str, ...]:
    """Return the statement for all rows, behind the one that keeps what they hold."""
    kept = _keep(step, ())
    change = _change(step, ())
    return (change,) if kept is None else (kept, change)


def _differ(left: str, right: str, compare_as: str | None) -> str:
    cast = (f"CAST({one} AS {compare_as})" if compare_as else one for one in (left, right))
    return " IS NOT ".join(cast)


_WORDS = Words(
    quote=quote,
    table=table,
    clash=lambda keys: f"ON CONFLICT ({keys}) DO UPDATE SET",
    fresh=lambda name: f"excluded.{name}",
    differ=_differ,
)


def _keep(step: Batched, limits: tuple[str, ...]) -> str | None:
    if not isinstance(step, Backfill) or step.keep is None:
        return None
    return keeping(step, step.keep, (*limits, *conditions(step, "sqlite")), _WORDS)


def _change(step: Batched, limits: tuple[str, ...]) -> str:
    wanted = where((*limits, *conditions(step, "sqlite")))
    if isinstance(step, DeleteRows):
        return f"DELETE FROM {table(step.table)}{wanted}"
    if isinstance(step, CopyRows):
        listed = names(step.columns)
        # A row whose key is there already stays as it is; any other clash is an error.
        return (
            f"INSERT INTO {table(step.target)} ({listed}) SELECT {listed} "
            f"FROM {table(step.table)}{wanted or ' WHERE true'} "
            f"ON CONFLICT{f' ({names(step.key)})' if step.key else ''} DO NOTHING"
        )
    if step.keep is not None:
        return changing(step, step.keep, (*limits, *conditions(step, "sqlite")), _WORDS)
    changes = ", ".join(f"{quote(one.column)} = {one.expression}" for one in step.assignments)
    source = f" FROM {step.join}" if step.join else ""
    return f"UPDATE {table(step.table)} SET {changes}{source}{wanted}"


def hidden_key(of: Table) -> Column | None:
    """Return the row's number; a table WITHOUT ROWID has a primary key, and no need of it."""
    taken = {one.name.lower() for one in of.columns}
    free = [name for name in ("rowid", "_rowid_", "oid") if name not in taken]
    if of.kind != "table" or not free:
        return None
    return Column(name=free[0], type="rowid", nullable=False)


def batch(step: Batched) -> Batch:
    """Return the SQL of one batch; raises AnswerError for a step without a key."""
    if not step.key:
        raise AnswerError("no-key", f"{step.table} has no key to walk along")
    own = key_names(step, quote, quote(step.table.name) if joined_values(step) else "")
    numbers = range(len(own))
    after = f"{row(own)} > {row(f':after_{at}' for at in numbers)}"
    upto = f"{row(own)} <= {row(f':upto_{at}' for at in numbers)}"
    return Batch(
        first=_change(step, (upto,)),
        following=_change(step, (after, upto)),
        walk_first=_walk(step, first=True),
        walk_following=_walk(step, first=False),
        last=last_key(step, quote, table(step.table)),
        about=about_keeping(step),
        keep_first=_keep(step, (upto,)),
        keep_following=_keep(step, (after, upto)),
    )


def _walk(step: Batched, *, first: bool) -> str:
    keys = key_names(step, quote)
    numbers = range(len(keys))
    begins = "" if first else f" WHERE {row(keys)} > {row(f':after_{at}' for at in numbers)}"
    listed = ", ".join(f"{one} AS key_{at}" for at, one in enumerate(keys))
    descending = ", ".join(f"key_{at} DESC" for at in numbers)
    inner = (
        f"SELECT {listed} FROM {table(step.table)}{begins} ORDER BY {', '.join(keys)} LIMIT :size"
    )
    last = ", ".join(f"last.key_{at} AS last_{at}" for at in numbers)
    # The join makes one row of NULLs when there is no key left.
    return (
        f"SELECT {last} FROM (SELECT 1) LEFT JOIN (\n"
        f"    SELECT * FROM (\n        {inner}\n    )\n"
        f"    ORDER BY {descending} LIMIT 1\n) AS last ON true"
    )
