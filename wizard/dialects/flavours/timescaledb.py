"""TimescaleDB: PostgreSQL whose hypertables are cut into chunks, some of them compressed.

Facts, from TimescaleDB's documentation ("CREATE INDEX", "Hypertables and unique indexes", "Modify
compressed data") and from what the extension itself refuses (its src/process_utility.c of 2.30):

- an index of a hypertable is not built CONCURRENTLY but WITH (timescaledb.transaction_per_chunk),
  outside a transaction; each chunk is locked while its part is built; unique ones cannot be;
- no constraint from an existing index, no foreign key between hypertables, uniqueness must hold the
  partitioning columns, which cannot be dropped;
- with compression enabled: no VALIDATE CONSTRAINT, no new column with a default that has to be
  worked out or a NOT NULL without one; with compressed chunks: no change of a column's type;
- its CHANGELOG: with compression, DROP NOT NULL came with 2.18, SET NOT NULL with 2.19, new
  constraints with 2.20, a changed type (no chunk being compressed) with 2.24;
- UPDATE and DELETE decompress what they touch, up to a limit for each statement.

Tables that are no hypertables are planned for as PostgreSQL's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from wizard.dialects import postgresql
from wizard.dialects.base import DefaultKind, Dialect, Size
from wizard.dialects.flavours.base import Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.spreads import extension_version, missing_columns, unknown_spread
from wizard.dialects.flavours.subjects import tables_of
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.plan import Lock, Plan
from wizard.model.schema import ForeignKey, Spread, Table
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddUnique,
    Backfill,
    ChangeType,
    DeleteRows,
    DropColumn,
    DropIndex,
    DropNotNull,
    SetNotNull,
    Step,
    ValidateConstraint,
)

_SPREAD = """
SELECT 'chunks',
       ARRAY(SELECT d.column_name::text FROM timescaledb_information.dimensions d
             WHERE d.hypertable_schema = h.hypertable_schema
               AND d.hypertable_name = h.hypertable_name ORDER BY d.dimension_number),
       h.compression_enabled,
       EXISTS (SELECT FROM timescaledb_information.chunks c
               WHERE c.hypertable_schema = h.hypertable_schema
                 AND c.hypertable_name = h.hypertable_name AND c.is_compressed)
