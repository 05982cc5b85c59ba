"""Keys, foreign keys and checks of MySQL and MariaDB, beside a column or on their own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

from wizard.database.ddl_tokens import Cursor
from wizard.database.mysql_server import Engine
from wizard.database.mysql_tokens import names_in, unwrap
from wizard.model.schema import Action, Check, Column, ForeignKey, Index, IndexPart

_STARTS = frozenset(
    [
        *("CONSTRAINT", "PRIMARY", "UNIQUE", "INDEX", "KEY", "FULLTEXT", "SPATIAL", "VECTOR"),
        *("FOREIGN", "CHECK", "PERIOD"),
    ]
)
_OPTION_END = (",", ")", "ALGORITHM", "LOCK")


@dataclass(slots=True)
class Keys:
    """What was read. The names of indexes are empty, and None for all else, where they are open.

    ``references`` are foreign keys, each with the name that its own index shall have, or empty.
    """

    indexes: list[Index] = field(default_factory=list)
    references: list[tuple[ForeignKey, str]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def add(self, index: Index) -> None:
        """Add an index."""
        self.indexes.append(index)

    def refer(self, key: ForeignKey, index_name: str) -> None:
        """Add a foreign key."""
        self.references.append((key, index_name))


def sees_key(cursor: Cursor) -> bool:
    """Tell whether a key or constraint comes next, and not a column of such a name."""
    if cursor.word not in _STARTS:
        return False
    # VECTOR and PERIOD are no reserved words.
    if cursor.word in ("VECTOR", "PERIOD"):
        words = (("VECTOR", "KEY"), ("VECTOR", "INDEX"), ("PERIOD", "FOR"))
        return any(cursor.sees(*one) for one in words)
    return True


def read_key(cursor: Cursor, keys: Keys, engine: Engine, *, schema: str | None) -> None:
    """Read one key, constraint or period of a table."""
    label: str | None = None
    if cursor.take("CONSTRAINT") and cursor.word not in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
        label = cursor.name()
    if cursor.take("PERIOD", "FOR"):
        cursor.skip_one()
        cursor.skip()
    elif cursor.sees("CHECK"):
        keys.checks.append(read_check(cursor, label))
    elif cursor.take("FOREIGN", "KEY"):
        cursor.take("IF", "NOT", "EXISTS")
        name = "" if cursor.word == "(" else cursor.name()
        keys.refer(read_references(cursor, cursor.names(), label, engine, schema), name)
    else:
        keys.add(_index(cursor, label))


def _index(cursor: Cursor, label: str | None) -> Index:
    if cursor.take("PRIMARY", "KEY"):
        if cursor.word not in ("(", "USING"):
            cursor.skip_one()  # a name, which the server ignores
        method = _using(cursor)
        parts = read_parts(cursor)
        return _finished(
            cursor, Index(name="PRIMARY", parts=parts, unique=True, constraint=True), method
        )
    method = None
    unique = cursor.take("UNIQUE")
    for word in ("FULLTEXT", "SPATIAL", "VECTOR"):
        if cursor.take(word):
            method = word.lower()
    cursor.take("INDEX") or cursor.take("KEY")
    cursor.take("IF", "NOT", "EXISTS")
    name = "" if cursor.word in ("(", "USING") else cursor.name()
    method = _using(cursor) or method
    index = Index(name=name or label or "", parts=read_parts(cursor), unique=unique)
    return _finished(cursor, index, method)


def read_create_index(cursor: Cursor) -> Index:
    """Read CREATE INDEX from behind the word CREATE up to ON; the keys come after the table."""
    cursor.take("OR", "REPLACE")
    cursor.take("ONLINE") or cursor.take("OFFLINE")
    unique = cursor.take("UNIQUE")
    method = None
    for word in ("FULLTEXT", "SPATIAL", "VECTOR"):
        if cursor.take(word):
            method = word.lower()
    cursor.expect("INDEX")
    cursor.take("IF", "NOT", "EXISTS")
    name = cursor.name()
    method = _using(cursor) or method
    return Index(name=name, parts=(), unique=unique, method=method)


def finish_create_index(cursor: Cursor, index: Index) -> Index:
    """Read the keys and options of CREATE INDEX."""
    method = _using(cursor) or index.method
    return _finished(cursor, replace(index, parts=read_parts(cursor)), method)


def _using(cursor: Cursor) -> str | None:
    """Take USING; a tree is what every engine has by default."""
    if not (cursor.take("USING") or cursor.take("TYPE")):
        return None
    method = cursor.name().lower()
    return None if method == "btree" else method


def read_parts(cursor: Cursor) -> tuple[IndexPart, ...]:
    """Read the keys of an index in their parentheses."""
    cursor.expect("(")
    found: list[IndexPart] = []
    while not cursor.take(")"):
        column = expression = length = None
        overlaps = None
        if cursor.word == "(":
            expression = unwrap(cursor.group())
        else:
            column = cursor.name()
            if cursor.word == "(":
                length = _length(cursor)
            if cursor.take("WITHOUT", "OVERLAPS"):
                overlaps = "without overlaps"
        descending = cursor.take("DESC")
        cursor.take("ASC")
        found.append(
            IndexPart(
                column=column,
                expression=expression,
                length=length,
                order="desc" if descending else "asc",
                opclass=overlaps,
            )
        )
        cursor.take(",")
    if not found:
        raise cursor.error("an index needs a column")
    return tuple(found)


def _length(cursor: Cursor) -> int:
    text = cursor.group()
    if not text.isdecimal():
        raise cursor.error("the length of a prefix was expected")
    return int(text)


def _finished(cursor: Cursor, index: Index, method: str | None) -> Index:
    """Read what follows the keys of an index."""
    visible = True
    while not cursor.done and cursor.word not in _OPTION_END:
        if cursor.take("INVISIBLE") or cursor.take("IGNORED"):
            visible = False
        elif cursor.take("NOT", "IGNORED") or cursor.take("VISIBLE"):
            visible = True
        elif cursor.sees("USING"):
            method = _using(cursor) or method
        elif cursor.take("WITH", "PARSER"):
            # No plan can bring that back, hence a method that no dialect offers.
            method = f"{method} with parser {cursor.name()}"
        else:
            cursor.skip()
    return replace(index, method=method, visible=visible)


def read_check(cursor: Cursor, name: str | None) -> Check:
    """Read CHECK; one that is not enforced counts as not validated, since it proves nothing."""
    cursor.expect("CHECK")
    expression = unwrap(cursor.group())
    enforced = not cursor.take("NOT", "ENFORCED")
    cursor.take("ENFORCED")
    return Check(name=name, expression=expression, validated=enforced)


def read_references(
    cursor: Cursor,
    columns: tuple[str, ...],
    name: str | None,
    engine: Engine,
    schema: str | None,
) -> ForeignKey:
    """Read REFERENCES with its actions."""
    cursor.expect("REFERENCES")
    table = cursor.qualified(schema)
    referenced = cursor.names() if cursor.word == "(" else ()
    deletes: Action = "no action"
    updates: Action = "no action"
    while True:
        if cursor.take("MATCH"):
            cursor.skip_one()
        elif cursor.take("ON", "DELETE"):
            deletes = _action(cursor, engine)
        elif cursor.take("ON", "UPDATE"):
            updates = _action(cursor, engine)
        else:
            break
    return ForeignKey(
        name=name,
        columns=columns,
        ref_table=table,
        ref_columns=referenced,
        on_delete=deletes,
        on_update=updates,
    )


def _action(cursor: Cursor, engine: Engine) -> Action:
    for words in (
        ("NO", "ACTION"),
        ("SET", "NULL"),
        ("SET", "DEFAULT"),
        ("CASCADE",),
        ("RESTRICT",),
    ):
        if cursor.take(*words):
            action = cast("Action", " ".join(words).lower())
            # The same to both, and MariaDB does not even write it down.
            return "no action" if engine.maria and action == "restrict" else action
    raise cursor.error("an action such as CASCADE was expected")


def used_columns(expression: str, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """Return those of the columns that an expression names, in the table's order."""
    names = names_in(expression)
    return tuple(column.name for column in columns if column.name.lower() in names)
