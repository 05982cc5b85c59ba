"""Names and types that PostgreSQL gives to what DDL leaves open, for reading DDL offline.

Facts: CREATE TABLE and "Data Types" in the manual; names are cut as ``makeObjectName`` cuts them.
"""

from __future__ import annotations

import re

_TYPES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "float": "double precision",
    "float8": "double precision",
    "float4": "real",
    "bool": "boolean",
    "decimal": "numeric",
    "dec": "numeric",
    "varchar": "character varying",
    "char varying": "character varying",
    "char": "character",
    "bpchar": "character",
    "varbit": "bit varying",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "timetz": "time with time zone",
}
SERIALS = {
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
}
_TYPE = re.compile(
    r"([^\[(]*?)\s*(\([^)]*\))?\s*((?:with|without)\s+time\s+zone)?\s*((?:\[\s*\d*\s*\]|\s+array)*)",
    re.I,
)


def type_name(text: str, *, default_schema: str = "public") -> str:
    """Return a type as ``format_type`` writes it."""
    bare = re.sub(r"\s+", " ", text.strip())
    bare = re.sub(r"^(?:pg_catalog\.)", "", bare, flags=re.I)
    bare = re.sub(rf'^(?:"{default_schema}"|{default_schema})\.', "", bare, flags=re.I)
    match = _TYPE.fullmatch(bare)
    if match is None or '"' in bare:
        return bare
    name, modifier, zone, array = match.groups()
    lowered = name.lower()
    full = _TYPES.get(lowered, lowered)
    modifier = re.sub(r"\s", "", modifier or "")
    if lowered == "float" and modifier:
        full = "real" if int(modifier[1:-1]) <= 24 else "double precision"
        modifier = ""
    if zone:
        full = f"{lowered}{modifier} {' '.join(zone.lower().split())}"
    elif full.endswith("time zone") and modifier:
        head, _, tail = full.partition(" ")
        full = f"{head}{modifier} {tail}"
    elif lowered in ("char", "character") and not modifier:
        full = "character(1)"
    else:
        full += modifier
    return full + ("[]" if array.strip() else "")
