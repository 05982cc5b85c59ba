"""Columns as `ColumnDef` chains: a type's own method where there is one, its name elsewhere."""

from __future__ import annotations

import re

from generators.seaorm.rust import Call, Chain, call, chain, raw, string
from generators.seaorm.words import Writer, plain
from wizard.dialects.sqltext import grouped
from wizard.model.names import TableName
from wizard.model.schema import Column

#: format_type()'s texts, and the method whose SQL on PostgreSQL means the same type.
_POSTGRESQL = {
    "smallint": "small_integer",
    "integer": "integer",
    "bigint": "big_integer",
    "real": "float",
    "double precision": "double",
    "numeric": "decimal",
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "time without time zone": "time",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp_with_time_zone",
    "json": "json",
    "jsonb": "json_binary",
    "uuid": "uuid",
    "bytea": "binary",
}
#: SQLite keeps the declared text, so only what is written the same.
_SQLITE = {"integer": "integer", "text": "text", "boolean": "boolean"}
_SIZED = {
    "character varying": "string_len",
    "character": "char_len",
    "numeric": "decimal_len",
}
_SIZE = re.compile(r"([a-z ]+)\((\d+)(?:,\s*(\d+))?\)")
_TEXT = re.compile(r"'((?:[^'\\]|'')*)'")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,8})")


def column_def(table: TableName, column: Column, writer: Writer) -> Chain | None:
    """Return the column's definition, None where sea-query cannot say all of it."""
    odd = (
        column.comment,
        column.collation,
        column.on_update,
        column.check,
        column.generated,
        column.grants,
    )
    if any(odd) or column.invisible or not plain(column.name):
        return None
    links: list[Call | str] = [type_of(column.type, writer)]
    if not column.nullable:
        links.append(call("not_null"))
    if column.default is not None:
        links.append(call("default", default_of(column.default, writer)))
    if column.identity is not None:
        how = "ALWAYS" if column.identity == "always" else "BY DEFAULT"
        links.append(call("extra", string(f"GENERATED {how} AS IDENTITY")))
    return chain(call("ColumnDef::new", writer.column(table, column.name)), *links)


def type_of(text: str, writer: Writer) -> Call:
    """Return the method that gives a column its type."""
    known = _POSTGRESQL if writer.dialect.name == "postgresql" else _SQLITE
    if text in known:
        return call(known[text])
    sized = _SIZE.fullmatch(text)
    if sized and sized[1] in _SIZED and writer.dialect.name == "postgresql":
        sizes = [one for one in (sized[2], sized[3]) if one is not None]
        if len(sizes) == (2 if sized[1] == "numeric" else 1):
            return call(_SIZED[sized[1]], *sizes)
    return call("custom", writer.name(text))


def default_of(default: str, writer: Writer) -> str | Call:
    """Return a default: a Rust literal for texts, small numbers and truth, else the SQL."""
    text = _TEXT.fullmatch(default)
    if text:
        return string(text[1].replace("''", "'"))
    if _NUMBER.fullmatch(default) or default in ("true", "false"):
        return default
    return call("Expr::cust", raw(grouped(default, writer.dialect.name)))
