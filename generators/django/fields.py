"""Columns as model fields: the class whose type is the column's, and nothing where there is none."""

from __future__ import annotations

import re

from generators.django.source import Call, constructed
from generators.python.code import Quotes
from generators.python.text import literal_text
from wizard.model.schema import Column

_PLAIN: dict[str, dict[str, str]] = {
    "postgresql": {
        "smallint": "SmallIntegerField", "integer": "IntegerField", "bigint": "BigIntegerField",
        "text": "TextField", "boolean": "BooleanField", "date": "DateField",
        "timestamp with time zone": "DateTimeField", "time without time zone": "TimeField",
        "uuid": "UUIDField", "jsonb": "JSONField", "double precision": "FloatField",
        "bytea": "BinaryField", "interval": "DurationField", "inet": "GenericIPAddressField",
    },
    "mysql": {
        "smallint": "SmallIntegerField", "int": "IntegerField", "bigint": "BigIntegerField",
        "smallint unsigned": "PositiveSmallIntegerField", "int unsigned": "PositiveIntegerField",
        "bigint unsigned": "PositiveBigIntegerField", "longtext": "TextField",
        "tinyint(1)": "BooleanField", "date": "DateField", "datetime(6)": "DateTimeField",
        "time(6)": "TimeField", "json": "JSONField", "double": "FloatField",
        "longblob": "BinaryField", "uuid": "UUIDField", "char(32)": "UUIDField",
    },
    "sqlite": {
        "smallint": "SmallIntegerField", "integer": "IntegerField", "bigint": "BigIntegerField",
        "text": "TextField", "bool": "BooleanField", "date": "DateField",
        "datetime": "DateTimeField", "time": "TimeField", "char(32)": "UUIDField",
        "real": "FloatField", "blob": "BinaryField",
        "integer unsigned": "PositiveIntegerField",
    },
}  # fmt: skip
_AUTO = {
    "SmallIntegerField": "SmallAutoField",
    "IntegerField": "AutoField",
    "BigIntegerField": "BigAutoField",
}
_VARCHAR = re.compile(r"(?:character varying|varchar)\((\d+)\)", re.IGNORECASE)
_DECIMAL = re.compile(r"(?:numeric|decimal)\((\d+),\s*(\d+)\)", re.IGNORECASE)
_DISPLAY = re.compile(r"^(smallint|int|bigint)\(\d+\)", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NOW = re.compile(r"(?i)^(now\(\)|current_timestamp(\(\d*\))?)$")
#: The arguments that say a class's type and belong to no other class.
TYPE_ARGUMENTS = ("max_length", "max_digits", "decimal_places", "unpack_ipv4")
#: The first Django with `db_default`, and with `db_comment`.
DB_DEFAULT = (5, 0)
DB_COMMENT = (4, 2)


def field_type(column_type: str, engine: str) -> Call | None:
    """Return the field of a column type without its options, None where Django has no such type."""
    engine = "mysql" if engine == "mariadb" else engine
    plain = _DISPLAY.sub(r"\1", column_type.strip().lower())
    known = _PLAIN.get(engine, {}).get(plain)
    if known is not None:
        return constructed(f"models.{known}")
    match = _VARCHAR.fullmatch(plain)
    if match:
        return constructed("models.CharField", max_length=match[1])
    match = _DECIMAL.fullmatch(plain)
    if match:
        return constructed("models.DecimalField", max_digits=match[1], decimal_places=match[2])
    return None


def column_field(
    column: Column, engine: str, quotes: Quotes, version: tuple[int, int], *, key: bool = False
) -> Call | None:
    """Return the field of a column; None when no field says just that."""
    found = field_type(column.base or column.type, engine)
    if found is None or column.generated is not None:
        return None
    if column.collation is not None:
        if found.kind not in ("CharField", "TextField"):
            return None
        found = found.having(db_collation=quotes.text(column.collation))
    if column.comment is not None and version >= DB_COMMENT:
        found = found.having(db_comment=quotes.text(column.comment))
    if column.identity is not None or (
        key and engine == "sqlite" and column.type.lower() == "integer"
    ):
        auto = _AUTO.get(found.kind)
        if auto is None or not key:
            return None
        return constructed(f"models.{auto}", primary_key="True", serialize="False")
    if key:
        return found.having(primary_key="True", serialize="False")
    if column.nullable:
        found = found.having(null="True", blank="True")
    return with_default(found, column.default, quotes, version)


def with_default(
    field: Call, default: str | None, quotes: Quotes, version: tuple[int, int]
) -> Call:
    """Return the field with a default of the database.

    Before 5.0 Django knows none: a constant is said as its own default, anything else not at all.
    """
    if version >= DB_DEFAULT:
        if default is None:
            return field.having(db_default=None)
        source, line = _default(default, field, quotes)
        changed = field.having(db_default=source)
        return changed if line is None else _importing(changed, line)
    value = None if default is None else constant(default, field, quotes)
    return field if value is None or field.get("default") else field.having(default=value)


def _importing(field: Call, line: str) -> Call:
    return Call(
        function=field.function,
        items=field.items,
        keywords=field.keywords,
        imports=field.imports | {line},
    )


def _default(default: str, field: Call, quotes: Quotes) -> tuple[str, str | None]:
    value = constant(default, field, quotes)
    if value is not None:
        return value, None
    if _NOW.match(default.strip()):
        return "Now()", "from django.db.models.functions import Now"
    return (
        f"RawSQL({quotes.text(default)}, ())",
        "from django.db.models.expressions import RawSQL",
    )


def constant(default: str, field: Call, quotes: Quotes) -> str | None:
    """Return a constant default as Python source, None for an expression."""
    plain = default.strip()
    if field.kind == "BooleanField" and plain.lower() in ("true", "false", "0", "1"):
        return str(plain.lower() in ("true", "1"))
    if _NUMBER.fullmatch(plain):
        return quotes.text(plain) if field.kind == "DecimalField" and "." in plain else plain
    text = literal_text(plain)
    if text is None or field.kind not in ("CharField", "TextField"):
        return None
    return quotes.text(text)


def is_constant(field: Call) -> bool:
    """Tell whether Django itself adds a column of this field as the plan does: by a constant."""
    given = field.get("db_default")
    return given is None or "(" not in given
