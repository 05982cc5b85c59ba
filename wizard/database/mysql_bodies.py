"""Bodies of triggers and routines, and canonical views: which tables and columns they name.

No catalogue knows what a body needs, hence its words decide: a column too many may be named, none too
few, save in statements that a routine puts together at run time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from wizard.database.mysql_tokens import lexemes, names_in
from wizard.model.names import TableName
from wizard.model.schema import Dependent, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A trigger's body with the table that fires it, or a routine's or event's."""

    kind: Literal["trigger", "function"]
    name: str
    text: str
    on: TableName | None = None


def watchers(table: Table, bodies: Iterable[Body]) -> tuple[Dependent, ...]:
    """Return the bodies that would break with the table or its columns.

    A trigger of the table itself is one only if it names a column.
    """
    found = []
    for body in bodies:
        words = names_in(body.text)
        mentioned = table.name.name.lower() in words
        own = body.on == table.name
        if own and not mentioned:
            words = row_columns(body.text)
        columns = tuple(one.name for one in table.columns if one.name.lower() in words)
        if (own and columns) or (not own and mentioned):
            label = body.name if own or body.on is None else f"{body.name} on {body.on}"
            found.append(Dependent(kind=body.kind, name=label, columns=columns))
    return tuple(found)


def row_columns(sql: str) -> frozenset[str]:
    """Return the columns, in lower case, that a trigger's body reads or sets as NEW.x or OLD.x."""
    words = [word.lower() for word in lexemes(sql)]
    return frozenset(
        words[at + 2]
        for at in range(len(words) - 2)
        if words[at] in ("new", "old") and words[at + 1] == "."
    )


def view_columns(sql: str, schema: str, name: str) -> frozenset[str] | None:
    """Return the columns, in lower case, that a view reads of a table; None when it does not read it.

    ``sql`` is the server's own text, in which every table is written with its database, every
    column with its table or alias, and no ``*`` is left.
    """
    words = [word.lower() for word in lexemes(sql)]
    place = (schema.lower(), ".", name.lower())
    owners: set[tuple[str, ...]] = set()
    for at in range(len(words) - 2):
        following = words[at + 3] if at + 3 < len(words) else ""
        if tuple(words[at : at + 3]) == place and following != ".":
            # An alias stands right behind its table; a word such as JOIN there does no harm.
            owners |= {place, (name.lower(),), (following,)}
    if not owners:
        return None
    columns: set[str] = set()
    for at in range(len(words) - 2):
        start = at == 0 or words[at - 1] != "."
        if start and words[at + 1] == "." and (words[at],) in owners:
            columns.add(words[at + 2])
        if words[at + 3 : at + 4] == ["."] and tuple(words[at : at + 3]) in owners:
            columns.update(words[at + 4 : at + 5])
    return frozenset(columns)
