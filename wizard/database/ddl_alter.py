"""ALTER TABLE of PostgreSQL, applied to the definitions read so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from wizard.database.ddl_names import type_name
from wizard.database.ddl_table import read_column, read_constraint
from wizard.database.ddl_tables import Definitions
from wizard.database.ddl_tokens import Cursor
from wizard.model.names import TableName
from wizard.model.schema import Check, Column, ForeignKey, NotNull, PrimaryKey, Table, Unique

_NEXT = frozenset((",",))


def alter_table(cursor: Cursor, made: Definitions, schema: str | None) -> Iterator[str]:
    """Apply one statement; yields a word for each action that says nothing about the structure.

    Raises DdlError for a table that is not there.
    """
    cursor.expect("ALTER")
    cursor.take("FOREIGN")
    cursor.expect("TABLE")
    lenient = cursor.take("IF", "EXISTS")
    cursor.take("ONLY")
    name = cursor.qualified(schema)
    table = made.table(name)
    if table is None:
        # pg_dump writes ALTER TABLE for sequences and views too.
        if lenient or cursor.sees("OWNER") or made.key(name) in made.views:
            return
        raise cursor.error(f"there is no table {name} yet")
    if cursor.take("ATTACH", "PARTITION"):
        made.attach(name, cursor.qualified(schema))
        return
    if cursor.take("RENAME"):
        _rename(cursor, made, table)
        return
    while not cursor.done:
        changed = _action(cursor, made, table, schema)
        if changed is None:
            yield "ALTER TABLE " + cursor.until(_NEXT).split(" ", 1)[0].upper()
        else:
            table = changed
        cursor.until(_NEXT)
        cursor.take(",")
    made.tables[table.name] = table


def _action(cursor: Cursor, made: Definitions, table: Table, schema: str | None) -> Table | None:
    if cursor.take("ADD"):
        if cursor.word in ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE"):
            using = _using_index(cursor, table)
            if using is not None:
                return using
            return made.with_constraint(table, read_constraint(cursor, schema=schema))
        cursor.take("COLUMN")
        present = cursor.take("IF", "NOT", "EXISTS")
        column, constraints = read_column(cursor, schema=schema)
        if present and table.column(column.name):
            return table
        column = made.column(table.name, column)
        table = replace(table, columns=(*table.columns, column))
        for constraint in constraints:
            table = made.with_constraint(table, constraint)
        return table
    if cursor.take("VALIDATE", "CONSTRAINT"):
        return _validated(table, cursor.name())
    if cursor.take("DROP"):
        return _drop(cursor, table)
    if cursor.take("ALTER"):
        cursor.take("COLUMN")
        name = cursor.name()
        changed = _column(cursor, table.column(name) or Column(name=name, type=""))
        if changed is None:
            return None
        return replace(
            table, columns=tuple(changed if c.name == name else c for c in table.columns)
        )
    return None


def _using_index(cursor: Cursor, table: Table) -> Table | None:
    """Read ADD CONSTRAINT … UNIQUE USING INDEX; None, and nothing read, when it is another form."""
    start = cursor.at
    name = cursor.name() if cursor.take("CONSTRAINT") else None
    primary = cursor.take("PRIMARY", "KEY")
    if not (primary or cursor.take("UNIQUE")) or not cursor.take("USING", "INDEX"):
        cursor.at = start
        return None
    index = table.index(cursor.name())
    if index is None:
        raise cursor.error("there is no such index yet")
    label = name or index.name
    constraint: PrimaryKey | Unique
    if primary:
        constraint = PrimaryKey(name=label, columns=index.columns)
    else:
        constraint = Unique(
            name=label, columns=index.columns, nulls_not_distinct=index.nulls_not_distinct
        )
    owned = replace(index, name=label, constraint=True)
    return replace(
        table,
        constraints=(*table.constraints, constraint),
        indexes=tuple(owned if one is index else one for one in table.indexes),
        columns=tuple(
            replace(c, nullable=False) if primary and c.name in index.columns else c
            for c in table.columns
        ),
    )


def _column(cursor: Cursor, column: Column) -> Column | None:
    if cursor.take("SET", "DEFAULT"):
        return replace(column, default=cursor.until(_NEXT))
    if cursor.take("DROP", "DEFAULT"):
        return replace(column, default=None)
    if cursor.take("SET", "NOT", "NULL"):
        return replace(column, nullable=False)
    if cursor.take("DROP", "NOT", "NULL"):
        return replace(column, nullable=True)
    if cursor.take("ADD", "GENERATED"):
        always = cursor.take("ALWAYS")
        kind: Literal["always", "by default"] = "always" if always else "by default"
        return replace(column, identity=kind, nullable=False)
    if cursor.take("TYPE") or cursor.take("SET", "DATA", "TYPE"):
        text = cursor.until(frozenset((",", "USING", "COLLATE")))
        return replace(column, type=type_name(text))
    return None


def _drop(cursor: Cursor, table: Table) -> Table:
    if cursor.take("CONSTRAINT"):
        cursor.take("IF", "EXISTS")
        name = cursor.name()
        return replace(
            table,
            constraints=tuple(c for c in table.constraints if c.name != name),
            indexes=tuple(i for i in table.indexes if not (i.constraint and i.name == name)),
        )
    cursor.take("COLUMN")
    cursor.take("IF", "EXISTS")
    name = cursor.name()

    def keeps(columns: tuple[str, ...]) -> bool:
        return name not in columns

    return replace(
        table,
        columns=tuple(c for c in table.columns if c.name != name),
        indexes=tuple(i for i in table.indexes if keeps((*i.columns, *i.include))),
        constraints=tuple(
            c
            for c in table.constraints
            if keeps((c.column,) if isinstance(c, NotNull) else c.columns)
        ),
    )


def _validated(table: Table, name: str) -> Table:
    proven = [c for c in table.constraints if isinstance(c, NotNull) and c.name == name]
    return replace(
        table,
        columns=tuple(
            replace(c, nullable=False) if any(c.name == one.column for one in proven) else c
            for c in table.columns
        ),
        constraints=tuple(
            replace(c, validated=True)
            if isinstance(c, Check | ForeignKey) and c.name == name
            else c
            for c in table.constraints
            if c not in proven
        ),
    )


def _rename(cursor: Cursor, made: Definitions, table: Table) -> None:
    if cursor.take("TO"):
        new = TableName(cursor.name(), table.name.schema)
        made.tables = {
            (new if key == table.name else key): (replace(one, name=new) if one is table else one)
            for key, one in made.tables.items()
        }
        return
    if cursor.take("CONSTRAINT"):
        old = cursor.name()
        cursor.expect("TO")
        fresh = cursor.name()
        made.tables[table.name] = replace(
            table,
            constraints=tuple(
                replace(c, name=fresh) if c.name == old else c for c in table.constraints
            ),
            indexes=tuple(replace(i, name=fresh) if i.name == old else i for i in table.indexes),
        )
        return
    # A renamed column would have to be followed into every expression; say so instead.
    raise cursor.error("ALTER TABLE … RENAME COLUMN cannot be followed in a DDL file; dump anew")
