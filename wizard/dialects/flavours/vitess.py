"""Vitess: MySQL's language over many servers, every change of a table an online job.

Vitess documentation, 16 to 22, beside what `wizard.dialects.flavours.vtgate` names:

- "Online DDL strategies": with ``@@ddl_strategy = 'vitess'`` in the session, ALTER TABLE copies the
  table beside the old one and switches over; the default ``direct`` is MySQL's own, locks included.
- "Managed, Online Schema Changes": the statement returns at once with a job's id, and the job starts
  later; SHOW VITESS_MIGRATIONS tells how far it is. Tables are kept for a day.
- "Revertible migrations": within 24 hours the last change of a table is reverted without loss.
- "Online DDL strategies" and "Foreign Keys": the strategy changes no table that takes part in a
  foreign key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wizard.dialects import dialect as plain
from wizard.dialects.base import Batch, Capabilities, Dialect, Size
from wizard.dialects.flavours import vitess_shards, vtgate
from wizard.dialects.flavours.base import Flavour, Flavoured, Signs, Situation, Version
from wizard.dialects.flavours.by_shard import ByShard
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, info, warning
from wizard.model.plan import Lock, Plan
from wizard.model.steps import (
    AddForeignKey,
    AddIndex,
    Batched,
    ChangeType,
    CreateTable,
    DropColumn,
    DropTable,
    RenameColumn,
    Step,
)

#: Sent before each change, for it is the session's own and some tool may have set another.
ONLINE = "SET @@ddl_strategy = 'vitess'"

_MANAGED = "Vitess documentation, Managed, Online Schema Changes"
_KEYS = "Vitess documentation, Foreign Keys in Vitess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitess(Flavoured):
    """Vitess at a version of its own, empty where the server does not tell it."""

    FLAVOUR: ClassVar[str] = "vitess"
    LABEL: ClassVar[str] = "Vitess"

    @property
    def title(self) -> str:
        """The engine without a version."""
        return self.LABEL

    @property
    def label(self) -> str:
        """The engine alone: the version of MySQL that it says is a setting."""
        return self.engine

    @property
    def told(self) -> str:
        """The engine, with the language that it speaks."""
        return f"{self.engine} (speaks MySQL)"

    @property
    def capabilities(self) -> Capabilities:
        """What plans may count on."""
        return vtgate.capable(self.base.capabilities)

    def supports(self, step: Step | type) -> str | None:
        """Return why there is no SQL for a step, None where there is."""
        if isinstance(step, AddForeignKey) or step is AddForeignKey:
            return "its online DDL adds no foreign keys"
        if isinstance(step, CreateTable) and step.table.foreign_keys:
            return "its online DDL adds no foreign keys"
        return vtgate.unsupported(step) or self.base.supports(step)

    def instead(self, step: Step) -> str:
        """Say what to do instead of a step that is not supported."""
        if isinstance(step, AddForeignKey | CreateTable):
            return "Leave the key out, look for rows without a parent by a query from time to time."
        if vtgate.unsupported(step) is None:
            return Flavoured.instead(self, step)
        return vtgate.instead(step)

    def obstacle(self, step: Step, situation: Situation) -> Finding | None:
        """Return why the step cannot be planned here: also a foreign key of its table."""
        found = Flavoured.obstacle(self, step, situation)
        if found is not None or not is_ddl(step) or isinstance(step, CreateTable):
            return found
        for table in situation.tables(step)[:1]:
            if table.foreign_keys or table.referenced_by:
                return self.cannot(
                    f"{table.name} takes part in a foreign key, and the online DDL changes no such "
                    "table",
                    safer="Drop the foreign keys with @@ddl_strategy = 'direct' first, or make the "
                    "whole change that way in a maintenance window.",
                    reference=_KEYS,
                )
        return None

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step, the strategy before each change of the schema."""
        reason = self.supports(step)
        if reason is not None:
            raise AnswerError("unsupported", reason)
        said = vtgate.statements(step, self.base)
        return (ONLINE, *said) if is_ddl(step) and said else said

    def in_own_words(self, step: Step) -> bool:
        """Tell whether frameworks' own operations would not say the strategy."""
        return is_ddl(step)

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch."""
        return vtgate.batch(step, self.base)

    def by_shard(self, step: Batched) -> ByShard:
        """Return how the shards of the keyspace are walked, each through a target of its own."""
        return vitess_shards.by_shard(step.table.schema, client=True)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return nothing: the proxy makes no procedures."""
        del step
        return ()

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return nothing: the job waits in a session of its own, with a limit of its own."""
        del milliseconds
        return ()

    def index_state(self, step: AddIndex) -> None:
        """Return None: a job that fails leaves the table as it was."""
        del step

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds and for how long."""
        return vtgate.lock(step, size, self.base, "an online job")

    def alteration(self, step: Step) -> None:
        """Return None: Vitess copies tables by itself."""
        del step

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run outside any transaction: changes of the schema, batches."""
        return is_ddl(step) or self.base.needs_own_transaction(step)

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say that statements return before the work is done, and how to take it back."""
        steps = [step for one in plan.migrations for step in one.up]
        found: list[Finding] = []
        if any(map(is_ddl, steps)):
            found += [_early(), _revert()]
        routed = [
            one
            for one in steps
            if isinstance(one, CreateTable | DropTable | DropColumn | RenameColumn | ChangeType)
        ]
        if routed:
            found.append(_routes())
        found += vtgate.shared_findings(self.engine, self.LABEL, steps, situation)
        return tuple(found)


def _early() -> Finding:
    return warning(
        "engine-answers-early",
        "Each change of the schema returns at once with the id of a job, before anything is done.",
        why="Vitess queues the job on each shard and runs it there on its own; a file that counts "
        "as done may still fail.",
        safer="Go on to the next file, and deploy code that needs the change, only when SHOW "
        "VITESS_MIGRATIONS LIKE 'id' says complete for every shard.",
        reference=_MANAGED,
    )


def _revert() -> Finding:
    return info(
        "engine-revert-window",
        "For 24 hours REVERT VITESS_MIGRATION 'id' takes the last change of a table back with all "
        "rows written since.",
        why="Vitess keeps the old table in step meanwhile. The way back in the files makes another "
        "copy, and does not bring back values that were dropped.",
        safer="Note the ids, and revert by them while the day lasts.",
        reference="Vitess documentation, Revertible migrations",
    )


def _routes() -> Finding:
    return warning(
        "engine-routes-by-vschema",
        "The VSchema of a sharded keyspace names tables and columns, and does not follow this plan.",
        why="Rows are found by it: a table that it does not name is not found, and a column that "
        "routes cannot go or change.",
        safer="Look with SHOW VSCHEMA VINDEXES ON the table, and change the VSchema with it.",
        reference="Vitess documentation, VSchema",
    )


def recognise(signs: Signs) -> Version | None:
    """Return Vitess's own version where it is told, None for another server."""
    if vtgate.says(signs, "planetscale") or not vtgate.says(signs, "vitess"):
        return None
    return vtgate.own_version(signs)


def make(version: Version, own: Version) -> Dialect:
    """Return Vitess; raises AnswerError (`old-server`) where it says a MySQL before 8.0."""
    return Vitess(base=plain("mysql", version or vtgate.SPOKEN), own=own)


FLAVOUR = Flavour(name="vitess", label="Vitess", speaks="mysql", recognise=recognise, make=make)
