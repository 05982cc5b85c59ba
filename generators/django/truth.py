"""What each step means for Django's state: the operations that keep it equal to the models.

A plan holds things that no model should show: a column that a trigger fills until the application
uses it, a check that stands for NOT NULL while it is proven. They stay out of the state. What
Django has no words for stays out of it, too, and is told.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from generators.alembic.code import Quotes
from generators.django.conditions import condition, only_not_null
from generators.django.fields import DB_DEFAULT, column_field, field_type, with_default
from generators.django.retyping import retyped
from generators.django.source import Call, constructed
from generators.django.state import Model, State
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.schema import Check, Column, ForeignKey, Index, NotNull, Table, Unique
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddUnique,
    ChangeType,
    CreateSync,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    DropTable,
    RebuildTable,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    SetDefault,
    SetNotNull,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
)

#: Longer names are refused by Django's own checks of models.
INDEX_NAME = 30
_RELATIONS = ("ForeignKey", "OneToOneField")
_WORD = re.compile(r"[^a-z0-9_]+")

ON_DELETE = {
    "cascade": "CASCADE",
    "set null": "SET_NULL",
    "set default": "SET_DEFAULT",
    "restrict": "PROTECT",
    "no action": "PROTECT",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One operation on the state, and what a developer writes in models.py for it."""

    call: Call
    model: str
    told: str


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

    # --- what is known -----------------------------------------------------------------------

    def model(self, table: TableName) -> Model | None:
        """Return the model of a table, None where no migration file of these apps tells it."""
        return self.state.find(table.name, self.app)

    def changes(self, step: Step) -> list[Change]:
        """Return what a step changes in the state, and change it."""
        match step:
            case AddColumn(table=table, column=column):
                return self._add_column(table, column)
            case DropColumn(table=table, column=column):
                return self._drop_column(table, column.name)
            case ChangeType(table=table, to=to):
                return self._retype(table, to.name, to)
            case SwapColumns():
                return self._swap(step)
            case SetNotNull(table=table, column=column):
                return self._alter(table, column.name, null=None)
            case DropNotNull(table=table, column=column):
                return self._alter(table, column.name, null="True")
            case SetDefault(table=table, column=column, default=default):
                return self._default(table, column.name, default)
            case RenameColumn(table=table, old=old, new=new):
                return self._rename(table, old, new)
            case RenameTable(table=table, new=new):
                dropped = any(
                    isinstance(one, DropTable) and one.table.name.name == new for one in self.whole
                )
                return self._delete(table) if dropped else self._table(table, new)
            case SwapTableView(view=view):
                return self._table(view.table, view.name)
            case CreateTable(table=made):
                return self._create(made)
            case DropTable(table=gone):
                return self._delete(gone.name)
            case AddIndex(table=table, index=index):
                return self._add_index(table, index)
            case DropIndex(table=table, index=index):
                return self._drop_index(table, index)
            case RenameIndex(table=table, old=old, new=new):
                return self._rename_index(table, old, new)
            case AddForeignKey(table=table, constraint=key):
                return self._add_key(table, key)
            case ValidateConstraint(table=table, constraint=NotNull(column=column)):
                # From here on the column itself is NOT NULL.
                return self._alter(table, column, null=None)
            case AddCheck(table=table, constraint=check):
                return self._add_check(table, check)
            case AddUnique(table=table, constraint=unique):
                return self._add_unique(table, unique)
            case DropConstraint(table=table, constraint=constraint):
                return self._drop_constraint(table, constraint)
            case RenameConstraint(table=table, old=old, new=new):
                return self._rename_constraint(table, old, new)
            case RebuildTable(before=before, after=after):
                return self._rebuilt(before, after)
            case _:
                return []

    def hidden(self, table: TableName, column: str) -> bool:
        """Tell whether a column is filled by a trigger until the application knows it."""
        return any(
            isinstance(one, CreateSync) and (one.sync.table, one.sync.new) == (table, column)
            for one in self.whole
        )

    def _goes(self, table: TableName, column: str) -> bool:
        return any(
            isinstance(one, DropColumn) and (one.table, one.column.name) == (table, column)
            for one in self.whole
        )

    # --- columns -----------------------------------------------------------------------------

    def _add_column(self, table: TableName, column: Column) -> list[Change]:
        model = self.model(table)
        if model is None or self.hidden(table, column.name):
            return []
        name, made = self._field(model, column, self._key_ahead(table, column.name))
        if made is None:
            self._outside(f"{table}.{column.name}", f"the type {column.type}")
            return []
        model.fields[name] = made
        return [
            self._done(model, "AddField", f"{name} = {made.text()}", name=name, field=made)
        ]

    def _key_ahead(self, table: TableName, column: str) -> ForeignKey | None:
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

    def _field(
        self, model: Model, column: Column, key: ForeignKey | None
    ) -> tuple[str, Call | None]:
        made = column_field(column, self.dialect.name, self.quotes, self.version)
        relation = None if key is None or made is None else self._relation(model, key, made)
        if relation is not None:
            name = _relation_name(column.name)
            if f"{name}_id" != column.name:
                relation = relation.having(db_column=self.quotes.text(column.name))
            return name, relation
        name = _field_name(column.name)
        if made is not None and name != column.name:
            made = made.having(db_column=self.quotes.text(column.name))
        return name, made

    def _relation(self, model: Model, key: ForeignKey, plain: Call) -> Call | None:
        target = self.model(key.ref_table)
        if target is None or len(key.columns) != 1:
            return None
        to = target.field_of(key.ref_columns[0])
        if to is None:
            return None
        if target.app != self.app:
            self.apps.add(target.app)
        indexed = self.dialect.capabilities.keeps_index_of_key or any(
            _indexes(one, key.columns[0]) for one in self.whole
        )
        found = constructed(
            "models.ForeignKey",
            to=self.quotes.text(f"{target.app}.{target.name.lower()}"),
            on_delete=f"models.{ON_DELETE[key.on_delete]}",
            to_field=None if target.key == key.ref_columns[0] else self.quotes.text(to),
            db_index=None if indexed else "False",
            # Two keys to one model cannot both give it a reverse name of the same default.
            related_name=self.quotes.text("+") if _refers(model, target) else None,
        )
        kept = {name: plain.get(name) for name in ("null", "blank", "db_default", "default")}
        return replace(found.having(**kept), imports=plain.imports)

    def _drop_column(self, table: TableName, column: str) -> list[Change]:
        model = self.model(table)
        name = model.field_of(column) if model is not None else None
        if model is None or name is None:
            return []
        twin = next(
            (
                one.sync.new
                for one in self.whole
                if isinstance(one, CreateSync)
                and (one.sync.table, one.sync.old) == (table, column)
            ),
            None,
        )
        if twin is not None:
            return [*self._forget(model, name), *self._become(table, model, column, twin)]
        found = self._forget(model, name)
        del model.fields[name]
        return [*found, self._done(model, "RemoveField", f"no {name}", name=name)]

    def _become(self, table: TableName, model: Model, old: str, new: str) -> list[Change]:
        found = self._rename(table, old, new)
        for one in self.whole:
            match one:
                case AddIndex(index=index) if new in index.columns and one.table == table:
                    found += self._add_index(table, index)
                case AddCheck(constraint=check) if new in check.columns and one.table == table:
                    found += self._add_check(table, check)
                case AddUnique(constraint=unique) if new in unique.columns and one.table == table:
                    found += self._add_unique(table, unique)
                case RenameIndex() | RenameConstraint() if one.table == table:
                    found += self.changes(one)
                case _:
                    continue
        return found

    def _forget(self, model: Model, name: str) -> list[Change]:
        """Take out of the state what names a field that goes."""
        found: list[Change] = []
        for index in [key for key, one in model.indexes.items() if _mentions(one, name)]:
            del model.indexes[index]
            text = self.quotes.text(index)
            found.append(self._done(model, "RemoveIndex", f"no index {index}", name=text))
        for key in [key for key, one in model.constraints.items() if _mentions(one, name)]:
            del model.constraints[key]
            text = self.quotes.text(key)
            found.append(self._done(model, "RemoveConstraint", f"no constraint {key}", name=text))
        groups = [one for one in model.together if name in one]
        return found + (self._together(model, groups) if groups else [])

    def _together(self, model: Model, without: Sequence[tuple[str, ...]]) -> list[Change]:
        model.together = tuple(one for one in model.together if one not in without)
        groups = ", ".join(
            f"({', '.join(self.quotes.text(each) for each in one)})" for one in model.together
        )
        value = f"{{{groups}}}" if groups else "set()"
        call = constructed(
            "migrations.AlterUniqueTogether",
            name=self.quotes.text(model.name.lower()),
            unique_together=value,
        )
        return [Change(call=call, model=model.name, told=f"Meta.unique_together = {value}")]

    def _alter(self, table: TableName, column: str, **changes: str | None) -> list[Change]:
        model, name, known = self._known(table, column)
        if model is None or name is None or known is None or self._goes(table, column):
            return []
        return self._altered(model, name, known.having(**changes))

    def _altered(self, model: Model, name: str, to: Call) -> list[Change]:
        if model.fields[name] == to:
            return []
        model.fields[name] = to
        return [self._done(model, "AlterField", f"{name} = {to.text()}", name=name, field=to)]

    def _known(
        self, table: TableName, column: str
    ) -> tuple[Model | None, str | None, Call | None]:
        model = self.model(table)
        name = model.field_of(column) if model is not None else None
        return model, name, model.fields[name] if model is not None and name else None

    def _retype(self, table: TableName, column: str, to: Column) -> list[Change]:
        model, name, known = self._known(table, column)
        if model is None or name is None or known is None or self._goes(table, column):
            return []
        if known.kind in _RELATIONS:
            # The key that it leads to says its type.
            return []
        kind = field_type(to.base or to.type, self.dialect.name)
        made = None if kind is None else retyped(known, kind)
        if made is None:
            self._outside(f"the new type of {table}.{column}", f"the type {to.type}")
            return []
        return self._altered(model, name, made)

    def _swap(self, step: SwapColumns) -> list[Change]:
        made = next(
            (
                one.column
                for one in self.whole
                if isinstance(one, AddColumn)
                and (one.table, one.column.name) == (step.table, step.before.new)
            ),
            None,
        )
        if made is None or step.after.new != step.before.old:
            return []
        return self._retype(step.table, step.after.new, made)

    def _default(self, table: TableName, column: str, default: str | None) -> list[Change]:
        model, name, known = self._known(table, column)
        if model is None or name is None or known is None or self._goes(table, column):
            return []
        if self.version < DB_DEFAULT:
            return []
        return self._altered(model, name, with_default(known, default, self.quotes, self.version))

    def _rename(self, table: TableName, old: str, new: str) -> list[Change]:
        model, name, known = self._known(table, old)
        if model is None or name is None or known is None:
            return []
        relation = known.kind in _RELATIONS
        wanted = _relation_name(new) if relation else _field_name(new)
        column = f"{wanted}_id" if relation else wanted
        if known.get("db_column") is not None:
            return self._altered(model, name, known.having(db_column=self.quotes.text(new)))
        quoted = self.quotes.text
        found: list[Change] = []
        if wanted != name:
            model.fields = {
                wanted if key == name else key: one for key, one in model.fields.items()
            }
            call = constructed(
                "migrations.RenameField",
                model_name=quoted(model.name.lower()),
                old_name=quoted(name),
                new_name=quoted(wanted),
            )
            told = f"{wanted} = {known.text()}   # instead of {name}"
            found.append(Change(call=call, model=model.name, told=told))
        if column != new:
            found += self._altered(model, wanted, known.having(db_column=quoted(new)))
        return found

    # --- tables ------------------------------------------------------------------------------

    def _table(self, table: TableName, new: str) -> list[Change]:
        model = self.model(table)
        if model is None:
            return []
        found: list[Change] = []
        for name, one in list(model.fields.items()):
            if one is not None and one.kind == "ManyToManyField" and not one.get("through"):
                # Its table's name is made of this one's, and stays what it is.
                pinned = one.get("db_table") or self.quotes.text(f"{model.table}_{name}")
                found += self._altered(model, name, one.having(db_table=pinned))
        model.options["db_table"] = self.quotes.text(new)
        call = constructed(
            "migrations.AlterModelTable",
            name=self.quotes.text(model.name.lower()),
            table=self.quotes.text(new),
        )
        told = f"Meta.db_table = {self.quotes.text(new)}"
        return [*found, Change(call=call, model=model.name, told=told)]

    def _create(self, table: Table) -> list[Change]:
        key = table.primary_key
        name = _model_name(table.name.name, self.app)
        model = Model(app=self.app, name=name)
        if len(key) != 1:
            self._outside(f"the table {table.name}", "a key of several columns, or of none")
            return []
        for column in table.columns:
            made: Call | None
            if column.name == key[0]:
                field_name = _field_name(column.name)
                made = column_field(
                    column, self.dialect.name, self.quotes, self.version, key=True
                )
                if made is not None and field_name == "id" and made.kind == self._automatic():
                    # As Django writes the key that nobody has declared.
                    verbose = self.quotes.text("ID")
                    made = constructed(
                        made.function,
                        auto_created="True",
                        primary_key="True",
                        serialize="False",
                        verbose_name=verbose,
                    )
            else:
                field_name, made = self._field(
                    model, column, self._key_ahead(table.name, column.name)
                )
            if made is None:
                self._outside(f"the table {table.name}", f"the type {column.type} of {column.name}")
                return []
            model.fields[field_name] = made
        if model.table != table.name.name:
            model.options["db_table"] = self.quotes.text(table.name.name)
        self.state.models[self.app, name.lower()] = model
        pairs = ", ".join(
            f"({self.quotes.text(one)}, {made.text()})"
            for one, made in model.fields.items()
            if made is not None
        )
        options = {**model.options}
        call = Call(
            function="migrations.CreateModel",
            keywords=(
                ("name", self.quotes.text(name)),
                ("fields", f"[{pairs}]"),
                *(
                    [("options", "{" + ", ".join(f"{self.quotes.text(k)}: {v}" for k, v in options.items()) + "}")]
                    if options
                    else []
                ),
            ),
            imports=frozenset(
                line for one in model.fields.values() if one is not None for line in one.imports
            ),
        )
        told = "\n".join(
            f"{one} = {made.text()}"
            for one, made in model.fields.items()
            if made and made.get("auto_created") is None
        )
        found = [Change(call=call, model=name, told=told)]
        for index in table.indexes:
            if not index.constraint:
                found += self._add_index(table.name, index)
        for one in table.constraints:
            if isinstance(one, Check):
                found += self._add_check(table.name, one)
            elif isinstance(one, Unique):
                found += self._add_unique(table.name, one)
        return found

    def _automatic(self) -> str:
        """Return the class of keys that nobody has declared, as this app's models have it."""
        for model in self.state.models.values():
            key = model.fields.get("id")
            if model.app == self.app and key is not None and key.get("auto_created") == "True":
                return key.kind
        return "BigAutoField"

    def _delete(self, table: TableName) -> list[Change]:
        model = self.model(table)
        if model is None:
            return []
        found = self._unrelated(model)
        del self.state.models[model.app, model.name.lower()]
        call = constructed("migrations.DeleteModel", name=self.quotes.text(model.name.lower()))
        return [*found, Change(call=call, model=model.name, told="delete the class")]

    def _unrelated(self, gone: Model) -> list[Change]:
        """Turn fields that lead to a model into plain ones: the columns stay."""
        found: list[Change] = []
        wanted = f"{gone.app}.{gone.name.lower()}"
        key = gone.fields.get(gone.field_of(gone.key or "") or "")
        kinds = {"BigAutoField": "BigIntegerField", "AutoField": "IntegerField"}
        for model in list(self.state.models.values()):
            for name, one in list(model.fields.items()):
                if one is None or one.kind not in _RELATIONS or model is gone or key is None:
                    continue
                to = (one.get("to") or (one.items[0] if one.items else "")).strip("'\"").lower()
                if to not in (wanted, gone.name.lower()) or model.app != self.app:
                    continue
                column = model.column(name) or name
                kind = kinds.get(key.kind, key.kind)
                plain = constructed(f"models.{kind}").having(null=one.get("null"))
                found += self._renamed_to(model, name, _field_name(column))
                found += self._altered(model, _field_name(column), plain)
        return found

    def _renamed_to(self, model: Model, old: str, new: str) -> list[Change]:
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

    # --- indexes and constraints ---------------------------------------------------------------

    def _add_index(self, table: TableName, index: Index) -> list[Change]:
        model = self.model(table)
        if model is None or index.unique:
            if index.unique and not any(
                isinstance(one, AddUnique) and one.using is not None and one.using.name == index.name
                for one in self.whole
            ):
                self._outside(f"the unique index {index.name}", "a unique index that is no constraint")
            return []
        names = [model.field_of(one) for one in index.columns]
        if None in names:
            return []
        if _is_single(index) and self._of_key(table, model, index.columns[0], str(names[0])):
            return self._alter(table, index.columns[0], db_index=None)
        made = self._index(model, index, [str(one) for one in names])
        if made is None:
            self._outside(f"the index {index.name}", "such an index")
            return []
        if len(index.name) > INDEX_NAME:
            if len(names) == 1 and made.get("condition") is None and made.get("include") is None:
                return self._alter(table, index.columns[0], db_index="True")
            self._outside(f"the index {index.name}", f"a name longer than {INDEX_NAME} letters")
            return []
        model.indexes[index.name] = made
        return [
            self._done(model, "AddIndex", f"Meta.indexes: {made.text()}", name=None, index=made)
        ]

    def _of_key(self, table: TableName, model: Model, column: str, name: str) -> bool:
        """Tell whether a field is a foreign key, or becomes one: Django indexes these by itself."""
        known = model.fields[name]
        if known is not None and known.kind in _RELATIONS:
            return known.get("db_index") == "False" or not any(
                _fields_of(one) == [name] for one in model.indexes.values()
            )
        return self._key_ahead(table, column) is not None

    def _index(self, model: Model, index: Index, names: Sequence[str]) -> Call | None:
        plain = all(
            one.column is not None and one.nulls is None and one.collation is None and one.length is None
            for one in index.parts
        )
        classes = [one.opclass for one in index.parts]
        if not plain or index.nulls_not_distinct or (any(classes) and not all(classes)):
            return None
        if index.method not in (None, "btree"):
            return None
        fields = ", ".join(
            self.quotes.text(f"-{name}" if part.order == "desc" else name)
            for name, part in zip(names, index.parts, strict=True)
        )
        include = [model.field_of(one) for one in index.include]
        where = condition(index.where, model, self.dialect.name, self.quotes) if index.where else None
        if None in include or (index.where and where is None):
            return None
        texts = ", ".join(self.quotes.text(str(one)) for one in include)
        operators = ", ".join(self.quotes.text(str(one)) for one in classes)
        return constructed(
            "models.Index",
            fields=f"[{fields}]",
            name=self.quotes.text(index.name),
            opclasses=f"[{operators}]" if any(classes) else None,
            condition=where,
            include=f"[{texts}]" if include else None,
        )

    def _drop_index(self, table: TableName, index: Index) -> list[Change]:
        model = self.model(table)
        if model is None:
            return []
        if index.name in model.indexes:
            del model.indexes[index.name]
            name = self.quotes.text(index.name)
            return [self._done(model, "RemoveIndex", f"no index {index.name}", name=name)]
        if len(index.parts) != 1 or len(index.columns) != 1 or index.unique:
            return []
        _, name_of, known = self._known(table, index.columns[0])
        if known is None or name_of is None:
            return []
        if known.kind in _RELATIONS and known.get("db_index") is None:
            return self._alter(table, index.columns[0], db_index="False")
        if known.get("db_index") == "True":
            return self._alter(table, index.columns[0], db_index=None)
        return []

    def _rename_index(self, table: TableName, old: str, new: str) -> list[Change]:
        model = self.model(table)
        if model is None or old not in model.indexes:
            return []
        made = model.indexes.pop(old).having(name=self.quotes.text(new))
        model.indexes[new] = made
        call = constructed(
            "migrations.RenameIndex",
            model_name=self.quotes.text(model.name.lower()),
            new_name=self.quotes.text(new),
            old_name=self.quotes.text(old),
        )
        return [Change(call=call, model=model.name, told=f"Meta.indexes: {made.text()}")]

    def _add_key(self, table: TableName, key: ForeignKey) -> list[Change]:
        model = self.model(table)
        name = model.field_of(key.columns[0]) if model is not None and len(key.columns) == 1 else None
        known = model.fields[name] if model is not None and name else None
        if model is None or name is None or known is None:
            return []
        if known.kind in _RELATIONS:
            return self._altered(model, name, known.having(db_constraint=None))
        relation = self._relation(model, key, known)
        if relation is None:
            self._outside(f"the foreign key {key.name}", "a model of the table it leads to")
            return []
        if known.get("db_index") == "True":
            relation = relation.having(db_index=None)
        if known.get("unique") == "True":
            relation = replace(relation.having(db_index=None), function="models.OneToOneField")
        wanted = _relation_name(key.columns[0])
        if f"{wanted}_id" != key.columns[0]:
            relation = relation.having(db_column=self.quotes.text(key.columns[0]))
        return [*self._renamed_to(model, name, wanted), *self._altered(model, wanted, relation)]

    def _add_check(self, table: TableName, check: Check) -> list[Change]:
        model = self.model(table)
        if model is None or only_not_null(check.expression, self.dialect.name):
            return []
        if any(self._goes(table, one) or model.field_of(one) is None for one in check.columns):
            return []
        made = condition(check.expression, model, self.dialect.name, self.quotes)
        if made is None or check.name is None:
            self._outside(f"the check {check.name}", "such a condition")
            return []
        word = "condition" if self.version >= (5, 1) else "check"
        return self._constraint(
            model,
            check.name,
            constructed("models.CheckConstraint", **{word: made}, name=self.quotes.text(check.name)),
        )

    def _add_unique(self, table: TableName, unique: Unique) -> list[Change]:
        model = self.model(table)
        if model is None or unique.name is None:
            return []
        names = [model.field_of(one) for one in unique.columns]
        if None in names:
            return []
        if len(names) == 1:
            known = model.fields[str(names[0])]
            if known is not None and known.get("unique") == "True":
                return []
        fields = ", ".join(self.quotes.text(str(one)) for one in names)
        moment = "DEFERRED" if unique.initially_deferred else "IMMEDIATE"
        made = constructed(
            "models.UniqueConstraint",
            fields=f"[{fields}]" if len(names) != 1 else f"[{fields}]",
            name=self.quotes.text(unique.name),
            deferrable=f"models.Deferrable.{moment}" if unique.deferrable else None,
            nulls_distinct="False" if unique.nulls_not_distinct else None,
        )
        return self._constraint(model, unique.name, made)

    def _constraint(self, model: Model, name: str, made: Call) -> list[Change]:
        model.constraints[name] = made
        return [
            self._done(
                model, "AddConstraint", f"Meta.constraints: {made.text()}", name=None, constraint=made
            )
        ]

    def _drop_constraint(self, table: TableName, constraint: object) -> list[Change]:
        model = self.model(table)
        if model is None:
            return []
        name = getattr(constraint, "name", None)
        if name is not None and name in model.constraints:
            del model.constraints[name]
            text = self.quotes.text(name)
            return [self._done(model, "RemoveConstraint", f"no constraint {name}", name=text)]
        match constraint:
            case Unique(columns=columns):
                names = tuple(str(model.field_of(one)) for one in columns)
                groups = [one for one in model.together if one == names]
                if groups:
                    return self._together(model, groups)
                known = model.fields.get(names[0]) if len(names) == 1 else None
                if known is not None and known.get("unique") == "True":
                    return self._alter(table, columns[0], unique=None)
            case ForeignKey(columns=(column,)):
                stays = any(
                    isinstance(one, AddForeignKey)
                    and (one.table, one.constraint.columns) == (table, (column,))
                    for one in self.whole
                )
                _, _, known = self._known(table, column)
                if known is not None and known.kind in _RELATIONS and not stays:
                    return self._alter(table, column, db_constraint="False")
            case _:
                pass
        return []

    def _rename_constraint(self, table: TableName, old: str, new: str) -> list[Change]:
        model = self.model(table)
        if model is None or old not in model.constraints:
            return []
        made = model.constraints.pop(old).having(name=self.quotes.text(new))
        gone = self._done(model, "RemoveConstraint", f"no constraint {old}", name=self.quotes.text(old))
        return [gone, *self._constraint(model, new, made)]

    # --- SQLite's rebuild ----------------------------------------------------------------------

    def _rebuilt(self, before: Table, after: Table) -> list[Change]:
        """Return what a table's new definition changes, one thing after the other."""
        table = after.name
        found: list[Change] = []
        for step in _differences(before, after):
            found += self.changes(step)
        del table
        return found

    # --- words -------------------------------------------------------------------------------

    def _outside(self, what: str, why: str) -> None:
        self.notes.append(f"{what} stays outside of the models: Django has no words for {why}")

    def _done(self, model: Model, kind: str, told: str, **arguments: str | Call | None) -> Change:
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


