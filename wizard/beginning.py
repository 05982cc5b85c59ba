"""The beginning of a plan that is kept: what it is planned from, and that it is not kept already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard.journal import Journal, apart
from wizard.model.answers import OperationAnswers
from wizard.model.errors import ConflictError
from wizard.model.names import TableName
from wizard.model.schema import Enum, Table
from wizard.planner import Known, make_plan


def looked_at(
    operations: tuple[OperationAnswers, ...], known: Known
) -> tuple[tuple[Table, ...], tuple[Enum, ...]]:
    """Return the tables and types that the plan looks at, no other that a user looked at."""
    seen: dict[TableName, Table] = {}
    types: dict[TableName, Enum] = {}

    def look_up(name: TableName) -> Table:
        seen[name] = known.table(name)
        return seen[name]

    def look_up_enum(name: TableName) -> Enum:
        types[name] = known.enum(name)
        return types[name]

    make_plan(operations, replace(known, table=look_up, enum=look_up_enum))
    return tuple(seen.values()), tuple(types.values())


def not_kept_yet(journal: Journal, others: Iterable[Journal]) -> Journal:
    """Return the journal; raises ConflictError (`plan-exists`) when the change is kept already.

    That is when it is under way, or was written today; one that was abandoned may begin anew.
    """
    for kept in others:
        if kept.abandoned is not None:
            continue
        if kept.slug == journal.slug and (kept.next_phase or kept.path == journal.path):
            raise ConflictError(
                "plan-exists",
                f"there is a plan {kept.slug} already, of {kept.created[:10]}",
                why="two plans of one change would write its files twice",
                next_actions=(
                    f"go on with it: migwiz next {kept.slug}",
                    "or remove its files and its plan file, and write it anew",
                ),
            )
    return apart(journal)
