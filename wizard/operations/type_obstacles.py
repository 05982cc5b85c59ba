"""What stands in the way of another type for a column, with a way around it in each case."""

from __future__ import annotations

from wizard.model.findings import danger
from wizard.model.schema import Exclusion, Index, PrimaryKey, Unique
from wizard.operations.base import Context
from wizard.operations.column_uses import (
    keys_on,
    named,
    partitions_by,
    refuse_computed_from,
    refuse_inherited,
    rules_on,
)
from wizard.operations.phases import Refusal
from wizard.operations.retyping import Retype
from wizard.operations.twins import included


def refuse_bound(retype: Retype, context: Context) -> None:
    """Refuse a column whose type something else holds fast."""
    table, column = retype.table, retype.column
    refuse_inherited(table, column, what="change its type")
    if partitions_by(table, column.name, context):
        raise Refusal(
            danger(
                "column-partitions",
                f"{table.name} is partitioned by {column.name}, whose type therefore stays.",
                why="It says in which partition each row lies.",
                safer="Move the rows into a table that is partitioned by the new type.",
            )
        )
    refuse_computed_from(table, column, context, first="Drop it, and add it again afterwards")
    if column.generated is not None:
        raise Refusal(
            danger(
                "column-is-computed",
                f"{retype.name} is computed as {column.generated.expression}, and so its type "
                "follows.",
                safer="Drop it and add it anew with the other type: nothing is lost.",
            )
        )

    _refuse_number(retype)
    _refuse_pointing(retype, context)


def _refuse_number(retype: Retype) -> None:
    """Refuse to number a column of a type that holds no whole numbers."""
    column = retype.column
    if (column.identity or column.counter) and retype.home.limit is None:
        raise Refusal(
            danger(
                "numbered-column-type",
                f"{retype.name} is numbered, and {retype.to.type} is no type for whole numbers.",
                why="A sequence or an identity column gives whole numbers only.",
                safer="Add a column of its own, and let the application write both for a while.",
            )
        )


def _refuse_pointing(retype: Retype, context: Context) -> None:
    """Refuse a type that cannot be compared with the key to which the column points."""
    table, column = retype.table, retype.column
    keys = keys_on(table, column.name)
    numbers = context.dialect.capabilities.equal_key_types and retype.way.limit is not None
    if keys and (numbers or not retype.way.alike):
        parents = ", ".join(str(one.ref_table) for one in keys)
        raise Refusal(
            danger(
                "key-types-differ",
                f"{retype.name} points to {parents}, whose key is no {retype.to.type}.",
                why="A foreign key needs two types that can be compared"
                + (", and whole numbers of one size." if numbers else "."),
                safer=f"Change the key of {parents} instead: what points to it changes with it. Or "
                f"drop the foreign key first: migwiz drop-constraint --table {table.name} --name "
                f"{keys[0].name}.",
            )
        )


def counts(index: Index, column: str, context: Context) -> bool:
    """Tell whether an expression or the condition of an index reads the column."""
    texts = [part.expression for part in index.parts] + [index.where]
    return any(column in context.dialect.columns_in(text) for text in texts if text)


def refuse_unindexed(retype: Retype, context: Context) -> None:
    """Refuse a column with an index that its new type cannot have."""
    if retype.way.alike:
        return
    name = retype.column.name
    held = []
    for one in retype.table.indexes:
        special = any(
            part.column == name and (part.opclass or part.collation or one.method)
            for part in one.parts
        )
        if special or (counts(one, name, context) and not retype.way.indexable):
            held.append(one.name)
    if held:
        raise Refusal(
            danger(
                "index-cannot-follow",
                f"{', '.join(held)} was made for {retype.column.type}, and cannot be built for "
                f"{retype.to.type}.",
                why="Its expression, condition or operators mean nothing for the new type, and a "
                "conversion back may depend on settings of the session, which no index may.",
                safer=f"Drop it first (migwiz drop-index --table {retype.table.name} --index "
                f"{held[0]}), and add one for the new type when the change is done.",
            )
        )


def refuse_apart(retype: Retype) -> None:
    """Refuse a column that cannot have a twin: another one in its rules stops everybody."""
    table, column = retype.table, retype.column
    rules = [one for one in rules_on(table, column.name) if isinstance(one, Exclusion)]
    if rules:
        raise Refusal(
            danger(
                "column-excluded",
                f"{named(rules)} holds {retype.name}: its index cannot be built for a second "
                "column while rows are written.",
                why="An exclusion constraint is built at once, under a lock that stops everybody.",
                safer="Plan this change for a maintenance window.",
            )
        )
    pointed = {frozenset(one.foreign_key.ref_columns) for one in table.referenced_by}
    keys = [
        one
        for one in table.constraints
        if column.name in included(table, getattr(one, "name", None))
        and (
            isinstance(one, PrimaryKey)
            or (isinstance(one, Unique) and frozenset(one.columns) in pointed)
        )
    ]
    if keys:
        raise Refusal(
            danger(
                "key-includes-column",
                f"The index of {named(keys)} includes {retype.name}, and goes with it.",
                why="Other tables may point to a key, which cannot go as long as they do.",
                safer="Plan this change for a maintenance window, or make the key anew without "
                f"INCLUDE ({column.name}) first.",
            )
        )
