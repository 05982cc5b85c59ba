"""What each step means for Django's state: the operations that keep it equal to the models.

A plan holds things that no model should show: a column that a trigger fills until the application
uses it, a check that stands for NOT NULL while it is proven. They stay out of the state. What
Django has no words for stays out of it, too, and is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from generators.django.source import Call, constructed
from generators.django.state import Model, State
from generators.python.code import Quotes
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.schema import ForeignKey
from wizard.model.steps import (
    AddForeignKey,
    CreateSync,
    CreateTable,
    DropColumn,
    RebuildTable,
    RenameTable,
    Step,
    SwapTableView,
)

RELATIONS = ("ForeignKey", "OneToOneField")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One operation on the state, and what a developer writes in models.py for it.

    ``exact`` says that the state knew the object just as the step has it, so that Django's own
    operation would bring back the same.
    """

    call: Call
    model: str
    told: str
    exact: bool = True


@dataclass(slots=True, kw_only=True)
class Truth:
    """The state while a plan's files are written one after the other.

    ``whole`` are all steps of the plan in order, of whichever phase. ``notes`` collects what stays
    outside of the models, ``apps`` the other apps that a field leads to.
    """

    state: State
    app: str
    dialect: Dialect
    quotes: Quotes
    version: tuple[int, int]
    whole: Sequence[Step]
    notes: list[str] = field(default_factory=list)
    apps: set[str] = field(default_factory=set)
    #: Tables whose model was there once: it may be gone by now.
    _seen: set[TableName] = field(default_factory=set)

    def model(self, table: TableName) -> Model | None:
        """Return the model of a table, None where no migration file of these apps tells it."""
        return self.state.of(table, self.app)

    def look_for(self, table: TableName) -> None:
        """Keep a sentence on a table of which no model is known, unless the plan itself makes it."""
        made = {
            *(one.new for one in self.whole if isinstance(one, RenameTable)),
            *(one.table.name.name for one in self.whole if isinstance(one, CreateTable)),
            *(one.view.name for one in self.whole if isinstance(one, SwapTableView)),
        }
        if table.name not in made and table not in self._seen and self.model(table) is None:
            self.notes.append(
                f"no migration tells of a model with the table {table}: Django's state stays as it is"
            )
        else:
            self._seen.add(table)

    def hidden(self, table: TableName, column: str) -> bool:
        """Tell whether a column is filled by a trigger until the application knows it."""
        return any(
            isinstance(one, CreateSync) and one.sync.table == table and column in one.sync.news
            for one in self.whole
        )

    def goes(self, table: TableName, column: str) -> bool:
        """Tell whether the plan drops a column."""
        return any(
            isinstance(one, DropColumn) and (one.table, one.column.name) == (table, column)
            for one in self.whole
        )

    def key_ahead(self, table: TableName, column: str) -> ForeignKey | None:
        """Return the foreign key which the plan puts on a column."""
        for step in self.whole:
            match step:
                case AddForeignKey(table=where, constraint=key) if where == table:
                    keys: tuple[ForeignKey, ...] = (key,)
                case CreateTable(table=made) if made.name == table:
                    keys = made.foreign_keys
                case RebuildTable(after=made) if made.name == table:
                    keys = made.foreign_keys
                case _:
                    continue
            for key in keys:
                if key.columns == (column,):
                    return key
        return None

    def alter(self, table: TableName, column: str, **changes: str | None) -> list[Change]:
        """Change arguments of a column's field; nothing where it has none, or is about to go."""
        model, name, known = self.known(table, column)
        if model is None or name is None or known is None or self.goes(table, column):
            return []
        return self.altered(model, name, known.having(**changes))

    def altered(self, model: Model, name: str, to: Call) -> list[Change]:
        """Give a field another definition."""
        if model.fields[name] == to:
            return []
        model.fields[name] = to
        return [self.done(model, "AlterField", f"{name} = {to.text()}", name=name, field=to)]

    def known(self, table: TableName, column: str) -> tuple[Model | None, str | None, Call | None]:
        """Return the model, the field's name and its definition for a column, as far as they are known."""
        model = self.model(table)
        name = model.field_of(column) if model is not None else None
        return model, name, model.fields[name] if model is not None and name else None

    def renamed_to(self, model: Model, old: str, new: str) -> list[Change]:
        """Give a field another name."""
        if old == new:
            return []
        model.fields = {new if key == old else key: one for key, one in model.fields.items()}
        call = constructed(
            "migrations.RenameField",
            model_name=self.quotes.text(model.name.lower()),
            old_name=self.quotes.text(old),
            new_name=self.quotes.text(new),
        )
        return [Change(call=call, model=model.name, told=f"{new} instead of {old}")]

    def outside(self, what: str, why: str) -> None:
        """Keep a sentence on what Django has no words for."""
        self.notes.append(f"{what} stays outside of the models: Django has no words for {why}")

    def done(self, model: Model, kind: str, told: str, **arguments: str | Call | None) -> Change:
        """Return an operation on a model; values that are calls bring their imports."""
        keywords: list[tuple[str, str]] = [("model_name", self.quotes.text(model.name.lower()))]
        imports: frozenset[str] = frozenset()
        for key, value in arguments.items():
            if value is None:
                continue
            if isinstance(value, Call):
                keywords.append((key, value.text()))
                imports |= value.imports
            elif key == "name" and not value.startswith(("'", '"')):
                keywords.append((key, self.quotes.text(value)))
            else:
                keywords.append((key, value))
        call = Call(function=f"migrations.{kind}", keywords=tuple(keywords), imports=imports)
        return Change(call=call, model=model.name, told=told)
