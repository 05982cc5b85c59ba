"""A default for a column that is on its way out, so that code which leaves it out can insert rows.

Setting a default is instant, while lifting NOT NULL rebuilds the table (safety.md MY-2).
"""

from __future__ import annotations

from wizard.dialects.lexing import word_set
from wizard.dialects.mysql_family.types import is_number, parts
from wizard.model.schema import Column

_VALUES = {
    **dict.fromkeys(("date",), "'1970-01-01'"),
    **dict.fromkeys(("datetime", "timestamp"), "'1970-01-02 00:00:00'"),
    "time": "'00:00:00'",
    "year": "1970",
    "json": "'{}'",
    "uuid": "'00000000-0000-0000-0000-000000000000'",
    "inet4": "'0.0.0.0'",
    "inet6": "'::'",
}
_TEXTS = word_set(
    "char varchar tinytext text mediumtext longtext binary varbinary tinyblob blob mediumblob "
    "longblob"
)


def filler(column: Column) -> str | None:
    """Return a literal of the column's type; None for a column that needs none, or of an odd type."""
    if column.nullable or column.default is not None or column.generated is not None:
        return None
    found = parts(column.type)
    if found.base in ("enum", "set"):
        return found.labels[0] if found.labels else None
    if found.base in _VALUES:
        return _VALUES[found.base]
    if is_number(column.type):
        return "0"
    return "''" if found.base in _TEXTS else None
