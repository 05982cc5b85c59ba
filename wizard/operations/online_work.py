"""What the steps of a plan cost where ALTER TABLE copies or rebuilds tables: said in one place.

No operation has to know which of its steps the engine makes in an instant, in place or by a copy:
each step is fitted to its table here, and what is not over in an instant becomes a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from wizard.dialects.base import Dialect, Size
from wizard.model.findings import Finding, Severity, info, warning
from wizard.model.names import TableName
from wizard.model.plan import Change, Lock, Migration, Naive, Phase, Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply
from wizard.model.steps import (
    AddColumn,
    Batched,
    CreateSync,
    DropColumn,
    DropTable,
    RenameColumn,
    RenameTable,
    Step,
)
from wizard.operations.splitting import split

#: With so few instant changes left, it is time to plan the rebuild.
FEW = 10


class Fitting:
    """Walks through a plan and fits each step to its table as the steps before leave it."""

    def __init__(self, dialect: Dialect, tables: Callable[[TableName], Table]) -> None:
        self._dialect = dialect
        self._tables = tables
        self._schema = Schema()
        self._seen: set[TableName] = set()
        self._spent: dict[TableName, int] = {}

    def plan(self, plan: Plan) -> Plan:
        """Return the plan with fitted steps."""
        return replace(plan, phases=tuple(self._phase(one) for one in plan.phases))

    def spent(self) -> dict[TableName, int]:
        """Return how many instant changes the plan takes of each table's limit."""
        return dict(self._spent)

    def _phase(self, phase: Phase) -> Phase:
        return replace(phase, migrations=tuple(self._migration(one) for one in phase.migrations))

    def _migration(self, migration: Migration) -> Migration:
        return replace(migration, changes=tuple(self._change(one) for one in migration.changes))

    def _change(self, change: Change) -> Change:
        self._load(change.step)
        step = self._count(_fitted(self._dialect, change.step, self._schema))
        self._schema = apply(self._schema, step)
        for one in change.undo:
            self._load(one)
        after, undo = self._schema, []
        for one in change.undo:
            back = _fitted(self._dialect, _complete(one, step), after)
            undo.append(back)
            after = apply(after, back)
        return replace(change, step=step, undo=tuple(undo))

    def _load(self, step: Step) -> None:
        for name in existing_tables(step):
            if self._schema.table(name) is None and name not in self._seen:
                self._seen.add(name)
                self._schema = self._schema.with_table(self._tables(name))

    def _count(self, step: Step) -> Step:
        """Return the step, with a rebuild where the table has had its last instant change."""
        limit = self._dialect.row_versions(step)
        if limit is None or not isinstance(step, AddColumn | DropColumn):
            return step
        table = self._schema.table(step.table)
        before = table.storage.row_versions if table and table.storage else None
        spent = self._spent.get(step.table, 0)
        if before is not None and before + spent >= limit:
            return replace(step, rebuild="online")
        self._spent[step.table] = spent + 1
        return step


def _complete(back: Step, step: Step) -> Step:
    """Return the way back of a dropped column with the rule that goes with it."""
    if not isinstance(back, AddColumn) or not isinstance(step, DropColumn):
        return back
    if back.column.name == step.column.name and back.column.check is None:
        return replace(back, column=replace(back.column, check=step.column.check))
    return back


def _fitted(dialect: Dialect, step: Step, schema: Schema) -> Step:
    name = getattr(step, "table", None)
    table = schema.table(name) if isinstance(name, TableName) else None
    return step if table is None else dialect.fit(step, table)


def existing_tables(step: Step) -> tuple[TableName, ...]:
    """Return the existing tables that a step needs to be known."""
    if isinstance(step, DropTable):
        return (step.table.name,)
    found = [getattr(step, "table", None), getattr(step, "target", None)]
    for part in ("sync", "view"):
        found.append(getattr(getattr(step, part, None), "table", None))
    return tuple(one for one in found if isinstance(one, TableName))


def settle(
    plan: Plan,
    dialect: Dialect,
    tables: Callable[[TableName], Table],
    rollout: Rollout,
) -> Plan:
    """Return the plan in the engine's form: fitted, one change a file, with what its work costs.

    ``tables`` reads a table as it is before the plan. The plan comes back as it is for an engine
    which changes tables in transactions and never copies one by itself.
    """
    capabilities = dialect.capabilities
    found: tuple[Finding, ...] = ()
    if capabilities.online_ddl:
        fitting = Fitting(dialect, tables)
        plan = fitting.plan(plan)
        found = (
            *_about_work(plan, dialect, tables, rollout),
            *_about_versions(plan, dialect, tables, fitting.spent()),
            *_about_triggers(plan),
        )
    if not capabilities.transactional_ddl:
        plan = replace(
            plan,
            phases=tuple(
                replace(
                    phase, migrations=tuple(one for each in phase.migrations for one in split(each))
                )
                for phase in plan.phases
            ),
        )
    naive = plan.naive
    if capabilities.online_ddl and naive is not None:
        naive = _naive(naive, dialect, tables, rollout)
    return replace(plan, findings=(*plan.findings, *found), naive=naive)


def _naive(
    naive: Naive, dialect: Dialect, tables: Callable[[TableName], Table], rollout: Rollout
) -> Naive:
    """Return what one line would have done, in words that fit how the engine works."""
    step = naive.up[0]
    if isinstance(step, RenameColumn | RenameTable | Batched):
        return naive
    lock = dialect.lock(step, _size(step, tables, rollout))
    owner = lock.on[-1] if lock.on else None
    if owner is None or lock.work == "none":
        return replace(naive, lock=lock)
    if "writes" in lock.blocks:
        effect = f"nobody can write to {owner} until it is done"
    else:
        effect = (
            f"without a lock budget, every query on {owner} queues behind the wait at both ends"
        )
    return replace(naive, lock=lock, effect=effect)


