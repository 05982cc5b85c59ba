"""What becomes of a field when its column is added, changed, renamed or dropped."""

from __future__ import annotations

import re
from dataclasses import replace

from generators.django.fields import DB_DEFAULT, column_field, field_type, with_default
from generators.django.naming import field_name, relation_name
from generators.django.retyping import retyped
from generators.django.source import Call, constructed
from generators.django.state import Model
from generators.django.truth import RELATIONS, Change, Truth
from generators.django.truth_constraints import (
    add_check,
    add_unique,
    alter_together,
    rename_constraint,
)
from generators.django.truth_indexes import add_index, rename_index
from generators.django.truth_relations import relation_call
from wizard.model.names import TableName
from wizard.model.schema import Column, ForeignKey
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddIndex,
    AddNotNull,
    AddUnique,
    CreateSync,
    RenameConstraint,
    RenameIndex,
    SetNotNull,
    SwapColumns,
    Sync,
)


def add_column(truth: Truth, table: TableName, column: Column) -> list[Change]:
    """Return what a new column is: a field, unless a trigger fills it until the code knows it."""
    model = truth.model(table)
    if model is None or truth.hidden(table, column.name):
        return []
    name, made = made_field(truth, model, column, truth.key_ahead(table, column.name))
    if made is None:
        truth.outside(f"{table}.{column.name}", f"the type {column.type}")
        return []
    model.fields[name] = made
    return [truth.done(model, "AddField", f"{name} = {made.text()}", name=name, field=made)]


def made_field(
    truth: Truth, model: Model, column: Column, key: ForeignKey | None
) -> tuple[str, Call | None]:
    """Return the name and the definition of a column's field; None where Django has none such."""
    made = column_field(column, truth.dialect.name, truth.quotes, truth.version)
    relation = None if key is None or made is None else relation_call(truth, model, key, made)
    if relation is not None:
        name = relation_name(column.name)
        if f"{name}_id" != column.name:
            relation = relation.having(db_column=truth.quotes.text(column.name))
        return name, relation
    name = field_name(column.name)
    if made is not None and name != column.name:
        made = made.having(db_column=truth.quotes.text(column.name))
    return name, made


def drop_column(truth: Truth, table: TableName, column: str) -> list[Change]:
    """Return what a column's end is: the field goes, or takes the name of the twin that stays."""
    model = truth.model(table)
    name = model.field_of(column) if model is not None else None
    if model is None or name is None:
        return []
    sync = next(
        (
            one.sync
            for one in truth.whole
            if isinstance(one, CreateSync) and one.sync.table == table and column in one.sync.olds
        ),
        None,
    )
    found = forget(truth, model, name)
    if isinstance(sync, Sync):
        return [*found, *become(truth, table, column, sync.new)]
    shown = [] if sync is None else show_columns(truth, model, table, sync.news)
    del model.fields[name]
    return [*found, *shown, truth.done(model, "RemoveField", f"no {name}", name=name)]


def show_columns(
    truth: Truth, model: Model, table: TableName, columns: tuple[str, ...]
) -> list[Change]:
    """Let the state know columns that a trigger has filled so far, as they are by now."""
    found = []
    for step in truth.whole:
        if not isinstance(step, AddColumn) or step.table != table:
            continue
        column = step.column
        if column.name not in columns or model.field_of(column.name) is not None:
            continue
        required = any(
            (isinstance(one, SetNotNull) and (one.table, one.column.name) == (table, column.name))
            or (
                isinstance(one, AddNotNull)
                and (one.table, one.constraint.column) == (table, column.name)
            )
            for one in truth.whole
        )
        name, made = made_field(truth, model, replace(column, nullable=not required), None)
        if made is None:
            truth.outside(f"{table}.{column.name}", f"the type {column.type}")
            continue
        model.fields[name] = made
        told = f"{name} = {made.text()}"
        found.append(truth.done(model, "AddField", told, name=name, field=made))
    return found


def become(truth: Truth, table: TableName, old: str, new: str) -> list[Change]:
    """Let a field be the twin of its column, with the twin's indexes and constraints."""
    found = rename_column(truth, table, old, new)
    for one in truth.whole:
        match one:
            case AddIndex(index=index) if new in index.columns and one.table == table:
                found += add_index(truth, table, index)
            case AddCheck(constraint=check) if new in check.columns and one.table == table:
                found += add_check(truth, table, check)
            case AddUnique(constraint=unique) if new in unique.columns and one.table == table:
                found += add_unique(truth, table, unique)
            case RenameIndex(old=before, new=after) if one.table == table:
                found += rename_index(truth, table, before, after)
            case RenameConstraint(old=before, new=after) if one.table == table:
                found += rename_constraint(truth, table, before, after)
            case _:
                continue
    return found


