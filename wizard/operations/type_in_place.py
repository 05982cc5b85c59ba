"""Changing a type in place: in an instant where the stored bytes stay, at once where that is short.

Both directions are rated: a way back that would write a large table anew under a lock is left out,
and the wide type stays, which harms nothing (safety.md PG-8a, §1.7).
"""

from __future__ import annotations

from dataclasses import replace

from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import TableName, slugify
from wizard.model.plan import LOSSLESS, Change, Gate, Lock, Migration, Naive, Plan, Reversibility
from wizard.model.schema import Check, ForeignKey, Reference
from wizard.model.steps import (
    AddCheck,
    ChangeType,
    DropConstraint,
    LockTables,
    MoveNumbering,
    Nothing,
    RebuildTable,
    Require,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import (
    ddl,
    rebuild_finding,
    rebuild_migration,
    validate_migration,
    with_column,
)
from wizard.operations.dependents import around, around_findings
from wizard.operations.phases import Part, everywhere, phases, queueing
from wizard.operations.retyping import (
    Retype,
    back_of,
    closing,
    misfits,
    step_of,
    way_back,
    way_home,
)
from wizard.operations.snippets import retyped
from wizard.operations.type_around import taken_off
from wizard.operations.type_obstacles import refuse_unindexed


def gentle(lock: Lock) -> bool:
    """Tell whether a change holds up nobody for longer than a moment."""
    return lock.work == "none" or not lock.blocks


def cost(retype: Retype, context: Context, step: ChangeType | None = None) -> Lock:
    """Return what the change holds on this table, its checks proven afterwards where they can be."""
    bare = _bare(step or step_of(retype, context), context)
    fitted = context.dialect.fit(bare, retype.table)
    return context.dialect.lock(fitted, context.size(retype.table))


def in_place(retype: Retype, context: Context, *, by_tool: bool = False) -> Plan:
    """Return the plan: one step, with the checks of the column around it.

    ``by_tool`` says that a tool does it on a copy of the table, in both directions.
    """
    table, rollout, dialect = retype.table, context.rollout, context.dialect
    step = step_of(retype, context)
    quick = gentle(cost(retype, context))
    copes = f"copes with {retype.name} as {retype.column.type} and as {retype.to.type}"
    harmless = quick and retype.way.exact and retype.way.alike
    guard = misfits(retype, context)
    lock = dialect.lock(dialect.fit(step, table), context.size(table))
    return Plan(
        title=retype.title,
        slug=slugify(f"change type {table.name} {retype.column.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand" if harmless else "switch",
                migrations=migrations_of(retype, step, context, by_tool=by_tool),
                when=_harmless_when(context)
                if harmless
                else "after the deploy that copes with both types",
                application="need not change"
                if harmless
                else f"copes with both types of {retype.column.name}",
                gate=None if harmless else Gate(text=everywhere(rollout, copes)),
            ),
        ),
        findings=_findings(retype, context, step, quick=quick, by_tool=by_tool),
        preflights=() if guard is None else (guard,),
        snippets=retyped(
            retype.table, retype.column, retype.to, phase="expand" if harmless else "switch"
        ),
        naive=Naive(up=(step,), lock=lock, effect=queueing(lock, *lock.on)),
    )