def _differences(before: Table, after: Table) -> Iterable[Step]:
    """Yield steps that make one definition of a table of another, constraints that go first."""
    name = after.name
    for gone in before.constraints:
        if gone not in after.constraints:
            yield DropConstraint(table=name, constraint=gone)
    for column in before.columns:
        now = after.column(column.name)
        if now is None:
            yield DropColumn(table=name, column=column)
            continue
        if (column.type, column.collation) != (now.type, now.collation):
            yield ChangeType(table=name, column=column, to=now)
        if column.nullable and not now.nullable:
            yield SetNotNull(table=name, column=now)
        if not column.nullable and now.nullable:
            yield DropNotNull(table=name, column=now)
        if column.default != now.default:
            yield SetDefault(table=name, column=column, default=now.default)
    for now in after.columns:
        if before.column(now.name) is None:
            yield AddColumn(table=name, column=now)
    for made in after.constraints:
        if made in before.constraints:
            continue
        if isinstance(made, ForeignKey):
            yield AddForeignKey(table=name, constraint=made)
        elif isinstance(made, Check):
            yield AddCheck(table=name, constraint=made)
        elif isinstance(made, Unique):
            yield AddUnique(table=name, constraint=made)


def _is_single(index: Index) -> bool:
    """Tell whether an index is that of one whole column and of nothing else."""
    part = index.parts[0]
    plain = part.order == "asc" and part.nulls is None and part.opclass is None
    return (
        len(index.parts) == len(index.columns) == 1
        and plain
        and part.collation is None
        and part.length is None
        and not (index.unique or index.where or index.include)
        and index.method in (None, "btree")
    )


