"""Columns, constraints and indexes of a new table as one line of text, such as a flag takes.

``id bigint identity, name text required, price numeric(10,2) default 0`` becomes what an answers
file says with a table for each: the same keys, so that only one form has to be checked.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.dialects.lexing import Token, Unreadable, tokens
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.names import TableName

#: Words that end a type or a default: a clause of the column begins.
_CLAUSES = frozenset(
    [
        "NOT",
        "NULL",
        "REQUIRED",
        "OPTIONAL",
        "DEFAULT",
        "IDENTITY",
        "GENERATED",
        "UNIQUE",
        "PRIMARY",
        "REFERENCES",
        "CHECK",
        "COMMENT",
    ]
)
_ACTIONS = {
    ("NO", "ACTION"): "no action",
    ("RESTRICT",): "restrict",
    ("CASCADE",): "cascade",
    ("SET", "NULL"): "set null",
    ("SET", "DEFAULT"): "set default",
}
_HOW = {
    "--columns": "write name type, then any of: required, default …, identity, unique, primary "
    "key, references table, check (…), generated (…), comment '…'",
    "--constraints": "write unique (a, b), check (a > 0) or foreign key (a) references t; a name "
    "goes before: constraint name check (…)",
    "--indexes": "write (a, b desc), unique (a) or name (a) where …; several are parted by commas",
}

Entry = Mapping[str, Value]


def column_entries(text: str, dialect: str) -> tuple[Entry, ...]:
    """Return the columns of a text; raises AnswerError for what does not read."""
    items = _items(text, dialect, "--columns")
    return tuple(_Reader(one, dialect, "--columns").column() for one in items)


def constraint_entries(text: str, dialect: str) -> tuple[Entry, ...]:
    """Return the constraints of a text; raises AnswerError for what does not read."""
    items = _items(text, dialect, "--constraints")
    return tuple(_Reader(one, dialect, "--constraints").constraint() for one in items)


def index_entries(text: str, dialect: str) -> tuple[Entry, ...]:
    """Return the indexes of a text; raises AnswerError for what does not read."""
    items = _items(text, dialect, "--indexes")
    return tuple(_Reader(one, dialect, "--indexes").index() for one in items)


def _wrong(text: str, why: str, flag: str) -> AnswerError:
    return AnswerError(
        "bad-definition",
        f"{text.strip()!r} does not read",
        why=why,
        next_actions=(_HOW[flag],),
        flag=flag,
    )


def _items(text: str, dialect: str, flag: str) -> tuple[str, ...]:
    """Cut a text at the commas outside of quotes and parentheses."""
    try:
        found = tokens(text, dialect)
    except Unreadable as error:
        raise _wrong(text, f"{error}", flag) from None
    if any(one.kind == "comment" or one.text == ";" for one in found):
        raise _wrong(text, "comments and semicolons have no place here", flag)
    pieces, start = [], 0
    for one in found:
        if one.text == "," and one.depth == 0:
            pieces.append(text[start : one.start])
            start = one.end
    pieces.append(text[start:])
    return tuple(one.strip() for one in pieces if one.strip())


class _Reader:
    """Reads one definition from its beginning to its end."""

    def __init__(self, text: str, dialect: str, flag: str) -> None:
        self._text = text
        self._dialect = dialect
        self._tokens = tokens(text, dialect)
        self._flag = flag
        self._at = 0

    # --- what stands there -------------------------------------------------------------------

    def column(self) -> Entry:
        """Return a column: name, type, then its clauses in any order."""
        found: dict[str, Value] = {"name": self._name("a column begins with its name")}
        found["type"] = self._until_clause()
        if not found["type"]:
            raise self._error(f"{found['name']} has no type")
        while self._at < len(self._tokens):
            self._clause(found)
        return found

    def _clause(self, found: dict[str, Value]) -> None:
        if self._take("REQUIRED") or self._take("NOT", "NULL"):
            found["nullable"] = False
        elif self._take("OPTIONAL") or self._take("NULL"):
            found["nullable"] = True
        elif self._take("DEFAULT"):
            found["default"] = self._until_clause(at_least=1)
        elif self._take("IDENTITY"):
            found["identity"] = "always" if self._take("ALWAYS") else "by default"
        elif self._take("GENERATED"):
            self._generated(found)
        elif self._take("UNIQUE"):
            found["unique"] = True
        elif self._take("PRIMARY", "KEY"):
            found["primary_key"] = True
        elif self._take("REFERENCES"):
            found["references"] = self._reference()
        elif self._take("CHECK"):
            found["check"] = self._inside()
        elif self._take("COMMENT"):
            found["comment"] = self._string()
        else:
            raise self._error(f"{self._tokens[self._at].text!r} means nothing there")

    def _generated(self, found: dict[str, Value]) -> None:
        always = self._take("ALWAYS")
        if not always and self._take("BY", "DEFAULT"):
            always = False
        self._take("AS")
        if self._take("IDENTITY"):
            found["identity"] = "always" if always else "by default"
            return
        found["generated"] = self._inside()
        if self._take("STORED") or self._take("VIRTUAL"):
            found["stored"] = self._tokens[self._at - 1].upper == "STORED"

    def _reference(self) -> Entry:
        found: dict[str, Value] = {"table": self._qualified()}
        if self._sees("("):
            found["columns"] = self._names()
        while self._take("ON"):
            moment = "on_delete" if self._take("DELETE") else "on_update"
            if moment == "on_update" and not self._take("UPDATE"):
                raise self._error("ON is followed by DELETE or UPDATE")
            action = next((name for words, name in _ACTIONS.items() if self._take(*words)), None)
            if action is None:
                raise self._error("it is cascade, restrict, set null, set default or no action")
            found[moment] = action
        return found

    def constraint(self) -> Entry:
        """Return a constraint, which may begin with ``constraint name``."""
        found: dict[str, Value] = {}
        if self._take("CONSTRAINT"):
            found["name"] = self._name("constraint is followed by its name")
        if self._take("UNIQUE"):
            if self._take("NULLS", "NOT", "DISTINCT"):
                found["nulls_not_distinct"] = True
            found["unique"] = self._names()
        elif self._take("CHECK"):
            found["check"] = self._inside()
        elif self._take("FOREIGN", "KEY"):
            found["columns"] = self._names()
            if not self._take("REFERENCES"):
                raise self._error("a foreign key references a table")
            found["references"] = self._reference()
        else:
            raise self._error("it is unique (…), check (…) or foreign key (…) references …")
        if self._take("DEFERRABLE"):
            found["deferrable"] = True
            if self._take("INITIALLY", "DEFERRED"):
                found["initially"] = "deferred"
        self._end()
        return found

    def index(self) -> Entry:
        """Return an index: an optional UNIQUE and name, keys in parentheses, then its clauses."""
        found: dict[str, Value] = {}
        if self._take("UNIQUE"):
            found["unique"] = True
        if not self._sees("("):
            found["name"] = self._name("an index begins with its name or its keys")
        found["columns"] = self._inside()
        if self._take("INCLUDE"):
            found["include"] = self._names()
        if self._take("USING"):
            found["method"] = self._name("USING is followed by the kind of index").lower()
        if self._take("WHERE"):
            found["where"] = self._rest()
        self._end()
        return found

    # --- moving on ---------------------------------------------------------------------------

    def _sees(self, mark: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].text == mark

    def _take(self, *words: str) -> bool:
        here = self._tokens[self._at : self._at + len(words)]
        if tuple(one.upper for one in here) != words:
            return False
        self._at += len(words)
        return True

    def _next(self, why: str) -> Token:
        if self._at == len(self._tokens):
            raise self._error(why)
        self._at += 1
        return self._tokens[self._at - 1]

    def _name(self, why: str) -> str:
        """Return a name as it is written: quoting is left to the dialect."""
        one = self._next(why)
        if one.kind == "word":
            return one.text
        if one.kind != "name":
            raise self._error(why)
        mark, inner = one.text[0], one.text[1:-1]
        return inner if mark == "[" else inner.replace(mark * 2, mark)

    def _qualified(self) -> str:
        first = self._name("references is followed by a table")
        if not self._sees("."):
            return str(TableName(first))
        self._at += 1
        return str(TableName(self._name("a schema is followed by a table"), first))

    def _names(self) -> tuple[str, ...]:
        reader = _Reader(self._inside(), self._dialect, self._flag)
        found = [reader._name("columns are named between the parentheses")]
        while reader._sees(","):
            reader._at += 1
            found.append(reader._name("a comma is followed by a column"))
        reader._end()
        return tuple(found)

    def _inside(self) -> str:
        """Return what stands between the parentheses here."""
        if not self._sees("("):
            raise self._error("parentheses are missing")
        first = self._tokens[self._at]
        while True:
            one = self._next("a parenthesis is not closed")
            if one.text == ")" and one.depth == first.depth and one is not first:
                return self._text[first.end : one.start].strip()

    def _until_clause(self, *, at_least: int = 0) -> str:
        """Return the text up to the next clause; the first ``at_least`` tokens begin none."""
        start = self._at
        while self._at < len(self._tokens):
            one = self._tokens[self._at]
            if one.depth == 0 and self._at - start >= at_least and one.upper in _CLAUSES:
                break
            self._at += 1
        if self._at - start < at_least:
            raise self._error("a value is missing at the end")
        here = self._tokens[start : self._at]
        return self._text[here[0].start : here[-1].end] if here else ""

    def _rest(self) -> str:
        start = self._at
        self._at = len(self._tokens)
        if start == self._at:
            raise self._error("a condition is missing at the end")
        return self._text[self._tokens[start].start :].strip()

    def _string(self) -> str:
        one = self._next("a comment is a text in quotes")
        if one.kind != "string" or not one.text.startswith("'"):
            raise self._error("a comment is a text in quotes")
        return one.text[1:-1].replace("''", "'")

    def _end(self) -> None:
        if self._at < len(self._tokens):
            raise self._error(f"{self._tokens[self._at].text!r} means nothing there")

    def _error(self, why: str) -> AnswerError:
        return _wrong(self._text, why, self._flag)
