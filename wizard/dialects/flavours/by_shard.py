"""Walking a table where its rows are: the places of its shards, and a batch as it is sent to one.

A batch that goes through the whole cluster asks every machine for each key range. Walked shard by
shard, a batch is one machine's work, and several shards can be walked at once. None of it has been
run against such a cluster here: the texts are made from each engine's documentation and tested as
texts, which `not_run_here` tells the user.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wizard.model.findings import Finding, info
from wizard.model.rollout import Rollout
from wizard.model.steps import Batched

#: Rows up to which a walk through the whole cluster does as well.
_FEW = 1_000_000


def worth_it(rollout: Rollout) -> bool:
    """Tell whether a table has so many rows that it matters how they are walked."""
    return not rollout.small and (rollout.rows is None or rollout.rows > _FEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a part of a table is; what is None is as in the connection to the whole.

    ``name`` is for people, ``table`` what the part is called there, as SQL.
    """

    name: str
    host: str | None = None
    port: int | None = None
    database: str | None = None
    table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByShard:
    """How one table is walked by its places.

    ``query`` lists them, one a row, which `place` reads. ``session`` is sent first on each
    connection to a place. ``watch`` are commands that tell whether to wait, for people and scripts.
    ``beware`` says what must not happen meanwhile.
    """

    query: str
    place: Callable[[Sequence[object]], Place]
    session: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    beware: str = ""


def not_run_here(
    label: str, step: Batched, by: ByShard, reference: str, *, runner: bool = True
) -> Finding:
    """Say how the rows of a large table are walked shard by shard, and that nobody tried it here.

    ``runner`` says that `migwiz backfill run --by-shard` does it.
    """
    command = (
        "Plan with --backfill runner, then: migwiz backfill run PLAN --by-shard. " if runner else ""
    )
    watch = f" {'; '.join(by.watch)} tells whether to wait." if by.watch else ""
    return info(
        "engine-by-shard",
        f"The rows of {step.table} are best walked shard by shard: {by.query.strip()} lists the "
        "places.",
        why=f"A batch through {label} asks every shard. migwiz knows these statements from the "
        "documentation and has not run them on such a cluster.",
        safer=f"{command}{by.beware}{watch}".strip(),
        reference=reference,
    )
