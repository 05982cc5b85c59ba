"""Putting a check or a foreign key in the place of another one, without a moment without a rule.

The new one is added unproven under a name of its own and proven while reads and writes go on; then
the old one goes and the new one takes its name, in one short transaction. Where an engine proves it
when it is added, that is one step; where it renames no constraint, the new one keeps the name that
it was given. The way back is the same in reverse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.findings import Finding, danger, warning
from wizard.model.inverse import change
from wizard.model.names import fit_name, slugify
from wizard.model.plan import LOSSLESS, Change, Grade, Migration, Preflight, Reversibility
from wizard.model.schema import Check, ForeignKey, Table
from wizard.model.steps import (
    DropConstraint,
    Nothing,
    RebuildTable,
    RenameConstraint,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, rebuild_migration
from wizard.operations.constraints import (
    constraint_locks,
    constraint_step,
    orphans,
    proven_at_once,
    required,
    violators,
)
from wizard.operations.phases import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Two constraints of one name, of which the second replaces the first."""

    table: Table
    old: ForeignKey | Check
    new: ForeignKey | Check

    @property
    def title(self) -> str:
        """What happens, in a few words."""
        return f"change {self.old.name} of {self.table.name}"


def in_place(exchange: Exchange, context: Context) -> bool:
    """Tell whether the engine does it without a copy of the table."""
    supports, table = context.dialect.supports, exchange.table
    drop = DropConstraint(table=table.name, constraint=exchange.old)
    steps: tuple[Step, ...] = (constraint_step(table, exchange.new), drop)
    return all(supports(one) is None for one in steps)


def looks(exchange: Exchange, context: Context) -> tuple[Preflight, ...]:
    """Return the query for rows that the new constraint would refuse.

    None for a foreign key in the place of a proven one: both let the same rows be.
    """
    table, old, new = exchange.table, exchange.old, exchange.new
    if isinstance(new, Check):
        return (violators(context, table, new),)
    return () if old.validated else (orphans(context, table, new),)


def refuse_impossible(exchange: Exchange, context: Context) -> None:
    """Raise Refusal where the engine neither has such a constraint nor copies the table for it."""
    supports, table = context.dialect.supports, exchange.table
    reason = supports(constraint_step(table, exchange.new))
    if reason is not None and supports(RebuildTable) is not None:
        raise Refusal(
            danger(
                "unsupported",
                f"{exchange.old.name} of {table.name} cannot become that: {reason}.",
                safer="Keep it as it is, and see to the rest in the application.",
            )
        )


def at_once(context: Context) -> bool:
    """Tell whether the old one may go first: within one transaction, or while nobody writes."""
    rollout, capabilities = context.rollout, context.dialect.capabilities
    short = rollout.direct or not capabilities.not_valid
    return rollout.stopped or (short and capabilities.transactional_ddl)


def name_at_the_end(exchange: Exchange, context: Context) -> str:
    """Return what the new constraint is called in the end."""
    old = exchange.old.name or ""
    if not in_place(exchange, context) or at_once(context):
        return old
    return old if _renames(exchange, context) else _beside_name(exchange, context)


def _renames(exchange: Exchange, context: Context) -> bool:
    old = exchange.old.name or ""
    rename = RenameConstraint(
        table=exchange.table.name, old=_beside_name(exchange, context), new=old
    )
    return context.dialect.supports(rename) is None


def _beside_name(exchange: Exchange, context: Context) -> str:
    """Return a free name for the new constraint while both are there."""
    limit = context.dialect.capabilities.name_bytes
    taken = {one.name for one in exchange.table.constraints}
    found, number = fit_name(f"{exchange.old.name}_new", limit=limit), 2
    while found in taken:
        found, number = fit_name(f"{exchange.old.name}_new{number}", limit=limit), number + 1
    return found


def exchanged(
    exchange: Exchange, context: Context
) -> tuple[tuple[Migration, ...], tuple[Migration, ...]]:
    """Return what adds the new constraint, and what proves it and takes the old one away."""
    table, old, new = exchange.table, exchange.old, exchange.new
    guard = tuple(each for one in looks(exchange, context) for each in required(table, one))
    back: tuple[Step, ...] = ()
    grade = LOSSLESS
    if isinstance(old, Check):
        grade = Reversibility(
            grade=Grade.LOSSLESS_UNTIL,
            until=f"a row breaks the earlier {old.name}",
            reason=f"the earlier {old.name} cannot be proven while rows break it",
        )
        back = required(table, violators(context, table, old)) if old.validated else ()
    if not in_place(exchange, context):
        kept = tuple(new if one is old else one for one in table.constraints)
        after = replace(table, constraints=kept)
        undo: tuple[Step, ...] = (*back, RebuildTable(before=after, after=table))
        step = RebuildTable(before=table, after=after)
        built = rebuild_migration(exchange.title, step, guard=guard, undo=undo, reversibility=grade)
        return (built,), ()
    if at_once(context):
        return (_at_once(exchange, context, guard, back, grade),), ()
    return _beside(exchange, context, guard, back, grade)


