"""CockroachDB's own DDL, as ``SHOW CREATE ALL TABLES`` writes it, in PostgreSQL's words.

Its documentation, "SHOW CREATE", "CREATE TABLE" and "Computed Columns": indexes stand inside a
table, a unique one is a unique constraint; keys say ASC; families, visibility, localities and
storage parameters have no meaning elsewhere; ``:::`` is a type annotation, ``AS (…)`` a generated
column; names may begin with the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wizard.dialects.lexing import Token, tokens

_TYPES = {"STRING": "TEXT", "BYTES": "BYTEA"}
#: What may follow a column's ``ON UPDATE`` expression.
_NEXT = frozenset(
    ("NOT", "NULL", "DEFAULT", "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "REFERENCES", "AS")
)
Tokens = Sequence[Token]


def as_postgresql(script: str) -> str:
    """Return the script as PostgreSQL would write it.

    Raises `wizard.dialects.lexing.Unreadable` for a quote or parenthesis without its end.
    """
    found: list[str] = []
    statement: list[Token] = []
    for one in tokens(script, "postgresql"):
        if one.text == ";" and one.depth == 0:
            found += _statement(statement)
            statement = []
        elif one.kind != "comment":
            statement.append(one)
    found += _statement(statement)
    return "".join(f"{one};\n" for one in found)


def _statement(found: Tokens) -> list[str]:
    if not found:
        return []
    plain = _undecorated(found)
    if [one.upper for one in plain[:2]] != ["CREATE", "TABLE"]:
        return [_text(plain)]
    start = next(at for at, one in enumerate(plain) if one.text == "(")
    end = next(at for at, one in enumerate(plain) if one.text == ")" and one.depth == 0)
    head, body = plain[:start], plain[start + 1 : end]
    name = _text(head[2:])
    kept: list[str] = []
    after: list[str] = []
    for item in _parts(body, depth=1):
        words = [one.upper for one in item[:3]]
        if words[0] == "FAMILY":
            continue
        if "INDEX" in words[:2] or words == ["UNIQUE", "INVERTED", "INDEX"]:
            after.append(_index(item, name))
        elif words[0] == "CONSTRAINT":
            kept.append(_constraint(item))
        else:
            kept.append(_column(item))
    body_text = ",\n    ".join(kept)
    return [f"{_text(head)} (\n    {body_text}\n)", *after]


def _undecorated(found: Tokens) -> list[Token]:
    """Return the tokens without the database in names, and with casts for annotations."""
    kept: list[Token] = []
    at = 0
    while at < len(found):
        one = found[at]
        named = [each.kind in ("word", "name") for each in found[at : at + 5 : 2]]
        dots = [each.text for each in found[at + 1 : at + 5 : 2]]
        if named == [True, True, True] and dots == [".", "."]:
            at += 2
            continue
        annotated = one.text == ":" and kept and kept[-1].text == "::"
        if not (annotated and kept[-1].end == one.start):
            kept.append(one)
        at += 1
    return kept


def _parts(found: Tokens, depth: int) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for one in found:
        if one.text == "," and one.depth == depth:
            parts.append([])
        else:
            parts[-1].append(one)
    return [one for one in parts if one]


def _group(found: Tokens, start: int) -> int:
    """Return the position behind the parenthesis that opens at ``start``."""
    depth = found[start].depth
    closing = (at for at, one in enumerate(found) if one.text == ")" and one.depth == depth)
    return next(at for at in closing if at > start) + 1


def _index(item: Tokens, table: str) -> str:
    words = [one.upper for one in item]
    unique = words[0] == "UNIQUE"
    name = item[words.index("INDEX") + 1]
    start = next(at for at, one in enumerate(item) if one.text == "(")
    end = _group(item, start)
    keys = [
        [one for one in key if one.upper != "ASC"]
        for key in _parts(item[start + 1 : end - 1], item[start].depth + 1)
    ]
    rest = list(item[end:])
    include, where = "", ""
    for at, one in enumerate(rest):
        if one.upper in ("STORING", "COVERING", "INCLUDE"):
            include = f" INCLUDE {_text(rest[at + 1 : _group(rest, at + 1)])}"
        if one.upper == "WHERE":
            where = f" WHERE {_text(_before(rest[at + 1 :], ('NOT', 'VISIBLE'), ('VISIBILITY',)))}"
    listed = ", ".join(map(_text, keys))
    if unique and not where and not include and all(len(key) == 1 for key in keys):
        return f"ALTER TABLE {table} ADD CONSTRAINT {name.text} UNIQUE ({listed})"
    method = " USING gin" if "INVERTED" in words[:2] else ""
    kind = "UNIQUE INDEX" if unique else "INDEX"
    return f"CREATE {kind} {name.text} ON {table}{method} ({listed}){include}{where}"


def _before(found: Tokens, *ends: tuple[str, ...]) -> Tokens:
    """Return the tokens before the first of some words that stands at their own depth."""
    depth = found[0].depth
    for at, one in enumerate(found):
        for end in ends:
            if one.depth == depth and [each.upper for each in found[at : at + len(end)]] == list(
                end
            ):
                return found[:at]
    return found


def _constraint(item: Tokens) -> str:
    words = [one.upper for one in item]
    if words[2:4] == ["PRIMARY", "KEY"] or words[2] == "UNIQUE":
        # WITHOUT INDEX in front of the keys, USING HASH behind them.
        start = next(at for at, one in enumerate(item) if one.text == "(")
        head = [one for one in item[:start] if one.upper not in ("WITHOUT", "INDEX")]
        keys = [
            one for one in item[start : _group(item, start)] if one.upper not in ("ASC", "DESC")
        ]
        return _text((*head, *keys))
    return _text(item)


def _column(item: Tokens) -> str:
    kept: list[Token] = []
    words = [one.upper for one in item]
    at = 0
    while at < len(item):
        if words[at : at + 2] == ["NOT", "VISIBLE"]:
            at += 2
        elif words[at] == "VISIBLE" or words[at : at + 2] == ["CREATE", "FAMILY"]:
            at += 1 if words[at] == "VISIBLE" else 3
        elif words[at] == "FAMILY" and at > 1:
            at += 2
        elif words[at : at + 2] == ["ON", "UPDATE"] and "REFERENCES" not in words[:at]:
            at += 2
            while at < len(item) and not (words[at] in _NEXT and item[at].depth == 1):
                at += 1
        elif words[at] == "IDENTITY" and at + 1 < len(item) and item[at + 1].text == "(":
            kept.append(item[at])
            at = _group(item, at + 1)
        else:
            kept.append(item[at])
            at += 1
    return f"{kept[0].text} {_type(kept)}{_rest(kept)}"


def _type(kept: Tokens) -> str:
    """Return the first word of a column's type; text with a length is a varchar."""
    kind = kept[1]
    if kind.upper == "STRING" and len(kept) > 2 and kept[2].text == "(":
        return "VARCHAR"
    return _TYPES.get(kind.upper, kind.text)


def _rest(kept: Tokens) -> str:
    """Return what follows a column's type; ``AS (…)`` without its GENERATED gets it."""
    rest = list(kept[2:])
    joined = bool(rest) and rest[0].text in ("(", ".", "[")
    words = [one.upper for one in rest]
    for at, word in enumerate(words):
        generated = word == "AS" and (at == 0 or words[at - 1] not in ("ALWAYS", "DEFAULT"))
        if generated and at + 1 < len(rest) and rest[at + 1].text == "(":
            ahead = f"{_text(rest[:at])} " if at else ""
            return f"{'' if joined else ' '}{ahead}GENERATED ALWAYS {_text(rest[at:])}"
    return ("" if joined else " ") + _text(rest)


def _text(found: Iterable[Token]) -> str:
    """Return the tokens as text, apart where they were apart; casts to types get their names."""
    out = ""
    before: Token | None = None
    for one in found:
        apart = before is not None and before.end < one.start and before.text != "::"
        if apart and one.text not in (",", ")"):
            out += " "
        cast = before is not None and before.text == "::"
        out += _TYPES.get(one.upper, one.text) if cast else one.text
        before = one
    return out
