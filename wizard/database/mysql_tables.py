"""The tables, views, triggers and routines that a script of MySQL or MariaDB has defined so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from wizard.database.ddl_links import Query, linked
from wizard.database.ddl_tokens import Cursor
from wizard.database.mysql_bodies import Body, watchers
from wizard.database.mysql_body import Body as TableBody
from wizard.database.mysql_build import with_checks, with_foreign_key, with_index
from wizard.database.mysql_server import Engine
from wizard.model.names import TableName
from wizard.model.schema import Constraint, ForeignKey, Index, Table, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTrigger:
    """A trigger with its body; ``table`` is whose rows fire it."""

    trigger: Trigger
    table: TableName
    body: str


@dataclass(slots=True)
class Definitions:
    """What exists after the statements read so far; a script changes it step by step.

    ``home`` is the database whose tables carry no schema.
    """

    engine: Engine
    home: str | None = None
    tables: dict[TableName, Table] = field(default_factory=dict)
    views: dict[TableName, Query] = field(default_factory=dict)
    triggers: dict[str, WrittenTrigger] = field(default_factory=dict)
    routines: dict[str, Body] = field(default_factory=dict)
    collations: dict[str | None, str] = field(default_factory=dict)
    #: Indexes that foreign keys have made for themselves: a better one takes their place.
    implicit: dict[TableName, set[str]] = field(default_factory=dict)

    def key(self, name: TableName) -> TableName:
        """Return the name with schema None for the home database."""
        return TableName(name.name) if name.schema in (None, self.home) else name

    def table(self, name: TableName) -> Table | None:
        """Return a table, whose name's case need not fit when there is only one such."""
        key = self.key(name)
        if key in self.tables:
            return self.tables[key]
        same = [
            table
            for place, table in self.tables.items()
            if place.schema == key.schema and place.name.lower() == key.name.lower()
        ]
        return same[0] if len(same) == 1 else None

    def require(self, name: TableName, cursor: Cursor) -> Table:
        """Return a table; raises DdlError when it is not there."""
        table = self.table(name)
        if table is None:
            raise cursor.error(f"there is no table {name} yet")
        return table

    def put(self, table: Table) -> None:
        """Add a table or take it in place of the one of its name."""
        self.tables[table.name] = table

    def drop(self, name: TableName) -> None:
        """Forget a table with its triggers, or a view."""
        key = self.key(name)
        self.tables.pop(key, None)
        self.views.pop(key, None)
        self.implicit.pop(key, None)
        self.triggers = {n: one for n, one in self.triggers.items() if one.table != key}

    def rename(self, old: TableName, new: TableName, cursor: Cursor) -> None:
        """Rename a table, also where foreign keys and triggers name it."""
        table = self.require(old, cursor)
        fresh = self.key(new)
        self.tables = {
            (fresh if place == table.name else place): (
                replace(one, name=fresh) if place == table.name else one
            )
            for place, one in self.tables.items()
        }
        self._follow(lambda key: fresh if key == table.name else key)
        self.implicit[fresh] = self.implicit.pop(table.name, set())

    def _follow(self, new: Callable[[TableName], TableName]) -> None:
        for place, table in list(self.tables.items()):
            self.tables[place] = replace(
                table,
                constraints=tuple(
                    replace(one, ref_table=new(one.ref_table))
                    if isinstance(one, ForeignKey)
                    else one
                    for one in table.constraints
                ),
            )
        self.triggers = {
            name: replace(one, table=new(one.table)) for name, one in self.triggers.items()
        }

    def add_index(self, table: Table, index: Index) -> Table:
        """Return the table with one more index, which may replace that of a foreign key."""
        grown = with_index(table, index)
        made = self.implicit.setdefault(table.name, set())
        columns = grown.indexes[-1].columns
        spare = {
            one.name
            for one in table.indexes
            if one.name in made and columns[: len(one.columns)] == one.columns
        }
        made -= spare
        return replace(grown, indexes=tuple(i for i in grown.indexes if i.name not in spare))

    def add_foreign_key(self, table: Table, key: ForeignKey, index_name: str) -> Table:
        """Return the table with one more foreign key, and an index for it where it has none."""
        before = {one.name for one in table.indexes}
        there = self.table(key.ref_table)
        place = there.name if there is not None else self.key(key.ref_table)
        grown = with_foreign_key(table, replace(key, ref_table=place), index_name)
        fresh = {one.name for one in grown.indexes} - before
        self.implicit.setdefault(table.name, set()).update(fresh)
        return grown

    def with_body(self, table: Table, written: TableBody) -> Table:
        """Return the table with the keys and checks of its definitions, each with its name."""
        for index in written.keys.indexes:
            table = self.add_index(table, index)
        for key, index_name in written.keys.references:
            table = self.add_foreign_key(table, key, index_name)
        return with_checks(table, written, self.engine)

    def finished(self) -> Iterator[Table]:
        """Yield all tables with what each has to know of the others."""
        self._settle_references()
        bodies = [
            Body(kind="trigger", name=name, text=one.body, on=one.table)
            for name, one in self.triggers.items()
        ]
        bodies += self.routines.values()
        dialect = self.engine.dialect
        for table in linked(self.tables, self.views, dialect=dialect, key=self.key):
            own = [one.trigger for one in self.triggers.values() if one.table == table.name]
            yield replace(
                table,
                triggers=tuple(own),
                dependents=(*table.dependents, *watchers(table, bodies)),
            )

    def _settle_references(self) -> None:
        """Spell the tables and columns that foreign keys point to as they are written there."""
        for place, table in list(self.tables.items()):
            done: list[Constraint] = []
            for one in table.constraints:
                there = self.table(one.ref_table) if isinstance(one, ForeignKey) else None
                if isinstance(one, ForeignKey) and there is not None:
                    spelled = {column.name.lower(): column.name for column in there.columns}
                    columns = tuple(spelled.get(name.lower(), name) for name in one.ref_columns)
                    done.append(replace(one, ref_table=there.name, ref_columns=columns))
                else:
                    done.append(one)
            self.tables[place] = replace(table, constraints=tuple(done))