def _about_work(
    plan: Plan, dialect: Dialect, tables: Callable[[TableName], Table], rollout: Rollout
) -> tuple[Finding, ...]:
    """Return a finding for each step, up and down, which is not over in an instant."""
    if rollout.small:
        return ()
    found: list[Finding] = []
    for migration in plan.migrations:
        for change in migration.changes:
            forward = _told((change.step,), migration, dialect, tables, rollout, back=False)
            back = _told(change.undo, migration, dialect, tables, rollout, back=True)
            same = {one.code for one in forward} & {one.code for one in back}
            found += [
                replace(one, what=f"{one.what} The way back does the same.")
                if one.code in same
                else one
                for one in forward
            ]
            found += [one for one in back if one.code not in same]
    return tuple(dict.fromkeys(found))


def _told(
    steps: Sequence[Step],
    migration: Migration,
    dialect: Dialect,
    tables: Callable[[TableName], Table],
    rollout: Rollout,
    *,
    back: bool,
) -> list[Finding]:
    locks = [dialect.lock(step, _size(step, tables, rollout)) for step in steps]
    told = [_finding(one, migration, rollout, back=back) for one in locks]
    return [one for one in told if one is not None]


def _size(step: Step, tables: Callable[[TableName], Table], rollout: Rollout) -> Size:
    if rollout.rows is not None or rollout.bytes is not None:
        return Size(rows=rollout.rows, bytes=rollout.bytes)
    names = existing_tables(step)
    if not names:
        return Size()
    table = tables(names[0])
    return Size(rows=table.rows, bytes=table.bytes)


def _finding(lock: Lock, migration: Migration, rollout: Rollout, *, back: bool) -> Finding | None:
    if lock.work not in ("rewrite", "build") or not lock.on:
        return None
    table = lock.on[-1]
    who = f"The way back of “{migration.title}”" if back else f"“{migration.title}”"
    length = _length(lock)
    if "writes" in lock.blocks:
        what = "copies" if lock.work == "rewrite" else "builds its index on"
        urgent = Severity.WARNING if back else Severity.DANGER
        return Finding(
            code="writes-wait-for-copy",
            severity=Severity.INFO if rollout.stopped else urgent,
            what=f"{who} {what} {table}{length}: writes wait until it is done, reads go on.",
            why=f"The engine can do it by {lock.mode} only.",
            safer="Hand it to an online tool such as gh-ost or pt-online-schema-change, or run it in "
            "a maintenance window.",
            reference="MySQL manual, Online DDL Operations; MariaDB documentation, InnoDB Online DDL",
        )
    if lock.work == "rewrite":
        return warning(
            "table-rebuilt-online",
            f"{who} rebuilds {table}{length}: reads and writes go on, but it needs the table's size "
            "again on disk, and each replica repeats it and lags by as long.",
            why=f"The engine can do it by {lock.mode} at best.",
            safer="Run it when little is written, with replicas that may lag, or hand it to gh-ost or "
            "pt-online-schema-change, which slow down for replicas.",
            reference="MySQL manual, Online DDL Operations; MariaDB documentation, InnoDB Online DDL",
        )
    return info(
        "replica-repeats-build",
        f"{who} builds an index on {table}{length}: reads and writes go on here, but each replica "
        "repeats the build and lags by as long.",
        why="A replica runs the change only after it has ended here.",
        safer="Send reads that must be fresh to the primary meanwhile.",
    )


def _length(lock: Lock) -> str:
    if lock.milliseconds is None:
        return ""
    most = lock.milliseconds[1]
    if most < 1_000:
        return ", for less than a second"
    if most < 120_000:
        return f", for up to {-(-most // 1_000)} s"
    return f", for up to {-(-most // 60_000)} min"


def _about_versions(
    plan: Plan,
    dialect: Dialect,
    tables: Callable[[TableName], Table],
    spent: dict[TableName, int],
) -> tuple[Finding, ...]:
    limits = {
        step.table: limit
        for migration in plan.migrations
        for step in migration.up
        if isinstance(step, AddColumn | DropColumn) and (limit := dialect.row_versions(step))
    }
    found = (
        version_budget(tables(name), limits[name], number)
        for name, number in spent.items()
        if name in limits
    )
    return tuple(one for one in found if one is not None)


def version_budget(table: Table, limit: int, spent: int) -> Finding | None:
    """Say how many instant changes a table has left when ``spent`` of them are made.

    None where the server does not tell how many it has had.
    """
    before = table.storage.row_versions if table.storage is not None else None
    if before is None:
        return None
    left = max(0, limit - before - spent)
    return Finding(
        code="row-versions",
        severity=Severity.WARNING if left < FEW else Severity.INFO,
        what=f"{left} of {limit} instant changes of {table.name} are left after this.",
        why="Each column that is added or dropped in an instant leaves one more form in which rows "
        "may lie on disk; at the limit the server refuses the next one.",
        safer=f"A rebuild starts the count anew: ALTER TABLE {table.name} FORCE, or an online tool.",
        reference="MySQL manual, Online DDL Operations, Column Operations",
    )


def _about_triggers(plan: Plan) -> tuple[Finding, ...]:
    if not any(isinstance(one, CreateSync) for each in plan.migrations for one in each.up):
        return ()
    return (
        info(
            "trigger-needs-right",
            "While the server writes a binary log, only an administrator can create the trigger, "
            "unless log_bin_trust_function_creators is on.",
            why="A replica that repeats statements could be led astray by a trigger.",
            safer="Try it where the same user has the same rights as in production.",
            reference="MySQL manual, Stored Program Binary Logging",
        ),
    )
