"""Citus: PostgreSQL whose tables are distributed over machines; DDL goes to every shard.

Facts, from Citus' documentation ("Creating and Modifying Distributed Objects", "SQL Support and
Workarounds", "Citus Utility Functions", "Configuration Reference") and from what the extension itself refuses (its
commands/table.c, index.c, trigger.c, rename.c and foreign_constraint.c):

- unique and primary keys contain the distribution column, whose type, default and NOT NULL stay;
- a constraint is added alone and with a name; NOT VALID and CONCURRENTLY are taken;
- a foreign key points to a reference table, or to a table that is distributed alike with the
  distribution column in the same place of both keys;
- no triggers on distributed and reference tables, no writes through views, no renamed constraints,
  no column that numbers itself added to rows, no new type for one;
- UPDATE takes no VOLATILE function, and never changes the distribution column; without that column
  in its condition it goes to every shard;
- SET LOCAL reaches the other machines only with ``citus.propagate_set_commands``.

Tables that are local to the coordinator are planned for as PostgreSQL's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wizard.dialects import postgresql
from wizard.dialects.base import Batch, DefaultKind, Dialect
from wizard.dialects.flavours import citus_shards
from wizard.dialects.flavours.base import Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.by_shard import ByShard, Place, not_run_here, worth_it
from wizard.dialects.flavours.spreads import extension_version, missing_columns, unknown_spread
from wizard.dialects.flavours.subjects import tables_of
from wizard.dialects.postgresql import batches
from wizard.model.findings import Finding, danger, info
from wizard.model.plan import Plan
from wizard.model.schema import Column, ForeignKey, Spread, Table
from wizard.model.steps import (
    AddColumn,
    AddForeignKey,
    Backfill,
    Batched,
    ChangeType,
    CreateShadowView,
    CreateSync,
    CreateTableView,
    DropColumn,
    DropNotNull,
    MoveNumbering,
    RenameConstraint,
    SetDefault,
    SetIdentity,
    Step,
    SwapColumns,
    SwapTableView,
)

_SPREAD = """
SELECT CASE WHEN p.partmethod <> 'n' THEN 'sharded' WHEN p.repmodel = 't' THEN 'copied'
            ELSE 'whole' END,
       CASE WHEN p.partkey IS NULL THEN ARRAY[]::text[]
            ELSE ARRAY[column_to_column_name(p.logicalrelid, p.partkey)] END,
       false, false
FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s
"""
_DDL = "Citus documentation, Creating and Modifying Distributed Objects"
_SQL = "Citus documentation, SQL Support and Workarounds"
_VIEWS = "Citus documentation, Citus Tables and Views"
_IN_CODE = (
    "Map the new name in the application (--how map), or let the application write both columns "
    "for a release; in a maintenance window the plain rename will do."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citus(Flavoured):
    """PostgreSQL with the extension, seen from its coordinator."""

    FLAVOUR: ClassVar[str] = "citus"
    LABEL: ClassVar[str] = "Citus"

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return what bounds the wait on every machine, not on the coordinator alone."""
        return (
            "SET LOCAL citus.propagate_set_commands = 'local'",
            *self.base.budget(milliseconds),
        )

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch; a volatile function in it would keep it from the shards."""
        return batches.batch(step, plain=True)

    def by_shard(self, step: Batched) -> ByShard | None:
        """Return how the shards of a distributed table are walked on their machines."""
        return citus_shards.by_shard(step)

    def on_shard(self, step: Batched, place: Place) -> Batched:
        """Return the step for a shard, a table of its own there."""
        return citus_shards.on_shard(step, place)

    def obstacle(self, step: Step, situation: Situation) -> Finding | None:
        """Return why a distributed or reference table does not take the step."""
        found = Flavoured.obstacle(self, step, situation)
        names = tables_of(step)
        table = situation.table(names[0]) if names else None
        if found is not None or table is None:
            return found
        if isinstance(step, AddForeignKey):
            if table.constraint(step.constraint.name or "") is not None:
                # It is there before the plan, and comes back by the downgrade.
                return None
            return self._foreign_key(step.constraint, table, situation)
        spread = table.spread
        if spread is None or spread.kind not in ("sharded", "copied"):
            return None
        lacking = missing_columns(step, spread)
        if lacking:
            return self._key(table, lacking)
        return self._anywhere(step, table) or self._distribution(step, table, spread)

    def _key(self, table: Table, lacking: tuple[str, ...]) -> Finding:
        listed = ", ".join(lacking)
        return danger(
            "engine-key-lacks-columns",
            f"{table.name} is distributed by {listed}: what is unique in it must contain {listed}.",
            why="Each machine knows its own rows only, so uniqueness is kept within one value of "
            "the distribution column.",
            safer=f"Add {listed} to the columns, make {table.name} a reference table, or keep the "
            "value unique in one beside it.",
            reference=_DDL,
        )

    def _anywhere(self, step: Step, table: Table) -> Finding | None:
        """Return what neither distributed nor reference tables take."""
        match step:
            case CreateSync() | SwapColumns():
                return self.cannot(
                    f"{table.name} is spread over machines and takes no triggers, which would keep "
                    "both columns equal",
                    safer=_IN_CODE,
                    reference=_DDL,
                )
            case CreateShadowView() | CreateTableView() | SwapTableView():
                return self.cannot(
                    f"{table.name} is spread over machines, and no view of it takes writes",
                    safer=_IN_CODE,
                    reference=_SQL,
                )
            case RenameConstraint(old=old):
                return self.cannot(
                    f"{old} belongs to {table.name}, which is spread over machines, and cannot be "
                    "renamed",
                    safer="Leave its name, or drop it and add it anew.",
                    reference=_DDL,
                )
            case MoveNumbering(column=column):
                return self.cannot(
                    f"migwiz knows no way to let another column number {table.name} in place of "
                    f"{column.name}",
                    safer="Let the application number the rows for a release.",
                    reference=_DDL,
                )
            case AddColumn(column=column) | SetIdentity(column=column) if _numbered(step, column):
                return self.cannot(
                    f"{table.name} has rows, which a new numbered column cannot be given here",
                    safer="Add a plain bigint, set its default to nextval('…') and fill old rows.",
                    reference=_DDL,
                )
            case ChangeType(column=column) if column.identity or _nextval(column.default):
                return self.cannot(
                    f"{table.name}.{column.name} numbers itself, so its type cannot be changed",
                    safer="Add a column of the new type, fill it, and let the application use it.",
                    reference=_DDL,
                )
            case Backfill(assignments=assignments):
                volatile = [
                    one.column
                    for one in assignments
                    if not self.columns_in(one.expression)
                    and self.default_kind(one.expression) is DefaultKind.VOLATILE
                ]
                if volatile:
                    return self.cannot(
                        f"an UPDATE of {table.name} takes no volatile function, as it would give "
                        f"{', '.join(volatile)} another value on each machine",
                        safer="Compute the values in a script that writes rows by their key.",
                        reference=_SQL,
                    )
            case _:
                pass
        return None

    def _distribution(self, step: Step, table: Table, spread: Spread) -> Finding | None:
        """Return what cannot be done to the distribution column itself."""
        match step:
            case (
                ChangeType(column=column)
                | DropColumn(column=column)
                | SetDefault(column=column)
                | DropNotNull(column=column)
            ):
                touched = column.name
            case Backfill(assignments=assignments):
                touched = next(
                    (one.column for one in assignments if one.column in spread.columns), ""
                )
            case _:
                return None
        if touched not in spread.columns:
            return None
        return self.cannot(
            f"{table.name} is distributed by {touched}, which says where each row is and cannot be "
            "changed",
            safer="Distribute the table by another column first (alter_distributed_table), change "
            "this one, and distribute it back: each moves every row.",
            reference=_DDL,
        )

    def _foreign_key(self, key: ForeignKey, table: Table, situation: Situation) -> Finding | None:
        parent = situation.table(key.ref_table)
        own = None if table.spread is None else table.spread
        theirs = None if parent is None else parent.spread
        if own is None or theirs is None or theirs.kind in ("copied", "whole"):
            if own is not None and own.kind == "sharded" and theirs and theirs.kind == "whole":
                return self._no_key(
                    f"{key.ref_table} is on the coordinator alone, and {table.name} is not",
                    f"Make it a reference table: SELECT create_reference_table('{key.ref_table}').",
                )
            return None
        if own.kind != "sharded":
            return self._no_key(
                f"{key.ref_table} is distributed, and {table.name} is not",
                f"Distribute {table.name} by the same column, or check in the application.",
            )
        pairs = dict(zip(key.columns, key.ref_columns, strict=False))
        if any(pairs.get(mine) not in theirs.columns for mine in own.columns):
            return self._no_key(
                f"{table.name} is distributed by {', '.join(own.columns)} and {key.ref_table} by "
                f"{', '.join(theirs.columns)}, which are not the same place of the key",
                f"Put {', '.join(own.columns)} into the key, pointing to "
                f"{', '.join(theirs.columns)}, with both tables distributed alike.",
            )
        if key.on_delete in ("set null", "set default") or key.on_update not in (
            "no action",
            "restrict",
        ):
            return self._no_key(
                f"the key holds {', '.join(own.columns)}, which such an action would change",
                "Leave the action out, or use ON DELETE CASCADE.",
            )
        return None

    def _no_key(self, reason: str, safer: str) -> Finding:
        return self.cannot(
            f"there can be no such foreign key: {reason}", safer=safer, reference=_DDL
        )

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say which batches go to every machine, and what is not known."""
        steps = [step for one in plan.migrations for step in one.up]
        found: list[Finding] = []
        for step in steps:
            if not isinstance(step, Batched) or not step.key:
                continue
            table = situation.table(step.table)
            if table is None or table.spread is None or table.spread.kind != "sharded":
                continue
            if not set(table.spread.columns) <= set(step.key):
                found.append(
                    info(
                        "engine-batches-fan-out",
                        f"{table.name} is distributed by {', '.join(table.spread.columns)}, and "
                        f"batches along {', '.join(step.key)} go to every shard each time.",
                        why="Only a condition on the distribution column tells on which machine "
                        "the rows are.",
                        safer="Let it run while little is going on, or fill one value of "
                        f"{', '.join(table.spread.columns)} after the other with a script.",
                        reference=_SQL,
                    )
                )
            by = self.by_shard(step)
            if by is not None and worth_it(situation.rollout):
                found.append(not_run_here(self.engine, step, by, _VIEWS))
        found += unknown_spread(self.engine, "a distributed table", steps, situation)
        return tuple(found)


def _nextval(default: str | None) -> bool:
    return "nextval(" in (default or "").lower()


def _numbered(step: Step, column: Column) -> bool:
    if isinstance(step, SetIdentity):
        return step.identity is not None
    return column.identity is not None or _nextval(column.default)


def recognise(signs: Signs) -> Version | None:
    """Return the extension's version, None where it is not installed."""
    return extension_version(signs, "citus")


def make(version: Version, own: Version) -> Dialect:
    """Return PostgreSQL with Citus; raises AnswerError (`old-server`) before 12."""
    return Citus(base=postgresql.dialect(version), own=own)


FLAVOUR = Flavour(
    name="citus",
    label="Citus",
    speaks="postgresql",
    recognise=recognise,
    make=make,
    spread_query=_SPREAD,
)
