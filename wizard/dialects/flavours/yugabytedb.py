"""YugabyteDB 2025.1 and later (2.25 of the preview): PostgreSQL 15 on a distributed store.

Facts, from YugabyteDB's documentation:

- "CREATE INDEX": concurrent by default, but silently not inside a transaction or on a partitioned
  table, and a build that is not concurrent can miss concurrent writes. With CONCURRENTLY spelled
  out such a statement fails instead, so it is always spelled out. DROP INDEX has no such word. The
  access method is ``lsm``, and the first column is hashed unless it says ASC or DESC.
- "Best practices for YSQL database administrators": without table locks, which are off by default,
  a rewrite, a scan for a constraint and SET NOT NULL can miss rows that are written meanwhile; NOT
  VALID and VALIDATE in two steps is safe. DDL makes transactions on the table fail with a schema
  or catalogue version mismatch; statements of DDL run one at a time, from one connection.
- "Transactional DDL": off by default; each statement commits by itself.
- "ALTER TABLE": only foreign keys can be deferred; the type of a column of a partitioned table or
  of a foreign key cannot be changed with a rewrite.
- "PostgreSQL compatibility": no exclusion constraints, no LOCK TABLE without table locks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from wizard.dialects import postgresql
from wizard.dialects.base import Capabilities, Dialect, Size
from wizard.dialects.flavours.base import Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.subjects import is_ddl, tables_of
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.plan import Lock, Naive, Plan
from wizard.model.rollout import Rollout
from wizard.model.steps import (
    AddExclusion,
    AddIndex,
    AddPrimaryKey,
    AddUnique,
    ChangeType,
    CreateTable,
    DropIndex,
    DropTable,
    LockTables,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
)

#: The language of 2.25 and of 2025.1, the first that migwiz knows.
SPOKEN = (15,)
_ADMINISTRATION = "YugabyteDB documentation, Best practices for YSQL database administrators"
_VERSION = re.compile(r"-YB-(\d+(?:\.\d+)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class YugabyteDB(Flavoured):
    """YugabyteDB at a version of its own."""

    FLAVOUR: ClassVar[str] = "yugabytedb"
    LABEL: ClassVar[str] = "YugabyteDB"

    @property
    def title(self) -> str:
        """The engine without a version."""
        return self.LABEL

    @property
    def label(self) -> str:
        """The engine alone: its store is its own."""
        return self.engine

    @property
    def told(self) -> str:
        """The engine, with the language that it speaks."""
        return f"{self.engine} (speaks {self.base.label})"

    @property
    def capabilities(self) -> Capabilities:
        """What plans may count on."""
        return replace(
            self.base.capabilities,
            keeps_old=False,
            transactional_ddl=False,
            lock_tables=False,
            concurrent_drop=False,
            index_methods=("lsm", "ybgin"),
        )

    def planned_for(self, rollout: Rollout) -> Rollout:
        """Return the rollout of a large table: what is harmless on a small one elsewhere is not here.

        Where others write meanwhile, only the steps that PostgreSQL takes for large tables miss no
        row, however few there are.
        """
        return rollout if rollout.stopped else replace(rollout, rows=None, bytes=None)

    def supports(self, step: Step | type) -> str | None:
        """Return why there is no SQL for a step, None where there is."""
        kind = step if isinstance(step, type) else type(step)
        if kind is AddExclusion:
            return "it has no exclusion constraints"
        if kind is LockTables:
            return "LOCK TABLE is off unless the cluster has table locks"
        if isinstance(step, AddUnique) and step.constraint.deferrable:
            return "only a foreign key can be checked later"
        return self.base.supports(step)

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step."""
        reason = self.supports(step)
        if reason is not None:
            raise AnswerError("unsupported", reason)
        return self.base.sql(step)

    def adapted(self, step: Step, situation: Situation) -> Step:
        """Return the step without CONCURRENTLY where there is no such word."""
        del situation
        return replace(step, concurrently=False) if isinstance(step, DropIndex) else step

    def obstacle(self, step: Step, situation: Situation) -> Finding | None:
        """Return why the step cannot be planned: no statement, or rows that it could miss."""
        found = Flavoured.obstacle(self, step, situation)
        if found is not None or situation.rollout.stopped or not situation.tables(step):
            return found
        if isinstance(step, SwapColumns | SwapTableView):
            return self.cannot(
                "names are swapped by several changes of the schema, which share no transaction "
                "here, so that others would meet the table without a name between them",
                safer="Map the new name in the application (--how map), or plan it for a "
                "maintenance window (--deployment maintenance).",
                reference=_ADMINISTRATION,
            )
        if self._misses_writes(step):
            table = tables_of(step)[0]
            return danger(
                "engine-misses-writes",
                f"{self.engine}: while {table} is written anew or read whole, rows that others "
                "write can be missed, in this step or on its way back.",
                why="Without table locks, which are off by default, no statement of DDL holds "
                "writers off.",
                safer="Plan this change for a maintenance window (--deployment maintenance), or "
                "make it by a new column or table that is filled in batches.",
                reference=_ADMINISTRATION,
            )
        return None

    def _misses_writes(self, step: Step) -> bool:
        match step:
            case CreateTable() | DropTable() | ValidateConstraint():
                return False
            case AddIndex(concurrently=concurrently, ready=ready):
                return not (concurrently or ready)
            case AddPrimaryKey():
                # The key is the table's own storage: each row is written anew.
                return True
            case ChangeType() | _:
                return is_ddl(step) and self.base.lock(step, Size()).work != "none"

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return nothing: without table locks no DDL waits for one."""
        del milliseconds
        return ()

    def index_state(self, step: AddIndex) -> str | None:
        """Return the query for the state of an index, whose keys may be hashed."""
        method = step.index.method if step.index.method not in (None, "btree") else "lsm"
        return self.base.index_state(replace(step, index=replace(step.index, method=method)))

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds: DDL none, since there are no table locks."""
        held = self.base.lock(step, size)
        if held.mode == "none" or not is_ddl(step):
            return held
        return replace(held, mode="no table lock", blocks=())

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run alone: every schema change, and batches."""
        return is_ddl(step) or self.base.needs_own_transaction(step)

    def untrue(self, plan: Plan) -> frozenset[str]:
        """Return the codes of findings on PostgreSQL's locks."""
        del plan
        return frozenset({"concurrent-build-waits", "key-downgrade-locks"})

    def compared(self, naive: Naive) -> Naive | None:
        """Return what a one-line migration would do: not wait, but miss what others write."""
        if not any(map(self._misses_writes, naive.up)):
            return None
        return replace(naive, effect="rows that others write meanwhile can be missed")

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say whom DDL disturbs, and how a new index is spread."""
        steps = [step for one in plan.migrations for step in one.up]
        touched = dict.fromkeys(
            str(name) for step in steps if is_ddl(step) for name in tables_of(step)
        )
        found: list[Finding] = []
        if touched and not situation.rollout.stopped:
            listed = ", ".join(touched)
            found.append(
                warning(
                    "engine-aborts-transactions",
                    f"{self.engine}: each of these schema changes makes transactions fail that use "
                    f"{listed} meanwhile, with a schema or catalogue version mismatch (40001).",
                    why="Every statement of DDL is a new version of the catalogue, which running "
                    "transactions do not know.",
                    safer="Let the application try again on 40001. Run migrations one at a time, "
                    "over one connection that no pooler shares, and nothing else that changes the "
                    "schema.",
                    reference=_ADMINISTRATION,
                )
            )
        hashed = [
            one.index.name
            for one in steps
            if isinstance(one, AddIndex) and one.index.parts[0].order == "asc"
        ]
        if hashed:
            found.append(
                info(
                    "engine-hashes-index",
                    f"{self.engine} hashes the first column of {', '.join(hashed)}, unless the "
                    "table is colocated: the index serves equality, and neither ranges nor order.",
                    why="An index is spread over the cluster by the hash of its first column.",
                    safer="For ranges write ASC behind that column in the file, or sort it "
                    "descending: --columns 'name desc'.",
                    reference="YugabyteDB documentation, CREATE INDEX",
                )
            )
        return tuple(found)


def recognise(signs: Signs) -> Version | None:
    """Return the version that version() tells behind PostgreSQL's, None for another server."""
    match = _VERSION.search(signs.version)
    return None if match is None else tuple(int(one) for one in match[1].split("."))


def make(version: Version, own: Version) -> Dialect:
    """Return YugabyteDB; raises AnswerError (`old-server`) for those that speak PostgreSQL 11."""
    known = not own or own >= (2025,) or (2, 25) <= own < (3,)
    if not known or (version and version < SPOKEN):
        shown = ".".join(map(str, own)) or "of an unknown version"
        raise AnswerError(
            "old-server",
            f"this server is YugabyteDB {shown}, which speaks PostgreSQL 11; migwiz knows 2025.1 "
            "and later, which speak 15",
            why="PostgreSQL 11 lacks what safe plans are made of.",
            next_actions=("upgrade the cluster, or say another --flavour 'yugabytedb VERSION'",),
            flag="--flavour",
        )
    return YugabyteDB(base=postgresql.dialect(version or SPOKEN), own=own)


FLAVOUR = Flavour(
    name="yugabytedb",
    label="YugabyteDB",
    speaks="postgresql",
    recognise=recognise,
    make=make,
)
