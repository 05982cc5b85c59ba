"""Citus' shards: tables of their own on the workers, reached there by a name with a number.

Citus documentation, "Citus Tables and Views" (citus_shards), "Manual Query Propagation"
(run_command_on_shards). A shard with several placements is written by the coordinator alone, which
keeps them equal, and so is a reference table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.dialects.flavours.by_shard import ByShard, Place
from wizard.dialects.keyset import joined_values
from wizard.dialects.postgresql.words import dollars, literal, table
from wizard.model.names import TableName, parse_table_name
from wizard.model.steps import Batched, CopyRows

_PLACES = (
    "SELECT min(nodename), min(nodeport), min(shard_name) FROM citus_shards "
    "WHERE table_name = {name}::regclass AND citus_table_type = 'distributed' "
    "GROUP BY shardid HAVING count(*) = 1 ORDER BY shardid"
)


def by_shard(step: Batched) -> ByShard | None:
    """Return how a distributed table is walked; None for a step that reads other tables, too."""
    if joined_values(step) or isinstance(step, CopyRows):
        return None
    return ByShard(
        query=_PLACES.format(name=literal(table(step.table))),
        place=_place,
        beware="Let no shard be moved or split meanwhile: a write to a shard itself does not wait "
        "for the move, and is lost with the old place. Check through the coordinator afterwards.",
    )


def _place(row: Sequence[object]) -> Place:
    host, port, shard = row
    return Place(name=str(shard), host=str(host), port=int(str(port)), table=str(shard))


def on_shard(step: Batched, place: Place) -> Batched:
    """Return the step as it is sent to a worker: to the shard in place of the table."""
    assert place.table is not None
    name = parse_table_name(place.table)
    return replace(step, table=replace(name, schema=name.schema or step.table.schema))


def through_coordinator(statement: str, name: TableName) -> str:
    """Return one statement that runs another on all shards at once; ``%s`` in it is the shard."""
    return (
        f"SELECT shardid, success, result FROM run_command_on_shards({literal(table(name))}, "
        f"{dollars(statement)})"
    )
