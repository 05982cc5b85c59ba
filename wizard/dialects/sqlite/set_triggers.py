"""Triggers that keep several columns of SQLite in step with several others, after the row is written."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.dialects.columns import in_row
from wizard.dialects.sqlite.words import quote
from wizard.model.syncs import Follower, SyncSets


def bodies(sync: SyncSets) -> tuple[str, str]:
    """Return WHEN and the body of the trigger behind inserts, and of the one behind updates.

    The UPDATE inside sets only what does not say yet what the other side says: it fires the second
    trigger once more, which then finds nothing to do.
    """
    to_new = [_value(one, sync.olds) for one in sync.new]
    to_old = [_value(one, sync.news) for one in sync.old] if sync.two_way else []
    given = " OR ".join(f"NEW.{quote(one)} IS NOT NULL" for one in sync.news)
    forward = _differ(sync.new, to_new)
    back = _differ(sync.old, to_old) if to_old else "1"
    changed = _differ(sync.new, [f"OLD.{quote(one)}" for one in sync.news])
    before = _differ(sync.old, [f"OLD.{quote(one)}" for one in sync.olds])
    cases = [f"(NOT ({given}) AND ({forward}))"]
    also = [f"(NOT ({changed}) AND ({before}) AND (NOT ({given}) OR {back}))"]
    if to_old:
        cases.append(f"(({given}) AND ({back}))")
        also.append(f"(({changed}) AND ({forward}))")
    inserted = _trigger(sync, to_new, to_old, given, " OR ".join(cases))
    updated = _trigger(sync, to_new, to_old, changed, " OR ".join(also))
    return inserted, updated


def _trigger(sync: SyncSets, to_new: list[str], to_old: list[str], leads: str, when: str) -> str:
    """Return the trigger from WHEN on; ``leads`` holds where the new side leads."""
    sets = [
        f"{quote(name)} = CASE WHEN {leads} THEN {value} ELSE {quote(name)} END"
        for name, value in zip(sync.olds, to_old, strict=False)
    ]
    sets += [
        f"{quote(name)} = CASE WHEN {leads} THEN {quote(name)} ELSE {value} END"
        for name, value in zip(sync.news, to_new, strict=True)
    ]
    assigned = ",\n        ".join(sets)
    return (
        f"WHEN {when}\nBEGIN\n    UPDATE {quote(sync.table.name)} SET\n        {assigned}\n"
        "    WHERE rowid = NEW.rowid;\nEND"
    )


def _value(one: Follower, leaders: Iterable[str]) -> str:
    return in_row(one.expression or "NULL", leaders, "NEW", quote, "sqlite")


def _differ(columns: Iterable[Follower], values: Iterable[str]) -> str:
    def sides(one: Follower, value: str) -> str:
        column = f"NEW.{quote(one.column)}"
        if one.compare_as is None:
            return f"{column} IS NOT ({value})"
        return f"CAST({column} AS {one.compare_as}) IS NOT CAST({value} AS {one.compare_as})"

    return " OR ".join(sides(*each) for each in zip(columns, values, strict=True))
