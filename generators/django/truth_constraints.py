"""Checks and unique constraints in the models."""

from __future__ import annotations

from collections.abc import Sequence

from generators.django.conditions import condition, only_not_null
from generators.django.source import Call, constructed
from generators.django.state import Model
from generators.django.truth import RELATIONS, Change, Truth
from wizard.model.names import TableName
from wizard.model.schema import Check, ForeignKey, Unique
from wizard.model.steps import AddForeignKey, DropConstraint

#: The first Django with `nulls_distinct`.
NULLS_DISTINCT = (5, 0)


def add_check(truth: Truth, table: TableName, check: Check) -> list[Change]:
    """Return a new check of the models; none for one that only stands for NOT NULL."""
    model = truth.model(table)
    if model is None or only_not_null(check.expression, truth.dialect.name):
        return []
    if any(truth.goes(table, one) or model.field_of(one) is None for one in check.columns):
        return []
    made = check_call(truth, model, check)
    if made is None or check.name is None:
        truth.outside(f"the check {check.name}", "such a condition")
        return []
    return add_constraint(truth, model, check.name, made)


def check_call(truth: Truth, model: Model, check: Check) -> Call | None:
    """Return a check as the models say it, None where no ``Q`` says just the same."""
    made = condition(check.expression, model, truth.dialect.name, truth.quotes)
    if made is None or check.name is None:
        return None
    word = "condition" if truth.version >= (5, 1) else "check"
    return constructed("models.CheckConstraint", **{word: made}, name=truth.quotes.text(check.name))


def add_unique(truth: Truth, table: TableName, unique: Unique) -> list[Change]:
    """Return a new unique constraint of the models."""
    model = truth.model(table)
    if model is None or unique.name is None:
        return []
    names = [model.field_of(one) for one in unique.columns]
    known = model.fields.get(names[0] or "") if len(names) == 1 else None
    made = unique_call(truth, model, unique)
    if made is None or (known is not None and known.get("unique") == "True"):
        return []
    return add_constraint(truth, model, unique.name, made)


def unique_call(truth: Truth, model: Model, unique: Unique) -> Call | None:
    """Return a unique constraint as the models say it, None where a column has no field."""
    names = [model.field_of(one) for one in unique.columns]
    known = not unique.nulls_not_distinct or truth.version >= NULLS_DISTINCT
    if None in names or unique.name is None or not known:
        return None
    fields = ", ".join(truth.quotes.text(str(one)) for one in names)
    moment = "DEFERRED" if unique.initially_deferred else "IMMEDIATE"
    return constructed(
        "models.UniqueConstraint",
        fields=f"[{fields}]",
        name=truth.quotes.text(unique.name),
        deferrable=f"models.Deferrable.{moment}" if unique.deferrable else None,
        nulls_distinct="False" if unique.nulls_not_distinct else None,
    )


def add_constraint(truth: Truth, model: Model, name: str, made: Call) -> list[Change]:
    """Put a constraint into a model's options."""
    model.constraints[name] = made
    return [
        truth.done(
            model,
            "AddConstraint",
            f"Meta.constraints: {made.text()}",
            name=None,
            constraint=made,
        )
    ]


def drop_constraint(truth: Truth, table: TableName, constraint: object) -> list[Change]:
    """Return what says a constraint no longer, wherever the models say it."""
    model = truth.model(table)
    if model is None:
        return []
    name = getattr(constraint, "name", None)
    if name is not None and name in model.constraints:
        del model.constraints[name]
        text = truth.quotes.text(name)
        return [truth.done(model, "RemoveConstraint", f"no constraint {name}", name=text)]
    match constraint:
        case Unique(columns=columns):
            names = tuple(str(model.field_of(one)) for one in columns)
            groups = [one for one in model.together if one == names]
            if groups:
                return alter_together(truth, model, groups)
            known = model.fields.get(names[0]) if len(names) == 1 else None
            if known is not None and known.get("unique") == "True":
                return truth.alter(table, columns[0], unique=None)
        case ForeignKey(columns=(column,)):
            stays = any(
                isinstance(one, AddForeignKey)
                and (one.table, one.constraint.columns) == (table, (column,))
                for one in truth.whole
            )
            _, _, known = truth.known(table, column)
            if known is not None and known.kind in RELATIONS and not stays:
                return truth.alter(table, column, db_constraint="False")
        case _:
            pass
    return []


def rename_constraint(truth: Truth, table: TableName, old: str, new: str) -> list[Change]:
    """Give a constraint another name, unless it makes way for its twin."""
    model = truth.model(table)
    dropped = any(
        isinstance(one, DropConstraint) and (one.table, one.constraint.name) == (table, new)
        for one in truth.whole
    )
    if model is None or old not in model.constraints or dropped:
        return []
    made = model.constraints.pop(old).having(name=truth.quotes.text(new))
    gone = truth.done(
        model, "RemoveConstraint", f"no constraint {old}", name=truth.quotes.text(old)
    )
    return [gone, *add_constraint(truth, model, new, made)]


def alter_together(truth: Truth, model: Model, without: Sequence[tuple[str, ...]]) -> list[Change]:
    """Take groups out of ``unique_together``."""
    model.together = tuple(one for one in model.together if one not in without)
    groups = ", ".join(
        f"({', '.join(truth.quotes.text(each) for each in one)})" for one in model.together
    )
    value = f"{{{groups}}}" if groups else "set()"
    call = constructed(
        "migrations.AlterUniqueTogether",
        name=truth.quotes.text(model.name.lower()),
        unique_together=value,
    )
    return [Change(call=call, model=model.name, told=f"Meta.unique_together = {value}")]
