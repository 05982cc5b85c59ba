"""The columns of a key that is to be added, as they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.schema import Table
from wizard.operations.common import read_column, read_names


def key_columns(values: Mapping[str, Value], table: Table, *, example: str) -> tuple[str, ...]:
    """Return the columns, each of the table and named once; raises AnswerError otherwise."""
    columns = read_names(values, "columns")
    if not columns:
        raise AnswerError(
            "missing-answer",
            "columns is missing",
            next_actions=(f"say the columns with --columns {example}",),
            flag="--columns",
        )
    for one in columns:
        read_column(table, one, flag="--columns")
    if len(set(columns)) < len(columns):
        raise AnswerError("bad-answer", "a column is named twice", flag="--columns")
    return columns
