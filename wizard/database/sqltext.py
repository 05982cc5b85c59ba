"""Small readings of SQL text that catalogues share."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from wizard.model.errors import AnswerError
from wizard.model.names import TableName

_LEXEME = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]")


def unwrap(expression: str) -> str:
    """Return the expression without the parentheses that enclose all of it."""
    text = expression.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for match in _LEXEME.finditer(text):
            if match.group() == "(":
                depth += 1
            elif match.group() == ")":
                depth -= 1
                if depth == 0:
                    if match.end() != len(text):
                        return text
                    text = text[1:-1].strip()
                    break
        else:
            return text
    return text


def wrap_query(sql: str) -> str:
    """Return the query as a subquery, so that nothing but one SELECT can pass."""
    # The line break ends a trailing comment.
    return f"SELECT * FROM (\n{sql.strip().rstrip(';')}\n) AS migwiz_query"


def unknown_table(name: TableName, known: Iterable[TableName]) -> AnswerError:
    """Return the error for a table that is not there, with names that are near."""
    names = {str(one): one for one in known}
    elsewhere = [text for text, one in names.items() if one.name == name.name]
    near = elsewhere or difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.6)
    return AnswerError(
        "unknown-table",
        f"there is no table {name}",
        why="the database has tables of a similar name" if near else "the database has no such",
        next_actions=(f"did you mean {' or '.join(near)}?",) if near else (),
        flag="--table",
    )
