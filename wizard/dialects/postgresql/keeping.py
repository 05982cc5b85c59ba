"""Batches on PostgreSQL that keep the old values of rows beside the table while they change them.

All of it is one statement, so that no row is changed without its old value being kept. The rows are
locked first, in the order of the key: what is read then is what is overwritten, since a row that
somebody else has just changed is read again once its lock is there (PostgreSQL manual, Transaction
Isolation, Read Committed). A row whose key is changed in that very moment is left for the next run.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.dialects.keyset import free_name, row, texts
from wizard.dialects.postgresql.words import compared, names, quote, table
from wizard.model.keeping import Keep, KeptColumn
from wizard.model.steps import Backfill


def kept_change(step: Backfill, keep: Keep, indent: str, wanted: Sequence[str]) -> str:
    """Return the statement that changes rows and keeps what was there; its count is of both."""
    return f"WITH {common(step, keep, indent, wanted)}\n{indent}{keeping(step, keep, indent)}"


def common(step: Backfill, keep: Keep, indent: str, wanted: Sequence[str]) -> str:
    """Return the parts of a WITH clause that lock the rows, and change them."""
    held, changed, _ = _names(step, keep)
    own, deep = table(step.table), f"{indent}    "
    keys, columns = names(keep.key), names(tuple(one.column for one in keep.columns))
    changes = ", ".join(f"{quote(one.column)} = {one.expression}" for one in step.assignments)
    limits = "".join(f"\n{deep}{'AND' if at else 'WHERE'} {one}" for at, one in enumerate(wanted))
    within = f"{row(map(quote, keep.key))} IN (SELECT {keys} FROM {held})"
    return (
        f"{held} AS (\n"
        f"{deep}SELECT {keys}, {columns} FROM {own}{limits}\n"
        f"{deep}ORDER BY {keys} FOR UPDATE\n"
        f"{indent}), {changed} AS (\n"
        f"{deep}UPDATE {own} SET {changes}{limits}\n"
        f"{deep}{'AND' if wanted else 'WHERE'} {within}\n"
        f"{deep}RETURNING {keys}, {columns}\n"
        f"{indent})"
    )


def keeping(step: Backfill, keep: Keep, indent: str) -> str:
    """Return the statement that keeps what the rows held."""
    held, changed, kept = _names(step, keep)
    listed: list[str] = [quote(one) for one in keep.key]
    read = [f"{held}.{quote(one)}" for one in keep.key]
    for one in keep.columns:
        listed += [quote(one.old), quote(one.new)]
        read += [f"{held}.{quote(one.column)}", f"{changed}.{quote(one.column)}"]
    deep = f"{indent}    "
    replaced = [line for one in keep.columns for line in _replaced(one, kept, deep)]
    joined = f",\n{deep}".join(replaced)
    return (
        f"INSERT INTO {table(keep.table)} AS {kept} ({', '.join(listed)})\n"
        f"{indent}SELECT {', '.join(read)}\n"
        f"{indent}FROM {held} JOIN {changed} USING ({names(keep.key)})\n"
        f"{indent}ON CONFLICT ({names(keep.key)}) DO UPDATE SET\n"
        f"{deep}{joined}"
    )


def _replaced(one: KeptColumn, kept: str, indent: str) -> tuple[str, str]:
    old, new = quote(one.old), quote(one.new)
    differs = (
        f"{compared(f'excluded.{old}', one.compare_as)} IS DISTINCT FROM "
        f"{compared(f'{kept}.{new}', one.compare_as)}"
    )
    choice = (
        f"CASE\n{indent}    WHEN {differs} THEN excluded.{old}\n"
        f"{indent}    ELSE {kept}.{old}\n{indent}END"
    )
    return f"{old} = {choice}", f"{new} = excluded.{new}"


def _names(step: Backfill, keep: Keep) -> tuple[str, str, str]:
    said = (*texts(step), *(name for one in keep.columns for name in (one.old, one.new)))
    return free_name("held", *said), free_name("changed", *texts(step)), free_name("kept", *said)
