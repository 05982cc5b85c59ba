"""The SQL of a walk along the blocks of a table of PostgreSQL that has no key.

A position is the number of the last block walked. That is no key: a row that is changed moves to
another block, also back into one that was walked, and `VACUUM FULL` or `CLUSTER` moves all of them.
A row that this walk has changed is met again at worst, and its predicate says that it needs nothing
any more. One that somebody else has moved backwards is passed over, wherever it went: so a run counts
at the end the rows that still need it, and begins another sweep while there are fewer each time. That
holds for rewrites of the table, too, which is why no file number has to be remembered. It needs a
predicate that no row fulfils which is done: a step without one is not walked (`work`).

How many rows a block holds is taken from the statistics; it decides how many blocks a batch has, and
nothing else.
"""

from __future__ import annotations

from wizard.backfilling import statements
from wizard.backfilling.engines.base import Engine
from wizard.backfilling.statements import Statements, change
from wizard.dialects.base import Dialect
from wizard.dialects.keyset import free_name, texts, where
from wizard.dialects.postgresql import ctid
from wizard.dialects.postgresql.words import table
from wizard.model.steps import Batched

Bounds = tuple[bool, bool]
_AFTER, _UPTO = "CAST(:after_0 AS bigint)", "CAST(:upto_0 AS bigint)"


def walk(step: Batched, dialect: Dialect, engine: Engine) -> Statements:
    """Return the SQL for a step: along blocks where it has no key on PostgreSQL, else along its key."""
    if not ctid.walks_blocks(step):
        return statements.statements(step, dialect, engine)
    ranges = dialect.version >= ctid.RANGES
    bounds = [(after, ends) for after in (False, True) for ends in (False, True)]
    own = f"{table(step.table)}.ctid"
    return Statements(
        probe={one: engine.prepare(_probe(step, one)) for one in bounds},
        rest={one: engine.prepare(_rest(step, one, ranges)) for one in bounds},
        change={
            after: engine.prepare(
                change(
                    step,
                    dialect,
                    ctid.located(own, _first(after), f"({_UPTO} + 1)", ranges=ranges),
                )
            )
            for after in (False, True)
        },
        counted=True,
    )


def _first(after: bool) -> str:
    return f"({_AFTER} + 1)" if after else "0"


def _walk(step: Batched, bounds: Bounds, name: str) -> str:
    """Return a WITH clause: the first block of a batch, and those at which it and the range end."""
    after, ends = bounds
    last = f"least({_UPTO} + 1, {ctid.pages(step)})" if ends else ctid.pages(step)
    return (
        f"WITH {name} AS MATERIALIZED (\n"
        "    SELECT first, last, least(first + step, last) AS until FROM (\n"
        f"        SELECT {_first(after)}::bigint AS first, {last} AS last,\n"
        f"            greatest(1, :size / {ctid.density(step)})::bigint AS step\n"
        "    ) AS bounds\n"
        ")\n"
    )


def _probe(step: Batched, bounds: Bounds) -> str:
    name = free_name("batch", *texts(step))
    return f"{_walk(step, bounds, name)}SELECT until - 1 FROM {name} WHERE until < last"


def _rest(step: Batched, bounds: Bounds, ranges: bool) -> str:
    name = free_name("batch", *texts(step))
    limits = ctid.located(
        "ctid", f"(SELECT first FROM {name})", f"(SELECT until FROM {name})", ranges=ranges
    )
    count = f"SELECT count(*) FROM {table(step.table)}{where(limits)}"
    return f"{_walk(step, bounds, name)}SELECT ({count}), until - 1 FROM {name} WHERE first < last"
