"""ALTER TABLE of MySQL and MariaDB, applied to the definitions read so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wizard.database import mysql_edits as edits
from wizard.database.ddl_tokens import Cursor
from wizard.database.mysql_body import Body, Options, read_body, read_option
from wizard.database.mysql_columns import read_column, settled
from wizard.database.mysql_keys import read_key, sees_key
from wizard.database.mysql_tables import Definitions
from wizard.database.mysql_types import read_value, shown_default
from wizard.model.schema import Table

_NEXT = frozenset((",",))


def alter_table(cursor: Cursor, made: Definitions, schema: str | None) -> Iterator[str]:
    """Apply one statement; yields a word for each action that says nothing about the structure.

    Raises DdlError for a table that is not there.
    """
    cursor.expect("ALTER")
    for word in ("ONLINE", "OFFLINE", "IGNORE"):
        cursor.take(word)
    cursor.expect("TABLE")
    lenient = cursor.take("IF", "EXISTS")
    name = cursor.qualified(schema)
    if lenient and made.table(name) is None:
        return
    table = made.require(name, cursor)
    change = _Alteration(cursor, made, name.schema)
    while not cursor.done:
        if not read_option(cursor, change.options, made.engine):
            changed = change.apply(table)
            if changed is None:
                yield "ALTER TABLE " + cursor.until(_NEXT).split(" ", 1)[0].upper()
            else:
                table = changed
        cursor.until(_NEXT)
        cursor.take(",")
    if not table.columns:
        raise cursor.error("the last column of a table cannot be dropped")
    made.put(change.with_options(table))


class _Alteration:
    """The actions of one ALTER TABLE; each method reads one and returns the table after it."""

    def __init__(self, cursor: Cursor, made: Definitions, schema: str | None) -> None:
        self.cursor = cursor
        self.made = made
        self.schema = schema
        self.options = Options()

    def apply(self, table: Table) -> Table | None:
        cursor = self.cursor
        if cursor.take("ADD"):
            return self._add(table)
        if cursor.take("MODIFY") or cursor.take("CHANGE"):
            changes = cursor.tokens[cursor.at - 1].word == "CHANGE"
            cursor.take("COLUMN")
            cursor.take("IF", "EXISTS")
            return self._redefine(table, cursor.name() if changes else None)
        if cursor.take("DROP"):
            return self._drop(table)
        if cursor.take("ALTER"):
            return self._alter(table)
        if cursor.take("RENAME"):
            return self._rename(table)
        if cursor.take("CONVERT", "TO"):
            while not cursor.done and cursor.word != ",":
                if not read_option(cursor, self.options, self.made.engine):
                    raise cursor.error("a character set was expected")
            # Every column gets the table's character set.
            columns = tuple(replace(one, collation=None) for one in table.columns)
            return replace(table, columns=columns)
        return None

    def _collation(self, table: Table) -> str | None:
        before = table.storage.collation if table.storage else None
        return self.options.settled_collation(self.made.engine, before)

    def _add(self, table: Table) -> Table | None:
        cursor, engine, body = self.cursor, self.made.engine, Body()
        if cursor.sees("PARTITION"):
            return None
        if sees_key(cursor):
            read_key(cursor, body.keys, engine, schema=self.schema)
        else:
            cursor.take("COLUMN")
            present = cursor.take("IF", "NOT", "EXISTS")
            if cursor.word == "(":
                body = read_body(cursor, engine, schema=self.schema, exact=False)
            else:
                column = read_column(cursor, engine, body.keys, schema=self.schema, exact=False)
                if present and table.column(column.column.name):
                    return table
                body.columns.append(column)
        for written in body.columns:
            added = settled(written, self._collation(table), engine)
            table = replace(table, columns=edits.placed(table.columns, added, written.after))
        return self.made.with_body(table, body)

    def _redefine(self, table: Table, old: str | None) -> Table:
        cursor, body = self.cursor, Body()
        written = read_column(cursor, self.made.engine, body.keys, schema=self.schema, exact=False)
        name = written.column.name
        if old is not None and old.lower() != name.lower():
            table = self._renamed(table, old, name)
        if name.lower() not in (one.name.lower() for one in table.columns):
            raise cursor.error(f"there is no column {name}")
        column = settled(written, self._collation(table), self.made.engine)
        body.columns.append(written)
        return self.made.with_body(edits.redefined(table, column, written.after), body)

    def _drop(self, table: Table) -> Table | None:
        cursor = self.cursor
        if cursor.take("PRIMARY", "KEY"):
            return edits.without_index(table, "PRIMARY")
        if cursor.take("INDEX") or cursor.take("KEY"):
            cursor.take("IF", "EXISTS")
            return edits.without_index(table, cursor.name())
        if cursor.take("FOREIGN", "KEY") or cursor.take("CONSTRAINT") or cursor.take("CHECK"):
            cursor.take("IF", "EXISTS")
            return edits.without_constraint(table, cursor.name())
        if cursor.sees("PARTITION"):
            return None
        cursor.take("COLUMN")
        cursor.take("IF", "EXISTS")
        return edits.without_column(table, cursor.name())

    def _alter(self, table: Table) -> Table:
        cursor = self.cursor
        if cursor.take("INDEX") or cursor.take("KEY"):
            cursor.take("IF", "EXISTS")
            name = cursor.name()
            visible = cursor.take("VISIBLE") or cursor.take("NOT", "IGNORED")
            return edits.with_changed_index(table, name, lambda one: replace(one, visible=visible))
        if cursor.take("CHECK") or cursor.take("CONSTRAINT"):
            name = cursor.name()
            return edits.enforcing(table, name, enforced=not cursor.take("NOT", "ENFORCED"))
        cursor.take("COLUMN")
        cursor.take("IF", "EXISTS")
        name = cursor.name().lower()
        column = next((one for one in table.columns if one.name.lower() == name), None)
        if column is None:
            raise cursor.error("there is no such column")
        if cursor.take("SET", "DEFAULT"):
            value = read_value(cursor)
            default = shown_default(value, column.type, self.made.engine, exact=False)
            changed = replace(column, default=default)
        elif cursor.take("DROP", "DEFAULT"):
            changed = replace(column, default=None)
        else:
            cursor.expect("SET")
            changed = replace(column, invisible=cursor.take("INVISIBLE"))
        columns = tuple(changed if one is column else one for one in table.columns)
        return replace(table, columns=columns)

    def _rename(self, table: Table) -> Table:
        cursor = self.cursor
        if cursor.take("COLUMN"):
            old = cursor.name()
            cursor.expect("TO")
            return self._renamed(table, old, cursor.name())
        if cursor.take("INDEX") or cursor.take("KEY"):
            old = cursor.name()
            cursor.expect("TO")
            new = cursor.name()
            return edits.with_changed_index(table, old, lambda one: replace(one, name=new))
        cursor.take("TO") or cursor.take("AS") or cursor.take("=")
        fresh = cursor.qualified(self.schema)
        self.made.put(table)
        self.made.rename(table.name, fresh, cursor)
        return self.made.require(fresh, cursor)

    def _renamed(self, table: Table, old: str, new: str) -> Table:
        if not edits.can_rename(table, old):
            raise self.cursor.error(f"renaming {old} cannot be followed in a DDL file; dump anew")
        for place, other in list(self.made.tables.items()):
            followed = edits.with_renamed_reference(other, table, old, new)
            self.made.tables[place] = followed
        own = edits.with_renamed_reference(table, table, old, new)
        return edits.renamed_column(own, old, new)

    def with_options(self, table: Table) -> Table:
        """Return the table with what was said of it as a whole."""
        options, storage = self.options, table.storage
        if storage is not None:
            storage = replace(
                storage,
                engine=options.engine or storage.engine,
                row_format=options.row_format or storage.row_format,
                collation=self._collation(table),
            )
        return replace(
            table,
            storage=storage,
            comment=table.comment if options.comment is None else options.comment,
            kind="partitioned" if options.partition_key else table.kind,
            partition_key=options.partition_key or table.partition_key,
        )
