"""One SQLite table, from its PRAGMAs and from the text of its CREATE TABLE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from wizard.database.connection import Read, Row
from wizard.database.ddl_table import TableBody, read_body
from wizard.database.ddl_tokens import Cursor, DdlError, scan
from wizard.database.references import columns_in
from wizard.database.sqltext import unwrap
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Generated,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
)

_VIRTUAL, _STORED = 2, 3


def body_of(sql: str) -> TableBody:
    """Read the definitions of a CREATE TABLE; empty when its text is not understood."""
    try:
        cursor = Cursor(sql, scan(sql, "sqlite"), fold=False)
        while not cursor.done and cursor.word != "(":
            cursor.skip_one()
        return read_body(cursor)
    except (DdlError, AnswerError):
        return TableBody()


def read_columns(
    read: Read, table: str, body: TableBody, *, without_rowid: bool
) -> tuple[Column, ...]:
    """Return the columns; what PRAGMAs do not tell comes from the written definitions."""
    rows = read(
        'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)'
        " WHERE hidden <> 1 ORDER BY cid",
        (table,),
    )
    written = {column.name.lower(): column for column in body.columns}
    key = [row for row in rows if row[4]]
    found = []
    for name, kind, required, default, position, hidden in rows:
        text = written.get(name.lower())
        generated = text.generated if text else None
        if hidden in (_VIRTUAL, _STORED) and generated is None:
            generated = Generated(expression="", stored=hidden == _STORED)
        type_text = re.sub(r"\s*GENERATED ALWAYS$", "", kind, flags=re.I)
        # The one column that may never be NULL without saying so is the alias of the rowid.
        alias = position and len(key) == 1 and type_text.upper() == "INTEGER"
        found.append(
            Column(
                name=name,
                type=type_text,
                nullable=not (required or alias or (position and without_rowid)),
                # The pragma drops the parentheses which an expression needs.
                default=text.default if text and text.default else default,
                identity=text.identity if text else None,
                generated=generated,
                collation=text.collation if text else None,
            )
        )
    return tuple(found)


def read_constraints(
    read: Read, table: str, body: TableBody, columns: tuple[Column, ...]
) -> tuple[Constraint, ...]:
    """Return the constraints; names, checks and DEFERRABLE come from the written definitions."""
    names = [column.name for column in columns]
    found: list[Constraint] = []
    key = tuple(
        row[0]
        for row in read("SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", (table,))
    )
    if key:
        written_key = next((one for one in body.constraints if isinstance(one, PrimaryKey)), None)
        found.append(PrimaryKey(name=written_key.name if written_key else None, columns=key))
    for one in body.constraints:
        if isinstance(one, Unique):
            found.append(replace(one, columns=_spelled(one.columns, names)))
        elif isinstance(one, Check):
            found.append(replace(one, columns=columns_in(one.expression, names, "sqlite")))
    if not body.columns:
        # The text was not understood: uniques at least are known from their indexes.
        for (index,) in read(
            "SELECT name FROM pragma_index_list(?) WHERE origin = 'u' ORDER BY seq", (table,)
        ):
            found.append(Unique(columns=tuple(row[1] for row in _keys(read, index) if row[1])))
    found.extend(_foreign_keys(read, table, body))
    return tuple(found)


def foreign_key_rows(rows: Iterable[Row]) -> tuple[ForeignKey, ...]:
    """Put the rows of ``pragma_foreign_key_list`` together, one key for each id."""
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return tuple(
        ForeignKey(
            columns=tuple(row[3] for row in parts),
            ref_table=TableName(parts[0][2]),
            ref_columns=tuple(row[4] for row in parts if row[4] is not None),
            on_update=parts[0][5].lower(),
            on_delete=parts[0][6].lower(),
        )
        for _, parts in sorted(grouped.items(), reverse=True)
    )


FOREIGN_KEYS = (
    'SELECT id, seq, "table", "from", "to", on_update, on_delete'
    " FROM pragma_foreign_key_list(?) ORDER BY id, seq"
)


def _foreign_keys(read: Read, table: str, body: TableBody) -> list[ForeignKey]:
    written = [one for one in body.constraints if isinstance(one, ForeignKey)]
    found = []
    for key in foreign_key_rows(read(FOREIGN_KEYS, (table,))):
        text = next(
            (
                one
                for one in written
                if [c.lower() for c in one.columns] == [c.lower() for c in key.columns]
                and one.ref_table.name.lower() == key.ref_table.name.lower()
            ),
            None,
        )
        if not key.ref_columns:
            referenced = read(
                "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk",
                (key.ref_table.name,),
            )
            key = replace(key, ref_columns=tuple(row[0] for row in referenced))  # noqa: PLW2901
        if text is not None:
            key = replace(  # noqa: PLW2901
                key,
                name=text.name,
                deferrable=text.deferrable,
                initially_deferred=text.initially_deferred,
            )
        found.append(key)
    return found


def read_indexes(read: Read, table: str) -> tuple[Index, ...]:
    """Return the indexes, also those that SQLite made for a constraint."""
    found = []
    for name, unique, origin, sql in read(
        'SELECT l.name, l."unique", l.origin, m.sql FROM pragma_index_list(?) l'
        " LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = l.name ORDER BY l.name",
        (table,),
    ):
        written, where = _written_index(sql) if sql else ([], None)
        parts = []
        for position, column, descending, collation in _keys(read, name):
            expression = None if column is not None else written[position] if written else ""
            parts.append(
                IndexPart(
                    column=column,
                    expression=expression,
                    order="desc" if descending else "asc",
                    collation=None if collation == "BINARY" else collation,
                )
            )
        found.append(
            Index(
                name=name,
                parts=tuple(parts),
                unique=bool(unique),
                where=where,
                constraint=origin != "c",
            )
        )
    return tuple(found)


def _keys(read: Read, index: str) -> list[Row]:
    return read(
        'SELECT seqno, name, "desc", coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno',
        (index,),
    )


def _written_index(sql: str) -> tuple[list[str], str | None]:
    """Return the text of each key of a CREATE INDEX, and its WHERE."""
    try:
        cursor = Cursor(sql, scan(sql, "sqlite"), fold=False)
        while not cursor.done and cursor.word != "(":
            cursor.skip_one()
        cursor.expect("(")
        keys = []
        while not cursor.take(")"):
            text = cursor.until(frozenset((",", ")", "ASC", "DESC", "COLLATE")))
            keys.append(unwrap(text))
            cursor.until(frozenset((",", ")")))
            cursor.take(",")
        where = cursor.until(frozenset()) if cursor.take("WHERE") else ""
        return keys, unwrap(where) or None
    except (DdlError, AnswerError):
        return [], None


def _spelled(columns: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    spelling = {name.lower(): name for name in names}
    return tuple(spelling.get(column.lower(), column) for column in columns)
