"""What the affinity of a declared type of SQLite makes of values: it converts or keeps, never fails.

The rules: SQLite documentation, Datatypes In SQLite, Determination Of Column Affinity.
"""

from __future__ import annotations

from wizard.dialects.base import Conversion
from wizard.dialects.sqlite.words import quote
from wizard.model.schema import Column


def affinity(declared: str) -> str:
    """Return the affinity of a declared type: ``integer``, ``text``, ``blob``, ``real``, ``numeric``."""
    kind = declared.upper()
    if "INT" in kind:
        return "integer"
    if any(one in kind for one in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if not kind or "BLOB" in kind:
        return "blob"
    if any(one in kind for one in ("REAL", "FLOA", "DOUB")):
        return "real"
    return "numeric"


def neutral(declared: str) -> str | None:
    """Return a constant that says nothing; None for a type that keeps whatever it is given."""
    kind = affinity(declared)
    return None if kind == "blob" else "''" if kind == "text" else "0"


def conversion(column: Column, to: Column, *, using: str | None, back: str | None) -> Conversion:
    """Return how values go from one declared type to another."""
    name, before, after = quote(column.name), affinity(column.type), affinity(to.type)
    numbers = ("integer", "real", "numeric")

    def fits(source: str, target: str) -> str:
        # A text that is no number stays a text in a column of numbers. Against a number it is
        # compared as a number if it is one.
        apart = target in numbers and source == "text"
        return f"{name} = CAST({name} AS NUMERIC)" if apart else ""

    return Conversion(
        to_new=using or name,
        to_old=back or name,
        plain=using or name,
        fits=None if using else fits(before, after),
        returns=None if back else fits(after, before),
        exact=not using and (before == after or (before, after) == ("integer", "text")),
        alike=not using and (before == after or {before, after} <= set(numbers)),
    )
