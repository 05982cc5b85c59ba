"""SQL conditions as ``Q`` objects, where one says just the same; otherwise nothing."""

from __future__ import annotations

from generators.django.state import Model
from generators.python.code import Quotes


def condition(sql: str, model: Model, engine: str, quotes: Quotes) -> str | None:
    """Return the source of a ``Q`` for a condition over a model's columns, None where there is none.

    Comparisons of a column with a constant, IN, IS NULL, and what AND, OR and NOT make of them.
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    dialect = {"postgresql": "postgres", "mariadb": "mysql"}.get(engine, engine)
    try:
        tree = sqlglot.parse_one(sql, read=dialect)
    except SqlglotError:
        return None
    return _q(tree, model, quotes)


def only_not_null(sql: str, engine: str) -> bool:
    """Tell whether a check says no more than that one column holds a value."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    dialect = {"postgresql": "postgres", "mariadb": "mysql"}.get(engine, engine)
    try:
        tree: object = sqlglot.parse_one(sql, read=dialect)
    except SqlglotError:
        return False
    found = _null_test(tree)
    return found is not None and isinstance(found[0], exp.Column) and not found[1]


def _null_test(tree: object) -> tuple[object, bool] | None:
    """Return what a test for NULL looks at, and whether it wants NULL; None for anything else."""
    from sqlglot import exp

    wanted = True
    while isinstance(tree, exp.Paren | exp.Not):
        wanted = wanted is not isinstance(tree, exp.Not)
        tree = tree.this
    if not isinstance(tree, exp.Is) or not isinstance(tree.expression, exp.Null):
        return None
    return tree.this, wanted is not bool(tree.args.get("negate"))


def _q(tree: object, model: Model, quotes: Quotes) -> str | None:
    from sqlglot import exp

    lookups: dict[type, str] = {
        exp.EQ: "", exp.GT: "__gt", exp.GTE: "__gte", exp.LT: "__lt", exp.LTE: "__lte",
    }  # fmt: skip
    if isinstance(tree, exp.Paren):
        return _q(tree.this, model, quotes)
    if isinstance(tree, exp.And | exp.Or):
        left, right = _q(tree.this, model, quotes), _q(tree.expression, model, quotes)
        if left is None or right is None:
            return None
        return f"({left} {'&' if isinstance(tree, exp.And) else '|'} {right})"
    test = _null_test(tree)
    if test is not None:
        name = _field(test[0], model)
        return f"models.Q({name}__isnull={test[1]})" if name else None
    if isinstance(tree, exp.Not):
        inner = _q(tree.this, model, quotes)
        return f"~{inner}" if inner else None
    if isinstance(tree, exp.In) and tree.args.get("expressions"):
        name = _field(tree.this, model)
        values = [_value(one, quotes) for one in tree.expressions]
        if name is None or None in values:
            return None
        return f"models.Q({name}__in=[{', '.join(str(one) for one in values)}])"
    if isinstance(tree, exp.NEQ):
        name, value = _field(tree.this, model), _value(tree.expression, quotes)
        return f"~models.Q({name}={value})" if name and value else None
    lookup = lookups.get(type(tree))
    if lookup is None or not isinstance(tree, exp.Binary):
        return None
    name, value = _field(tree.this, model), _value(tree.expression, quotes)
    return f"models.Q({name}{lookup}={value})" if name and value else None


def _field(tree: object, model: Model) -> str | None:
    from sqlglot import exp

    while isinstance(tree, exp.Paren | exp.Cast):
        tree = tree.this
    if not isinstance(tree, exp.Column) or tree.table:
        return None
    return model.field_of(tree.name)


def _value(tree: object, quotes: Quotes) -> str | None:
    from sqlglot import exp

    while isinstance(tree, exp.Paren | exp.Cast):
        tree = tree.this
    if isinstance(tree, exp.Neg):
        inner = _value(tree.this, quotes)
        return f"-{inner}" if inner else None
    if isinstance(tree, exp.Boolean):
        return str(bool(tree.this))
    if isinstance(tree, exp.Literal):
        return quotes.text(tree.this) if tree.is_string else tree.this
    return None
