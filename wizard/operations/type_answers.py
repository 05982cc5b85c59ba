"""A change of type as it is answered: the type itself, and how values are converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.schema import Table
from wizard.operations.base import Context
from wizard.operations.common import flag_value, read_column, require, text
from wizard.operations.retyping import Retype


def read_retype(values: Mapping[str, Value], table: Table, context: Context) -> Retype:
    """Return the change of type that was asked for; raises AnswerError for what does not fit."""
    dialect = context.dialect
    column = read_column(table, require(values, "column"))
    given, collation = text(values, "type"), text(values, "collation")
    if given is None and collation is None:
        given = require(values, "type")
    kind = column.type
    if given is not None:
        kind = dialect.check_type(given, enums=context.enums, flag="--type")
    if collation is not None:
        collation = dialect.check_name(collation, flag="--collation")
    using, back = (
        None if one is None else dialect.check_expression(one, flag=f"--{key}")
        for key in ("using", "back")
        for one in (text(values, key),)
    )
    for key, one in (("using", using), ("back", back)):
        _refuse_others(one, column.name, key, context)
    to = replace(column, type=kind, collation=collation, base=None)
    way = dialect.conversion(column, to, using=using, back=back, enums=context.enums)
    if collation is None and way.alike:
        to = replace(to, collation=column.collation)
    home = dialect.conversion(to, column, using=back, back=using, enums=context.enums)
    return Retype(table=table, column=column, to=to, way=way, home=home, using=using, back=back)


def _refuse_others(expression: str | None, column: str, key: str, context: Context) -> None:
    if expression is None:
        return
    read = context.dialect.columns_in(expression)
    others = sorted(one for one in read if one.lower() != column.lower())
    if others:
        raise AnswerError(
            "conversion-reads-others",
            f"the conversion {expression} reads {', '.join(others)}",
            why=f"It makes a value of {column} out of {column} alone: a change of another column "
            "would be missed.",
            next_actions=(f"text goes in single quotes: '{others[0]}'",),
            flag=f"--{key}",
        )


def ask_zone(values: Mapping[str, Value], retype: Retype) -> None:
    """Raise AnswerError unless somebody has said that the stored values are UTC."""
    if flag_value(values, "utc", default=False):
        return
    said = values.get("utc") is not None
    name, column = retype.name, retype.column.name
    raise AnswerError(
        "zone-unknown",
        f"the values of {name} are {'not UTC' if said else 'of no known zone'}",
        why="Between a time with a zone and one without, each session converts by its own zone.",
        next_actions=(
            "say --utc if every stored value is UTC",
            f"or name the zone: --using \"{column} AT TIME ZONE 'Europe/Berlin'\"",
        ),
        flag="--utc",
    )
