"""Which files of a plan a tool should do, and its command lines: added to the finished plan.

A step counts when the dialect's lock fact says that the server writes the table anew for it, and the
table is large (`wizard.handover.choose.worth_it`). Files of one phase that alter the same table one
after the other become one run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from wizard.dialects.base import Dialect, Size
from wizard.handover import tools
from wizard.handover.base import Engine, Limits, Need, Server
from wizard.handover.choose import Choice, Way, choose, worth_it
from wizard.handover.clauses import keeps_whole_numbers
from wizard.handover.needs import need_of
from wizard.handover.telling import UNKNOWN, finding_of, handover_of
from wizard.model.findings import Finding
from wizard.model.handover import Handover
from wizard.model.names import TableName
from wizard.model.plan import Lock, Migration, Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply
from wizard.model.steps import (
    ChangeType,
    DropConstraint,
    DropTable,
    LockTables,
    Nothing,
    Require,
    Step,
)

_LOOKS = (Require, Nothing, LockTables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Files that one run of a tool replaces; ``table`` is as it is before the first of them.

    ``clauses`` stand behind ALTER TABLE, ``inverse`` undoes them and is empty where that cannot be
    said; ``lock`` is what the server itself would hold.
    """

    migrations: tuple[Migration, ...]
    table: Table
    clauses: tuple[str, ...]
    inverse: tuple[str, ...]
    lock: Lock
    cuts: bool
    inverse_cuts: bool

    def joined(self, other: Run) -> Run:
        """Return both as one run, the other one's files behind this one's."""
        both = self.inverse and other.inverse
        return replace(
            self,
            migrations=(*self.migrations, *other.migrations),
            clauses=(*self.clauses, *other.clauses),
            inverse=(*other.inverse, *self.inverse) if both else (),
            lock=max(self.lock, other.lock, key=lambda one: len(one.blocks)),
            cuts=self.cuts or other.cuts,
            inverse_cuts=self.inverse_cuts or other.inverse_cuts,
        )


def hand_over(
    plan: Plan,
    dialect: Dialect,
    tables: Callable[[TableName], Table],
    rollout: Rollout,
    server: Server | None,
) -> Plan:
    """Return the plan with a hand-over, and a finding, for each run that a tool should do.

    ``tables`` reads a table as it is before the plan, or as the plan brings it. Without a server the
    command lines hold placeholders.
    """
    found: list[tuple[Handover, Finding]] = []
    if not dialect.capabilities.online_ddl:
        return plan
    where = server or UNKNOWN
    for runs in _runs(plan, dialect, tables, rollout):
        for run, need, choice in _chosen(runs, dialect, rollout, where):
            if choice.best is None and rollout.stopped:
                # Nobody writes then, which is what no tool at all would ask for.
                continue
            named = _named_later(plan, run)
            handover = handover_of(run.migrations, need, choice, where, named=named)
            found.append((handover, finding_of(handover, run.lock, need.size, rollout)))
    if not found:
        return plan
    return replace(
        plan,
        handovers=tuple(handover for handover, _ in found),
        findings=(*plan.findings, *(finding for _, finding in found)),
    )


def refusals(step: Step, table: Table, dialect: Dialect, size: Size) -> str:
    """Return why each tool refuses a step on its own; empty where one can do it."""
    clause = dialect.alteration(step)
    if clause is None:
        return f"There are no such tools for {dialect.title}."
    need = need_of(
        table,
        (clause,),
        engine=_engine(dialect),
        version=dialect.version,
        size=size,
        may_cut=_cuts(step, dialect),
    )
    found = [(tool.label, tool.refuses(need)) for tool in tools().values()]
    if any(reason is None for _, reason in found):
        return ""
    return " ".join(f"{label}: {reason}" for label, reason in found)


def _runs(
    plan: Plan, dialect: Dialect, tables: Callable[[TableName], Table], rollout: Rollout
) -> Iterator[list[Run]]:
    """Yield the files for tools; those which one run can do stand together."""
    walk = _Walk(tables)
    new = plan.new_tables
    for phase in plan.phases:
        together: list[Run] = []
        for migration in phase.migrations:
            run = _run(migration, dialect, walk, rollout, new)
            walk.through(migration)
            if together and (run is None or run.table.name != together[0].table.name):
                yield together
                together = []
            if run is not None:
                together.append(run)
        if together:
            yield together


