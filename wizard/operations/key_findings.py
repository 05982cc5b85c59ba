"""What there is to know before a key and all that point to it change their type."""

from __future__ import annotations

from wizard.model.findings import Finding, info, warning
from wizard.model.inverse import change
from wizard.model.steps import ChangeType
from wizard.operations.base import Context
from wizard.operations.dependents import around_findings
from wizard.operations.key_family import Family
from wizard.operations.key_growth import Growth, growth_findings
from wizard.operations.retyping import Retype
from wizard.operations.type_findings import table_findings


def key_findings(
    retype: Retype, family: Family, growth: Growth | None, context: Context
) -> tuple[Finding, ...]:
    """Return what to know about a change of a key by second columns."""
    found = [*growth_findings(retype, growth), *family_findings(retype, family)]
    tables = ", ".join(str(one.name) for one in family.tables)
    names = ", ".join(str(table.name) for table, _ in family.members)
    found.append(
        warning(
            "sync-costs-writes",
            f"Writes to {names} are slower while triggers work the twins out.",
            why="They run for every inserted and updated row.",
        )
    )
    if len(family.tables) > 1:
        found.append(
            warning(
                "swap-locks-tables",
                f"The swap locks {tables} at once, for a few milliseconds of work: no row is read.",
                why="A foreign key can only be dropped with both of its tables.",
                safer="The files lock them in one fixed order, parents first, and give up within "
                "the lock budget. Run it in a quiet hour.",
            )
        )
    for table, retypes in family.members:
        found += table_findings(table, context)
        changes = (
            change(ChangeType(table=table.name, column=retypes[0].column, to=retypes[0].to)),
        )
        names_of = tuple(one.column.name for one in retypes)
        found += around_findings(context, table, names_of, changes)
    found.append(
        info(
            "way-back-builds",
            "The way back through the swap first builds the old key's index again, while reads and "
            "writes go on.",
            why="An index goes with its primary key, and a key without one would be built under a "
            "lock.",
        )
    )
    return tuple(found)


def family_findings(retype: Retype, family: Family) -> list[Finding]:
    """Say which columns change together, and which sequence is nobody's."""
    found: list[Finding] = []
    others = [one for one in family.retypes if one.name != retype.name]
    if others:
        listed = ", ".join(f"{one.name} ({one.column.type})" for one in others)
        found.append(
            info(
                "key-family",
                f"{listed} points to {retype.name} and becomes {retype.to.type} with it.",
                why="A number that the key can hold must have a place in every column that points "
                "to it, before the first such number is given.",
            )
        )
    default = retype.column.default or ""
    if "nextval" in default and retype.column.counter is None:
        found.append(
            warning(
                "sequence-not-owned",
                f"{retype.name} is numbered by {default}, a sequence which does not belong to it "
                "and may end earlier than the new type does.",
                why="A sequence has a type and a largest number of its own.",
                safer=f"Let it count further: ALTER SEQUENCE … AS {retype.to.type}.",
            )
        )
    return found
