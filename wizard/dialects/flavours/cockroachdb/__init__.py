"""CockroachDB 23.1 and later: PostgreSQL's language, every schema change an online job.

Facts, from CockroachDB's documentation of 23.1 to 26.3:

- "Online Schema Changes": a change runs as a background job that holds no lock on the rows; only
  one belongs into a transaction, since several are not atomic together; adding and dropping
  columns and building indexes writes the table's rows anew and needs up to three times their space;
  a failed job cleans up behind itself.
- "CREATE INDEX", "DROP INDEX": CONCURRENTLY is accepted and means nothing.
- "ALTER TABLE": NOT VALID exists, and is not needed: the job validates while writes go on.
- The SQL grammar of each version: no LOCK TABLE, no USING INDEX, no EXCLUDE, no DEFERRABLE.
- "SET": ``lock_timeout`` bounds row locks only, which no schema change waits for.
- "PostgreSQL Compatibility": the server calls itself PostgreSQL 13, later 18, and is neither.

Its catalogue resembles PostgreSQL's and lacks much of it, so the schema is read from "SHOW CREATE"
and "SHOW TABLES". Batches are those of PostgreSQL: WITH may hold an UPDATE at its top level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from wizard.dialects import postgresql
from wizard.dialects.base import Batch, Capabilities, Dialect, Size
from wizard.dialects.flavours.base import Dump, Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.by_shard import not_run_here, worth_it
from wizard.dialects.flavours.cockroachdb import bounds, locks, reasons, statements
from wizard.dialects.flavours.cockroachdb.ddl import as_postgresql
from wizard.dialects.flavours.subjects import is_ddl
from wizard.dialects.postgresql import batches
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, info, warning
from wizard.model.names import TableName
from wizard.model.plan import Lock, Naive, Plan
from wizard.model.schema import Unique
from wizard.model.steps import (
    AddIndex,
    Batched,
    DropConstraint,
    DropIndex,
    SetVisible,
    Step,
)

OLDEST = (23, 1)
#: The version whose SQL is spoken, whatever the server calls itself.
SPOKEN = (13,)

_VERSION = re.compile(r"CockroachDB \w+ v(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CockroachDB(Flavoured):
    """CockroachDB at a version of its own."""

    FLAVOUR: ClassVar[str] = "cockroachdb"
    LABEL: ClassVar[str] = "CockroachDB"

    @property
    def title(self) -> str:
        """The engine without a version."""
        return self.LABEL

    @property
    def label(self) -> str:
        """The engine alone: what it speaks is not what it is."""
        return self.engine

    @property
    def told(self) -> str:
        """The engine, with the language that it speaks."""
        return f"{self.engine} (speaks PostgreSQL)"

    @property
    def capabilities(self) -> Capabilities:
        """What plans may count on: one online statement wherever PostgreSQL takes several steps.

        NOT VALID, USING INDEX and a NOT NULL from a check exist to spare PostgreSQL's locks; here
        the plain statement holds none.
        """
        return replace(
            self.base.capabilities,
            keeps_old=False,
            # A moment that every replica can answer for.
            reads_past=bounds.PAST,
            transactional_ddl=False,
            concurrent_index=False,
            online_index=True,
            not_valid=False,
            not_valid_key=False,
            deferrable_key=False,
            not_null_not_valid=False,
            not_null_from_check=False,
            unique_using_index=False,
            lock_tables=False,
            writable_view=False,
            sync_fills_required=False,
            sync_partitioned=False,
            partitions_are_tables=False,
            index_methods=("btree", "gin", "gist"),
            index_nulls_order=False,
            index_nulls_not_distinct=False,
            stored_generated_in_place=True,
            virtual_generated=True,
            add_volatile_default=True,
        )

    def supports(self, step: Step | type) -> str | None:
        """Return why there is no SQL for a step, None where there is."""
        if isinstance(step, SetVisible) or step is SetVisible:
            return None
        return reasons.unsupported(step, self.own) or self.base.supports(step)

    def instead(self, step: Step) -> str:
        """Say what to do instead of a step that is not supported."""
        return reasons.instead(step)

    def obstacle(self, step: Step, situation: Situation) -> Finding | None:
        """Return why the step cannot be planned here, also for what depends on its table."""
        return reasons.in_the_way(self, step, situation)

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step."""
        reason = self.supports(step)
        if reason is not None:
            raise AnswerError("unsupported", reason)
        return statements.own(step) or self.base.sql(step)

    def in_own_words(self, step: Step) -> bool:
        """Tell whether Alembic's own operation would say it as PostgreSQL does."""
        return isinstance(step, DropIndex) or (
            isinstance(step, DropConstraint) and isinstance(step.constraint, Unique)
        )

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch, without the waits that are PostgreSQL's own."""
        return batches.batch(step, plain=True)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return nothing: a DO block cannot commit, and PL/pgSQL lacks what the loop is made of."""
        del step
        return ()

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return nothing: no schema change waits for a lock."""
        del milliseconds
        return ()

    def index_state(self, step: AddIndex) -> None:
        """Return None: a build that fails leaves nothing behind."""
        del step

    def unknown_partitions(
        self, table: TableName, known: tuple[TableName, ...], *, over_bytes: int
    ) -> None:
        """Return None: partitions are no tables."""
        del table, known, over_bytes

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds and for how long."""
        return locks.lock(step, size, self.base)

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run alone: every schema change, and batches."""
        return is_ddl(step) or self.base.needs_own_transaction(step)

    def untrue(self, plan: Plan) -> frozenset[str]:
        """Return the codes of findings on PostgreSQL's locks."""
        del plan
        return frozenset({"concurrent-build-waits", "key-downgrade-locks", "volatile-default"})

    def compared(self, naive: Naive) -> None:
        """Return None: a one-line migration is what this engine wants."""
        del naive

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say that the engine's own jobs do the work, and what a file of plain SQL cannot do."""
        steps = [step for one in plan.migrations for step in one.up]
        found: list[Finding] = []
        if any(map(is_ddl, steps)):
            found.append(
                info(
                    "engine-online-ddl",
                    f"{self.engine} makes each schema change as an online job: reads and writes go "
                    "on, and this plan leaves the work to it.",
                    why="A job that writes rows anew or builds an index needs up to three times the "
                    "space of what it writes, and slows a busy cluster down.",
                    safer="Run it while little is going on, one change at a time, and follow it "
                    "with SHOW JOBS.",
                    reference="CockroachDB documentation, Online Schema Changes",
                )
            )
        walked = [one for one in steps if isinstance(one, Batched) and one.key]
        if walked and not situation.rollout.small:
            names = ", ".join(dict.fromkeys(str(one.table) for one in walked))
            found.append(
                warning(
                    "engine-one-update",
                    f"In a file of plain SQL the rows of {names} are changed by one statement, which "
                    "may hold millions of row locks until it ends or is told to start anew.",
                    why=f"{self.engine} has no block that commits in a loop.",
                    safer="Write this phase for Alembic, whose file walks the key in batches, or "
                    "run the batches from a script of your own.",
                    reference="CockroachDB documentation, Bulk-update Data",
                )
            )
        if walked and worth_it(situation.rollout):
            reference = "CockroachDB documentation, SHOW RANGES"
            found.append(
                not_run_here(
                    self.engine, walked[0], bounds.by_shard(walked[0]), reference, runner=False
                )
            )
        return tuple(found)


