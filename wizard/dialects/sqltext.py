"""Reading SQL expressions: is it exactly one, which columns does it read, what does it prove.

Reading must not cost the time of loading a parser where a look at the tokens is enough: sqlglot is
loaded only for what is more than a literal, a name or a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.dialects.lexing import Token, Unreadable, tokens, unquoted, unwrapped, word_set
from wizard.model.errors import AnswerError

if TYPE_CHECKING:
    from sqlglot import exp

# Words that end an expression: behind them another clause or statement begins.
_ENDS = word_set(
    "AS CHECK CONSTRAINT CREATE DEFERRABLE DROP EXCEPT FETCH FOR FROM GENERATED GRANT GROUP HAVING "
    "INTERSECT INTO JOIN LIMIT OFFSET ON ORDER PRIMARY REFERENCES RETURNING SELECT SET UNION "
    "UNIQUE USING VALUES WHERE WINDOW WITH"
)
# Words that mean nothing alone.
_NO_VALUES = word_set("ALL AND ANY BETWEEN CASE DISTINCT ELSE END IN IS LIKE NOT OR THEN WHEN")
_WRITES = word_set("ALTER CREATE DELETE DROP INSERT MERGE REPLACE TRUNCATE UPDATE")
# Words without parentheses that a parser may take for columns.
_NILADIC = word_set(
    "current_catalog current_date current_role current_schema current_time current_timestamp "
    "current_user default false localtime localtimestamp null session_user system_user true "
    "user"
)


def sqlglot_name(dialect: str) -> str:
    """Return what sqlglot calls the dialect."""
    return "postgres" if dialect == "postgresql" else dialect


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
        _refuse_shapes(text, _parse(text, dialect), flag)
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


def is_simple(found: tuple[Token, ...], dialect: str) -> bool:
    """Tell whether the tokens are one literal, name, cast literal or call without arguments."""
    texts = [one.text for one in found]
    if len(found) == 1:
        return found[0].kind in ("string", "number", "word", "name")
    if len(found) == 2 and found[0].text in ("-", "+"):
        return found[1].kind == "number"
    if len(found) == 3 and found[0].kind == "word" and texts[1:] == ["(", ")"]:
        return True
    cast = dialect == "postgresql" and texts[1] == "::" and len(found) in (3, 4)
    return (
        cast
        and found[0].kind in ("string", "number")
        and all(one.kind == "word" for one in found[2:])
        and (len(found) == 3 or texts[2:] in (["character", "varying"], ["double", "precision"]))
    )


def _parse(text: str, dialect: str) -> exp.Expr:
    """Return the tree of ``(text)``; operators that the parser does not know count as ``+``."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    def parse(sql: str) -> exp.Expr:
        parsed = sqlglot.parse(f"SELECT (\n{sql}\n)", read=sqlglot_name(dialect))
        if len(parsed) != 1 or parsed[0] is None:
            raise ValueError("it is more than one statement")
        select: exp.Expr = parsed[0]
        return select

    try:
        return parse(text)
    except SqlglotError:
        plain = _with_known_operators(text, dialect)
        if plain == text:
            raise
        return parse(plain)


_KNOWN = word_set("+ - * / % < > = <= >= <> != || :: := ~ & | -> ->>")


def _with_known_operators(text: str, dialect: str) -> str:
    """Return the text, as long as before, with unknown operators replaced by known ones."""
    out = list(text)
    before: Token | None = None
    for one in tokens(text, dialect):
        if one.kind == "operator" and one.text not in _KNOWN:
            binary = before is not None and (
                before.kind in ("word", "name", "string", "number") or before.text in (")", "]")
            )
            out[one.start : one.end] = ("+" if binary else "-").ljust(len(one.text))
        before = one
    return "".join(out)


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


def _columns(text: str, dialect: str) -> list[tuple[str, int, int]]:
    """Return each mention of a column: its name, folded, and where it starts and ends."""
    found = tokens(text, dialect)
    if is_simple(found, dialect):
        if len(found) != 1 or found[0].kind not in ("word", "name"):
            return []
        name = unquoted(found[0], dialect)
        bare = found[0].kind == "word"
        return [] if bare and name in _NILADIC else [(name, found[0].start, found[0].end)]
    mentions = _parsed_columns(text, dialect)
    return _guessed_columns(found, dialect) if mentions is None else mentions


def _parsed_columns(text: str, dialect: str) -> list[tuple[str, int, int]] | None:
    from sqlglot import exp

    try:
        tree = _parse(text, dialect)
    except Exception:
        return None
    shift = len("SELECT (\n")
    by_start = {one.start: one for one in tokens(text, dialect)}
    mentions = []
    for column in tree.find_all(exp.Column):
        start = column.this.meta.get("start") if isinstance(column.this, exp.Identifier) else None
        token = None if start is None else by_start.get(start - shift)
        if token is None or token.kind not in ("word", "name"):
            if isinstance(column.this, exp.Star):
                continue
            return None
        name = unquoted(token, dialect)
        if token.kind == "name" or name not in _NILADIC:
            mentions.append((name, token.start, token.end))
    return mentions


