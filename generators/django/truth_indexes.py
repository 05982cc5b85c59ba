"""Indexes in the models: those that Django has words for, under their own names."""

from __future__ import annotations

import re
from dataclasses import replace

from generators.django.conditions import condition
from generators.django.source import Call, constructed
from generators.django.state import Model
from generators.django.truth import RELATIONS, Change, Truth
from wizard.model.names import TableName
from wizard.model.schema import Index
from wizard.model.steps import AddUnique, DropIndex

#: Longer names are refused by Django's own checks of models.
INDEX_NAME = 30
#: The first Django with RenameIndex.
RENAME_INDEX = (4, 1)


def add_index(truth: Truth, table: TableName, index: Index) -> list[Change]:
    """Return a new index of the models: Meta's, or the one that a foreign key's field has itself."""
    model = truth.model(table)
    if model is None or index.unique:
        if index.unique and not any(
            isinstance(one, AddUnique) and one.using is not None and one.using.name == index.name
            for one in truth.whole
        ):
            truth.outside(f"the unique index {index.name}", "a unique index that is no constraint")
        return []
    names = [model.field_of(one) for one in index.columns]
    if None in names:
        return []
    if is_single(index) and of_key(truth, table, model, index.columns[0], str(names[0])):
        return truth.alter(table, index.columns[0], db_index=None)
    made = index_call(truth, model, index)
    if made is None:
        truth.outside(f"the index {index.name}", "such an index")
        return []
    if len(index.name) > INDEX_NAME:
        if len(names) == 1 and made.get("condition") is None and made.get("include") is None:
            return truth.alter(table, index.columns[0], db_index="True")
        truth.outside(f"the index {index.name}", f"a name longer than {INDEX_NAME} letters")
        return []
    model.indexes[index.name] = made
    return [truth.done(model, "AddIndex", f"Meta.indexes: {made.text()}", name=None, index=made)]


def of_key(truth: Truth, table: TableName, model: Model, column: str, name: str) -> bool:
    """Tell whether a field is a foreign key, or becomes one: Django indexes these by itself."""
    known = model.fields[name]
    if known is not None and known.kind in RELATIONS:
        return known.get("db_index") == "False" or not any(
            fields_of(one) == [name] for one in model.indexes.values()
        )
    return truth.key_ahead(table, column) is not None


def index_call(truth: Truth, model: Model, index: Index) -> Call | None:
    """Return an index as the models say it, None where Django has no words for it."""
    names = [model.field_of(one) or "" for one in index.columns]
    plain = all(
        one.column is not None
        and one.nulls is None
        and one.collation is None
        and one.length is None
        for one in index.parts
    )
    classes = [one.opclass for one in index.parts]
    if not plain or index.nulls_not_distinct or (any(classes) and not all(classes)):
        return None
    if index.method not in (None, "btree") or not all(names):
        return None
    fields = ", ".join(
        truth.quotes.text(f"-{name}" if part.order == "desc" else name)
        for name, part in zip(names, index.parts, strict=True)
    )
    include = [model.field_of(one) for one in index.include]
    where = condition(index.where, model, truth.dialect.name, truth.quotes) if index.where else None
    if None in include or (index.where and where is None):
        return None
    texts = ", ".join(truth.quotes.text(str(one)) for one in include)
    operators = ", ".join(truth.quotes.text(str(one)) for one in classes)
    return constructed(
        "models.Index",
        fields=f"[{fields}]",
        name=truth.quotes.text(index.name),
        opclasses=f"[{operators}]" if any(classes) else None,
        condition=where,
        include=f"[{texts}]" if include else None,
    )


def drop_index(truth: Truth, table: TableName, index: Index) -> list[Change]:
    """Return what says an index no longer, wherever the models say it."""
    model = truth.model(table)
    if model is None:
        return []
    if index.name in model.indexes:
        known = model.indexes.pop(index.name)
        made = index_call(truth, model, index)
        name = truth.quotes.text(index.name)
        done = truth.done(model, "RemoveIndex", f"no index {index.name}", name=name)
        return [replace(done, exact=made is not None and _alike(made, known))]
    if len(index.parts) != 1 or len(index.columns) != 1 or index.unique:
        return []
    _, _, field_of = truth.known(table, index.columns[0])
    if field_of is None:
        return []
    if field_of.kind in RELATIONS and field_of.get("db_index") is None:
        return truth.alter(table, index.columns[0], db_index="False")
    if field_of.get("db_index") == "True":
        return truth.alter(table, index.columns[0], db_index=None)
    return []


def rename_index(truth: Truth, table: TableName, old: str, new: str) -> list[Change]:
    """Give an index another name, unless it makes way for its twin."""
    model = truth.model(table)
    dropped = any(
        isinstance(one, DropIndex) and (one.table, one.index.name) == (table, new)
        for one in truth.whole
    )
    if model is None or old not in model.indexes or dropped:
        # One that makes way for its twin: the model keeps the name, and the twin gets it.
        return []
    if truth.version < RENAME_INDEX:
        name = truth.quotes.text(old)
        gone = truth.done(model, "RemoveIndex", f"no index {old}", name=name)
        made = model.indexes.pop(old).having(name=truth.quotes.text(new))
        model.indexes[new] = made
        told = f"Meta.indexes: {made.text()}"
        return [gone, truth.done(model, "AddIndex", told, index=made)]
    made = model.indexes.pop(old).having(name=truth.quotes.text(new))
    model.indexes[new] = made
    call = constructed(
        "migrations.RenameIndex",
        model_name=truth.quotes.text(model.name.lower()),
        new_name=truth.quotes.text(new),
        old_name=truth.quotes.text(old),
    )
    return [Change(call=call, model=model.name, told=f"Meta.indexes: {made.text()}")]


def is_single(index: Index) -> bool:
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


def _alike(one: Call, other: Call) -> bool:
    """Tell whether two indexes are the same, however they are written."""

    def said(call: Call, key: str) -> str:
        return re.sub(r"[\s\[\]()'\",]+", " ", call.get(key) or "").strip()

    keys = ("fields", "condition", "include", "opclasses")
    return not (one.items or other.items) and all(
        said(one, key) == said(other, key) for key in keys
    )


def fields_of(index: Call) -> list[str]:
    """Return the names of an index's fields."""
    return re.findall(r"""['"](\w+)['"]""", index.get("fields") or "")
