"""A PostgreSQL DDL script, statement by statement, as tables, enums and notes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from wizard.database.ddl_alter import alter_table
from wizard.database.ddl_index import read_index
from wizard.database.ddl_links import Query
from wizard.database.ddl_table import read_body
from wizard.database.ddl_tables import Definitions, column_details
from wizard.database.ddl_tokens import Cursor, DdlError, Token, scan, statements, syntax_error
from wizard.model.names import TableName
from wizard.model.schema import Dependent, Table, TableKind, Trigger

_COPY = re.compile(
    r"^COPY\s[^\n]*\bFROM\s+stdin\b[^\n]*;[^\n]*\n(?:.*?\n)??\\\.[^\n]*$", re.M | re.S | re.I
)
_META = re.compile(r"^\\[a-zA-Z!?][^\n]*$", re.M)
_MODIFIERS = ("OR", "REPLACE", "UNLOGGED", "TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "RECURSIVE")


@dataclass(slots=True)
class Script:
    """What a script defines. ``notes`` tell what was passed over, with counts."""

    definitions: Definitions = field(default_factory=Definitions)
    notes: tuple[str, ...] = ()


def read_script(text: str) -> Script:
    """Read a script; raises AnswerError (`schema-syntax`) with the line of what it must know.

    Data, functions, grants and psql's own commands are passed over and counted in the notes.
    """
    skipped: Counter[str] = Counter()

    def blank(kind: str) -> Callable[[re.Match[str]], str]:
        def count(match: re.Match[str]) -> str:
            skipped[kind] += 1
            return re.sub(r"[^\n]", " ", match.group())  # lines keep their numbers

        return count

    source = _META.sub(blank("psql command"), _COPY.sub(blank("COPY data"), text))
    reader = _Reader(source, skipped)
    for tokens in statements(scan(source, "postgresql")):
        reader.statement(tokens)
    notes = tuple(
        f"passed over {count} × {kind}" for kind, count in sorted(skipped.items()) if count
    )
    return Script(definitions=reader.made, notes=notes)


class _Reader:
    def __init__(self, source: str, skipped: Counter[str]) -> None:
        self.source = source
        self.skipped = skipped
        self.made = Definitions()
        self.schema: str | None = None

    def statement(self, tokens: list[Token]) -> None:
        cursor = Cursor(self.source, tokens, fold=True)
        words = [token.word for token in tokens[:4]]
        try:
            if words[0] == "CREATE":
                self._create(cursor, tokens)
            elif words[:2] == ["ALTER", "TABLE"] or words[:3] == ["ALTER", "FOREIGN", "TABLE"]:
                for ignored in alter_table(cursor, self.made, self.schema):
                    self.skipped[ignored] += 1
            elif words[:2] == ["ALTER", "TYPE"]:
                self._alter_type(cursor)
            elif words[:2] == ["COMMENT", "ON"]:
                self._comment(cursor)
            elif words[0] == "DROP":
                self._drop(cursor)
            elif words[0] == "SET" or words[0] == "SELECT":
                self._settings(cursor)
            else:
                self.skipped[_label(words)] += 1
        except DdlError as error:
            # A table that is half understood would make wrong plans; anything else is left out.
            if "TABLE" in words or "INDEX" in words:
                raise syntax_error(self.source, error.position, str(error)) from None
            self.skipped[_label(words)] += 1

    def _create(self, cursor: Cursor, tokens: list[Token]) -> None:
        start = cursor.at
        cursor.take("CREATE")
        while cursor.word in _MODIFIERS:
            cursor.skip()
        if cursor.word in ("UNIQUE", "INDEX"):
            cursor.at = start
            table, index = read_index(cursor, self.schema)
            self.made.change(table, lambda one: replace(one, indexes=(*one.indexes, index)), cursor)
        elif cursor.take("FOREIGN", "TABLE"):
            self._table(cursor, "foreign")
        elif cursor.take("TABLE"):
            if not {"TEMP", "TEMPORARY"} & {token.word for token in tokens[:4]}:
                self._table(cursor, "table")
        elif cursor.take("TYPE"):
            name = cursor.qualified(self.schema)
            if cursor.take("AS", "ENUM"):
                labels = _literals(cursor)
                self.made.enums[self.made.key(name)] = labels
            else:
                self.skipped["type"] += 1
        elif cursor.sees("VIEW") or cursor.sees("MATERIALIZED", "VIEW"):
            self._view(cursor)
        elif cursor.sees("TRIGGER") or cursor.sees("CONSTRAINT", "TRIGGER"):
            self._trigger(cursor, tokens)
        elif cursor.take("POLICY"):
            policy = cursor.name()
            cursor.expect("ON")
            self._depends("policy", policy, cursor)
        elif cursor.take("RULE"):
            rule = cursor.name()
            cursor.until(frozenset(("TO",)))
            cursor.expect("TO")
            self._depends("rule", rule, cursor)
        elif cursor.take("SCHEMA"):
            self._schema(cursor, tokens)
        else:
            self.skipped[_label([token.word for token in tokens[:4]])] += 1

    def _schema(self, cursor: Cursor, tokens: list[Token]) -> None:
        """Read CREATE SCHEMA, which may hold CREATE statements without semicolons between."""
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.name()
        starts = [
            position
            for position in range(cursor.at, len(tokens))
            if tokens[position].word == "CREATE"
        ]
        outer, self.schema = self.schema, name
        for first, last in itertools.pairwise([*starts, len(tokens)]):
            self.statement(tokens[first:last])
        self.schema = outer

    def _table(self, cursor: Cursor, kind: TableKind) -> None:
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.qualified(self.schema)
        parent: TableName | None = None
        if cursor.take("PARTITION", "OF"):
            parent = cursor.qualified(self.schema)
            table = self.made.partition(name, parent, cursor)
            kind = "partition"
            if cursor.word == "(":
                cursor.skip()
        elif cursor.word == "(":
            body = read_body(cursor, schema=self.schema)
            table = self.made.from_body(name, body, kind, cursor)
        else:
            # CREATE TABLE … AS: the columns are those of a query.
            self.skipped["CREATE TABLE AS"] += 1
            return
        while not cursor.done:
            if cursor.take("PARTITION", "BY"):
                key = cursor.until(frozenset(("USING", "WITH", "TABLESPACE")))
                table = replace(table, kind="partitioned", partition_key=key)
            elif cursor.take("INHERITS"):
                table = self.made.inherit(table, cursor.group(), self.schema)
            else:
                cursor.skip()
        self.made.add(table)

    def _view(self, cursor: Cursor) -> None:
        materialized = cursor.take("MATERIALIZED")
        cursor.expect("VIEW")
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.qualified(self.schema)
        cursor.until(frozenset(("AS",)))
        cursor.expect("AS")
        first = cursor.at
        while not cursor.done and not (
            cursor.sees("WITH", "NO", "DATA") or cursor.sees("WITH", "DATA")
        ):
            cursor.skip()
        self.made.views[self.made.key(name)] = Query(
            text=cursor.text(first), schema=self.schema, materialized=materialized
        )

    def _trigger(self, cursor: Cursor, tokens: list[Token]) -> None:
        cursor.take("CONSTRAINT")
        cursor.expect("TRIGGER")
        name = cursor.name()
        columns: tuple[str, ...] = ()
        while not cursor.done and not cursor.sees("ON"):
            if cursor.take("UPDATE", "OF"):
                listed = []
                while not cursor.done and cursor.word not in ("ON", "OR"):
                    listed.append(cursor.name())
                    cursor.take(",")
                columns = tuple(listed)
            else:
                cursor.skip()
        cursor.expect("ON")
        table = cursor.qualified(self.schema)
        when = ""
        while not cursor.done and not cursor.sees("EXECUTE"):
            if cursor.take("WHEN"):
                when = cursor.group()
            else:
                cursor.skip()
        cursor.expect("EXECUTE")
        cursor.skip()
        function = cursor.qualified()
        definition = self.source[tokens[0].start : tokens[-1].end]
        trigger = Trigger(name=name, definition=definition, function=str(self.made.key(function)))

        def add(one: Table) -> Table:
            used = (*columns, *column_details(when, one)) if when else columns
            watching = Dependent(kind="trigger", name=name, columns=tuple(dict.fromkeys(used)))
            return replace(
                one,
                triggers=(*one.triggers, trigger),
                dependents=(*one.dependents, watching) if used else one.dependents,
            )

        self.made.change(table, add, cursor)

    def _depends(self, kind: Literal["policy", "rule"], name: str, cursor: Cursor) -> None:
        table = cursor.qualified(self.schema)
        rest = cursor.until(frozenset())

        def add(one: Table) -> Table:
            dependent = Dependent(
                kind=kind,
                name=name,
                columns=column_details(rest, one),
            )
            return replace(one, dependents=(*one.dependents, dependent))

        if self.made.table(table) is not None:
            self.made.change(table, add, cursor)

    def _alter_type(self, cursor: Cursor) -> None:
        cursor.expect("ALTER", "TYPE")
        name = self.made.key(cursor.qualified(self.schema))
        labels = list(self.made.enums.get(name, ()))
        if cursor.take("ADD", "VALUE"):
            cursor.take("IF", "NOT", "EXISTS")
            value = _literal(cursor)
            place = len(labels)
            if cursor.word in ("BEFORE", "AFTER"):
                after = cursor.take("AFTER") or not cursor.take("BEFORE")
                neighbour = _literal(cursor)
                place = labels.index(neighbour) + after if neighbour in labels else place
            if value not in labels:
                labels.insert(place, value)
        elif cursor.take("RENAME", "VALUE"):
            old = _literal(cursor)
            cursor.expect("TO")
            new = _literal(cursor)
            labels = [new if label == old else label for label in labels]
        else:
            return
        self.made.enums[name] = tuple(labels)

    def _comment(self, cursor: Cursor) -> None:
        cursor.expect("COMMENT", "ON")
        if cursor.take("TABLE"):
            table, column = cursor.qualified(self.schema), None
        elif cursor.take("COLUMN"):
            names = [cursor.name()]
            while cursor.take("."):
                names.append(cursor.name())
            column = names.pop()
            if not names:
                raise cursor.error("table.column was expected")
            table = TableName(names[-1], names[-2] if len(names) > 1 else self.schema)
        else:
            return
        cursor.expect("IS")
        text = None if cursor.sees("NULL") else _literal(cursor)

        def put(one: Table) -> Table:
            if column is None:
                return replace(one, comment=text)
            return replace(
                one,
                columns=tuple(
                    replace(c, comment=text) if c.name == column else c for c in one.columns
                ),
            )

        if self.made.table(table) is not None:  # a view has columns with comments too
            self.made.change(table, put, cursor)

    def _drop(self, cursor: Cursor) -> None:
        cursor.expect("DROP")
        kind = "VIEW" if cursor.take("MATERIALIZED", "VIEW") else cursor.word
        if kind not in ("TABLE", "VIEW", "INDEX", "TYPE"):
            return
        cursor.take(kind)
        cursor.take("CONCURRENTLY")
        cursor.take("IF", "EXISTS")
        while not cursor.done and cursor.word not in ("CASCADE", "RESTRICT"):
            self.made.drop(kind, cursor.qualified(self.schema))
            cursor.take(",")

    def _settings(self, cursor: Cursor) -> None:
        text = cursor.until(frozenset())
        match = re.match(
            r"SET\s+(?:SESSION\s+|LOCAL\s+)?search_path\s*(?:=|TO)\s*([^,]*)"
            r"|SELECT\s+(?:pg_catalog\.)?set_config\s*\(\s*'search_path'\s*,\s*'([^',]*)",
            text,
            re.I,
        )
        if match:
            first = (match.group(1) or match.group(2) or "").strip().strip("\"'")
            self.schema = None if first in ("", "public", "DEFAULT") else first


def _literal(cursor: Cursor) -> str:
    if cursor.done or cursor.tokens[cursor.at].kind != "literal":
        raise cursor.error("a text in quotes was expected")
    cursor.at += 1
    return cursor.tokens[cursor.at - 1].text


def _literals(cursor: Cursor) -> tuple[str, ...]:
    cursor.expect("(")
    found = []
    while not cursor.take(")"):
        found.append(_literal(cursor))
        cursor.take(",")
    return tuple(found)


def _label(words: list[str]) -> str:
    kept = [word for word in words if word.isalpha() and word not in (*_MODIFIERS, "IF", "NOT")]
    if kept[:1] in (["CREATE"], ["ALTER"], ["DROP"], ["COMMENT"]):
        return " ".join(kept[:2])
    return kept[0] if kept else "statement"