def _guessed_columns(found: tuple[Token, ...], dialect: str) -> list[tuple[str, int, int]]:
    """Take every name for a column that is no call, no type behind a cast, no typed literal."""
    mentions = []
    for index, one in enumerate(found):
        before = found[index - 1].text.upper() if index else ""
        after = found[index + 1] if index + 1 < len(found) else None
        if one.kind not in ("word", "name") or before in ("::", "COLLATE"):
            continue
        if after is not None and (after.text in ("(", ".", "=>") or after.kind == "string"):
            continue
        mentions.append((unquoted(one, dialect), one.start, one.end))
    return mentions


def columns_in(text: str, dialect: str) -> frozenset[str]:
    """Return the names of the columns that an expression reads; empty for what is no SQL.

    Folded as PostgreSQL does it, as written for SQLite, whose names have no one form.
    """
    try:
        found = _columns(text, dialect)
        if dialect == "sqlite":
            return frozenset(_as_written(text[start:end]) for _, start, end in found)
        return frozenset(name for name, _, _ in found)
    except Unreadable:
        return frozenset()


def _as_written(name: str) -> str:
    if name[0] not in '"`[':
        return name
    quote = name[0]
    return name[1:-1] if quote == "[" else name[1:-1].replace(quote * 2, quote)


def rename_in(text: str, old: str, new: str, dialect: str) -> str:
    """Return the expression with the column ``old`` written as ``new``, which is quoted already."""
    wanted = old.lower() if dialect == "sqlite" else old
    try:
        places = [(start, end) for name, start, end in _columns(text, dialect) if name == wanted]
    except Unreadable:
        return text
    for start, end in sorted(set(places), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def says(text: str, column: str, words: tuple[str, ...], dialect: str) -> bool:
    """Tell whether ``column`` + ``words`` stands at the top of a condition, alone or joined by AND."""
    wanted = column.lower() if dialect == "sqlite" else column
    try:
        return _says(text, wanted, words, dialect)
    except Unreadable:
        return False


def _says(text: str, column: str, words: tuple[str, ...], dialect: str) -> bool:
    text = unwrapped(text, dialect)
    found = tokens(text, dialect)
    top = [one for one in found if one.depth == 0]
    if any(one.upper == "OR" for one in top):
        return False
    parts, start, between = [], 0, False
    for one in top:
        if one.upper == "BETWEEN":
            between = True
        elif one.upper == "AND" and between:
            between = False
        elif one.upper == "AND":
            parts.append(text[start : one.start])
            start = one.end
    if parts:
        parts.append(text[start:])
        return any(_says(part, column, words, dialect) for part in parts)
    head, tail = found[: -len(words)], found[-len(words) :]
    if tuple(one.upper for one in tail) != words or not head:
        return False
    inner = tokens(unwrapped(text[: head[-1].end], dialect), dialect)
    # A qualified name: table.column.
    if len(inner) == 3 and inner[1].text == ".":
        inner = inner[2:]
    return (
        len(inner) == 1
        and inner[0].kind in ("word", "name")
        and unquoted(inner[0], dialect) == column
    )


def proves_not_null(expression: str, column: str, dialect: str) -> bool:
    """Tell whether a check with this expression rules out NULL in the column."""
    return says(expression, column, ("IS", "NOT", "NULL"), dialect) or (
        dialect == "sqlite" and says(expression, column, ("NOTNULL",), dialect)
    )


def implies_null(predicate: str, column: str, dialect: str) -> bool:
    """Tell whether a predicate holds only for rows in which the column is NULL."""
    return says(predicate, column, ("IS", "NULL"), dialect)


# Words that go on with the name of a type: character varying, timestamp with time zone.
_TYPE_TAILS = word_set("VARYING PRECISION WITH WITHOUT TIME ZONE")


def is_atom(text: str, dialect: str) -> bool:
    """Tell whether an expression needs no parentheses beside an operator or as a default.

    True for a literal, a name, a call, a cast of those, and what stands in one parenthesis.
    """
    try:
        found = tokens(text.strip(), dialect)
    except Unreadable:
        return False
    if not found:
        return False
    if is_simple(found, dialect) or _one_parenthesis(found):
        return True
    before: Token | None = None
    for one in (each for each in found if each.depth == 0):
        joined = before is None or before.text in ("::", ".")
        if one.kind == "operator":
            fits = one.text == "::"
        elif one.kind == "mark":
            fits = one.text in ("(", ")", "[", "]", ".")
        elif one.kind == "word":
            fits = joined or one.upper in _TYPE_TAILS
        elif one.kind == "string":
            fits = joined or (before is not None and before.kind == "word")
        else:
            fits = joined
        if not fits:
            return False
        before = one
    return True


def _one_parenthesis(found: tuple[Token, ...]) -> bool:
    return found[0].text == "(" and all(one.depth > 0 for one in found[1:-1]) and len(found) > 2


def grouped(text: str, dialect: str) -> str:
    """Return the expression, in parentheses unless it holds together by itself."""
    return text if is_atom(text, dialect) else f"({text})"


def conjunct(condition: str, dialect: str) -> str:
    """Return a condition that may stand beside AND: in parentheses when it holds an OR."""
    try:
        loose = any(one.depth == 0 and one.upper == "OR" for one in tokens(condition, dialect))
    except Unreadable:
        loose = True
    return f"({condition})" if loose else condition