def migrations_of(
    retype: Retype, step: ChangeType, context: Context, *, by_tool: bool = False
) -> tuple[Migration, ...]:
    """Return the change in place, with the checks of the column around it."""
    if context.dialect.supports(ChangeType) is not None:
        return (_rebuilt(retype, context),)
    refuse_unindexed(retype, context)
    table = retype.table
    checks, bare = _checks(step, context), _bare(step, context)
    around_it = taken_off(retype, bare, context)
    bare = around_it.step
    undo, grade = _undo(retype, bare, context, by_tool=by_tool)
    stays = all(isinstance(one, Nothing) for one in undo)
    changes: list[Change] = []
    others = _partners(step)
    if others and context.dialect.capabilities.lock_tables:
        lock = LockTables(tables=(*others, table.name), mode="access exclusive")
        changes.append(change(lock))
    for one in checks:
        pending = AddCheck(table=table.name, constraint=replace(one, validated=False))
        drop = DropConstraint(table=table.name, constraint=one)
        changes.append(change(drop, undo=() if stays else (pending,)))
    changes += around_it.before
    changes.append(change(bare, undo=undo, reversibility=grade))
    changes += around_it.after
    changes += _counted(retype)
    for one in checks:
        pending = AddCheck(table=table.name, constraint=replace(one, validated=False))
        free = DropConstraint(table=table.name, constraint=replace(one, validated=False))
        changes.append(change(pending, undo=() if stays else (free,)))
    wrapped = around(context, table, (retype.column.name,), tuple(changes))
    guard = misfits(retype, context)
    look = () if guard is None else (change(_require(guard.query, guard.problem, table.name)),)
    before = () if stays else tuple(_proof_back(retype, one) for one in checks)
    after = tuple(_proof(retype, one, stays=stays) for one in checks)
    made = ddl(context, retype.title, *look, *wrapped)
    return (*before, replace(made, by_tool=by_tool), *after)


def _rebuilt(retype: Retype, context: Context) -> Migration:
    """Return the copy of the table, where the engine changes no type in place."""
    table = retype.table
    after = with_column(table, retype.to)
    guard, home = misfits(retype, context), closing(retype, context)
    look = () if guard is None else (_require(guard.query, guard.problem, table.name),)
    back = () if home is None else (_require(home.query, home.problem, table.name),)
    return rebuild_migration(
        retype.title,
        RebuildTable(before=table, after=after),
        guard=look,
        undo=(*back, RebuildTable(before=after, after=table)),
        reversibility=way_home(retype),
    )


def _proof(retype: Retype, check: Check, *, stays: bool) -> Migration:
    """Return the file that proves a check again, now that nobody waits for it."""
    pending = replace(check, validated=False)
    title = f"validate {check.name} of {retype.table.name}"
    prove = validate_migration(retype.table, pending, title=title)
    if stays:
        return prove
    gone = Nothing(reason=f"{check.name} goes with the change back")
    return replace(prove, changes=(change(prove.changes[0].step, undo=(gone,)),))


def _proof_back(retype: Retype, check: Check) -> Migration:
    """Return the file whose downgrade proves a check again after the change back."""
    title = f"prove {check.name} on the way back"
    nothing = Nothing(reason=f"only the downgrade has work to do: it proves {check.name}")
    pending = replace(check, validated=False)
    proof = ValidateConstraint(table=retype.table.name, constraint=pending)
    return Migration(slug=slugify(title), title=title, changes=(change(nothing, undo=(proof,)),))


def _counted(retype: Retype) -> list[Change]:
    """Return the change of how far a sequence of the column's own counts."""
    column = retype.column
    if column.counter is None or column.identity is not None:
        return []
    step = MoveNumbering(
        table=retype.table.name,
        column=column,
        to=replace(retype.to, default=None),
        sequence=column.counter.name,
    )
    return [change(step)]


def _require(query: str, problem: str, table: TableName) -> Require:
    return Require(query=query, message=problem, table=table)


def _checks(step: ChangeType, context: Context) -> tuple[Check, ...]:
    """Return the checks to take off and prove afterwards, so that nobody waits for their scan."""
    if context.rollout.direct or not context.dialect.capabilities.not_valid:
        return ()
    return tuple(one for one in step.beside if isinstance(one, Check) and one.validated)


def _bare(step: ChangeType, context: Context) -> ChangeType:
    checks = _checks(step, context)
    return replace(step, beside=tuple(one for one in step.beside if one not in checks))


def _partners(step: ChangeType) -> tuple[TableName, ...]:
    """Return the other tables of the column's foreign keys, which are locked with it."""
    found = [one.ref_table for one in step.beside if isinstance(one, ForeignKey)]
    found += [one.table for one in step.beside if isinstance(one, Reference)]
    return tuple(one for one in dict.fromkeys(found) if one != step.table)


