"""A script of MySQL or MariaDB, statement by statement, as tables and notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from wizard.database.ddl_links import Query
from wizard.database.ddl_tokens import Cursor, DdlError, Token, syntax_error
from wizard.database.mysql_alter import alter_table
from wizard.database.mysql_bodies import Body
from wizard.database.mysql_body import Options, read_body, read_option, read_options
from wizard.database.mysql_build import build_table, with_checks, with_foreign_key, with_index
from wizard.database.mysql_keys import finish_create_index, read_create_index
from wizard.database.mysql_server import Engine
from wizard.database.mysql_tables import Definitions, WrittenTrigger
from wizard.database.mysql_tokens import scan_mysql
from wizard.model.names import TableName
from wizard.model.schema import ForeignKey, Table, Trigger

_SILENT = ("SET", "USE", "LOCK", "UNLOCK", "START", "BEGIN", "COMMIT")
_ROUTINES = ("PROCEDURE", "FUNCTION", "EVENT", "PACKAGE")
_BODY = frozenset(
    [
        *("BEGIN", "RETURN", "DO", "CALL", "SET", "IF", "CASE", "LOOP", "WHILE", "REPEAT"),
        *("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "TRUNCATE"),
    ]
)


@dataclass(frozen=True, slots=True)
class Script:
    """What a script defines. ``notes`` tell what was passed over, with counts."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    #: The database whose tables carry no schema, None when the script names none.
    home: str | None


def read_mysql_script(text: str, engine: Engine) -> Script:
    """Read a script; raises AnswerError (`schema-syntax`) with the line of what it must know.

    Data, grants and the bodies of routines are passed over; but what routines name counts as used.
    """
    scanned = scan_mysql(text, engine)
    reader = _Reader(scanned.source, engine, _home(scanned.statements))
    for tokens in scanned.statements:
        reader.statement(tokens)
    counted = sorted(reader.skipped.items())
    return Script(
        tables=tuple(reader.made.finished()),
        notes=tuple(f"passed over {count} × {kind}" for kind, count in counted),
        home=reader.made.home,
    )


def read_create_table(text: str, engine: Engine, *, schema: str, collation: str | None) -> Table:
    """Read what SHOW CREATE TABLE says; names without a database are in ``schema``."""
    scanned = scan_mysql(text, engine)
    cursor = Cursor(scanned.source, scanned.statements[0], fold=False)
    cursor.expect("CREATE")
    cursor.take("TEMPORARY")
    cursor.expect("TABLE")
    name = cursor.qualified(schema)
    body = read_body(cursor, engine, schema=schema, exact=True)
    options = read_options(cursor, engine)
    table = build_table(name, body, options, engine, collation=collation, exact=True)
    for index in body.keys.indexes:
        table = with_index(table, index)
    for key, _ in body.keys.references:
        table = with_foreign_key(table, key, implicit=False)
    return with_checks(table, body, engine)


def _home(statements: list[list[Token]]) -> str | None:
    """Return the first database that is used, else the only one that tables are created in."""
    named: set[str | None] = set()
    for tokens in statements:
        words = [token.word for token in tokens[:6]]
        if words[0] == "USE" and len(tokens) > 1:
            return tokens[1].text
        if words[0] == "CREATE" and "TABLE" in words[:3]:
            at = words.index("TABLE") + (4 if words[2:5] == ["IF", "NOT", "EXISTS"] else 1)
            dotted = len(tokens) > at + 1 and tokens[at + 1].word == "."
            named.add(tokens[at].text if dotted else None)
    return named.pop() if len(named) == 1 else None


