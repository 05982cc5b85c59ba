"""Foreign keys between models, and fields that stop being such."""

from __future__ import annotations

from dataclasses import replace

from generators.django.naming import field_name, relation_name
from generators.django.source import Call, constructed
from generators.django.state import Model
from generators.django.truth import RELATIONS, Change, Truth
from generators.django.truth_indexes import is_single
from wizard.model.names import TableName
from wizard.model.schema import ForeignKey
from wizard.model.steps import AddIndex, CreateTable, Step

ON_DELETE = {
    "cascade": "CASCADE",
    "set null": "SET_NULL",
    "set default": "SET_DEFAULT",
    "restrict": "PROTECT",
    "no action": "PROTECT",
}


def relation_call(truth: Truth, model: Model, key: ForeignKey, plain: Call) -> Call | None:
    """Return a foreign key's field; None where the model that it leads to is not known."""
    target = truth.model(key.ref_table)
    if target is None or len(key.columns) != 1:
        return None
    to = target.field_of(key.ref_columns[0])
    if to is None:
        return None
    if target.app != truth.app:
        truth.apps.add(target.app)
    indexed = truth.dialect.capabilities.keeps_index_of_key or any(
        _indexes(one, key.columns[0]) for one in truth.whole
    )
    found = constructed(
        "models.ForeignKey",
        to=truth.quotes.text(f"{target.app}.{target.name.lower()}"),
        on_delete=f"models.{ON_DELETE[key.on_delete]}",
        to_field=None if target.key == key.ref_columns[0] else truth.quotes.text(to),
        db_index=None if indexed else "False",
        # Two keys to one model cannot both give it a reverse name of the same default.
        related_name=truth.quotes.text("+") if _refers(model, target) else None,
    )
    kept = {name: plain.get(name) for name in ("null", "blank", "db_default", "default")}
    return replace(found.having(**kept), imports=plain.imports)


def add_key(truth: Truth, table: TableName, key: ForeignKey) -> list[Change]:
    """Make a field a foreign key, or have its constraint again."""
    model = truth.model(table)
    name = model.field_of(key.columns[0]) if model is not None and len(key.columns) == 1 else None
    known = model.fields[name] if model is not None and name else None
    if model is None or name is None or known is None:
        return []
    if known.kind in RELATIONS:
        return truth.altered(model, name, known.having(db_constraint=None))
    relation = relation_call(truth, model, key, known)
    if relation is None:
        truth.outside(f"the foreign key {key.name}", "a model of the table it leads to")
        return []
    if known.get("db_index") == "True":
        relation = relation.having(db_index=None)
    if known.get("unique") == "True":
        relation = replace(relation.having(db_index=None), function="models.OneToOneField")
    wanted = relation_name(key.columns[0])
    if f"{wanted}_id" != key.columns[0]:
        relation = relation.having(db_column=truth.quotes.text(key.columns[0]))
    return [*truth.renamed_to(model, name, wanted), *truth.altered(model, wanted, relation)]


def unrelate(truth: Truth, gone: Model) -> list[Change]:
    """Turn fields that lead to a model into plain ones: the columns stay."""
    found: list[Change] = []
    wanted = f"{gone.app}.{gone.name.lower()}"
    key = gone.fields.get(gone.field_of(gone.key or "") or "")
    kinds = {"BigAutoField": "BigIntegerField", "AutoField": "IntegerField"}
    for model in list(truth.state.models.values()):
        for name, one in list(model.fields.items()):
            if one is None or one.kind not in RELATIONS or model is gone or key is None:
                continue
            to = (one.get("to") or (one.items[0] if one.items else "")).strip("'\"").lower()
            if to not in (wanted, gone.name.lower()) or model.app != truth.app:
                continue
            column = model.column(name) or name
            kind = kinds.get(key.kind, key.kind)
            plain = constructed(f"models.{kind}").having(null=one.get("null"))
            found += truth.renamed_to(model, name, field_name(column))
            found += truth.altered(model, field_name(column), plain)
    return found


def automatic_key(truth: Truth) -> str:
    """Return the class of keys that nobody has declared, as this app's models have it."""
    for model in truth.state.models.values():
        key = model.fields.get("id")
        if model.app == truth.app and key is not None and key.get("auto_created") == "True":
            return key.kind
    return "BigAutoField"


def _indexes(step: Step, column: str) -> bool:
    made = step.table.indexes if isinstance(step, CreateTable) else ()
    if isinstance(step, AddIndex):
        made = (step.index,)
    return any(is_single(one) and one.columns == (column,) for one in made)


def _refers(model: Model, target: Model) -> bool:
    wanted = (f"{target.app}.{target.name.lower()}", target.name.lower())
    for one in model.fields.values():
        if one is None or one.kind not in (*RELATIONS, "ManyToManyField"):
            continue
        to = (one.get("to") or (one.items[0] if one.items else "")).strip("'\"").lower()
        if to in wanted and one.get("related_name") is None:
            return True
    return False
