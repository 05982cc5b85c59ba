"""SQL types in the words of models: SQLAlchemy, Django and SeaORM entities, as snippets show them.

A table of its own, and not those of the generators: these must say a type exactly or not at all,
since a migration is made of it; a model only has to read and write the column. What is not in the
table is left to the developer, in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TYPE = re.compile(
    r"(?P<name>[a-z][a-z0-9 ]*?)\s*"
    r"(?:\(\s*(?P<first>\d+)\s*(?:,\s*(?P<second>\d+)\s*)?\))?"
    r"(?P<rest>(?: with(?:out)? time zone)?(?: unsigned)?)",
    re.IGNORECASE,
)
_ALIASES = {
    "character varying": "varchar", "nvarchar": "varchar", "character": "char", "bpchar": "char",
    "int": "integer", "int4": "integer", "mediumint": "integer", "int2": "smallint",
    "int8": "bigint", "bool": "boolean", "decimal": "numeric", "float8": "double",
    "double precision": "double", "float4": "real", "timestamptz": "timestamp with time zone",
    "timestamp without time zone": "timestamp", "datetime": "timestamp",
    "time without time zone": "time", "longtext": "text", "mediumtext": "text", "tinytext": "text",
    "bytea": "blob", "longblob": "blob", "mediumblob": "blob", "tinyblob": "blob",
    "varbinary": "blob", "binary": "blob",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelType:
    """A type in models. ``python`` and ``rust`` are types of attributes that are never empty.

    ``sqlalchemy`` is the type's expression, ``django`` a field class with its arguments;
    ``column_type`` is what SeaORM has to be told beside the Rust type, empty for nothing.
    """

    python: str
    sqlalchemy: str
    django: str
    django_arguments: tuple[str, ...] = ()
    rust: str
    column_type: str = ""


def _of(python: str, sqlalchemy: str, django: str, rust: str, column_type: str = "") -> ModelType:
    return ModelType(
        python=python,
        sqlalchemy=sqlalchemy,
        django=django,
        rust=rust,
        column_type=column_type,
    )


_PLAIN = {
    "smallint": _of("int", "SmallInteger", "SmallIntegerField", "i16"),
    "integer": _of("int", "Integer", "IntegerField", "i32"),
    "bigint": _of("int", "BigInteger", "BigIntegerField", "i64"),
    "smallint unsigned": _of("int", "Integer", "PositiveSmallIntegerField", "u16"),
    "integer unsigned": _of("int", "BigInteger", "PositiveIntegerField", "u32"),
    "bigint unsigned": _of("int", "BigInteger", "PositiveBigIntegerField", "u64"),
    "boolean": _of("bool", "Boolean", "BooleanField", "bool"),
    "text": _of("str", "Text", "TextField", "String", "Text"),
    "varchar": _of("str", "String", "TextField", "String"),
    "real": _of("float", "Float", "FloatField", "f32"),
    "float": _of("float", "Float", "FloatField", "f32"),
    "double": _of("float", "Double", "FloatField", "f64"),
    "date": _of("datetime.date", "Date", "DateField", "Date"),
    "time": _of("datetime.time", "Time", "TimeField", "Time"),
    "timestamp": _of("datetime.datetime", "DateTime", "DateTimeField", "DateTime"),
    "timestamp with time zone": _of(
        "datetime.datetime", "DateTime(timezone=True)", "DateTimeField", "DateTimeWithTimeZone"
    ),
    "interval": _of("datetime.timedelta", "Interval", "DurationField", "String"),
    "uuid": _of("uuid.UUID", "Uuid", "UUIDField", "Uuid"),
    "json": _of("dict[str, Any]", "JSON", "JSONField", "Json"),
    "jsonb": _of("dict[str, Any]", "JSONB", "JSONField", "Json", "JsonBinary"),
    "blob": _of("bytes", "LargeBinary", "BinaryField", "Vec<u8>"),
}


def model_type(text: str) -> ModelType | None:
    """Return an SQL type, as an engine writes it, in the words of models; None for an unusual one."""
    match = _TYPE.fullmatch(text.strip().lower())
    if match is None:
        return None
    first, second = match["first"], match["second"]
    written = f"{match['name']}{match['rest']}"
    name = _ALIASES.get(written) or f"{_ALIASES.get(match['name'], match['name'])}{match['rest']}"
    name = _ALIASES.get(name, name)
    if name in ("varchar", "char") and first:
        return ModelType(
            python="str",
            sqlalchemy=f"{'String' if name == 'varchar' else 'CHAR'}({first})",
            django="CharField",
            django_arguments=(f"max_length={first}",),
            rust="String",
            column_type=f"String(StringLen::N({first}))"
            if name == "varchar"
            else f"Char(Some({first}))",
        )
    if name == "numeric" and first:
        scale = second or "0"
        return ModelType(
            python="decimal.Decimal",
            sqlalchemy=f"Numeric({first}, {scale})",
            django="DecimalField",
            django_arguments=(f"max_digits={first}", f"decimal_places={scale}"),
            rust="Decimal",
            column_type=f"Decimal(Some(({first}, {scale})))",
        )
    if name == "tinyint":
        return _PLAIN["boolean" if first == "1" else "smallint"]
    # A length that only tells how to show a number, or how many digits a second has.
    return _PLAIN.get(name)
