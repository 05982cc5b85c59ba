"""What stands in the way of changing the values of columns, or the type that they have."""

from __future__ import annotations

from wizard.model.findings import danger
from wizard.model.schema import Dependent
from wizard.operations.base import Context
from wizard.operations.enum_values import Enumeration, Use, names_label
from wizard.operations.phases import Refusal


def refuse_unmovable(values: Enumeration, label: str) -> None:
    """Raise Refusal where rows cannot be changed over from a value by their own UPDATE."""
    for use in values.uses:
        reason = _unmovable(use)
        if reason:
            raise Refusal(
                danger(
                    "rows-stay",
                    f"Rows of {use} cannot be changed over from {label}: {reason}.",
                    why="Each row is changed in place, in batches along the table's key.",
                    safer="Keep the word in the database and rename the member in the code "
                    "(--how map).",
                )
            )


def _unmovable(use: Use) -> str:
    table, name = use.table, use.column.name
    if use.array:
        return "it is an array, of which each element would have to change"
    if name in table.primary_key:
        return "it is part of the primary key, along which the batches walk"
    pointing = [one for one in table.foreign_keys if name in one.columns]
    if pointing:
        return f"it is part of {pointing[0].name or 'a foreign key'}"
    if any(name in one.foreign_key.ref_columns for one in table.referenced_by):
        return "foreign keys point to it"
    if table.partition_key and name in _words(table.partition_key):
        return f"{table.name} is partitioned by it"
    if use.column.generated is not None:
        return "the database computes it"
    return ""


def _words(text: str) -> frozenset[str]:
    """Return the words of a partition key such as ``LIST (state)``."""
    return frozenset(text.replace("(", " ").replace(")", " ").replace(",", " ").split())


def type_obstacle(context: Context, use: Use, label: str) -> str:
    """Say why the server would not give the column another type, empty when it would.

    Checks and indexes with conditions are no obstacle: they are dropped and made again, unless
    they say the value itself.
    """
    table, name = use.table, use.column.name
    reads = context.dialect.columns_in
    others = [one for one in table.dependents if _bound(one, name)]
    if others:
        return f"{', '.join(f'{one.kind} {one.name}' for one in others)} uses it"
    computed = [
        one.name
        for one in table.columns
        if one.generated is not None and name in reads(one.generated.expression)
    ]
    if computed:
        return f"{', '.join(computed)} is computed from it"
    if table.partition_key and name in _words(table.partition_key):
        return f"{table.name} is partitioned by it"
    if any(name in one.columns for one in table.foreign_keys) or any(
        name in one.foreign_key.ref_columns for one in table.referenced_by
    ):
        return "a foreign key leads from it or to it"
    if names_label(use.column.default, label, context):
        return f"its default is {use.column.default}"
    saying = [one.name for one in table.checks if names_label(one.expression, label, context)]
    saying += [
        one.name
        for one in table.indexes
        if names_label(one.where, label, context)
        or any(names_label(part.expression, label, context) for part in one.parts)
    ]
    if saying:
        return f"{', '.join(map(str, saying))} says '{label}'"
    return ""


def _bound(one: Dependent, column: str) -> bool:
    return column in one.columns and one.kind != "publication"