class _Walk:
    """The tables that a plan alters, as the files so far leave them."""

    def __init__(self, tables: Callable[[TableName], Table]) -> None:
        self._tables = tables
        self._schema = Schema()
        self._seen: set[TableName] = set()

    def table(self, name: TableName) -> Table | None:
        """Return a table, None when the plan has dropped or renamed it."""
        if name not in self._seen and self._schema.table(name) is None:
            self._seen.add(name)
            self._schema = self._schema.with_table(self._tables(name))
        return self._schema.table(name)

    def through(self, migration: Migration) -> None:
        """Go through a file."""
        for step in migration.up:
            if isinstance(step, DropTable):
                self.table(step.table.name)
            for part in (step, getattr(step, "sync", None), getattr(step, "view", None)):
                for key in ("table", "target"):
                    name = getattr(part, key, None)
                    if isinstance(name, TableName):
                        self.table(name)
            self._schema = apply(self._schema, step)


def _run(
    migration: Migration, dialect: Dialect, walk: _Walk, rollout: Rollout, new: frozenset[TableName]
) -> Run | None:
    """Return what a tool does in place of a file, None where the server does it well enough."""
    steps = [one for one in migration.up if not isinstance(one, _LOOKS)]
    clauses = [dialect.alteration(one) for one in steps]
    names = {name for one in steps if isinstance(name := getattr(one, "table", None), TableName)}
    if not steps or None in clauses or len(names) != 1 or names & new:
        return None
    table = walk.table(names.pop())
    if table is None:
        return None
    size = _size(table, rollout)
    locks = [dialect.lock(one, size) for one in steps]
    lock = max(locks, key=lambda one: (one.work == "rewrite", len(one.blocks)))
    copies = lock.work == "rewrite"
    if worth_it(size, copies=copies) is not Way.HAND_OVER and not (copies and migration.by_tool):
        return None
    if not lock.blocks and table.referenced_by:
        # The tables that refer to it get their keys anew behind a tool, which stops their writers:
        # worse than what the server does.
        return None
    undo = [one for one in migration.down if not isinstance(one, _LOOKS)]
    inverse = [dialect.alteration(one) for one in undo]
    return Run(
        migrations=(migration,),
        table=table,
        clauses=tuple(one for one in clauses if one),
        inverse=() if None in inverse else tuple(one for one in inverse if one),
        lock=lock,
        cuts=any(_cuts(one, dialect) for one in steps),
        inverse_cuts=any(_cuts(one, dialect) for one in undo),
    )


def _named_later(plan: Plan, run: Run) -> tuple[str, ...]:
    """Return the constraints that other files of the plan drop by a name which the tool may change."""
    kept = {one.name for one in run.table.checks} | {one.name for one in run.table.foreign_keys}
    named = (
        step.constraint.name
        for migration in plan.migrations
        for step in (*migration.up, *migration.down)
        if isinstance(step, DropConstraint) and step.table == run.table.name
    )
    return tuple(dict.fromkeys(one for one in named if one is not None and one in kept))


def _engine(dialect: Dialect) -> Engine:
    return "mariadb" if dialect.name == "mariadb" else "mysql"


def _size(table: Table, rollout: Rollout) -> Size:
    if rollout.rows is not None or rollout.bytes is not None:
        return Size(rows=rollout.rows, bytes=rollout.bytes)
    return Size(rows=table.rows, bytes=table.bytes)


def _cuts(step: Step, dialect: Dialect) -> bool:
    """Tell whether a value may not be the same in the new type, of which the copy says nothing.

    Another collation can lose characters, or make two values of a unique key equal.
    """
    if not isinstance(step, ChangeType):
        return False
    if step.column.collation != step.to.collation:
        return True
    if dialect.conversion(step.column, step.to).fits == "":
        return False
    return not keeps_whole_numbers(dialect.alteration(step) or "")


def _chosen(
    runs: list[Run], dialect: Dialect, rollout: Rollout, server: Server
) -> Iterator[tuple[Run, Need, Choice]]:
    """Yield one run for all where some tool can do them together, else each alone."""
    whole = runs[0]
    for run in runs[1:]:
        whole = whole.joined(run)
    need, choice = _choice(whole, dialect, rollout, server)
    if choice.best is not None or len(runs) == 1:
        yield whole, need, choice
        return
    for run in runs:
        yield run, *_choice(run, dialect, rollout, server)


def _choice(run: Run, dialect: Dialect, rollout: Rollout, server: Server) -> tuple[Need, Choice]:
    need = need_of(
        run.table,
        run.clauses,
        engine=_engine(dialect),
        version=dialect.version,
        size=_size(run.table, rollout),
        inverse=run.inverse,
        galera=server.galera,
        may_cut=run.cuts,
        inverse_may_cut=run.inverse_cuts,
    )
    return need, choose(need, Limits(lock_wait_ms=rollout.lock_budget_ms), server)
