"""The definitions inside a CREATE TABLE: columns and constraints, as they were written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, cast

from wizard.database.ddl_tokens import Cursor
from wizard.database.sqltext import unwrap
from wizard.model.names import TableName
from wizard.model.schema import (
    Action,
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Generated,
    NotNull,
    PrimaryKey,
    Unique,
)

_COLUMN_END = frozenset(
    [
        "COLLATE",
        "CONSTRAINT",
        "NOT",
        "NULL",
        "DEFAULT",
        "PRIMARY",
        "UNIQUE",
        "CHECK",
        "REFERENCES",
        "GENERATED",
        "AS",
        "DEFERRABLE",
        "INITIALLY",
        "STORAGE",
        "COMPRESSION",
        "ON",
        ",",
        ")",
    ]
)
_CONSTRAINT_START = frozenset(
    ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE")
)


@dataclass(slots=True)
class TableBody:
    """What stands between the parentheses. ``like`` names tables whose columns are copied."""

    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    like: list[TableName] = field(default_factory=list)


def read_body(cursor: Cursor, *, schema: str | None = None) -> TableBody:
    """Read the list of definitions at the cursor; names without a schema are in ``schema``."""
    body = TableBody()
    cursor.expect("(")
    while not cursor.take(")"):
        if cursor.word in _CONSTRAINT_START and not _is_column_name(cursor):
            if cursor.take("LIKE"):
                body.like.append(cursor.qualified(schema))
                cursor.until(frozenset((",", ")")))
            else:
                body.constraints.append(read_constraint(cursor, schema=schema))
        else:
            column, constraints = read_column(cursor, schema=schema)
            body.columns.append(column)
            body.constraints.extend(constraints)
        # SQLite lets table constraints follow each other without a comma.
        cursor.take(",")
    return body


def _is_column_name(cursor: Cursor) -> bool:
    # `check`, `unique` … may be names where they are not reserved; a constraint goes on like this.
    return not (
        cursor.sees("CONSTRAINT")
        or cursor.sees("PRIMARY", "KEY")
        or cursor.sees("UNIQUE")
        or cursor.sees("CHECK", "(")
        or cursor.sees("FOREIGN", "KEY")
        or cursor.sees("EXCLUDE", "(")
        or cursor.sees("EXCLUDE", "USING")
        or cursor.sees("LIKE")
    )


def read_column(
    cursor: Cursor, *, schema: str | None = None
) -> tuple[Column, tuple[Constraint, ...]]:
    """Read one column with the constraints written beside it."""
    column = Column(name=cursor.name(), type=cursor.until(_COLUMN_END))
    constraints: list[Constraint] = []
    name: str | None = None
    while not cursor.done and cursor.word not in (",", ")"):
        if cursor.take("CONSTRAINT"):
            name = cursor.name()
            continue
        if cursor.take("COLLATE"):
            column = replace(column, collation=cursor.qualified().name)
        elif cursor.take("NOT", "NULL"):
            column = replace(column, nullable=False)
            _tail(cursor)
        elif cursor.take("NULL"):
            pass
        elif cursor.take("DEFAULT"):
            first = cursor.at
            cursor.skip()
            cursor.until(_COLUMN_END)
            column = replace(column, default=cursor.text(first))
        elif cursor.sees("GENERATED") or cursor.sees("AS"):
            column = _generated(cursor, column)
        elif cursor.take("PRIMARY", "KEY"):
            cursor.take("ASC") or cursor.take("DESC")
            constraints.append(PrimaryKey(name=name, columns=(column.name,)))
            _tail(cursor)
            if cursor.take("AUTOINCREMENT"):
                column = replace(column, identity="by default")
        elif cursor.take("UNIQUE"):
            distinct = _nulls(cursor)
            late = _tail(cursor)
            constraints.append(
                Unique(
                    name=name,
                    columns=(column.name,),
                    nulls_not_distinct=distinct,
                    deferrable=late.deferrable,
                    initially_deferred=late.deferred,
                )
            )
        elif cursor.sees("CHECK") or cursor.sees("REFERENCES"):
            constraints.append(_check_or_key(cursor, (column.name,), name, schema))
        else:
            cursor.skip()
            continue
        name = None
    return column, tuple(constraints)


def _generated(cursor: Cursor, column: Column) -> Column:
    always = cursor.take("GENERATED", "ALWAYS")
    if not always and cursor.take("GENERATED"):
        cursor.expect("BY", "DEFAULT")
    cursor.expect("AS")
    if cursor.take("IDENTITY"):
        if cursor.word == "(":
            cursor.skip()
        kind: Literal["always", "by default"] = "always" if always else "by default"
        return replace(column, identity=kind, nullable=False)
    expression = unwrap(cursor.group())
    stored = cursor.take("STORED")
    if not stored:
        cursor.take("VIRTUAL")
    return replace(column, generated=Generated(expression=expression, stored=stored))


def read_constraint(cursor: Cursor, *, schema: str | None = None) -> Constraint:
    """Read one constraint of a table, with or without a name."""
    name = cursor.name() if cursor.take("CONSTRAINT") else None
    if cursor.take("PRIMARY", "KEY"):
        columns = cursor.names()
        _index_options(cursor)
        _tail(cursor)
        return PrimaryKey(name=name, columns=columns)
    if cursor.take("UNIQUE"):
        distinct = _nulls(cursor)
        columns = cursor.names()
        _index_options(cursor)
        late = _tail(cursor)
        return Unique(
            name=name,
            columns=columns,
            nulls_not_distinct=distinct,
            deferrable=late.deferrable,
            initially_deferred=late.deferred,
        )
    if cursor.take("FOREIGN", "KEY"):
        columns = cursor.names()
        return _check_or_key(cursor, columns, name, schema)
    if cursor.sees("CHECK"):
        return _check_or_key(cursor, (), name, schema)
    if cursor.take("NOT", "NULL"):
        column = cursor.name()
        return NotNull(name=name or "", column=column, validated=_tail(cursor).validated)
    if cursor.sees("EXCLUDE"):
        first = cursor.at
        cursor.until(frozenset((",", ")")))
        return Exclusion(name=name or "", definition=cursor.text(first))
    raise cursor.error("a constraint was expected")


def _check_or_key(
    cursor: Cursor, columns: tuple[str, ...], name: str | None, schema: str | None
) -> Constraint:
    if cursor.take("CHECK"):
        expression = unwrap(cursor.group())
        return Check(
            name=name,
            expression=expression,
            validated=_tail(cursor).validated,
            columns=columns,
        )
    cursor.expect("REFERENCES")
    table = cursor.qualified(schema)
    referenced = cursor.names() if cursor.word == "(" else ()
    late = _tail(cursor)
    return ForeignKey(
        name=name,
        columns=columns,
        ref_table=table,
        ref_columns=referenced,
        on_delete=late.on_delete,
        on_update=late.on_update,
        deferrable=late.deferrable,
        initially_deferred=late.deferred,
        validated=late.validated,
    )


@dataclass(slots=True)
class _Tail:
    deferrable: bool = False
    deferred: bool = False
    validated: bool = True
    on_delete: Action = "no action"
    on_update: Action = "no action"


def _tail(cursor: Cursor) -> _Tail:
    """Read what may follow any constraint."""
    tail = _Tail()
    while True:
        if cursor.take("NOT", "DEFERRABLE") or cursor.take("NO", "INHERIT"):
            continue
        if cursor.take("DEFERRABLE"):
            tail.deferrable = True
        elif cursor.take("INITIALLY", "DEFERRED"):
            tail.deferrable = tail.deferred = True
        elif cursor.take("INITIALLY", "IMMEDIATE") or cursor.take("ENFORCED"):
            continue
        elif cursor.take("NOT", "VALID") or cursor.take("NOT", "ENFORCED"):
            tail.validated = False
        elif cursor.take("ON", "DELETE"):
            tail.on_delete = _action(cursor)
        elif cursor.take("ON", "UPDATE"):
            tail.on_update = _action(cursor)
        elif cursor.take("MATCH") or cursor.take("ON", "CONFLICT"):
            cursor.skip()
        else:
            return tail


def _action(cursor: Cursor) -> Action:
    for words in (
        ("NO", "ACTION"),
        ("SET", "NULL"),
        ("SET", "DEFAULT"),
        ("CASCADE",),
        ("RESTRICT",),
    ):
        if cursor.take(*words):
            if cursor.word == "(":
                cursor.skip()
            return cast("Action", " ".join(words).lower())
    raise cursor.error("an action such as CASCADE was expected")


def _nulls(cursor: Cursor) -> bool:
    if cursor.take("NULLS", "NOT", "DISTINCT"):
        return True
    cursor.take("NULLS", "DISTINCT")
    return False


def _index_options(cursor: Cursor) -> None:
    if cursor.take("INCLUDE"):
        cursor.skip()
    if cursor.take("WITH"):
        cursor.skip()
    if cursor.take("USING", "INDEX", "TABLESPACE"):
        cursor.skip()