def recognise(signs: Signs) -> Version | None:
    """Return the version that version() tells, None for another server."""
    match = _VERSION.search(signs.version)
    return None if match is None else (int(match[1]), int(match[2]))


def make(version: Version, own: Version) -> Dialect:
    """Return CockroachDB; raises AnswerError (`old-server`) before 23.1.

    What the server says of a PostgreSQL version does not count. Without an own version it is taken
    for the oldest that is known.
    """
    del version
    if own and own < OLDEST:
        raise AnswerError(
            "old-server",
            f"this server is CockroachDB {'.'.join(map(str, own))}; migwiz knows 23.1 and later",
            why="Earlier versions make fewer changes online.",
            next_actions=("upgrade the server, or say another --flavour 'cockroachdb VERSION'",),
            flag="--flavour",
        )
    return CockroachDB(base=postgresql.dialect(SPOKEN), own=own)


FLAVOUR = Flavour(
    name="cockroachdb",
    label="CockroachDB",
    speaks="postgresql",
    recognise=recognise,
    make=make,
    dump=Dump(
        queries=("SHOW CREATE ALL TYPES", "SHOW CREATE ALL TABLES"),
        as_spoken=as_postgresql,
        rows_query="WITH found AS (SHOW TABLES) "
        "SELECT schema_name, table_name, estimated_row_count FROM found",
    ),
)
