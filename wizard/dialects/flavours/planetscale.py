"""PlanetScale: Vitess behind branches, where a schema reaches production by a deploy request.

PlanetScale documentation, November 2024, beside what `wizard.dialects.flavours.vtgate` names:

- "Safe migrations": a branch that has them refuses DDL; without them DDL runs on production itself
  and locks as MySQL does. "Deploy requests": the difference of two schemas is deployed, no rows, and
  can be reverted for 30 minutes.
- "Non-blocking schema changes": no RENAME of columns and tables; the difference would be a column
  that goes and another that comes, without its values.
- "Branching": rows of one table, that in which a tool notes its migrations, can be copied along.
- "Foreign key constraints": a setting, for unsharded databases; a deploy request does not look at the
  rows that are there, and gives the key another name each time.
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
from wizard.model.findings import Finding, warning
from wizard.model.plan import Lock, Plan
from wizard.model.schema import ForeignKey
from wizard.model.steps import (
    AddForeignKey,
    AddIndex,
    Batched,
    DropConstraint,
    RenameColumn,
    Step,
    is_data,
)

_RENAME = "a deploy request would drop the column and add an empty one of the new name"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanetScale(Flavoured):
    """PlanetScale, which tells no version of its own."""

    FLAVOUR: ClassVar[str] = "planetscale"
    LABEL: ClassVar[str] = "PlanetScale"

    @property
    def title(self) -> str:
        """The engine without a version."""
        return self.LABEL

    @property
    def label(self) -> str:
        """The engine alone."""
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
        if isinstance(step, RenameColumn) or step is RenameColumn:
            return _RENAME
        return vtgate.unsupported(step) or self.base.supports(step)

    def instead(self, step: Step) -> str:
        """Say what to do instead of a step that is not supported."""
        if isinstance(step, RenameColumn):
            return "Map the new name in the application (--how map), or add a column and fill it."
        if vtgate.unsupported(step) is None:
            return Flavoured.instead(self, step)
        return vtgate.instead(step)

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step, as a development branch takes them."""
        reason = self.supports(step)
        if reason is not None:
            raise AnswerError("unsupported", reason)
        return vtgate.statements(step, self.base)

    def in_own_words(self, step: Step) -> bool:
        """Tell whether frameworks' own operations might name an algorithm."""
        return is_ddl(step)

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch."""
        return vtgate.batch(step, self.base)

    def by_shard(self, step: Batched) -> ByShard:
        """Return how the shards of the keyspace are walked, each through a target of its own."""
        return vitess_shards.by_shard(step.table.schema, client=False)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return nothing: there are no procedures."""
        del step
        return ()

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return nothing: a branch for development has nobody to wait for."""
        del milliseconds
        return ()

    def index_state(self, step: AddIndex) -> None:
        """Return None: a deployment that fails leaves the table as it was."""
        del step

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds on production, when its deploy request is deployed."""
        return vtgate.lock(step, size, self.base, "a deploy request")

    def alteration(self, step: Step) -> None:
        """Return None: a deploy request copies tables by itself."""
        del step

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run outside any transaction: changes of the schema, batches."""
        return is_ddl(step) or self.base.needs_own_transaction(step)

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Say for which branch each file is, and what a deploy request leaves out."""
        steps = [step for one in plan.migrations for step in one.up]
        found: list[Finding] = []
        if any(map(is_ddl, steps)):
            found.append(_deploy(data=any(map(is_data, steps))))
        keys = (
            one
            for one in steps
            if isinstance(one, AddForeignKey | DropConstraint)
            and isinstance(one.constraint, ForeignKey)
        )
        if any(keys):
            found.append(_key())
        found += vtgate.shared_findings(self.engine, self.LABEL, steps, situation)
        return tuple(found)


def _deploy(*, data: bool) -> Finding:
    rows = (
        " Files that change rows run on production itself, after the deployment they build on."
        if data
        else ""
    )
    return warning(
        "engine-wants-deploy-request",
        "Files that change the schema are for a development branch; production gets each phase by "
        f"a deploy request of its own.{rows}",
        why="A branch with safe migrations refuses DDL. Without them DDL runs on production itself "
        "and locks as MySQL does. A deploy request carries the schema and no rows.",
        safer="Run a phase on a branch, deploy it, wait, and only then deploy code or begin the "
        "next; have the table of migrations copied along (Settings, Automatically copy migration "
        "data). For 30 minutes a deployment can be reverted without loss.",
        reference="PlanetScale documentation, Safe migrations, Deploy requests",
    )


def _key() -> Finding:
    return warning(
        "engine-key-unproven",
        "A deploy request adds a foreign key without looking at the rows that are there, and gives "
        "it another name on production.",
        why="Constraint names must be unique in a schema, in which the old and the new table stand "
        "side by side for a while.",
        safer="Allow foreign keys in the settings of the database, look for rows without a parent "
        "by a query before and after, and drop a key by the name that production has.",
        reference="PlanetScale documentation, Foreign key constraints",
    )


def recognise(signs: Signs) -> Version | None:
    """Return no version where the server calls itself so, None for another server."""
    return () if vtgate.says(signs, "planetscale") else None


def make(version: Version, own: Version) -> Dialect:
    """Return PlanetScale; raises AnswerError (`old-server`) where it says a MySQL before 8.0."""
    return PlanetScale(base=plain("mysql", version or vtgate.SPOKEN), own=own)


FLAVOUR = Flavour(
    name="planetscale", label="PlanetScale", speaks="mysql", recognise=recognise, make=make
)
