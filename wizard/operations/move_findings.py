"""What there is to know before a column goes to another table, and what forbids it."""

from __future__ import annotations

from wizard.model.findings import Finding, danger, info, warning
from wizard.model.steps import AddColumn, DropConstraint
from wizard.operations.base import Context
from wizard.operations.blocks import row_key
from wizard.operations.column_uses import refuse_needed
from wizard.operations.moves import Move
from wizard.operations.phases import Refusal
from wizard.operations.rename_obstacles import constrained, twin_obstacles
from wizard.operations.reshape_findings import left_behind


def refuse_unmovable(move: Move, context: Context) -> None:
    """Refuse rows that do not tell which value goes where, and columns that cannot go."""
    source, target = move.source, move.target
    if not move.one_source:
        raise Refusal(
            danger(
                "several-values",
                f"A row of {target.name} may have several rows of {source.name}: nobody says which "
                f"of their values {move.new} is to hold.",
                why=f"({', '.join(move.own)}) is not unique in {source.name}.",
                safer=f"Add the column (migwiz add-column --table {target.name}) and choose one "
                "value for each row by a backfill of your own (migwiz backfill). Or make the "
                "columns unique first (migwiz add-unique).",
            )
        )
    refuse_needed(source, move.column, context)
    reasons = list(twin_obstacles(source, move.column.name, context.dialect))
    if move.column.name in move.own:
        reasons.append(f"{move.column.name} says which rows belong together")
    reasons += [
        f"{one.name} is partitioned, or a partition"
        for one in (source, target)
        if one.kind != "table" or one.partition_of is not None
    ]
    if move.copied and not row_key(target):
        reasons.append(f"rows of {target.name} have no key by which the way back could choose one")
    if (
        context.dialect.supports(DropConstraint) is not None
        and move.column.default is not None
        and constrained(source, move.column.name)
    ):
        reasons.append(
            f"on the way back {context.dialect.label} would give every row its default at once, "
            "which a constraint of the column may not allow"
        )
    reasons.append(context.dialect.supports(AddColumn(table=target.name, column=move.added)) or "")
    found = next((one for one in reasons if one), "")
    if found:
        raise Refusal(
            danger(
                "cannot-move",
                f"{move.old_place} cannot move to {target.name}: {found}.",
                why="For some releases both places must hold the value, and then the old one goes.",
                safer="Add the new column on its own (migwiz add-column), let the application write "
                "both, and drop the old one later.",
            )
        )


def move_findings(move: Move, context: Context) -> tuple[Finding, ...]:
    """Return what to know about the move."""
    source, target = move.source.name, move.target.name
    found = [
        info(
            "value-without-row",
            f"The plan stops before it changes anything if a value of {move.old_place} has no row "
            f"of {target} to go to.",
            why="It would be lost with the old column. The query shows such rows.",
            safer=f"Add the rows of {target} first, or clear these values.",
        )
    ]
    if not context.rollout.stopped:
        found += [
            warning(
                "code-writes-both",
                f"No trigger keeps {move.old_place} and {move.new_place} equal: a version of the "
                "code in between has to write both, in one transaction.",
                why="It also sets the new place when a row comes to belong to another one. The gate "
                "before the new place is read finds every row that was forgotten, and then lets the "
                "backfill run once more.",
            ),
            warning(
                "two-row-locks",
                f"Each change of the value locks rows of {source} and of {target}: always in this "
                "order.",
                why="Two transactions that lock them the other way round wait for each other, and "
                "the server ends one.",
                safer="Let the code retry a transaction that a deadlock has ended.",
            ),
            danger(
                "old-place-stands-still",
                f"From the first instance that writes {move.new_place} alone, {move.old_place} is "
                "out of date.",
                why="Nothing copies back before the downgrade of contract does.",
                safer="Deploy that version only when no instance reads the old place, and do not "
                "roll back behind the version before it.",
            ),
        ]
    if move.copied:
        found.append(
            warning(
                "value-copied",
                f"Each row of {target} gets a value of its own where several shared one row of "
                f"{source}.",
                why="Whoever changes it later has to change all of them. Where they differ, the way "
                "back takes the value of the first one, by its key.",
            )
        )
    if not move.points_here or move.key.on_delete in ("set null", "set default"):
        found.append(
            info(
                "value-outlives-row",
                f"A value in {move.new_place} stays when its row of {source} is deleted.",
                why=f"Until now it went with the row of {source}.",
                safer="Clear it in the code that deletes, where it must not stay.",
            )
        )
    if move.column.default is not None:
        found.append(
            warning(
                "default-left-behind",
                f"{move.new_place} has no default; that of {move.old_place} goes with it.",
                why="A default would hide that a version of the code does not write the new place.",
                safer="Add it after contract, when it is wanted (migwiz set-default).",
            )
        )
    found += left_behind(move.source, (move.column,), (move.new_place,), context)
    triggers = [one.name for one in (*move.source.triggers, *move.target.triggers)]
    if triggers:
        found.append(
            warning(
                "trigger-bodies",
                f"{', '.join(triggers)} may name {move.old_place} in a function's body, which "
                "nobody checks.",
                why="The server looks at a function's text only when it runs.",
                safer=f"Read them, and let them use {move.new_place} before contract.",
            )
        )
    return tuple(found)
