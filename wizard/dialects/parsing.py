"""The parser behind expressions, loaded only for what is more than a literal, a name or a call.

Loading sqlglot takes longer than making a whole plan; most expressions that people give are a
literal or now().
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.dialects.lexing import Token, tokens, word_set

if TYPE_CHECKING:
    from sqlglot import exp

#: What stands around an expression while it is parsed.
PREFIX, SUFFIX = "SELECT (\n", "\n)"


def sqlglot_name(dialect: str) -> str:
    """Return what sqlglot calls the dialect."""
    return {"postgresql": "postgres", "mariadb": "mysql"}.get(dialect, dialect)


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


def parse(text: str, dialect: str) -> exp.Expr:
    """Return the tree of ``(text)``; operators that the parser does not know count as ``+``."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    def read(sql: str) -> exp.Expr:
        parsed = sqlglot.parse(PREFIX + sql + SUFFIX, read=sqlglot_name(dialect))
        if len(parsed) != 1 or parsed[0] is None:
            raise ValueError("it is more than one statement")
        select: exp.Expr = parsed[0]
        return select

    try:
        return read(text)
    except SqlglotError:
        plain = _with_known_operators(text, dialect)
        if plain == text:
            raise
        return read(plain)


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