FROM timescaledb_information.hypertables h
WHERE h.hypertable_schema = %s AND h.hypertable_name = %s
"""
_WINDOW = "Plan this change for a maintenance window: --deployment maintenance."
_DECOMPRESS = (
    "Decompress the chunks first (decompress_chunk, and remove the compression policy), make the "
    "change, and compress them again."
)
_COMPRESSED = "TimescaleDB documentation, Modify compressed data"
#: The versions from which steps are taken by a hypertable with compression.
_SINCE: dict[type, Version] = {
    DropNotNull: (2, 18),
    SetNotNull: (2, 19),
    AddCheck: (2, 20),
    AddForeignKey: (2, 20),
    AddUnique: (2, 20),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimescaleDB(Flavoured):
    """PostgreSQL with the extension."""

    FLAVOUR: ClassVar[str] = "timescaledb"
    LABEL: ClassVar[str] = "TimescaleDB"

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step; a build chunk by chunk may be repeated."""
        if not isinstance(step, AddIndex) or not step.piecewise:
            return self.base.sql(step)
        (built,) = self.base.sql(
            replace(step, piecewise=False, index=replace(step.index, where=None))
        )
        head, _, rest = built.partition("CREATE INDEX ")
        where = f" WHERE {step.index.where}" if step.index.where is not None else ""
        return (
            f"{head}CREATE INDEX IF NOT EXISTS {rest} "
            f"WITH (timescaledb.transaction_per_chunk = true){where}",
        )

    def in_own_words(self, step: Step) -> bool:
        """Tell whether frameworks have no form of it: an index built chunk by chunk."""
        return isinstance(step, AddIndex) and step.piecewise

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run outside any transaction."""
        if isinstance(step, AddIndex) and step.piecewise:
            return True
        return self.base.needs_own_transaction(step)

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds; a build chunk by chunk locks one chunk at a time."""
        held = self.base.lock(step, size)
        if isinstance(step, AddIndex) and step.piecewise:
            return replace(held, mode="SHARE, one chunk at a time,")
        return held

    def adapted(self, step: Step, situation: Situation) -> Step:
        """Return an index of a hypertable as it is built and dropped there."""
        if not isinstance(step, AddIndex | DropIndex) or not step.concurrently:
            return step
        table = situation.table(step.table)
        if table is None or table.spread is None or table.spread.kind != "chunks":
            return step
        if isinstance(step, DropIndex):
            return replace(step, concurrently=False)
        return replace(step, concurrently=False, piecewise=not step.index.unique)

    def obstacle(self, step: Step, situation: Situation) -> Finding | None:
        """Return why a hypertable does not take the step, None where it does."""
        found = Flavoured.obstacle(self, step, situation)
        name = next(iter(tables_of(step)), None)
        table = None if name is None else situation.table(name)
        if found is not None or table is None or table.spread is None:
            return found
        if table.spread.kind != "chunks":
            return None
        return self._hypertable(step, table, table.spread, situation)

    def _hypertable(
        self, step: Step, table: Table, spread: Spread, situation: Situation
    ) -> Finding | None:
        lacking = missing_columns(step, spread)
        if lacking:
            return danger(
                "engine-key-lacks-columns",
                f"{table.name} is a hypertable partitioned by {', '.join(spread.columns)}: what is "
                f"unique in it must contain {', '.join(lacking)}.",
                why="Each chunk has an index of its own, so uniqueness is known only within one.",
                safer=f"Add {', '.join(lacking)} to the columns, or keep the value unique in a plain "
                "table beside it.",
                reference="TimescaleDB documentation, Hypertables and unique indexes",
            )
        match step:
            case AddIndex(index=index, concurrently=False, piecewise=False) if index.unique:
                if not situation.rollout.direct:
                    return self.cannot(
                        f"a unique index of the hypertable {table.name} is built in one go and "
                        "stops its writes until it is done",
                        safer=_WINDOW,
                        reference="TimescaleDB documentation, CREATE INDEX",
                    )
            case AddUnique(using=using) if using is not None:
                return self.cannot(
                    f"a constraint of the hypertable {table.name} cannot take over an index, and "
                    "built with the constraint it stops reads and writes until it is done",
                    safer=_WINDOW,
                )
            case AddForeignKey(constraint=ForeignKey(ref_table=parent)):
                other = situation.table(parent)
                if table.constraint(step.constraint.name or "") is not None:
                    # It is there before the plan, and comes back by the downgrade.
                    return None
                if other is not None and other.spread and other.spread.kind == "chunks":
                    return self.cannot(
                        f"{table.name} and {parent} are hypertables, between which there are no "
                        "foreign keys",
                        safer="Check the reference in the application.",
                    )
            case DropColumn(column=column) if column.name in spread.columns:
                return self.cannot(
                    f"{table.name} is partitioned by {column.name}, which therefore cannot go",
                    safer="Make a new hypertable with other dimensions and copy the rows.",
                )
            case _:
                pass
        return self._compressed(step, table, spread) if spread.compression else None

    def _compressed(self, step: Step, table: Table, spread: Spread) -> Finding | None:
        match step:
            case ValidateConstraint():
                return self.cannot(
                    f"{table.name} has compression enabled, and no constraint of it can be "
                    "validated later",
                    safer="Plan it for a maintenance window, where the constraint is added and "
                    "checked in one go.",
                    reference=_COMPRESSED,
                )
            case SetNotNull() | DropNotNull() | AddCheck() | AddForeignKey() | AddUnique():
                since = _SINCE[type(step)]
                if self.own < since:
                    return self.cannot(
                        f"{table.name} has compression enabled, and such a change of it came with "
                        f"{'.'.join(map(str, since))}",
                        safer=f"Upgrade TimescaleDB first. {_DECOMPRESS}",
                        reference="TimescaleDB, CHANGELOG",
                    )
            case ChangeType(column=column) if spread.compressed or self.own < (2, 24):
                return self.cannot(
                    f"{table.name} is compressed: the type of {column.name} cannot be changed",
                    safer=_DECOMPRESS,
                    reference=_COMPRESSED,
                )
            case AddColumn(column=column):
                worked_out = self.default_kind(column.default) in (
                    DefaultKind.STABLE,
                    DefaultKind.VOLATILE,
                )
                required = not column.nullable and column.default is None
                if worked_out or required or column.identity or column.generated:
                    return self.cannot(
                        f"{table.name} has compression enabled: a new column takes a constant "
                        "default or none, and must allow NULL without one",
                        safer="Add the column with a constant, or without a default and nullable.",
                        reference=_COMPRESSED,
                    )
            case _:
                pass
        return None

    def untrue(self, plan: Plan) -> frozenset[str]:
        """Return what is said of concurrent builds, where none is left."""
        steps = [step for one in plan.migrations for step in one.up]
        built = [one for one in steps if isinstance(one, AddIndex)]
        left = any(one.concurrently for one in built)
        return frozenset() if left or not built else frozenset({"concurrent-build-waits"})

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say how an index is built, what a backfill decompresses, and what is not known."""
        found: list[Finding] = []
        steps = [step for one in plan.migrations for step in one.up]
        built = [one for one in steps if isinstance(one, AddIndex) and one.piecewise]
        for index in built:
            found.append(
                info(
                    "engine-builds-by-chunk",
                    f"{index.index.name} is built on one chunk of {index.table} after the other: "
                    "writes to the chunk whose turn it is wait, those to all others go on.",
                    why="A hypertable has no CONCURRENTLY. What is interrupted leaves an index that "
                    "some chunks lack; the file drops it before it builds again.",
                    safer="Run it while the newest chunk, which takes the writes, is small.",
                    reference="TimescaleDB documentation, CREATE INDEX",
                )
            )
        for step in steps:
            if not isinstance(step, Backfill | DeleteRows):
                continue
            table = situation.table(step.table)
            if table is not None and table.spread is not None and table.spread.compressed:
                found.append(
                    warning(
                        "engine-decompresses",
                        f"{table.name} has compressed chunks: each batch decompresses the rows "
                        "that it changes, and fails beyond "
                        "timescaledb.max_tuples_decompressed_per_dml_transaction.",
                        why="Compressed rows cannot be changed in place. What was decompressed "
                        "stays so, and takes its full space, until it is compressed again.",
                        safer="Change only chunks that are not compressed, or decompress and "
                        "compress again one chunk after the other.",
                        reference=_COMPRESSED,
                    )
                )
        if not any(one.code == "engine-decompresses" for one in found):
            found += unknown_spread(self.engine, "a hypertable", steps, situation)
        return tuple(found)


def recognise(signs: Signs) -> Version | None:
    """Return the extension's version, None where it is not installed."""
    return extension_version(signs, "timescaledb")


def make(version: Version, own: Version) -> Dialect:
    """Return PostgreSQL with TimescaleDB; raises AnswerError (`old-server`) before 12."""
    return TimescaleDB(base=postgresql.dialect(version), own=own)


FLAVOUR = Flavour(
    name="timescaledb",
    label="TimescaleDB",
    speaks="postgresql",
    recognise=recognise,
    make=make,
    spread_query=_SPREAD,
)
