"""CockroachDB's walk in two statements: bounds are read from the past, which hinders nobody.

CockroachDB documentation, "Bulk-update Data" (read the keys apart from the update, in a loop),
"AS OF SYSTEM TIME" (a read of the past waits for no write), "Transaction Retry Error Reference"
(40001 means to try again). Each is sent alone: several in one message are one transaction, which is
retried as a whole.
"""

from __future__ import annotations

from wizard.dialects.flavours.by_shard import ByShard, Place
from wizard.dialects.keyset import key_names, row
from wizard.dialects.postgresql.words import quote, table
from wizard.model.steps import Batched

#: Old enough that every replica can answer, whatever is being written.
PAST = "AS OF SYSTEM TIME follower_read_timestamp()"
#: What is tried again.
RETRY = "40001"


def bounds(step: Batched, *, first: bool) -> str:
    """Return the query for the last of the next ``:size`` keys, no row when there is none.

    Rows that came after the moment in the past are not seen: the last batch has no upper bound.
    """
    keys = key_names(step, quote)
    after = row(f":after_{at}" for at in range(len(keys)))
    begins = "" if first else f" WHERE {row(keys)} > {after}"
    listed = ", ".join(f"{one} AS key_{at}" for at, one in enumerate(keys))
    last = ", ".join(f"key_{at} AS last_{at}" for at in range(len(keys)))
    descending = ", ".join(f"key_{at} DESC" for at in range(len(keys)))
    return (
        f"SELECT {last} FROM (SELECT {listed} FROM {table(step.table)}{begins} "
        f"ORDER BY {', '.join(keys)} LIMIT :size) AS walked {PAST} ORDER BY {descending} LIMIT 1"
    )


def by_shard(step: Batched) -> ByShard:
    """Return how the ranges of a table are found: workers should begin at different ones."""
    return ByShard(
        query=f"SHOW RANGES FROM TABLE {table(step.table)}",
        place=lambda row: Place(name=str(row[0])),
        beware="Ranges split and move by themselves, so their bounds are places to begin, no walls.",
    )
