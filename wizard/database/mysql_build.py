"""Tables made of definitions, with the names that the server gives to what has none.

Facts: "CREATE TABLE" and "FOREIGN KEY Constraints" in both manuals; the names were measured on MariaDB
10.11, and a test compares each.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from wizard.database.mysql_body import Body, Options
from wizard.database.mysql_columns import WrittenColumn, settled
from wizard.database.mysql_keys import used_columns
from wizard.database.mysql_server import Engine
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Storage,
    Table,
)


def build_table(
    name: TableName,
    body: Body,
    options: Options,
    engine: Engine,
    *,
    collation: str | None = None,
    exact: bool = False,
) -> Table:
    """Return the table with its columns; ``collation`` is that of its database."""
    table_collation = options.settled_collation(engine, collation)
    if not exact:
        _old_timestamps(body.columns, engine)
    return Table(
        name=name,
        kind="partitioned" if options.partition_key else "table",
        columns=tuple(settled(one, table_collation, engine) for one in body.columns),
        partition_key=options.partition_key,
        comment=options.comment,
        storage=Storage(
            engine=options.engine or "InnoDB",
            row_format=options.row_format,
            collation=table_collation,
        ),
    )


def with_index(table: Table, index: Index) -> Table:
    """Return the table with one more index; that of the primary key makes its columns required.

    Unique keys are indexes and nothing else, because that is what they are to these engines: they
    may have prefixes, expressions and an order, and ADD UNIQUE makes the same as CREATE UNIQUE
    INDEX.
    """
    parts = tuple(
        replace(part, column=_spelled(part.column, table)) if part.column else part
        for part in index.parts
    )
    taken = {one.name.lower() for one in table.indexes}
    first = parts[0].column or "functional_index"
    named = replace(index, parts=parts, name=index.name or _free(first, taken))
    indexes = (*table.indexes, named)
    if named.name != "PRIMARY":
        return replace(table, indexes=indexes)
    key = PrimaryKey(name="PRIMARY", columns=named.columns)
    columns = tuple(
        replace(one, nullable=False) if one.name in key.columns else one for one in table.columns
    )
    return replace(table, indexes=indexes, columns=columns, constraints=(*table.constraints, key))


def with_foreign_key(
    table: Table, key: ForeignKey, index_name: str = "", *, implicit: bool = True
) -> Table:
    """Return the table with one more foreign key, and an index for it where it has none.

    ``implicit`` is false where all indexes are written.
    """
    columns = tuple(_spelled(one, table) for one in key.columns)
    name = key.name or f"{table.name.name}_ibfk_{_number(table)}"
    named = replace(key, name=name, columns=columns)
    if implicit and _index_needed(table, columns):
        index = Index(
            name=key.name or index_name, parts=tuple(IndexPart(column=one) for one in columns)
        )
        table = with_index(table, index)
    return replace(table, constraints=(*table.constraints, named))


def _index_needed(table: Table, columns: tuple[str, ...]) -> bool:
    """Tell whether no index begins with the columns, so that a foreign key makes one."""
    return not any(
        tuple(part.column for part in index.parts[: len(columns)]) == columns
        and all(part.length is None for part in index.parts[: len(columns)])
        for index in table.indexes
    )


def with_checks(table: Table, body: Body, engine: Engine) -> Table:
    """Return the table with the checks of a body.

    Those that MariaDB keeps with a column have no name: no DROP CONSTRAINT reaches them, and MODIFY
    forgets them (measured).
    """
    for check in body.keys.checks:
        table = _with_check(table, check, engine)
    beside = tuple(check for one in body.columns for check in one.checks)
    return replace(table, constraints=(*table.constraints, *beside))


def _with_check(table: Table, check: Check, engine: Engine) -> Table:
    taken = {one.name for one in table.checks if one.name}
    prefix = "CONSTRAINT_" if engine.maria else f"{table.name.name}_chk_"
    number = next(n for n in range(1, len(taken) + 2) if f"{prefix}{n}" not in taken)
    named = replace(
        check,
        name=check.name or f"{prefix}{number}",
        columns=used_columns(check.expression, table.columns),
    )
    return replace(table, constraints=(*table.constraints, named))


def _spelled(name: str, table: Table) -> str:
    """Return a column's name as the table has it: the case of names does not count."""
    known = (one.name for one in table.columns)
    return next((one for one in known if one.lower() == name.lower()), name)


def _free(name: str, taken: Container[str]) -> str:
    if name.lower() not in taken and name.upper() != "PRIMARY":
        return name
    return next(f"{name}_{n}" for n in range(2, 1000) if f"{name}_{n}".lower() not in taken)


def _number(table: Table) -> int:
    """Return the next number of a foreign key without a name."""
    pattern = re.compile(re.escape(table.name.name) + r"_ibfk_(\d+)", re.I)
    matches = [pattern.fullmatch(key.name or "") for key in table.foreign_keys]
    return max((int(match.group(1)) for match in matches if match), default=0) + 1


def _old_timestamps(columns: list[WrittenColumn], engine: Engine) -> None:
    """Give TIMESTAMP the defaults that it had before MySQL 8.0 and MariaDB 10.10."""
    if engine.since((8, 0), (10, 10)):
        return
    first = True
    for written in columns:
        column: Column = written.column
        if not column.type.startswith("timestamp") or written.null or column.generated:
            continue
        if column.default is None and column.on_update is None:
            now = "current_timestamp" + (column.type.removeprefix("timestamp") or "()")
            zero = "'0000-00-00 00:00:00'"
            column = replace(
                column, default=now if first else zero, on_update=now if first else None
            )
        first = False
        written.column = replace(column, nullable=False)
