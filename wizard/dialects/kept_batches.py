"""Batches that keep old values in two statements of one transaction, where one statement cannot do both.

The first reads the rows that need the change, locks them where rows have locks, and keeps of each what
it holds and what is going to be written. The second writes just that, and only where it is kept: a row
that somebody inserts between the two is left for the next run. The statements differ by little from
engine to engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wizard.dialects.keyset import free_name, texts, where
from wizard.model.keeping import Keep, KeptColumn
from wizard.model.names import TableName
from wizard.model.steps import Backfill


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How an engine writes it.

    ``clash`` is what stands between the rows and what becomes of a row that was kept before, given
    the key's names; ``fresh`` names a value of the row that would be kept now. ``differ`` is
    `Dialect.distinct`.
    """

    quote: Callable[[str], str]
    table: Callable[[TableName], str]
    clash: Callable[[str], str]
    fresh: Callable[[str], str]
    differ: Callable[[str, str, str | None], str]
    locks: str = ""


def keeping(step: Backfill, keep: Keep, wanted: Sequence[str], words: Words) -> str:
    """Return the statement that keeps what the wanted rows hold, and what they are going to hold."""
    quote = words.quote
    keys = ", ".join(map(quote, keep.key))
    written = {one.column: one.expression for one in step.assignments}
    names = [quote(name) for one in keep.columns for name in (one.old, one.new)]
    read = [
        text for one in keep.columns for text in (quote(one.column), f"({written[one.column]})")
    ]
    replaced = [text for one in keep.columns for text in _replaced(one, keep, words)]
    if words.locks:
        # MariaDB gives a moment that is not NULL an ON UPDATE of its own, unless it is set by name
        # (MariaDB manual, explicit_defaults_for_timestamp).
        moments = [
            quote(name)
            for name, kind in zip(step.key, step.key_types, strict=True)
            if kind.startswith("timestamp")
        ]
        replaced += [f"{one} = VALUES({one})" for one in moments]
    return (
        f"INSERT INTO {words.table(keep.table)} ({', '.join([keys, *names])})\n"
        f"SELECT {', '.join([keys, *read])} FROM {words.table(step.table)}\n"
        f"{where(wanted).strip() or 'WHERE true'}\nORDER BY {keys}{words.locks}\n"
        f"{words.clash(keys)}\n    " + ",\n    ".join(replaced)
    )


def _replaced(one: KeptColumn, keep: Keep, words: Words) -> tuple[str, str]:
    """Return what becomes of a kept value when its row is changed again: it stays, unless somebody
    else has written the row since."""
    old, new = words.quote(one.old), words.quote(one.new)
    side = words.table(keep.table)
    changed = words.differ(words.fresh(old), f"{side}.{new}", one.compare_as)
    choice = f"CASE WHEN {changed} THEN {words.fresh(old)} ELSE {side}.{old} END"
    return f"{old} = {choice}", f"{new} = {words.fresh(new)}"


def changing(step: Backfill, keep: Keep, wanted: Sequence[str], words: Words) -> str:
    """Return the statement that writes to the wanted rows what was kept for them."""
    quote, own = words.quote, words.table(step.table)
    kept = free_name("kept", *texts(step))
    same = " AND ".join(f"{kept}.{quote(one)} = {own}.{quote(one)}" for one in keep.key)
    source = f"FROM {words.table(keep.table)} AS {kept} WHERE {same}"
    changes = [
        f"{quote(one.column)} = (SELECT {kept}.{quote(one.new)} {source})" for one in keep.columns
    ]
    changes += [f"{quote(one)} = {quote(one)}" for one in step.keeps]
    there = f"EXISTS (SELECT 1 {source})"
    return f"UPDATE {own} SET {', '.join(changes)}{where((*wanted, there))}"
