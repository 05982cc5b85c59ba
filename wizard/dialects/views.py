"""The query of a view with a column of its table under another name.

Only what is sure to mean that column is renamed; where a word may mean another, there is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.dialects.lexing import Unreadable, tokens
from wizard.dialects.parsing import sqlglot_name
from wizard.model.names import TableName

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope


class _Unclear(Exception):
    """A word may or may not mean the column."""


def with_column_renamed(
    definition: str, table: TableName, old: str, new: str, dialect: str
) -> str | None:
    """Return CREATE VIEW … AS with ``new``, quoted already, read instead of the column ``old``.

    The view shows the same columns: what it showed as ``old`` keeps that name. The same text comes
    back where it does not name the column. None where it cannot be told what means the column.
    """
    start = _query(definition, dialect)
    if start is None:
        return None
    query = definition[start:]
    try:
        places = _places(query, table, old, dialect)
    except (_Unclear, Unreadable):
        return None
    for begin, end, bare in sorted(places, reverse=True):
        shown = f"{new} AS {query[begin:end]}" if bare else new
        query = query[:begin] + shown + query[end:]
    return definition[:start] + query


def _query(definition: str, dialect: str) -> int | None:
    """Return where the query of CREATE VIEW starts."""
    try:
        found = tokens(definition, dialect)
    except Unreadable:
        return None
    return next((one.end for one in found if one.upper == "AS" and one.depth == 0), None)


def _places(query: str, table: TableName, old: str, dialect: str) -> set[tuple[int, int, bool]]:
    """Return where the column stands, and whether it is shown there under its own name."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    tree = _tree(query, dialect)
    found: set[tuple[int, int, bool]] = set()
    scopes = traverse_scope(tree)
    if not scopes:
        raise _Unclear
    for scope in scopes:
        _refuse_shapes(scope, table, old, dialect)
        for column in scope.columns:
            if _folded(column.this, dialect) != _plain(old, dialect):
                continue
            source = _source(scope, column)
            if not isinstance(source, exp.Table) or not _is(source, table, dialect):
                continue
            place = column.this.meta
            if "start" not in place:
                raise _Unclear
            bare = isinstance(column.parent, exp.Select) and column.arg_key == "expressions"
            if not bare and _names_itself(column):
                raise _Unclear
            found.add((place["start"], place["end"] + 1, bare))
    return found


def _tree(query: str, dialect: str) -> exp.Expr:
    import logging

    import sqlglot
    from sqlglot.errors import SqlglotError

    logger = logging.getLogger("sqlglot")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        parsed = sqlglot.parse(query, read=sqlglot_name(dialect))
    except (SqlglotError, RecursionError):
        raise _Unclear from None
    finally:
        logger.setLevel(before)
    if len(parsed) != 1 or parsed[0] is None:
        raise _Unclear
    return parsed[0]


def _refuse_shapes(scope: Scope, table: TableName, old: str, dialect: str) -> None:
    """Raise _Unclear for joins by name, columns listed anew, and stars over the table."""
    from sqlglot import exp

    own = [one for one in scope.sources.values() if isinstance(one, exp.Table)]
    mine = [one for one in own if _is(one, table, dialect)]
    if not mine:
        return
    for one in mine:
        alias = one.args.get("alias")
        if alias is not None and alias.args.get("columns"):
            raise _Unclear
    for join in scope.find_all(exp.Join):
        named = [_folded(one, dialect) for one in join.args.get("using") or ()]
        if join.args.get("method") == "NATURAL" or _plain(old, dialect) in named:
            raise _Unclear
    if any(isinstance(one.parent, exp.Select | exp.Column) for one in scope.find_all(exp.Star)):
        raise _Unclear


def _source(scope: Scope, column: exp.Column) -> Any:
    """Return the table, or the inner query, to which a column belongs."""
    if not column.table:
        sources = list(scope.sources.values())
        if len(sources) > 1:
            raise _Unclear
        return sources[0] if sources else None
    current: Any = scope
    while current is not None:
        if column.table in current.sources:
            return current.sources[column.table]
        current = current.parent
    return None


def _is(source: exp.Table, table: TableName, dialect: str) -> bool:
    name = _folded(source.this, dialect)
    schema = source.args.get("db")
    if name != _plain(table.name, dialect):
        return False
    if (schema is None) != (table.schema is None):
        raise _Unclear
    return schema is None or _folded(schema, dialect) == table.schema


def _names_itself(column: exp.Column) -> bool:
    """Tell whether an output column without a name of its own is made from the column."""
    from sqlglot import exp

    node: exp.Expr | None = column
    while node is not None and node.arg_key != "expressions":
        node = node.parent
        if isinstance(node, exp.Alias | exp.Subquery | exp.Query):
            return False
    return node is not None and isinstance(node.parent, exp.Select)


def _folded(name: Any, dialect: str) -> str:
    text = str(name.name)
    quoted = bool(name.args.get("quoted"))
    return text if quoted and dialect == "postgresql" else text.lower()


def _plain(name: str, dialect: str) -> str:
    return name if dialect == "postgresql" else name.lower()
