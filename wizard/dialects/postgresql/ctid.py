"""Batches along the blocks of a table that has no key: PostgreSQL says where each row lies.

A changed row moves to another block. One that was moved in front of the walk is met again, and needs
nothing any more; one that somebody else has moved behind it is missed. So a walk that comes to the
end looks whether a row is left, and begins anew, at most `SWEEPS` times.

Versions from 14 on read a range of blocks by itself ("Tid Range Scan"), older ones only rows whose
places are listed ("Tid Scan"): all places that a block can have. Both measured with EXPLAIN.
"""

from __future__ import annotations

from wizard.dialects.base import Batch
from wizard.dialects.keyset import conditions, free_name, joined_values, texts, where
from wizard.dialects.postgresql import batches
from wizard.dialects.postgresql.words import block, budget, literal, table
from wizard.model.schema import Column, Table
from wizard.model.steps import Batched, CopyRows

#: What says that a step walks blocks: no key has this type.
TYPE = "tid"
SWEEPS = 10
#: The first version with a scan of a range of blocks.
RANGES = (14,)
ABOUT = "Walks the blocks of the table, which has no key, again and again until no row is left."
# Rows of a block where the statistics know nothing; few, so that the first batch is small.
_DENSITY = 100
# A block number takes 32 bits; what stands above them counts the sweeps.
_BITS, _MASK = 32, 4294967295


def hidden_key(of: Table) -> Column | None:
    """Return what a table without a key can be walked along, None where its rows lie elsewhere."""
    if of.kind != "table" or of.partitions:
        return None
    return Column(name="ctid", type=TYPE, nullable=False)


def walks_blocks(step: Batched) -> bool:
    """Tell whether a step walks blocks instead of a key."""
    return step.key_types == (TYPE,) and not isinstance(step, CopyRows)


def batch(step: Batched, *, ranges: bool) -> Batch:
    """Return the SQL of one batch: its key is the number of the last block, and of the sweep."""
    name, changed = free_name("batch", *texts(step)), free_name("changed", *texts(step))
    wanted = _within(step, f"(SELECT block FROM {name})", f"(SELECT until FROM {name})", ranges)
    sql = (
        f"WITH {name} AS (\n"
        f"    SELECT sweep, block, pages, least(block + step, pages) AS until,\n"
        f"        set_config('lock_timeout', '{batches.WAIT_MS // 1_000}s', true)\n"
        "    FROM (\n"
        f"        SELECT spot >> {_BITS} AS sweep, spot & {_MASK} AS block, {pages(step)} AS pages,\n"
        f"            greatest(1, :size / {density(step)})::bigint AS step\n"
        "        FROM (SELECT greatest(CAST(:after_0 AS bigint), -1) + 1 AS spot) AS went_on\n"
        "    ) AS walked\n"
        f"), {changed} AS (\n"
        f"    {batches.head(step)}{batches.tail(step, '    ', wanted)}\n"
        "    RETURNING 1\n"
        ")\n"
        "SELECT CASE\n"
        f"    WHEN block < pages THEN (sweep << {_BITS}) + until - 1\n"
        f"    WHEN sweep < {SWEEPS - 1} AND EXISTS ({_left(step)})\n"
        f"    THEN ((sweep + 1) << {_BITS}) - 1\n"
        f"END AS last_0, (SELECT count(*) FROM {changed}) AS changed\n"
        f"FROM {name}"
    )
    return Batch(
        first=sql.replace("CAST(:after_0 AS bigint)", "CAST(-1 AS bigint)"),
        following=sql,
        last=f"SELECT {pages(step)} - 1",
        lagging=batches.LAGGING,
        about=ABOUT,
    )


def pages(step: Batched) -> str:
    """Return the expression for how many blocks the table has."""
    where_ = f"to_regclass({literal(table(step.table))})"
    return f"pg_relation_size({where_}) / current_setting('block_size')::bigint"


def density(step: Batched) -> str:
    """Return the expression for how many rows a block holds."""
    return (
        "(SELECT CASE WHEN relpages > 0 AND reltuples > 0 THEN greatest(reltuples / relpages, 1) "
        f"ELSE {_DENSITY} END FROM pg_class WHERE oid = to_regclass({literal(table(step.table))}))"
    )


def _left(step: Batched) -> str:
    source = joined_values(step)
    listed = f"{table(step.table)}, {source}" if source else table(step.table)
    return f"SELECT 1 FROM {listed}{where(conditions(step, 'postgresql'))}"


def _within(step: Batched, first: str, end: str, ranges: bool) -> tuple[str, ...]:
    """Return the conditions for rows in the blocks from ``first`` to before ``end`` that need it."""
    place = f"{table(step.table)}.ctid" if joined_values(step) else "ctid"
    return (*located(place, first, end, ranges=ranges), *conditions(step, "postgresql"))


def located(place: str, first: str, end: str, *, ranges: bool) -> tuple[str, ...]:
    """Return the conditions for rows in the blocks from ``first`` to before ``end``, expressions both."""
    if ranges:
        return (
            f"{place} >= ('(' || {first} || ',0)')::tid",
            f"{place} < ('(' || {end} || ',0)')::tid",
        )
    return (
        f"{place} = ANY (ARRAY(SELECT ('(' || block || ',' || item || ')')::tid "
        f"FROM generate_series({first}, {end} - 1) AS block, "
        "generate_series(1, current_setting('block_size')::integer / 28) AS item))",
    )


def batch_script(step: Batched, *, ranges: bool) -> str:
    """Return one DO block that walks all blocks and commits each batch."""
    walk = free_name("walk", *texts(step))
    wanted = _within(step, f"{walk}.place", f"{walk}.until", ranges)
    change = batches.head(step) + batches.tail(step, "            ", wanted)
    lines = [
        "#variable_conflict use_column",
        f"<<{walk}>>",
        "DECLARE",
        *batches.declared(step),
        "    sweep integer := 1;",
        "    place bigint := 0;",
        "    until bigint;",
        "    pages bigint;",
        "BEGIN",
        "    LOOP",
        f"        {walk}.started := clock_timestamp();",
        f"        {budget(batches.WAIT_MS)[0]};",
        f"        {walk}.pages := {pages(step)};",
        f"        IF {walk}.place >= {walk}.pages THEN",
        f"            EXIT WHEN {walk}.sweep >= {SWEEPS} OR NOT EXISTS (",
        f"                {_left(step)}",
        "            );",
        f"            {walk}.sweep := {walk}.sweep + 1;",
        f"            {walk}.place := 0;",
        "        END IF;",
        f"        {walk}.until := least({walk}.pages,",
        f"            {walk}.place + greatest(1, {walk}.size / {density(step)})::bigint);",
        *batches.tried(change, walk),
        f"        IF {walk}.attempt = 0 THEN",
        f"            {walk}.total := {walk}.total + {walk}.changed;",
        f"            {walk}.place := {walk}.until;",
        "        END IF;",
        *batches.paced(walk, (f"{walk}.place",)),
        "    END LOOP;",
        f"    RAISE NOTICE '% rows changed', {walk}.total;",
        "END",
    ]
    return block("\n".join(lines))
