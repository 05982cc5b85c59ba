"""What must be taken off a column before its type changes in place, and put back in other words.

A default, a check, a partial or an expression index written for the old type means nothing for one
of another kind: the server refuses the change. Each comes back over the value converted back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.inverse import change
from wizard.model.plan import Change
from wizard.model.schema import Check, Index
from wizard.model.steps import (
    AddCheck,
    AddIndex,
    ChangeType,
    DropConstraint,
    DropIndex,
    SetDefault,
)
from wizard.operations.base import Context
from wizard.operations.retyping import Retype, converted
from wizard.operations.type_obstacles import counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A change of type, and what goes before it and comes back behind it."""

    before: tuple[Change, ...]
    step: ChangeType
    after: tuple[Change, ...]


def taken_off(retype: Retype, step: ChangeType, context: Context) -> Around:
    """Return the change with all around it that only fits the old type."""
    if step.using is None or retype.way.alike:
        return Around(before=(), step=step, after=())
    table, name = retype.table.name, retype.column.name
    before: list[Change] = []
    after: list[Change] = []

    def text(expression: str) -> str:
        if name not in context.dialect.columns_in(expression):
            return expression
        return context.dialect.put_in(expression, name, retype.way.to_old)

    kept = []
    for one in step.beside:
        if isinstance(one, Check):
            again = replace(one, expression=text(one.expression))
            back = AddCheck(table=table, constraint=one)
            before.append(change(DropConstraint(table=table, constraint=one), undo=(back,)))
            after.append(change(AddCheck(table=table, constraint=again)))
        elif isinstance(one, Index) and counts(one, name, context):
            parts = tuple(
                replace(part, expression=text(part.expression)) if part.expression else part
                for part in one.parts
            )
            other = replace(one, parts=parts, where=text(one.where) if one.where else None)
            before.append(change(DropIndex(table=table, index=one, concurrently=False)))
            after.append(change(AddIndex(table=table, index=other, concurrently=False)))
        else:
            kept.append(one)
    column, to = step.column, step.to
    if column.default is not None and column.counter is None:
        default = converted(retype, column.default, context)
        before.append(change(SetDefault(table=table, column=column, default=None)))
        column, to = replace(column, default=None), replace(to, default=None)
        after.append(change(SetDefault(table=table, column=to, default=default)))
    bare = replace(step, column=column, to=to, beside=tuple(kept))
    return Around(before=tuple(before), step=bare, after=tuple(after))
