"""Vitess' and PlanetScale's shards, reached through the proxy by a target such as ``shop/-80``.

Vitess documentation, "VTGate" (SHOW VITESS_SHARDS, shard targeting with USE), "Tablet throttler"
(vtctldclient CheckThrottler), "OLAP workload". A statement that is sent to a target is not routed:
it changes rows only where they are, so it must not change the columns of the primary vindex.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.dialects.flavours.by_shard import ByShard, Place
from wizard.dialects.mysql_family.words import literal, quote

APP = "migwiz"


def by_shard(keyspace: str | None, *, client: bool) -> ByShard:
    """Return how tables of a keyspace are walked; ``client`` says that vtctldclient can be had."""
    like = "" if keyspace is None else f" LIKE {literal(keyspace + '/%')}"
    return ByShard(
        query=f"SHOW VITESS_SHARDS{like}",
        place=_place,
        watch=(f"vtctldclient CheckThrottler --app-name {APP} TABLET",) if client else (),
        beware="Change no column of the primary vindex, and let no resharding run meanwhile: what "
        "is sent to a shard is not routed.",
    )


def _place(row: Sequence[object]) -> Place:
    return Place(name=str(row[0]), database=str(row[0]))


def target(place: Place, *, replica: bool = False) -> str:
    """Return the statement by which a connection stays with one shard; reads may go to a replica."""
    return f"USE {quote(place.name + ('@replica' if replica else ''))}"


def reading() -> tuple[str, ...]:
    """Return what a session that only walks keys begins with: long reads, and no transaction."""
    return ("SET workload = 'olap'",)
