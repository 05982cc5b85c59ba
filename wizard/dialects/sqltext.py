"""Is a text exactly one SQL expression: what users give is pasted between other SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.dialects.columns import columns_in, rename_in
from wizard.dialects.conditions import (
    conjunct,
    grouped,
    implies_null,
    is_atom,
    proves_not_null,
)
from wizard.dialects.lexing import Token, Unreadable, tokens, word_set
from wizard.dialects.parsing import is_simple, parse, sqlglot_name
from wizard.model.errors import AnswerError

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = (
    "check_expression",
    "columns_in",
    "conjunct",
    "grouped",
    "implies_null",
    "is_atom",
    "proves_not_null",
    "rename_in",
    "sqlglot_name",
)

# Words that end an expression: behind them another clause or statement begins.
_ENDS = word_set(
    "AS CHECK CONSTRAINT CREATE DEFERRABLE DROP EXCEPT FETCH FOR FROM GENERATED GRANT GROUP HAVING "
    "INTERSECT INTO JOIN LIMIT OFFSET ON ORDER PRIMARY REFERENCES RETURNING SELECT SET UNION "
    "UNIQUE USING VALUES WHERE WINDOW WITH"
)
# Words that mean nothing alone.
_NO_VALUES = word_set("ALL AND ANY BETWEEN CASE DISTINCT ELSE END IN IS LIKE NOT OR THEN WHEN")
_WRITES = word_set("ALTER CREATE DELETE DROP INSERT MERGE REPLACE TRUNCATE UPDATE")


def check_expression(text: str, dialect: str, *, flag: str) -> str:
    """Return the expression without outer blanks; raises AnswerError unless it is exactly one.

    A comment, a semicolon, a parameter, a list, an alias, a second clause and a subquery that
    writes are refused: the text is pasted between other SQL and must not change what that means.
    """
    text = text.strip()
    try:
        found = tokens(text, dialect)
    except Unreadable as error:
        raise _bad(text, str(error), flag) from None
    if not found:
        raise _bad(text, "it is empty", flag)
    if len(found) == 1 and found[0].upper in _NO_VALUES:
        raise _bad(text, f"{found[0].upper} is no value", flag)
    _refuse_tricks(text, found, flag)
    if is_simple(found, dialect):
        return text
    try:
        _refuse_shapes(text, parse(text, dialect), flag)
    except AnswerError:
        raise
    except Exception as error:
        raise _bad(text, _first_line(error), flag) from None
    return text


def _refuse_tricks(text: str, found: tuple[Token, ...], flag: str) -> None:
    """Refuse by tokens alone, so that it does not depend on what a parser lets pass."""
    for index, one in enumerate(found):
        before = found[index - 1].upper if index else ""
        after = found[index + 1] if index + 1 < len(found) else None
        if one.kind == "comment":
            raise _bad(text, "a comment may hide what follows: leave it out", flag)
        if one.text == ";":
            raise _bad(text, "a semicolon ends the expression: leave it out", flag)
        if one.kind == "parameter":
            raise _bad(text, f"{one.text} is a parameter, which has no value here", flag)
        if one.text == "," and one.depth == 0:
            raise _bad(text, "a comma makes it a list", flag)
        ends = one.upper in _ENDS and one.depth == 0
        # `IS DISTINCT FROM` and `timestamp with time zone` go on.
        goes_on = (one.upper == "FROM" and before == "DISTINCT") or (
            one.upper == "WITH" and after is not None and after.upper == "TIME"
        )
        if ends and not goes_on:
            why = (
                "a query needs parentheses around it"
                if one.upper in ("SELECT", "VALUES", "WITH") and index == 0
                else f"{one.upper} begins another clause"
            )
            raise _bad(text, why, flag)
        if one.upper in _WRITES and after is not None and after.kind in ("word", "name"):
            raise _bad(text, f"{one.upper} would change data or tables", flag)
        if (
            one.upper == "NOT"
            and one.depth == 0
            and index
            and before != "IS"
            and after is not None
            and after.upper == "NULL"
        ):
            raise _bad(text, "NOT NULL is a constraint, no value; IS NOT NULL compares", flag)


def _refuse_shapes(text: str, select: exp.Expr, flag: str) -> None:
    from sqlglot import exp

    clauses = {name for name, value in select.args.items() if value} - {"expressions", "kind"}
    if not isinstance(select, exp.Select) or clauses or len(select.expressions) != 1:
        raise _bad(text, "it is no single expression", flag)
    only = select.expressions[0]
    inner = only.this if isinstance(only, exp.Paren) else only
    if isinstance(only, exp.Tuple) or isinstance(inner, exp.Tuple):
        raise _bad(text, "a comma makes it a list", flag)
    if isinstance(inner, exp.Alias | exp.Star):
        raise _bad(text, "it is no single value", flag)
    writers = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.DDL, exp.Command, exp.Into)
    for writer in select.find_all(*writers):
        if not isinstance(writer, exp.Query):
            raise _bad(text, "it would change data or tables", flag)


def _bad(text: str, why: str, flag: str) -> AnswerError:
    shown = text if len(text) <= 60 else text[:57] + "…"
    return AnswerError(
        "bad-expression",
        f"{shown!r} is not one SQL expression",
        why=why,
        next_actions=("write a single value such as 'EUR', 0, now() or lower(name)",),
        flag=flag or None,
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it does not parse"])[0].split(" Line ")[0]
