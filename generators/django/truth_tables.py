"""Models that come, go and move to a table of another name."""

from __future__ import annotations

from generators.django.fields import column_field
from generators.django.naming import field_name, model_name
from generators.django.source import Call, constructed
from generators.django.state import Model
from generators.django.truth import Change, Truth
from generators.django.truth_columns import made_field
from generators.django.truth_constraints import add_check, add_unique
from generators.django.truth_indexes import add_index
from generators.django.truth_relations import automatic_key, unrelate
from wizard.model.names import TableName
from wizard.model.schema import Check, Table, Unique


def move_table(truth: Truth, table: TableName, new: str) -> list[Change]:
    """Give a model another table; many-to-many tables keep their names."""
    model = truth.model(table)
    if model is None:
        return []
    found: list[Change] = []
    for name, one in list(model.fields.items()):
        if one is not None and one.kind == "ManyToManyField" and not one.get("through"):
            # Its table's name is made of this one's, and stays what it is.
            pinned = one.get("db_table") or truth.quotes.text(f"{model.table}_{name}")
            found += truth.altered(model, name, one.having(db_table=pinned))
    model.options["db_table"] = truth.quotes.text(new)
    call = constructed(
        "migrations.AlterModelTable",
        name=truth.quotes.text(model.name.lower()),
        table=truth.quotes.text(new),
    )
    told = f"Meta.db_table = {truth.quotes.text(new)}"
    return [*found, Change(call=call, model=model.name, told=told)]


def create_table(truth: Truth, table: Table) -> list[Change]:
    """Return a new model with all that belongs to its table."""
    key = table.primary_key
    name = model_name(table.name.name, truth.app)
    model = Model(app=truth.app, name=name)
    if len(key) != 1:
        truth.outside(f"the table {table.name}", "a key of several columns, or of none")
        return []
    for column in table.columns:
        made: Call | None
        if column.name == key[0]:
            own_name = field_name(column.name)
            made = column_field(column, truth.dialect.name, truth.quotes, truth.version, key=True)
            if (
                made is not None
                and own_name == "id"
                and made.kind
                == automatic_key(
                    truth,
                )
            ):
                # As Django writes the key that nobody has declared.
                verbose = truth.quotes.text("ID")
                made = constructed(
                    made.function,
                    auto_created="True",
                    primary_key="True",
                    serialize="False",
                    verbose_name=verbose,
                )
        else:
            own_name, made = made_field(
                truth, model, column, truth.key_ahead(table.name, column.name)
            )
        if made is None:
            truth.outside(f"the table {table.name}", f"the type {column.type} of {column.name}")
            return []
        model.fields[own_name] = made
    if model.table != table.name.name:
        model.options["db_table"] = truth.quotes.text(table.name.name)
    truth.state.models[truth.app, name.lower()] = model
    pairs = ", ".join(
        f"({truth.quotes.text(one)}, {made.text()})"
        for one, made in model.fields.items()
        if made is not None
    )
    options = {**model.options}
    call = Call(
        function="migrations.CreateModel",
        keywords=(
            ("name", truth.quotes.text(name)),
            ("fields", f"[{pairs}]"),
            *(
                [
                    (
                        "options",
                        "{"
                        + ", ".join(f"{truth.quotes.text(k)}: {v}" for k, v in options.items())
                        + "}",
                    )
                ]
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
            found += add_index(truth, table.name, index)
    for one in table.constraints:
        if isinstance(one, Check):
            found += add_check(truth, table.name, one)
        elif isinstance(one, Unique):
            found += add_unique(truth, table.name, one)
    return found


def delete_table(truth: Truth, table: TableName) -> list[Change]:
    """Return the end of a model; what led to it becomes a plain field."""
    model = truth.model(table)
    if model is None:
        return []
    found = unrelate(truth, model)
    del truth.state.models[model.app, model.name.lower()]
    call = constructed("migrations.DeleteModel", name=truth.quotes.text(model.name.lower()))
    return [*found, Change(call=call, model=model.name, told="delete the class")]
