"""A state for a preview without a project: the models that a plan's tables would have in one.

Only for looking. Where there is a project, what its files do not tell is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from generators.django.fields import column_field
from generators.django.naming import field_name, model_name, relation_name
from generators.django.source import Call, constructed
from generators.django.state import Model
from generators.django.truth import Truth
from generators.django.truth_constraints import check_call, unique_call
from generators.django.truth_indexes import index_call
from generators.django.truth_relations import relation_call
from generators.header import table_of
from wizard.dialects.keyset import HIDDEN_TYPES
from wizard.model.names import TableName
from wizard.model.schema import Check, Column, ForeignKey, Unique
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddUnique,
    Batched,
    ChangeType,
    CreateSync,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    RebuildTable,
    RenameColumn,
    RenameIndex,
    RenameTable,
    SetDefault,
    SetNotNull,
    Step,
    SwapTableView,
)


def assume(truth: Truth) -> None:
    """Put into the state what stands in the plan's tables before its first step."""
    made: set[TableName] = set()
    fresh: set[tuple[TableName, str]] = set()
    for step in truth.whole:
        table = table_of(step)
        if isinstance(step, CreateTable):
            made.add(step.table.name)
            for key in step.table.foreign_keys:
                _model(truth, key.ref_table, made)
            continue
        if isinstance(step, AddForeignKey):
            _model(truth, step.constraint.ref_table, made)
        if isinstance(step, SwapTableView | RenameTable):
            made.add(TableName(step.view.name if isinstance(step, SwapTableView) else step.new))
        model = None if table is None else _model(truth, table, made)
        if table is None or model is None:
            continue
        for name, column in _columns(step):
            if (table, name) not in fresh and model.field_of(name) is None:
                model.fields[field_name(name)] = _field(truth, name, column, step)
        if isinstance(step, AddColumn):
            fresh.add((table, step.column.name))
        if isinstance(step, RenameColumn):
            fresh.add((table, step.new))
        if not any((table, name) in fresh for name, _ in _columns(step)):
            _objects(truth, model, step)


def _model(truth: Truth, table: TableName, made: set[TableName]) -> Model | None:
    if table in made or table.schema is not None:
        return None
    known = truth.model(table)
    if known is not None:
        return known
    model = Model(app=truth.app, name=model_name(table.name, truth.app))
    if model.table != table.name:
        model.options["db_table"] = truth.quotes.text(table.name)
    model.fields["id"] = constructed(
        "models.BigAutoField",
        auto_created="True",
        primary_key="True",
        serialize="False",
        verbose_name=truth.quotes.text("ID"),
    )
    truth.state.models[truth.app, model.name.lower()] = model
    return model


def _columns(step: Step) -> Iterable[tuple[str, Column | None]]:
    match step:
        case (
            DropColumn(column=column)
            | ChangeType(column=column)
            | SetNotNull(column=column)
            | DropNotNull(column=column)
            | SetDefault(column=column)
        ):
            yield column.name, column
        case RebuildTable(before=before):
            for column in before.columns:
                yield column.name, column
        case AddIndex(index=index) | DropIndex(index=index):
            for name in index.columns:
                yield name, None
        case (
            AddForeignKey(constraint=constraint)
            | AddCheck(constraint=constraint)
            | AddUnique(constraint=constraint)
            | DropConstraint(constraint=constraint)
        ):
            for name in getattr(constraint, "columns", ()):
                yield name, None
        case RenameColumn(old=name):
            yield name, None
        case CreateSync(sync=sync):
            for name in sync.olds:
                yield name, None
        case _ if isinstance(step, Batched) and not HIDDEN_TYPES & {*step.key_types}:
            for name in step.key:
                yield name, None
        case _:
            return


def _field(truth: Truth, name: str, column: Column | None, step: Step) -> Call:
    found = None
    if column is not None:
        found = column_field(column, truth.dialect.name, truth.quotes, truth.version)
    if found is None:
        keyed = isinstance(step, AddForeignKey) or relation_name(name) != field_name(name)
        found = constructed("models.BigIntegerField" if keyed else "models.TextField")
    return found


def _objects(truth: Truth, model: Model, step: Step) -> None:
    match step:
        case DropIndex(index=index) if not index.unique:
            made = index_call(truth, model, index)
            if made is not None:
                model.indexes[index.name] = made
        case RenameIndex(old=old):
            model.indexes.setdefault(old, constructed("models.Index", name=truth.quotes.text(old)))
        case DropConstraint(constraint=Check() as check) if check.name:
            made = check_call(truth, model, check)
            if made is not None:
                model.constraints[check.name] = made
        case DropConstraint(constraint=Unique() as unique) if unique.name:
            made = unique_call(truth, model, unique)
            if made is not None:
                model.constraints[unique.name] = made
        case DropConstraint(constraint=ForeignKey() as key) if len(key.columns) == 1:
            _model(truth, key.ref_table, set())
            plain = model.fields.pop(field_name(key.columns[0]), None)
            relation = None if plain is None else relation_call(truth, model, key, plain)
            if relation is not None:
                model.fields[relation_name(key.columns[0])] = relation.having(db_index=None)
        case _:
            return
