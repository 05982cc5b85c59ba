"""Names of tables that are not there yet: asking for one, and refusing one that is taken."""

from __future__ import annotations

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