def _at_once(
    exchange: Exchange,
    context: Context,
    guard: tuple[Step, ...],
    back: tuple[Step, ...],
    grade: Reversibility,
) -> Migration:
    table, old, new = exchange.table, exchange.old, exchange.new
    locks = constraint_locks(context, table, new, "access exclusive")
    drop = DropConstraint(table=table.name, constraint=old)
    undrop = (*back, *locks, DropConstraint(table=table.name, constraint=new))
    return ddl(
        context,
        exchange.title,
        *(change(one) for one in guard),
        *(change(one, undo=()) for one in locks),
        change(drop, undo=(constraint_step(table, old),), reversibility=grade),
        change(constraint_step(table, new), undo=undrop),
    )


def _beside(
    exchange: Exchange,
    context: Context,
    guard: tuple[Step, ...],
    back: tuple[Step, ...],
    grade: Reversibility,
) -> tuple[tuple[Migration, ...], tuple[Migration, ...]]:
    table, old, new = exchange.table, exchange.old, exchange.new
    proven = proven_at_once(context, new)
    beside = replace(new, name=_beside_name(exchange, context), validated=proven)
    pending = replace(old, validated=proven and old.validated)
    weak = constraint_locks(context, table, new, "share row exclusive")
    strong = constraint_locks(context, table, new, "access exclusive")
    drop_new = DropConstraint(table=table.name, constraint=beside)
    add = ddl(
        context,
        f"add {beside.name} to {table.name}",
        *(change(one) for one in guard if proven),
        *(change(one, undo=()) for one in weak),
        change(constraint_step(table, beside), undo=(*strong, drop_new)),
    )
    again: tuple[Step, ...] = (Nothing(reason=f"{old.name} was not proven before"),)
    if old.validated:
        again = (ValidateConstraint(table=table.name, constraint=pending),)
    prove = f"validate {beside.name} of {table.name}"
    proof = Migration(
        slug=slugify(prove),
        title=prove,
        changes=(change(ValidateConstraint(table=table.name, constraint=beside), undo=again),),
    )
    again = (*back, *strong) if not _renames(exchange, context) else ()
    drop = change(
        DropConstraint(table=table.name, constraint=old),
        undo=(*again, constraint_step(table, pending)),
        reversibility=grade,
    )
    swap = _swap(exchange, context, drop, back)
    return ((add, swap), ()) if proven else ((add,), (proof, swap))


def _swap(exchange: Exchange, context: Context, drop: Change, back: tuple[Step, ...]) -> Migration:
    """Drop the old one and give its name to the new one, where the engine renames constraints."""
    table, old = exchange.table, exchange.old.name or ""
    beside = _beside_name(exchange, context)
    strong = constraint_locks(context, table, exchange.new, "access exclusive")
    locking = (change(one, undo=()) for one in strong)
    if not _renames(exchange, context):
        return ddl(context, f"drop {old} from {table.name}", *locking, drop)
    rename = RenameConstraint(table=table.name, old=beside, new=old)
    unname = (*back, *strong, RenameConstraint(table=table.name, old=old, new=beside))
    title = f"put {beside} in the place of {old}"
    return ddl(context, title, *locking, drop, change(rename, undo=unname))


def renamed_finding(exchange: Exchange, context: Context) -> tuple[Finding, ...]:
    """Say that the constraint is called otherwise afterwards, where that cannot be helped."""
    old, new = exchange.old.name, name_at_the_end(exchange, context)
    if new == old:
        return ()
    return (
        warning(
            "other-name-afterwards",
            f"Afterwards it is called {new}, no longer {old}.",
            why=f"{context.dialect.label} renames no constraint, and {exchange.table.name} would be "
            f"without a rule for a while if {old} went first.",
            safer="Let code that knows it by its name know both names. In a maintenance window it "
            "keeps its name.",
        ),
    )
