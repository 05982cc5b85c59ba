"""From answers to the columns of a new table, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar, cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.schema import Column, Generated
from wizard.operations.base import Context
from wizard.operations.common import choice, flag_value, read_names, require, text
from wizard.operations.definitions import Entry

T = TypeVar("T")


def flagged(flag: str, work: Callable[[], T]) -> T:
    """Do the work; what is wrong with it is wrong with the answer of this flag."""
    try:
        return work()
    except AnswerError as error:
        raise AnswerError(
            error.code,
            error.message,
            why=error.why,
            next_actions=tuple(one for one in error.next_actions if "--" not in one),
            flag=flag,
        ) from None


def primary_key(columns: tuple[Entry, ...], values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the key's columns: as answered, as marked, else the one that numbers itself."""
    given = read_names(values, "primary_key")
    if given:
        return given
    for mark in ("primary_key", "identity"):
        found = tuple(require(one, "name") for one in columns if one.get(mark))
        if found:
            return found if mark == "primary_key" else found[:1]
    return ()


def new_column(entry: Entry, key: tuple[str, ...], context: Context) -> Column:
    """Return one column; raises AnswerError for what the engine does not take."""
    dialect = context.dialect
    name = dialect.check_name(require(entry, "name"), flag="--columns")
    kind = dialect.check_type(require(entry, "type"), enums=context.enums, flag="--columns")
    identity = _identity(entry, name, kind, key, context)
    generated = text(entry, "generated")
    default = text(entry, "default")
    given = [what for what in (identity, generated, default) if what is not None]
    if len(given) > 1:
        raise AnswerError(
            "bad-answer",
            f"{name} has more than one of identity, generated and default",
            why="Each of them says where the value comes from.",
            flag="--columns",
        )
    nullable = flag_value(entry, "nullable", default=identity is None and name not in key)
    if nullable and (name in key or identity is not None):
        raise AnswerError(
            "bad-answer", f"{name} cannot be NULL: it is a key or numbers itself", flag="--columns"
        )
    return Column(
        name=name,
        type=kind,
        nullable=nullable,
        default=None if default is None else _default(default, name, context),
        identity=identity,
        generated=None
        if generated is None
        else Generated(
            expression=dialect.check_expression(generated, flag="--columns"),
            stored=flag_value(entry, "stored", default=True),
        ),
        comment=text(entry, "comment"),
    )


def _identity(
    entry: Entry, name: str, kind: str, key: tuple[str, ...], context: Context
) -> Literal["always", "by default"] | None:
    value = entry.get("identity")
    if value is None or value is False:
        return None
    found = (
        "by default" if value is True else choice(entry, "identity", ("always", "by default"), None)
    )
    lone = key == (name,) and kind.lower() == "integer"
    if not context.dialect.capabilities.identity and not lone:
        raise AnswerError(
            "no-identity",
            f"{context.dialect.label} cannot number {name}",
            why="It numbers only an integer column that is the primary key alone.",
            next_actions=(f"write {name} integer identity, or leave identity out",),
            flag="--columns",
        )
    return cast('Literal["always", "by default"] | None', found)


def _default(given: str, name: str, context: Context) -> str:
    checked = context.dialect.check_expression(given, flag="--columns")
    named = sorted(context.dialect.columns_in(checked))
    if named:
        raise AnswerError(
            "default-names-column",
            f"the default of {name} names a column: {', '.join(named)}",
            why="A default cannot read a row.",
            next_actions=(f"text goes in quotes: default '{given}'",),
            flag="--columns",
        )
    return checked
