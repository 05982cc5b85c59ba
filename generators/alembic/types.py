"""SQL types as SQLAlchemy writes them. What it has no word for is left to plain SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generators.python.code import Group, Node, Quotes, call, keyword

_TYPE = re.compile(
    r"(?P<name>[a-z_][a-z0-9_]*(?: (?:varying|precision))?)\s*"
    r"(?:\(\s*(?P<args>\d+(?:\s*,\s*-?\d+)?)\s*\))?"
    r"(?P<zone> with(?:out)? time zone)?"
    r"(?P<array>(?:\[\])*)",
    re.IGNORECASE,
)
_USER = re.compile(
    r'(?:(?P<schema>[A-Za-z_]\w*|"[^"]+")\.)?(?P<name>[A-Za-z_]\w*|"[^"]+")(?P<array>(?:\[\])*)'
)
_ALIASES = {
    "varchar": "character varying", "char": "character", "bpchar": "character", "int": "integer",
    "int4": "integer", "int2": "smallint", "int8": "bigint", "bool": "boolean",
    "float8": "double precision", "float4": "real", "decimal": "numeric", "timestamptz": "timestamp",
    "timetz": "time", "varbit": "bit varying",
}  # fmt: skip
_PLAIN = {
    "smallint": "sa.SmallInteger", "integer": "sa.Integer", "bigint": "sa.BigInteger",
    "boolean": "sa.Boolean", "real": "sa.REAL", "double precision": "sa.Double",
    "date": "sa.Date", "json": "sa.JSON",
}  # fmt: skip
_POSTGRESQL = {
    "bytea": "sa.LargeBinary", "uuid": "sa.Uuid", "interval": "sa.Interval",
    **{
        name: f"postgresql.{name.upper()}"
        for name in (
            "jsonb", "inet", "cidr", "macaddr", "macaddr8", "money", "oid", "regclass", "tsvector",
            "tsquery", "hstore", "citext", "int4range", "int8range", "numrange", "daterange",
            "tsrange", "tstzrange", "int4multirange", "int8multirange", "nummultirange",
            "datemultirange", "tsmultirange", "tstzmultirange",
        )
    },
}  # fmt: skip
_SQLITE = {"blob": "sa.LargeBinary", "datetime": "sa.DateTime", "float": "sa.Float",
           "double": "sa.Double"}  # fmt: skip
#: Built in or from extensions, and unknown to SQLAlchemy: never an enumerated type.
_WORDLESS = frozenset(
    {
        "ltree", "lquery", "ltxtquery", "cube", "geometry", "geography", "vector", "halfvec",
        "sparsevec", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "name",
        "pg_lsn", "xid", "xid8", "txid_snapshot", "pg_snapshot", "jsonpath", "seg", "isbn", "isbn13",
        "regtype", "regproc", "regprocedure", "regrole", "regnamespace", "regconfig", "record",
        "serial", "bigserial", "smallserial", "raster", "semver", "timetz", "bit",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeForm:
    """A type in Python; ``postgresql`` says that the file must import SQLAlchemy's dialect."""

    node: Node

    @property
    def postgresql(self) -> bool:
        """Whether the expression names SQLAlchemy's PostgreSQL dialect."""
        return "postgresql." in _text(self.node)


def type_form(
    text: str, *, dialect: str, quotes: Quotes, collation: str | None = None
) -> TypeForm | None:
    """Return the type in Python, None when SQLAlchemy has no exact word for it."""
    match = _TYPE.fullmatch(text.strip())
    node = _built_in(match, dialect, quotes, collation) if match else None
    if node is not None and match is not None:
        depth = len(match["array"]) // 2
    elif dialect == "postgresql" and collation is None:
        node, depth = _enumerated(text.strip(), quotes)
    else:
        return None
    if node is None:
        return None
    if depth:
        more = keyword("dimensions", str(depth)) if depth > 1 else None
        node = call("postgresql.ARRAY", node, more)
    return TypeForm(node=node)


def _built_in(
    match: re.Match[str], dialect: str, quotes: Quotes, collation: str | None
) -> Node | None:
    written = match["name"].lower()
    name = _ALIASES.get(written, written)
    args = [int(one) for one in re.findall(r"-?\d+", match["args"] or "")]
    zone = (match["zone"] or "").strip().lower() == "with time zone" or written in (
        "timestamptz",
        "timetz",
    )
    if dialect != "postgresql" and match["array"]:
        return None
    if name in ("character varying", "character", "text"):
        kind = {"character varying": "sa.String", "character": "sa.CHAR", "text": "sa.Text"}[name]
        length = str(args[0]) if args else "1" if name == "character" else None
        if name == "character" and not args and written == "bpchar":
            return None
        return call(kind, length=length, collation=quotes.text(collation) if collation else None)
    if collation is not None:
        return None
    if name == "numeric":
        scale = str(args[1]) if len(args) > 1 else None
        return call("sa.Numeric", precision=str(args[0]) if args else None, scale=scale)
    if name in ("timestamp", "time"):
        return _time(name, args, zone, dialect)
    if name in ("bit", "bit varying") and dialect == "postgresql":
        length = str(args[0]) if args else None
        if name == "bit" and not args:
            return None
        return call("postgresql.BIT", length, varying="True" if name == "bit varying" else None)
    special = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    found = _PLAIN.get(name) or special.get(name)
    if name == "double precision" and dialect != "postgresql":
        found = "sa.DOUBLE_PRECISION"
    return call(found) if found and not args else None


def _time(name: str, args: list[int], zone: bool, dialect: str) -> Node | None:
    timezone = "True" if zone else None
    if dialect != "postgresql":
        return None if args or zone else call("sa.TIMESTAMP" if name == "timestamp" else "sa.Time")
    if args:
        return call(f"postgresql.{name.upper()}", timezone=timezone, precision=str(args[0]))
    return call("sa.DateTime" if name == "timestamp" else "sa.Time", timezone=timezone)


def _enumerated(text: str, quotes: Quotes) -> tuple[Node | None, int]:
    match = _USER.fullmatch(text)
    if match is None or match["name"].lower() in _WORDLESS:
        return None, 0
    schema = match["schema"]
    node = call(
        "postgresql.ENUM",
        name=quotes.text(match["name"].strip('"')),
        schema=quotes.text(schema.strip('"')) if schema else None,
        create_type="False",
    )
    return node, len(match["array"]) // 2


def _text(node: Node) -> str:
    if isinstance(node, str):
        return node
    assert isinstance(node, Group)
    return node.open + " ".join(_text(one) for one in node.items)