class _Reader:
    def __init__(self, source: str, engine: Engine, home: str | None) -> None:
        self.source = source
        self.engine = engine
        self.skipped: Counter[str] = Counter()
        self.made = Definitions(engine=engine, home=home)
        self.schema: str | None = None

    def statement(self, tokens: list[Token]) -> None:
        cursor = Cursor(self.source, tokens, fold=False)
        words = [token.word for token in tokens[:6]]
        try:
            if words[0] == "CREATE":
                self._create(cursor, tokens)
            elif words[0] == "ALTER" and "TABLE" in words[:3]:
                for ignored in alter_table(cursor, self.made, self.schema):
                    self.skipped[ignored] += 1
            elif words[:2] in (["ALTER", "DATABASE"], ["ALTER", "SCHEMA"]):
                self._database(cursor)
            elif words[0] == "DROP":
                self._drop(cursor)
            elif words[:2] == ["RENAME", "TABLE"]:
                self._rename(cursor)
            elif words[0] == "USE":
                self.schema = tokens[1].text if len(tokens) > 1 else None
            elif words[0] not in _SILENT:
                self.skipped[_label(words)] += 1
        except DdlError as error:
            # A table that is half understood would make wrong plans; anything else is left out.
            if {"TABLE", "INDEX"} & set(words[:4]):
                raise syntax_error(self.source, error.position, str(error)) from None
            self.skipped[_label(words)] += 1

    def _create(self, cursor: Cursor, tokens: list[Token]) -> None:
        start = cursor.at
        cursor.expect("CREATE")
        cursor.take("OR", "REPLACE")
        kind = next(
            (
                token.word
                for token in tokens
                if token.word
                in ("TABLE", "INDEX", "VIEW", "TRIGGER", "DATABASE", "SCHEMA", *_ROUTINES)
            ),
            "",
        )
        if kind == "TABLE" and not cursor.sees("TEMPORARY"):
            self._table(cursor)
        elif kind == "INDEX":
            cursor.at = start + 1
            self._index(cursor)
        elif kind == "VIEW":
            self._view(cursor, tokens)
        elif kind == "TRIGGER":
            self._trigger(cursor, tokens)
        elif kind in ("DATABASE", "SCHEMA"):
            self._database(cursor)
        elif kind in _ROUTINES:
            self._routine(cursor, kind)
        elif kind != "TABLE":
            self.skipped[_label([token.word for token in tokens[:4]])] += 1

    def _table(self, cursor: Cursor) -> None:
        cursor.expect("TABLE")
        present = cursor.take("IF", "NOT", "EXISTS")
        name = cursor.qualified(self.schema)
        if cursor.take("LIKE"):
            self._copy(name, cursor.qualified(self.schema), cursor)
            return
        if cursor.word != "(":
            self.skipped["CREATE TABLE AS"] += 1
            return
        body = read_body(cursor, self.engine, schema=name.schema, exact=False)
        options = read_options(cursor, self.engine)
        if body.like is not None:
            self._copy(name, body.like, cursor)
        elif options.query:
            self.skipped["CREATE TABLE AS"] += 1
        elif not (present and self.made.table(name)):
            place = self.made.key(name)
            collation = self.made.collations.get(place.schema)
            table = build_table(place, body, options, self.engine, collation=collation)
            self.made.put(self.made.with_body(table, body))

    def _copy(self, name: TableName, other: TableName, cursor: Cursor) -> None:
        # LIKE copies everything but the foreign keys.
        source = self.made.require(other, cursor)
        kept = tuple(one for one in source.constraints if not isinstance(one, ForeignKey))
        self.made.put(replace(source, name=self.made.key(name), constraints=kept))

    def _index(self, cursor: Cursor) -> None:
        index = read_create_index(cursor)
        cursor.expect("ON")
        table = self.made.require(cursor.qualified(self.schema), cursor)
        self.made.put(self.made.add_index(table, finish_create_index(cursor, index)))

    def _view(self, cursor: Cursor, tokens: list[Token]) -> None:
        while not cursor.take("VIEW"):
            cursor.skip()
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.qualified(self.schema)
        if cursor.word == "(":
            cursor.skip()
        cursor.expect("AS")
        first = cursor.at
        while not cursor.done and not (
            cursor.sees("WITH", "CASCADED")
            or cursor.sees("WITH", "LOCAL")
            or cursor.sees("WITH", "CHECK")
        ):
            cursor.skip()
        self.made.views[self.made.key(name)] = Query(
            text=cursor.text(first),
            schema=name.schema,
            definition=(self._text(tokens, 0),),
        )

    def _trigger(self, cursor: Cursor, tokens: list[Token]) -> None:
        while not cursor.take("TRIGGER"):
            cursor.skip()
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.qualified(self.schema)
        while not cursor.take("ON"):
            cursor.skip()
        table = self.made.require(cursor.qualified(name.schema), cursor)
        cursor.expect("FOR", "EACH", "ROW")
        if cursor.word in ("FOLLOWS", "PRECEDES"):
            cursor.skip_one()
            cursor.name()
        definition = self._text(tokens, 0)
        self.made.triggers[name.name] = WrittenTrigger(
            trigger=Trigger(name=name.name, definition=definition),
            table=table.name,
            body=self._text(tokens, cursor.at),
        )

    def _routine(self, cursor: Cursor, kind: str) -> None:
        while not cursor.take(kind):
            cursor.skip()
        cursor.take("BODY")
        cursor.take("IF", "NOT", "EXISTS")
        name = self.made.key(cursor.qualified(self.schema))
        # What stands before the body says how it may be run.
        start = next(
            (at for at in range(cursor.at, len(cursor.tokens)) if cursor.tokens[at].word in _BODY),
            cursor.at,
        )
        body = self._text(cursor.tokens, start)
        label = f"{kind.lower()} {name}"
        self.made.routines[label] = Body(kind="function", name=label, text=body)

    def _text(self, tokens: list[Token], first: int) -> str:
        """Return the source from a token on to the end of the statement."""
        return self.source[tokens[first].start : tokens[-1].end] if first < len(tokens) else ""

    def _database(self, cursor: Cursor) -> None:
        while not (cursor.take("DATABASE") or cursor.take("SCHEMA")):
            cursor.skip()
        cursor.take("IF", "NOT", "EXISTS")
        name = self.schema
        if cursor.word not in ("DEFAULT", "CHARACTER", "CHARSET", "COLLATE"):
            name = cursor.name()
        options = Options()
        while not cursor.done:
            if not read_option(cursor, options, self.engine):
                cursor.skip()
        collation = options.settled_collation(self.engine, None)
        if collation is not None:
            place = self.made.key(TableName("", name)).schema
            self.made.collations[place] = collation

    def _drop(self, cursor: Cursor) -> None:
        cursor.expect("DROP")
        cursor.take("TEMPORARY")
        kind = cursor.word
        cursor.skip_one()
        cursor.take("IF", "EXISTS")
        if kind in ("TABLE", "VIEW"):
            while not cursor.done and cursor.word not in ("CASCADE", "RESTRICT"):
                self.made.drop(cursor.qualified(self.schema))
                cursor.take(",")
        elif kind == "INDEX":
            name = cursor.name()
            cursor.expect("ON")
            table = self.made.require(cursor.qualified(self.schema), cursor)
            kept = tuple(one for one in table.indexes if one.name.lower() != name.lower())
            self.made.put(replace(table, indexes=kept))
        elif kind == "TRIGGER":
            self.made.triggers.pop(cursor.qualified().name, None)
        elif kind in _ROUTINES:
            name_ = self.made.key(cursor.qualified(self.schema))
            self.made.routines.pop(f"{kind.lower()} {name_}", None)

    def _rename(self, cursor: Cursor) -> None:
        cursor.expect("RENAME", "TABLE")
        cursor.take("IF", "EXISTS")
        while not cursor.done:
            old = cursor.qualified(self.schema)
            cursor.expect("TO")
            self.made.rename(old, cursor.qualified(self.schema), cursor)
            cursor.take(",")


def _label(words: list[str]) -> str:
    kept = [word for word in words if word.isalpha() and word not in ("OR", "REPLACE", "IF", "NOT")]
    if kept[:1] in (["CREATE"], ["ALTER"], ["DROP"], ["RENAME"]):
        return " ".join(kept[:2])
    return kept[0] if kept else "statement"
