"""Views, policies, triggers and rules around a column that changes: dropped, then made again.

All of it happens in the transaction of the change, so that nobody sees the database without them
(safety.md PG-25). What only looks at a column and is in no way of the change is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.plan import Change
from wizard.model.schema import Dependent, Table
from wizard.model.steps import CreateDependent, DropDependent, LockTables, RebuildTable
from wizard.operations.base import Context
from wizard.operations.phases import Refusal


def standing(table: Table, columns: Iterable[str]) -> tuple[Dependent, ...]:
    """Return what names one of the columns, in an order in which it can be made."""
    wanted = set(columns)
    return tuple(one for one in table.dependents if wanted & set(one.columns))


def around(
    context: Context, table: Table, columns: Iterable[str], changes: tuple[Change, ...]
) -> tuple[Change, ...]:
    """Return the changes with what stands in their way dropped before and made again behind.

    The changes must share one transaction, and end with every column there under its old name.
    Raises Refusal for what cannot be made again, and for a materialized view that would have to be
    filled while everybody waits. `around_findings` says what users must know of it.
    """
    wrapped = in_the_way(context, table, columns, changes)
    if not wrapped:
        return changes
    refuse_lasting(context, table, wrapped)
    drops = tuple(
        change(DropDependent(table=table.name, dependent=one)) for one in reversed(wrapped)
    )
    makes = tuple(change(CreateDependent(table=table.name, dependent=one)) for one in wrapped)
    others = tuple(dict.fromkeys(one.on for one in wrapped if one.on is not None))
    if not others or not context.dialect.capabilities.lock_tables:
        return (*drops, *changes, *makes)
    # Several tables are locked for it, in the same order up and down.
    lock = LockTables(tables=(table.name, *others), mode="access exclusive")
    back = change(lock, undo=())
    return (back, *drops, *changes, *makes[:-1], _first_undone(makes[-1], lock))


def _first_undone(last: Change, lock: LockTables) -> Change:
    """Return the last change, whose way back is the first of all, with the lock before it."""
    return Change(
        step=last.step,
        undo=(lock, *last.undo),
        reversibility=last.reversibility,
        note=last.note,
    )


def in_the_way(
    context: Context, table: Table, columns: Iterable[str], changes: tuple[Change, ...]
) -> tuple[Dependent, ...]:
    """Return what has to go for a while; nothing where the engine changes tables around it."""
    if not context.dialect.capabilities.dependents_hold_columns:
        return ()
    if any(isinstance(one.step, RebuildTable) for one in changes):
        return ()
    return standing(table, columns)


def refuse_lasting(context: Context, table: Table, found: tuple[Dependent, ...]) -> None:
    """Raise Refusal for what cannot be dropped and made again in a moment."""
    for one in found:
        reason = context.dialect.supports(DropDependent(table=table.name, dependent=one))
        if reason is not None:
            raise Refusal(
                danger(
                    "dependent-in-the-way",
                    f"The {one} is in the way: it needs {_named(one)} of {table.name}, and cannot "
                    "be dropped and made again by migwiz.",
                    why=f"{_sentence(one.obstacle)}"
                    if one.obstacle
                    else f"{_sentence(reason)}: its definition is not known here.",
                    safer=f"Drop the {one} in a migration of your own, plan this change, and make "
                    "it again afterwards.",
                )
            )
    large = [one for one in found if one.kind == "materialized view"]
    if large and not context.rollout.direct:
        names = ", ".join(one.name for one in large)
        raise Refusal(
            danger(
                "materialized-view-refresh",
                f"The materialized view {names} reads {_named(*large)} of {table.name}: it would "
                f"have to be filled again while nobody can read or write {table.name}.",
                why="Its rows go with it, and the change and the view must be one transaction.",
                safer="Build a second view under another name from a new column beside the old "
                "one, swap both by a rename in a short transaction, and drop the old one; or "
                "plan this change for a maintenance window (--deployment maintenance).",
                reference="PostgreSQL manual, REFRESH MATERIALIZED VIEW",
            )
        )


def around_findings(
    context: Context, table: Table, columns: Iterable[str], changes: tuple[Change, ...]
) -> tuple[Finding, ...]:
    """Return what to know about the objects that `around` drops and makes again."""
    wrapped = in_the_way(context, table, columns, changes)
    if not wrapped:
        return ()
    found = [
        info(
            "dependents-made-again",
            f"{_listed(wrapped)} {'is' if len(wrapped) == 1 else 'are'} dropped and made again in "
            "the same transaction, in both directions.",
            why=f"The engine changes no column of {table.name} that they name. The files hold "
            "their definitions as they are in this database; owners and grants are taken over "
            "from the one in which the migration runs.",
            safer="See to it that production has the same definitions: plan against it, or "
            "compare them first.",
        )
    ]
    others = sorted({str(one.on) for one in wrapped if one.on is not None})
    if others:
        found.append(
            warning(
                "more-tables-locked",
                f"{', '.join(others)} is locked too, reads included: what names {table.name} "
                "stands there.",
                why="Dropping a policy, trigger or rule needs the table on which it stands.",
                safer="Run it in a quiet hour: two tables that others use together can deadlock.",
            )
        )
    filled = [one for one in wrapped if one.kind == "materialized view"]
    if filled:
        found.append(
            warning(
                "materialized-view-filled",
                f"The materialized view {', '.join(one.name for one in filled)} is filled again "
                f"while nobody can read or write {table.name}.",
                why="Its rows go with it, and the change and the view must be one transaction.",
                safer="Measure first how long REFRESH MATERIALIZED VIEW takes.",
                reference="PostgreSQL manual, REFRESH MATERIALIZED VIEW",
            )
        )
    return tuple(found)


def _named(*found: Dependent) -> str:
    return ", ".join(dict.fromkeys(name for one in found for name in one.columns))


def _listed(found: tuple[Dependent, ...]) -> str:
    text = ", ".join(f"the {one}" for one in found)
    return _sentence(text).rstrip(".")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + ("." if text else "")
