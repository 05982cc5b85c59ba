"""Names that are not there yet: asking for one, finding one, refusing one that is taken."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name
from wizard.operations.base import Context
from wizard.questions import Situation


def taken(context: Context, name: TableName) -> bool:
    """Tell whether there is a table or a view of that name."""
    try:
        context.tables(name)
    except AnswerError:
        return False
    return True


def refuse_taken(context: Context, name: TableName, *, flag: str) -> None:
    """Raise AnswerError (`table-exists`) when the name is taken."""
    if taken(context, name):
        raise AnswerError(
            "table-exists",
            f"there is a table or a view {name} already",
            next_actions=("choose another name",),
            flag=flag,
        )


def free_table(context: Context, like: TableName, end: str) -> TableName:
    """Return a free name in the same schema: the table's own with an ending."""
    limit = context.dialect.capabilities.name_bytes
    stem, number = f"{like.name}_{end}", 2
    name = TableName(fit_name(stem, limit=limit), like.schema)
    while taken(context, name):
        name = TableName(fit_name(f"{stem}_{number}", limit=limit), like.schema)
        number += 1
    return name


def new_table_problem(name: TableName, situation: Situation) -> str | None:
    """Say what is wrong with a new table's name, or None."""
    if any(one.name == name for one in situation.tables):
        return f"there is a table {name} already; choose another name"
    if situation.dialect is None:
        return None
    try:
        situation.dialect.check_name(name.name, flag="")
    except AnswerError as error:
        return error.message
    return None


def free_name(wanted: str, taken: Iterable[str], limit: int) -> str:
    """Return a name for an index or constraint that is not taken."""
    found, number = fit_name(wanted, limit=limit), 2
    while found in set(taken):
        found, number = fit_name(f"{wanted}_{number}", limit=limit), number + 1
    return found