def _undo(
    retype: Retype, step: ChangeType, context: Context, *, by_tool: bool
) -> tuple[tuple[Step, ...], Reversibility]:
    """Return the way back: exact where it is quick or short, else the wide type stays."""
    back, dialect = back_of(retype, step, context), context.dialect
    turned = with_column(retype.table, retype.to)
    held = dialect.lock(dialect.fit(back, turned), context.size(retype.table))
    if not context.rollout.direct and not by_tool and not gentle(held):
        reason = (
            f"{retype.name} stays {retype.to.type}, which holds all that {retype.column.type} "
            "did; going back would write the table anew under a lock"
        )
        return (Nothing(reason=reason),), LOSSLESS
    home = closing(retype, context)
    look = () if home is None else (_require(home.query, home.problem, retype.table.name),)
    return (*look, back), way_back(retype) if retype.way.exact else way_home(retype)


def _harmless_when(context: Context) -> str:
    if context.dialect.capabilities.prepared_keep_types:
        return "at any time; recycle connections afterwards"
    return "at any time"


def _findings(
    retype: Retype, context: Context, step: ChangeType, *, quick: bool, by_tool: bool
) -> tuple[Finding, ...]:
    table, dialect = retype.table, context.dialect
    found: list[Finding] = []
    if dialect.supports(ChangeType) is not None:
        found.append(rebuild_finding(context, table))
    elif not quick and not by_tool:
        short = "It is short for so few rows." if context.rollout.small else "Plan enough time."
        found.append(
            warning(
                "type-rewrites",
                f"{table.name} is written anew while {_waiting(retype, context)}.",
                why="The stored values have another form in the new type.",
                safer=short,
            )
        )
    if not context.rollout.stopped and dialect.capabilities.prepared_keep_types:
        found.append(
            warning(
                "recycle-connections",
                f"Prepared statements that read {retype.name} fail from the change on: cached "
                "plan must not change result type.",
                why="A connection keeps the types of a statement's result from when it was "
                "prepared.",
                safer="Recycle the connections afterwards, or let the driver prepare again.",
            )
        )
    undo, _ = _undo(retype, _bare(step, context), context, by_tool=by_tool)
    if dialect.supports(ChangeType) is None and isinstance(undo[0], Nothing):
        found.append(_stays(retype))
    if not retype.way.exact:
        found.append(
            danger(
                "conversion-loses",
                f"Values of {retype.name} do not come back from {retype.to.type} as they were.",
                why="Two different values become one, or a value is rounded or written anew.",
                safer="Keep the old column for a release with --how shadow.",
            )
        )
    others = _partners(step)
    if others and dialect.capabilities.lock_tables:
        listed = " and ".join(map(str, others))
        found.append(
            warning(
                "keys-locked-too",
                f"{listed} is locked too for that moment: a foreign key between both is made anew.",
                why="It must point to the column in its new type.",
            )
        )
    changes = (change(step),)
    return (*found, *around_findings(context, table, (retype.column.name,), changes))


def _waiting(retype: Retype, context: Context) -> str:
    blocked = cost(retype, context).blocks
    if "reads" in blocked:
        return "nobody can read or write it"
    return "nobody can write it" if blocked else "reads and writes go on"


def _stays(retype: Retype) -> Finding:
    limit = retype.way.returns
    command = f'migwiz add-check --table {retype.table.name} --expression "{limit}"'
    return info(
        "type-stays-wide",
        f"The downgrade leaves {retype.name} as {retype.to.type}: it holds all that "
        f"{retype.column.type} did, and older code reads and writes it as before.",
        why=f"Going back to {retype.column.type} would write {retype.table.name} anew under a lock "
        "that stops everybody, and fail at the first value that no longer fits.",
        safer=f"To forbid new values that do not fit: {command}" if limit else "",
    )
