"""A CREATE TABLE of MySQL and MariaDB: what stands between its parentheses, and behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from wizard.database.ddl_tokens import Cursor
from wizard.database.mysql_charsets import charset_of, collation_name, default_collation
from wizard.database.mysql_columns import WrittenColumn, read_column
from wizard.database.mysql_keys import Keys, read_key, sees_key
from wizard.database.mysql_server import Engine
from wizard.model.names import TableName

_METHODS = ("RANGE", "LIST", "HASH", "KEY", "SYSTEM_TIME")


@dataclass(slots=True)
class Body:
    """The definitions of a table, or of one ALTER TABLE … ADD. ``like`` names a table to copy."""

    columns: list[WrittenColumn] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)
    like: TableName | None = None


@dataclass(slots=True)
class Options:
    """What is said of a table as a whole; None for what is not."""

    engine: str | None = None
    row_format: str | None = None
    charset: str | None = None
    collation: str | None = None
    comment: str | None = None
    partition_key: str | None = None
    #: The table is made of a query, whose columns are not known.
    query: bool = False

    def settled_collation(self, engine: Engine, otherwise: str | None) -> str | None:
        """Return the collation that the table's columns have unless they say so."""
        if self.collation is not None:
            return self.collation
        return otherwise if self.charset is None else default_collation(self.charset, engine)


def read_body(cursor: Cursor, engine: Engine, *, schema: str | None, exact: bool) -> Body:
    """Read the list of definitions at the cursor; names without a database are in ``schema``."""
    body = Body()
    cursor.expect("(")
    while not cursor.take(")"):
        if cursor.take("LIKE"):
            body.like = cursor.qualified(schema)
        elif sees_key(cursor):
            read_key(cursor, body.keys, engine, schema=schema)
        else:
            body.columns.append(read_column(cursor, engine, body.keys, schema=schema, exact=exact))
        if not cursor.take(",") and cursor.word != ")":
            raise cursor.error("a comma or a closing parenthesis was expected")
    return body


def read_options(cursor: Cursor, engine: Engine) -> Options:
    """Read what follows the definitions, up to the end of the statement."""
    found = Options()
    while not cursor.done:
        if not read_option(cursor, found, engine):
            if cursor.word in ("SELECT", "AS", "WITH") and not cursor.sees("WITH", "SYSTEM"):
                found.query = True
                return found
            cursor.skip()
    return found


def read_option(cursor: Cursor, found: Options, engine: Engine) -> bool:
    """Read one option into ``found``; false, and nothing read, for one that says nothing to us."""
    start = cursor.at
    cursor.take("DEFAULT")
    if cursor.take("CHARACTER", "SET") or cursor.take("CHARSET"):
        cursor.take("=")
        found.charset = charset_of(collation_name(f"{cursor.name()}_", engine))
    elif cursor.take("COLLATE"):
        cursor.take("=")
        found.collation = collation_name(cursor.name(), engine)
    elif cursor.take("ENGINE") or cursor.take("TYPE"):
        cursor.take("=")
        found.engine = cursor.name()
    elif cursor.take("ROW_FORMAT"):
        cursor.take("=")
        word = cursor.name().upper()
        found.row_format = None if word == "DEFAULT" else word
    elif cursor.take("COMMENT"):
        cursor.take("=")
        found.comment = cursor.name() or None
    elif cursor.take("PARTITION", "BY"):
        found.partition_key = _partition_key(cursor)
    else:
        cursor.at = start
        return False
    return True


def _partition_key(cursor: Cursor) -> str:
    """Return how the table is partitioned, without the list of its partitions."""
    text = _method(cursor)
    while not cursor.done and cursor.word not in ("SUBPARTITION", "("):
        cursor.skip()
    if cursor.take("SUBPARTITION", "BY"):
        text += f" SUBPARTITION BY {_method(cursor)}"
    while not cursor.done:
        cursor.skip()
    return text


def _method(cursor: Cursor) -> str:
    first = cursor.at
    while not cursor.done and cursor.word != "(":
        period = cursor.word == "SYSTEM_TIME"
        cursor.skip_one()
        if period:
            return cursor.text(first)
    words = " ".join(cursor.text(first).split())
    return f"{words} ({cursor.group()})"