def _indexes(step: Step, column: str) -> bool:
    made = step.table.indexes if isinstance(step, CreateTable) else ()
    if isinstance(step, AddIndex):
        made = (step.index,)
    return any(_is_single(one) and one.columns == (column,) for one in made)


def _refers(model: Model, target: Model) -> bool:
    wanted = (f"{target.app}.{target.name.lower()}", target.name.lower())
    for one in model.fields.values():
        if one is None or one.kind not in (*_RELATIONS, "ManyToManyField"):
            continue
        to = (one.get("to") or (one.items[0] if one.items else "")).strip("'\"").lower()
        if to in wanted and one.get("related_name") is None:
            return True
    return False


def _fields_of(index: Call) -> list[str]:
    return re.findall(r"""['"](\w+)['"]""", index.get("fields") or "")


def _mentions(call: Call, name: str) -> bool:
    texts = (*call.items, *(value for _, value in call.keywords))
    return any(re.search(rf"""(['"]-?|\b){re.escape(name)}(__|['"]|=)""", one) for one in texts)


def _field_name(column: str) -> str:
    name = re.sub(r"_+", "_", _WORD.sub("_", column.lower())).strip("_") or "field"
    if name[0].isdigit() or keyword.iskeyword(name) or name == "pk":
        name = f"field_{name}"
    return name


def _relation_name(column: str) -> str:
    name = _field_name(column)
    return name.removesuffix("_id") or name


def _model_name(table: str, app: str) -> str:
    plain = table.removeprefix(f"{app}_")
    words = [one for one in re.split(r"[^A-Za-z0-9]+", plain) if one]
    if words:
        words[-1] = _singular(words[-1])
    name = "".join(one[:1].upper() + one[1:] for one in words) or "Table"
    return f"Table{name}" if name[0].isdigit() else name


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