def forget(truth: Truth, model: Model, name: str) -> list[Change]:
    """Take out of the state what names a field that goes."""
    found: list[Change] = []
    for index in [key for key, one in model.indexes.items() if _mentions(one, name)]:
        del model.indexes[index]
        text = truth.quotes.text(index)
        found.append(truth.done(model, "RemoveIndex", f"no index {index}", name=text))
    for key in [key for key, one in model.constraints.items() if _mentions(one, name)]:
        del model.constraints[key]
        text = truth.quotes.text(key)
        found.append(truth.done(model, "RemoveConstraint", f"no constraint {key}", name=text))
    groups = [one for one in model.together if name in one]
    return found + (alter_together(truth, model, groups) if groups else [])


def retype_column(truth: Truth, table: TableName, column: str, to: Column) -> list[Change]:
    """Give a field another type."""
    model, name, known = truth.known(table, column)
    if model is None or name is None or known is None or truth.goes(table, column):
        return []
    if known.kind in RELATIONS:
        # The key that it leads to says its type.
        return []
    kind = field_type(to.base or to.type, truth.dialect.name)
    made = None if kind is None else retyped(known, kind)
    if made is None:
        truth.outside(f"the new type of {table}.{column}", f"the type {to.type}")
        return []
    return truth.altered(model, name, made)


def swap_columns(truth: Truth, step: SwapColumns) -> list[Change]:
    """Give a field the type of the twin that has taken its column's name."""
    made = next(
        (
            one.column
            for one in truth.whole
            if isinstance(one, AddColumn)
            and (one.table, one.column.name) == (step.table, step.before.new)
        ),
        None,
    )
    if made is None or step.after.new != step.before.old:
        return []
    return retype_column(truth, step.table, step.after.new, made)


def set_default(truth: Truth, table: TableName, column: str, default: str | None) -> list[Change]:
    """Give a field another default of the database."""
    model, name, known = truth.known(table, column)
    if model is None or name is None or known is None or truth.goes(table, column):
        return []
    if truth.version < DB_DEFAULT:
        return []
    return truth.altered(model, name, with_default(known, default, truth.quotes, truth.version))


def rename_column(truth: Truth, table: TableName, old: str, new: str) -> list[Change]:
    """Give a field another name, or where it names its column itself another column."""
    model, name, known = truth.known(table, old)
    if model is None or name is None or known is None:
        return []
    relation = known.kind in RELATIONS
    wanted = relation_name(new) if relation else field_name(new)
    column = f"{wanted}_id" if relation else wanted
    if known.get("db_column") is not None:
        return truth.altered(model, name, known.having(db_column=truth.quotes.text(new)))
    quoted = truth.quotes.text
    found: list[Change] = []
    after: list[Change] = []
    own = known
    if known.get("auto_created") is not None:
        # Django's own id: under another name it is a field which the model itself declares.
        own = known.having(auto_created=None, verbose_name=None)
    if wanted != name:
        found, after = _followers(truth, model, name, wanted)
        model.fields = {wanted if key == name else key: one for key, one in model.fields.items()}
        call = constructed(
            "migrations.RenameField",
            model_name=quoted(model.name.lower()),
            old_name=quoted(name),
            new_name=quoted(wanted),
        )
        told = f"{wanted} = {own.text()}   # instead of {name}"
        found.append(Change(call=call, model=model.name, told=told))
    final = own if column == new else own.having(db_column=quoted(new))
    found += truth.altered(model, wanted, final)
    return [*found, *after]


def _mentions(call: Call, name: str) -> bool:
    texts = (*call.items, *(value for _, value in call.keywords))
    return any(re.search(rf"""(['"]-?|\b){re.escape(name)}(__|['"]|=)""", one) for one in texts)


def _followers(truth: Truth, model: Model, old: str, new: str) -> tuple[list[Change], list[Change]]:
    """Return what takes indexes and constraints out before a field's renaming, and puts them back.

    Django renames the field alone, and would later find the others changed.
    """
    before: list[Change] = []
    after: list[Change] = []
    for known, kind, argument in (
        (model.indexes, "Index", "index"),
        (model.constraints, "Constraint", "constraint"),
    ):
        for name in [one for one, call in known.items() if _mentions(call, old)]:
            call = known[name]
            keywords = tuple((key, _renamed(text, old, new)) for key, text in call.keywords)
            items = tuple(_renamed(text, old, new) for text in call.items)
            known[name] = replace(call, items=items, keywords=keywords)
            quoted = truth.quotes.text(name)
            before.append(truth.done(model, f"Remove{kind}", "", name=quoted))
            told = f"Meta.{argument}{'es' if kind == 'Index' else 's'}: {known[name].text()}"
            arguments: dict[str, str | Call | None] = {argument: known[name]}
            after.append(truth.done(model, f"Add{kind}", told, **arguments))
    return before, after


def _renamed(text: str, old: str, new: str) -> str:
    quoted = re.compile(rf"""(['"]-?){re.escape(old)}(?=__|['"])""")
    given = re.compile(rf"\b{re.escape(old)}(?=__\w+=|=)")
    return given.sub(new, quoted.sub(rf"\g<1>{new}", text))
