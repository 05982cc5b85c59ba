"""What there is to know before a column's type changes."""

from __future__ import annotations

from wizard.model.findings import Finding, danger, info, warning
from wizard.model.schema import Check, Table
from wizard.operations.base import Context
from wizard.operations.retyping import How, Retype
from wizard.operations.twins import Twins, constraints_of, indexes_of, late_triggers


def shadow_findings(retype: Retype, twins: Twins, context: Context) -> tuple[Finding, ...]:
    """Return what to know about a change by a second column."""
    found = [
        warning(
            "sync-costs-writes",
            f"Writes to {retype.table.name} are slower while a trigger works out "
            f"{' and '.join(twins.names.values())}.",
            why="It runs for every inserted and updated row.",
        ),
        *table_findings(twins.table, context),
        *_trigger_order(twins, context),
        *_values(retype),
        *_rules(retype, twins, context),
    ]
    return tuple(found)


def table_findings(table: Table, context: Context) -> list[Finding]:
    """Return what any swap of columns means for those who use the table."""
    found: list[Finding] = []
    if not context.rollout.stopped and context.dialect.capabilities.prepared_keep_types:
        found.append(
            warning(
                "recycle-connections",
                f"Prepared statements that read {table.name} fail from the swap on: cached "
                "plan must not change result type.",
                why="A connection keeps the types of a statement's result from when it was "
                "prepared.",
                safer="Recycle the connections right after the swap, or let the driver prepare again.",
            )
        )
    found.append(
        warning(
            "column-moves",
            f"The column stands last in {table.name} from the swap on: SELECT * yields it there, "
            "and INSERT or COPY without a list of columns puts values into the wrong ones.",
            why="No engine moves a column.",
            safer="Name the columns in every statement before you swap.",
        )
    )
    triggers = [one.name for one in table.triggers]
    if triggers:
        found.append(
            warning(
                "triggers-fire",
                f"The fill changes every row once, and with it fires {', '.join(triggers)}.",
                why="A trigger that sets updated_at, audits or notifies does so for each row.",
                safer="Decide whether that is wanted before you run the file.",
            )
        )
    found.append(
        info(
            "analyze-before-swap",
            f"Let the server look at the filled column before the swap: ANALYZE {table.name}.",
            why="Without statistics of the new column its first queries are planned blindly. "
            "Autovacuum mostly does it after the fill.",
        )
    )
    return found


def _trigger_order(twins: Twins, context: Context) -> list[Finding]:
    late = late_triggers(twins, context)
    if not late:
        return []
    return [
        warning(
            "trigger-fires-later",
            f"{', '.join(late)} fires behind the trigger that fills the twin, which cannot see "
            "what it changes.",
            why="Triggers of a table fire in the order of their names.",
            safer="Give it a name that sorts before zz_sync_.",
        )
    ]


def _values(retype: Retype) -> list[Finding]:
    """Say what of the values may not survive, in either direction."""
    found: list[Finding] = []
    if retype.way.fits is None:
        found.append(
            warning(
                "conversion-unchecked",
                f"Nobody can say beforehand which values of {retype.name} do not convert to "
                f"{retype.to.type}: the fill stops at the first.",
                why="The server has no way to ask without trying.",
                safer="Try it on a copy: SELECT every value with the conversion.",
            )
        )
    elif retype.way.fits:
        found.append(
            warning(
                "values-may-not-fit",
                f"{retype.to.type} cannot hold every value of {retype.column.type}: the plan stops "
                f"before it changes anything if {retype.name} has one, and the application must "
                "not write one from then on.",
                why=f"Only values for which {retype.way.fits} fit.",
                safer="Mend them first, or give a conversion of your own with --using.",
            )
        )
    if not retype.way.exact:
        found.append(
            danger(
                "conversion-loses",
                f"Values of {retype.name} do not come back from {retype.to.type} as they were: "
                "until the old column is dropped it keeps them, then what the new type does not "
                "tell apart is lost.",
                why="Two different values become one, or a value is rounded or written anew.",
                safer="Make sure that nobody needs the old form before you drop it.",
            )
        )
    return found


def _rules(retype: Retype, twins: Twins, context: Context) -> list[Finding]:
    """Name what keeps its meaning only by converting back."""
    if retype.way.alike:
        return []
    checks = [one.name or "a check" for one in constraints_of(twins) if isinstance(one, Check)]
    indexes = [
        one.name
        for one in indexes_of(twins, context)
        if one.where or any(part.expression for part in one.parts)
    ]
    held = [*checks, *indexes]
    if not held:
        return []
    return [
        info(
            "rule-converts-back",
            f"{', '.join(held)} keeps its meaning by converting {retype.column.name} back to "
            f"{retype.column.type}.",
            why=f"Its expression was written for {retype.column.type}.",
            safer=f"Write it for {retype.to.type} when the change is done.",
        )
    ]


def too_long(retype: Retype, how: How) -> Finding:
    """Return why a change in place is refused; ``how`` is the way to make it instead."""
    return danger(
        "type-change-locks",
        f"Changing {retype.name} in place writes {retype.table.name} anew while nobody can read or "
        "write it.",
        why=f"{retype.to.type} stores its values in another form than {retype.column.type}, or an "
        "index on the column must be built anew.",
        safer=f"Use --how {how}, or plan it for a maintenance window (--deployment maintenance).",
    )


def no_check(retype: Retype) -> Finding:
    """Return why no check can stand in for a new type."""
    return danger(
        "no-narrower-type",
        f"{retype.to.type} is not a narrower type of the same kind as {retype.column.type}: no check "
        "can stand in for it.",
        safer="Use --how shadow, or leave --how out.",
    )


def key_stays(retype: Retype, context: Context) -> Finding:
    """Return why the type of a key stays as it is."""
    return danger(
        "key-stays",
        f"{retype.name} is a key, and {context.dialect.label} changes a type only by a copy of the "
        "table, in which other tables would point to a key of another type.",
        why="Whole numbers of any size fit into the column as it is, whatever its declared type.",
        safer="Leave it, and change the type in the models only.",
    )
