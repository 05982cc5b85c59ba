"""Backfills and deletions on PostgreSQL: at once, one batch, or a block that loops by itself.

Batches walk the key and filter inside (safety.md §2.2). A batch is a range of keys, not a join
with a list of them: rows are locked in key order, and the planner always has an index condition;
joined lists of some thousand keys made it read the whole table for each batch.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.dialects.base import Batch
from wizard.dialects.keyset import (
    about_keeping,
    conditions,
    free_name,
    joined_values,
    key_names,
    last_key,
    row,
    texts,
)
from wizard.dialects.postgresql.keeping import common, keeping, kept_change
from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import block, budget, names, quote, table
from wizard.model.steps import Backfill, Batched, CopyRows, DeleteRows

#: A batch aims at this many seconds, and stays between these numbers of rows.
TARGET_SECONDS = 0.2
LEAST_ROWS, MOST_ROWS = 100, 10_000
# How long a batch waits for a row that somebody else has locked, and how often it tries again.
WAIT_MS, ATTEMPTS = 2_000, 10
#: It rests for this share of the time that the last batch took, so that others get their turn.
REST = 0.2
#: Returns a row while a standby is so far behind that reads from it are old.
LAGGING = "SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s'"

# Types whose values a driver hands over in a way that needs no cast.
_PLAIN = frozenset({"smallint", "integer", "bigint", "text"})


def whole(step: Batched) -> str:
    """Return one statement for all rows."""
    return statement(step, "", conditions(step, "postgresql"))


def statement(step: Batched, indent: str, wanted: tuple[str, ...]) -> str:
    """Return the statement that changes the wanted rows, on one line where ``indent`` is empty."""
    if isinstance(step, Backfill) and step.keep is not None:
        return kept_change(step, step.keep, indent, wanted)
    return head(step) + tail(step, indent, wanted)


def head(step: Batched) -> str:
    """Return what the statement does, up to its conditions."""
    if isinstance(step, DeleteRows):
        return f"DELETE FROM {table(step.table)}"
    if isinstance(step, CopyRows):
        listed = names(step.columns)
        return (
            f"INSERT INTO {table(step.target)} ({listed}) SELECT {listed} FROM {table(step.table)}"
        )
    changes = ", ".join(f"{quote(one.column)} = {one.expression}" for one in step.assignments)
    return f"UPDATE {table(step.table)} SET {changes}"


def tail(step: Batched, indent: str, wanted: tuple[str, ...]) -> str:
    """Return the conditions, on one line where ``indent`` is empty."""
    source = joined_values(step)
    found = f"\n{indent}FROM {source}" if source else ""
    found += f"\n{indent}WHERE " + " AND ".join(wanted) if wanted else ""
    if isinstance(step, CopyRows):
        target = f" ({names(step.key)})" if step.key else ""
        found += f"\n{indent}ON CONFLICT{target} DO NOTHING"
    return found if indent else found.replace("\n", " ")


def batch(step: Batched, *, plain: bool = False) -> Batch:
    """Return the SQL of one batch; raises ValueError for a step without a key.

    A ``plain`` one sets no lock timeout and asks for no replica: for engines that only speak the
    language.
    """
    _require_key(step)
    return Batch(
        first=_batch(step, first=True, plain=plain),
        following=_batch(step, first=False, plain=plain),
        last=last_key(step, quote, table(step.table)),
        lagging=None if plain else LAGGING,
        about=about_keeping(step),
    )


def _require_key(step: Batched) -> None:
    if not step.key:
        raise ValueError(f"{step.table} has no key to walk along")


def _own(step: Batched) -> str:
    """Return what qualifies the key in a statement that names several tables."""
    return table(step.table) if joined_values(step) else ""


def _batch(step: Batched, *, first: bool, plain: bool) -> str:
    keys, own = key_names(step, quote), key_names(step, quote, _own(step))
    upto, changed = free_name("batch", *texts(step)), free_name("changed", *texts(step))
    after = row(
        f":after_{at}" if kind in _PLAIN else f"CAST(:after_{at} AS {short(kind)})"
        for at, kind in enumerate(step.key_types)
    )
    begins = "" if first else f"\n        WHERE {row(keys)} > {after}"
    listed, ascending = ", ".join(keys), ", ".join(keys)
    descending = ", ".join(f"{one} DESC" for one in keys)
    limits = [] if first else [f"{row(own)} > {after}"]
    limits.append(f"{row(own)} <= (SELECT {listed} FROM {upto})")
    last = ", ".join(f"(SELECT {one} FROM {upto}) AS last_{at}" for at, one in enumerate(keys))
    # For this statement alone, whatever pool the connection comes from.
    patience = "" if plain else f", set_config('lock_timeout', '{WAIT_MS // 1_000}s', true)"
    return (
        f"WITH {upto} AS (\n"
        f"    SELECT {listed}{patience} FROM (\n"
        f"        SELECT {listed} FROM {table(step.table)}{begins}\n"
        f"        ORDER BY {ascending} LIMIT :size\n"
        f"    ) AS walked\n"
        f"    ORDER BY {descending} LIMIT 1\n"
        f"), {_counted(step, changed, (*limits, *conditions(step, 'postgresql')))}\n"
        f"SELECT {last}, (SELECT count(*) FROM {changed}) AS changed"
    )


def _counted(step: Batched, changed: str, wanted: tuple[str, ...]) -> str:
    """Return the parts of a WITH clause that change rows; ``changed`` has one row for each."""
    if isinstance(step, Backfill) and step.keep is not None:
        return common(step, step.keep, "", wanted) + (
            f", {free_name('counted', *texts(step))} AS (\n"
            f"    {keeping(step, step.keep, '    ')}\n    RETURNING 1\n)"
        )
    return f"{changed} AS (\n    {head(step)}{tail(step, '    ', wanted)}\n    RETURNING 1\n)"


def batch_script(step: Batched) -> str | None:
    """Return one DO block that walks all batches and commits each.

    It must be sent alone and outside a transaction, since it commits. None for a step without a
    key. Its variables are qualified by the block's label, so that they hide no column.
    """
    if not step.key:
        return None
    walk = free_name("walk", *texts(step))
    keys, own = key_names(step, quote), key_names(step, quote, _own(step))
    numbers = range(len(keys))
    begins = [f"{walk}.from_{at}" for at in numbers]
    ends = [f"{walk}.upto_{at}" for at in numbers]
    listed, ascending = ", ".join(keys), ", ".join(keys)
    descending = ", ".join(f"{one} DESC" for one in keys)
    variables = [
        f"    {name}_{at} {short(kind)};"
        for name in ("from", "upto")
        for at, kind in enumerate(step.key_types)
    ]
    change = statement(
        step,
        "            ",
        (
            f"{row(own)} >= {row(begins)}",
            f"{row(own)} <= {row(ends)}",
            *conditions(step, "postgresql"),
        ),
    )
    lines = [
        "#variable_conflict use_column",
        f"<<{walk}>>",
        "DECLARE",
        *declared(step),
        *variables,
        "BEGIN",
        f"    SELECT {listed} INTO {', '.join(begins)}",
        f"    FROM {table(step.table)} ORDER BY {ascending} LIMIT 1;",
        f"    WHILE {begins[0]} IS NOT NULL LOOP",
        f"        {walk}.started := clock_timestamp();",
        f"        {budget(WAIT_MS)[0]};",
        f"        SELECT {listed} INTO {', '.join(ends)} FROM (",
        f"            SELECT {listed} FROM {table(step.table)}",
        f"            WHERE {row(keys)} >= {row(begins)}",
        f"            ORDER BY {ascending} LIMIT {walk}.size",
        "        ) AS walked",
        f"        ORDER BY {descending} LIMIT 1;",
        *tried(change, walk),
        f"        IF {walk}.attempt = 0 THEN",
        f"            {walk}.total := {walk}.total + {walk}.changed;",
        f"            SELECT {listed} INTO {', '.join(begins)} FROM {table(step.table)}",
        f"            WHERE {row(keys)} > {row(ends)} ORDER BY {ascending} LIMIT 1;",
        "        END IF;",
        *paced(walk, ends),
        "    END LOOP;",
        f"    RAISE NOTICE '% rows changed', {walk}.total;",
        "END",
    ]
    return block("\n".join(lines))


def declared(step: Batched) -> tuple[str, ...]:
    """Return the variables that every loop has."""
    return (
        f"    size integer := {max(1, step.batch)};",
        f"    rest numeric := {REST}; -- after each batch, as a share of the time that it took",
        "    changed bigint := 0;",
        "    total bigint := 0;",
        "    attempt integer := 0;",
        "    started timestamptz;",
        "    told timestamptz := clock_timestamp();",
    )


def tried(change: str, walk: str) -> tuple[str, ...]:
    """Return the lines that change one batch, which may fail on a lock for a while."""
    return (
        "        BEGIN",
        f"            {change};",
        f"            GET DIAGNOSTICS {walk}.changed = ROW_COUNT;",
        f"            {walk}.attempt := 0;",
        "        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN",
        f"            {walk}.attempt := {walk}.attempt + 1;",
        f"            IF {walk}.attempt >= {ATTEMPTS} THEN",
        "                RAISE;",
        "            END IF;",
        "        END;",
    )


def paced(walk: str, ends: Sequence[str]) -> tuple[str, ...]:
    """Return the lines behind a batch: commit, size the next one, tell, rest, wait for standbys."""
    said = ", ".join("%" for _ in ends)
    return (
        "        COMMIT;",
        f"        IF {walk}.attempt = 0 AND clock_timestamp() - {walk}.started"
        f" < interval '{TARGET_SECONDS} s' THEN",
        f"            {walk}.size := least({MOST_ROWS}, ceil({walk}.size * 1.2));",
        "        ELSE",
        f"            {walk}.size := greatest({LEAST_ROWS}, {walk}.size / 2);",
        "        END IF;",
        f"        IF clock_timestamp() - {walk}.told > interval '10 s' THEN",
        f"            RAISE NOTICE '% rows changed so far, up to {said}',",
        f"                {walk}.total, {', '.join(ends)};",
        f"            {walk}.told := clock_timestamp();",
        "        END IF;",
        f"        PERFORM pg_sleep({walk}.attempt + {walk}.rest *",
        f"            extract(epoch FROM clock_timestamp() - {walk}.started));",
        "        -- Reads from standbys stay fresh.",
        f"        WHILE EXISTS ({LAGGING}) LOOP",
        "            COMMIT;",
        "            PERFORM pg_sleep(1);",
        "        END LOOP;",
    )
