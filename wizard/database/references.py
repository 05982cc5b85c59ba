"""Which tables and columns a piece of SQL reads, as far as sqlglot understands it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.model.names import TableName

#: What sqlglot calls the dialects whose names differ.
_NAMES = {"postgresql": "postgres", "mariadb": "mysql"}


def columns_in(expression: str, known: Iterable[str], dialect: str) -> tuple[str, ...]:
    """Return those of the known columns that an expression names, in their own order.

    Falls back on the words of the text when the expression does not parse, which may name a
    column too many but none too few.
    """
    from sqlglot import exp

    names = tuple(known)
    tree = _parsed(f"SELECT {expression}", dialect)
    if tree is None:
        text = expression.lower()
        return tuple(name for name in names if name.lower() in text)
    # SQLite reads "x" as a text when no column has that name, hence the known names decide.
    used = {one.name.lower() for one in tree.find_all(exp.Column, exp.Identifier)}
    return tuple(name for name in names if name.lower() in used)


def tables_in(query: str, dialect: str) -> Mapping[TableName, frozenset[str] | None]:
    """Return the tables that a query or statement reads or writes, with the columns it names.

    Columns are in lower case; None stands for all columns, where ``*`` is written or where a
    column cannot be told from those of another table. Empty when the text does not parse.
    """
    from sqlglot import exp

    tree = _parsed(query, dialect)
    if tree is None:
        return {}

    def folded(name: Any) -> str | None:
        if name is None or dialect != "postgresql" or name.args.get("quoted"):
            return name.name if name is not None else None
        return str(name.name).lower()

    common = {one.alias_or_name.lower() for one in tree.find_all(exp.CTE)}
    tables: dict[str, TableName] = {}
    for table in tree.find_all(exp.Table):
        if table.name and not (table.name.lower() in common and not table.db):
            tables[table.alias_or_name.lower()] = TableName(
                folded(table.this) or "", folded(table.args.get("db")) or None
            )
    found: dict[TableName, set[str] | None] = {name: set() for name in tables.values()}

    def use(name: TableName, column: str | None) -> None:
        columns = found[name]
        if column is None or columns is None:
            found[name] = None
        else:
            columns.add(column)

    for star in tree.find_all(exp.Star):
        if isinstance(star.parent, exp.Select):
            for name in found:
                use(name, None)
    for column in tree.find_all(exp.Column):
        owner = tables.get(column.table.lower()) if column.table else None
        text = None if isinstance(column.this, exp.Star) else column.name.lower()
        if owner is not None:
            use(owner, text)
        elif not column.table:
            # Unqualified: it may belong to any of them, so each that has it counts.
            for name in found:
                use(name, text)
    return {
        name: None if columns is None else frozenset(columns) for name, columns in found.items()
    }


def _parsed(text: str, dialect: str) -> Any:
    import logging

    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    # A statement that sqlglot only half knows is reported through its logger, on stderr.
    logger = logging.getLogger("sqlglot")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        tree = sqlglot.parse_one(text, read=_NAMES.get(dialect, dialect))
    except (SqlglotError, RecursionError):
        return None
    finally:
        logger.setLevel(before)
    return None if isinstance(tree, exp.Command) else tree
