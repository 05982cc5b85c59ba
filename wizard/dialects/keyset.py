"""What all engines' batches have in common: conditions on the key that batches walk along."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from wizard.dialects.sqltext import conjunct
from wizard.model.steps import Backfill, Batched

Quote = Callable[[str], str]

#: Types that say what a step without a key walks along: the place of each row (PostgreSQL), its
#: hidden number (SQLite). No column of the table has such a name.
HIDDEN_TYPES = frozenset({"tid", "rowid"})


def key_names(step: Batched, quote: Quote, own: str = "") -> tuple[str, ...]:
    """Return the quoted columns of the key, qualified with ``own`` when it is given."""
    return tuple(f"{own}.{quote(one)}" if own else quote(one) for one in step.key)


def last_key(step: Batched, quote: Quote, table: str) -> str | None:
    """Return the query for the key at which a walk ends, None for a key of several columns."""
    if len(step.key) != 1:
        return None
    key = quote(step.key[0])
    return f"SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1"


def row(items: Iterable[str]) -> str:
    """Return one item bare, several as a row for comparison."""
    listed = tuple(items)
    return listed[0] if len(listed) == 1 else f"({', '.join(listed)})"


def joined_values(step: Batched) -> str | None:
    """Return the FROM item for values from elsewhere."""
    return step.join if isinstance(step, Backfill) else None


def conditions(step: Batched, dialect: str) -> tuple[str, ...]:
    """Return the conditions on a row to be changed, fit to be joined by AND."""
    found = []
    if isinstance(step, Backfill) and step.on is not None:
        found.append(step.on)
    if step.needed.strip().lower() not in ("", "true"):
        found.append(step.needed)
    return tuple(conjunct(one, dialect) for one in found)


def where(items: Iterable[str]) -> str:
    """Return a WHERE clause with a leading blank, or nothing."""
    listed = " AND ".join(items)
    return f" WHERE {listed}" if listed else ""


def free_name(wanted: str, *texts: str | None) -> str:
    """Return a name that none of the texts mentions."""
    said = " ".join(one.lower() for one in texts if one)
    name = wanted
    while re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said):
        name += "_"
    return name


def about_keeping(step: Batched) -> str:
    """Return what to say above a batch that keeps old values, empty for one that does not."""
    if not isinstance(step, Backfill) or step.keep is None:
        return ""
    return f"Walks the key; each batch keeps in {step.keep.table} what its rows held before."


def texts(step: Batched) -> tuple[str | None, ...]:
    """Return all SQL that the step brings along, and its names."""
    found: tuple[str | None, ...] = (step.needed, step.table.name, step.table.schema, *step.key)
    if isinstance(step, Backfill):
        pieces = (text for one in step.assignments for text in (one.column, one.expression))
        found = (*found, step.join, step.on, *step.keeps, *pieces)
        if step.keep is not None:
            found = (*found, step.keep.table.name, step.keep.table.schema)
    return found
