"""Triggers that keep several columns of MySQL and MariaDB in step with several others.

Each body is one SET, so that no runner can cut it in two at a semicolon. Its assignments work one
after the other, and each sees those before it: hence the conditions, which are such that a side is
either written whole or stops where it already says what the other one does.
"""

from __future__ import annotations

from wizard.dialects.columns import in_row
from wizard.dialects.mysql_family.words import quote
from wizard.model.syncs import Follower, SyncSets


def bodies(sync: SyncSets, engine: str) -> tuple[str, str]:
    """Return the SET for rows that are inserted, and the one for rows that are updated."""
    to_new = [_value(one, sync.olds, engine) for one in sync.new]
    to_old = [_value(one, sync.news, engine) for one in sync.old] if sync.two_way else []
    pairs = list(zip(sync.new, to_new, strict=True))
    given = " OR ".join(f"{_new(one.column)} IS NOT NULL" for one in sync.new)
    changed = " OR ".join(f"NOT ({_unchanged(one)})" for one in sync.new)
    lagging = " OR ".join(f"NOT ({_same(one, value)})" for one, value in pairs)
    insert, update = [], []
    for one, value in zip(sync.old, to_old, strict=False):
        column = _new(one.column)
        insert.append(f"{column} = IF({given}, {value}, {column})")
        update.append(f"{column} = IF(({changed}) AND ({lagging}), {value}, {column})")
    others = [" OR ".join(f"NOT ({_unchanged(one)})" for one in sync.old)]
    if to_old:
        apart = [f"NOT ({_same(*each)})" for each in zip(sync.old, to_old, strict=True)]
        others.append(" OR ".join((f"NOT ({given})", *apart)))
    for number, (one, value) in enumerate(pairs):
        column = _new(one.column)
        # Those before it have been set by then.
        done = [_same(*each) for each in pairs[:number]]
        empty = [f"{_new(each.column)} IS NULL" for each, _ in pairs[number:]]
        still = [_unchanged(each) for each, _ in pairs[number:]]
        insert.append(f"{column} = IF({' AND '.join((*done, *empty))}, {value}, {column})")
        due = " AND ".join((*done, *still, *(f"({each})" for each in others)))
        update.append(f"{column} = IF({due}, {value}, {column})")
    return "SET " + ",\n    ".join(insert), "SET " + ",\n    ".join(update)


def _new(column: str) -> str:
    return f"NEW.{quote(column)}"


def _value(one: Follower, leaders: tuple[str, ...], engine: str) -> str:
    return in_row(one.expression or "NULL", leaders, "NEW", quote, engine)


def _same(one: Follower, value: str) -> str:
    """Return a condition that holds when a column holds a value, to the letter."""
    column = _new(one.column)
    if one.compare_as is None:
        return f"{column} <=> ({value})"
    return f"CAST({column} AS BINARY) <=> CAST({value} AS BINARY)"


def _unchanged(one: Follower) -> str:
    """Return a condition that holds when an UPDATE leaves the column as it is, case included."""
    new, old = _new(one.column), f"OLD.{quote(one.column)}"
    as_bytes = f"CAST({new} AS BINARY) <=> CAST({old} AS BINARY)"
    return as_bytes if one.compare_as is not None else f"{new} <=> {old} AND {as_bytes}"
