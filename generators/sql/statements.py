"""SQL text: splitting a script into statements, and breaking long ones for readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from wizard.dialects.lexing import Token, Unreadable, tokens

_WIDTH = 88
#: What holds statements of its own, also behind OR REPLACE or TEMP.
_BODIES = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION"})
#: Ended by END and their own word, where BEGIN and CASE are ended by END alone (or END CASE).
_BLOCKS = frozenset({"IF", "WHILE", "LOOP", "REPEAT", "FOR"})
_ACTIONS = frozenset({"ADD", "DROP", "ALTER", "VALIDATE", "RENAME"})
_CONSTRAINTS = frozenset({"FOREIGN", "CHECK", "UNIQUE", "EXCLUDE", "PRIMARY"})
#: Clauses which begin a line, by the statement's first word.
_CLAUSES = {
    "CREATE": frozenset({"ON", "INCLUDE", "WHERE", "BEFORE", "AFTER", "FOR", "EXECUTE"}),
    "UPDATE": frozenset({"SET", "FROM", "WHERE"}),
    "DELETE": frozenset({"USING", "WHERE"}),
}


def split(script: str, *, dialect: str) -> tuple[str, ...]:
    """Return the statements of a script; the bodies of triggers and routines stay whole.

    Comments around statements are left out. Raises `wizard.dialects.lexing.Unreadable`.
    """
    found: list[str] = []
    current: list[Token] = []
    for token in tokens(script, dialect):
        if token.kind == "comment":
            continue
        if token.text == ";" and token.depth == 0 and not _in_body(current):
            if current:
                found.append(script[current[0].start : current[-1].end])
            current = []
        else:
            current.append(token)
    if current:
        found.append(script[current[0].start : current[-1].end])
    return tuple(found)


def _in_body(found: Sequence[Token]) -> bool:
    """Tell whether what began is a body that has not ended: BEGIN … END, with CASE … END in it."""
    words = [token.upper for token in found]
    if words[:2] != ["BEGIN", "NOT"] and (words[:1] != ["CREATE"] or not _BODIES & {*words[:6]}):
        return False
    after = [*words[1:], ""]
    begun = words.count("BEGIN") + sum(
        one == "CASE" and before != "END" for before, one in pairwise(words)
    )
    ended = sum(
        one == "END" and then not in _BLOCKS for one, then in zip(words, after, strict=True)
    )
    return begun > ended


def tidy(statement: str, *, dialect: str) -> str:
    """Return the statement, broken before its clauses when it is long and on one line."""
    text = statement.strip().removesuffix(";").rstrip()
    if "\n" in text or len(text) < _WIDTH:
        return text
    try:
        found = [token for token in tokens(text, dialect) if token.depth == 0]
    except Unreadable:
        return text
    lines: list[str] = []
    last = 0
    for place in _places(found):
        lines.append(text[last:place].rstrip())
        last = place
    return "\n    ".join([*lines, text[last:]])


def _places(found: Sequence[Token]) -> Iterator[int]:
    """Yield where lines begin; ``found`` are the tokens outside all parentheses."""
    words = [token.upper for token in found]
    if words[:2] == ["ALTER", "TABLE"]:
        acting = constraint = False
        for at, word in enumerate(words[2:], start=2):
            # Further actions stand behind commas; what else looks like one is a part of the first.
            if word in _ACTIONS and (not acting or found[at - 1].text == ","):
                acting = True
                constraint = words[at : at + 2] == ["ADD", "CONSTRAINT"]
                yield found[at].start
            elif constraint and word in _CONSTRAINTS:
                constraint = False
                yield found[at].start
    elif words and words[0] in _CLAUSES and "TABLE" not in words[:3]:
        for at, word in enumerate(words[1:], start=1):
            if word == "BEGIN":
                return
            # EXECUTE FUNCTION, but not IS DISTINCT FROM.
            if word in _CLAUSES[words[0]] and words[at - 1] != "DISTINCT":
                yield found[at].start
