"""Changes of a column's type: both directions of every row of safety.md §1.3, and what lies beside.

What each costs is said by the dialect and measured by tests/rehearsal/test_lock_truth.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.model.names import TableName
from wizard.model.schema import Check, Column, ForeignKey, Index, IndexPart

Change = tuple[str, Column, Column, str | None, tuple[Index | Check | ForeignKey, ...]]

NAME = "extra"
KEY_INDEX = Index(name="ix_extra", parts=(IndexPart(column=NAME),))
INCLUDED = Index(name="ix_extra", parts=(IndexPart(column="id"),), include=(NAME,))
EXPRESSION = Index(name="ix_extra", parts=(IndexPart(expression=f"lower({NAME})"),))
PARTIAL = Index(name="ix_extra", parts=(IndexPart(column="id"),), where=f"{NAME} IS NOT NULL")
CHECK = Check(name="ck_extra", expression=f"{NAME} <> ''", columns=(NAME,))
PENDING = Check(name="ck_extra", expression=f"{NAME} <> ''", columns=(NAME,), validated=False)
KEY = ForeignKey(
    name="fk_extra", columns=(NAME,), ref_table=TableName("labels"), ref_columns=("word",)
)

#: Each is measured there and back.
PAIRS = (
    ("character varying(20)", "character varying(40)"),
    ("character varying(20)", "character varying"),
    ("character varying(20)", "text"),
    ("text", "character varying"),
    ("numeric(10,2)", "numeric(12,2)"),
    ("numeric(10,2)", "numeric(12,3)"),
    ("numeric(10,2)", "numeric"),
    ("timestamp without time zone", "timestamp with time zone"),
    ("timestamp(3) without time zone", "timestamp with time zone"),
    ("timestamp(3) without time zone", "timestamp(3) with time zone"),
    ("timestamp(3) without time zone", "timestamp without time zone"),
    ("timestamp(3) with time zone", "timestamp(6) with time zone"),
    ("time(3) without time zone", "time(6) without time zone"),
    ("time(3) with time zone", "time with time zone"),
    ("time without time zone", "time with time zone"),
    ("interval(3)", "interval(6)"),
    ("interval(3)", "interval"),
    ("interval", "interval day to second"),
    ("interval day to second(3)", "interval"),
    ("interval year", "interval year to month"),
    ("interval year", "interval"),
    ("bit(8)", "bit varying"),
    ("bit(8)", "bit varying(16)"),
    ("bit varying(8)", "bit varying(16)"),
    ("bit varying(8)", "bit varying"),
    ("cidr", "inet"),
    ("smallint", "integer"),
    ("integer", "bigint"),
    ("integer", "numeric"),
    ("integer", "text"),
    ("integer", "oid"),
    ("date", "timestamp without time zone"),
    ("date", "timestamp with time zone"),
    ("real", "double precision"),
    ("json", "jsonb"),
    ("character(5)", "character varying(5)"),
    ("character(5)", "text"),
    ("character(5)", "character(10)"),
    ("uuid", "text"),
    ("mood", "text"),
    ("boolean", "integer"),
    ("text[]", "character varying[]"),
    ("character varying(20)[]", "character varying(40)[]"),
    ("integer[]", "bigint[]"),
)
#: What the server converts only when it is told how.
USING = {
    ("text", "integer"): f"{NAME}::integer",
    ("text", "uuid"): f"{NAME}::uuid",
    ("text", "mood"): f"{NAME}::mood",
    ("integer", "boolean"): f"{NAME}::boolean",
    ("boolean", "integer"): f"{NAME}::integer",
    ("numeric", "integer"): None,
}


def column(type_: str, base: str | None = None) -> Column:
    return Column(name=NAME, type=type_, base=base)


def _changes() -> Iterator[Change]:
    for one in PAIRS:
        for old, new in (one, one[::-1]):
            yield f"{old} to {new}", column(old), column(new), USING.get((old, new)), ()
    word = column("word", base="character varying(20)")
    for other in ("character varying(20)", "character varying(40)", "text"):
        yield f"domain to {other}", word, column(other), None, ()
    yield "to domain", column("character varying(20)"), word, None, ()
    yield "text to domain", column("text"), word, None, ()
    old, new = column("character varying(20)"), column("character varying(40)")
    for using in (NAME, f"{NAME}::varchar(40)", f"CAST({NAME} AS character varying(40))"):
        yield f"using {using}", old, new, using, ()
    yield "another value", column("text"), column("text"), f"{NAME} || '!'", ()
    yield "converted", column("text"), column("integer"), f"length({NAME})", ()
    for name, beside in (
        ("indexed", KEY_INDEX),
        ("included", INCLUDED),
        ("in an expression", EXPRESSION),
        ("in a condition", PARTIAL),
        ("checked", CHECK),
        ("checked, not valid", PENDING),
        ("a key", KEY),
    ):
        yield name, old, new, None, (beside,)
    yield "indexed and checked", old, column("text"), None, (KEY_INDEX, CHECK)
    plain, zoned = column("timestamp without time zone"), column("timestamp with time zone")
    yield "indexed, to timestamptz", plain, zoned, None, (KEY_INDEX,)
    yield "indexed, from timestamptz", zoned, plain, None, (KEY_INDEX,)
    yield "included, to timestamptz", plain, zoned, None, (INCLUDED,)
    yield "indexed, bits", column("bit(8)"), column("bit varying"), None, (KEY_INDEX,)
    yield "indexed, address", column("cidr"), column("inet"), None, (KEY_INDEX,)
    yield "indexed, digits", column("numeric(9,2)"), column("numeric(12,2)"), None, (KEY_INDEX,)
    sorted_ = Column(name=NAME, type="text", collation="C")
    yield "collation", column("text"), sorted_, None, ()
    yield "collation, indexed", column("text"), sorted_, None, (KEY_INDEX,)
    yield "collation, included", column("text"), sorted_, None, (INCLUDED,)
    yield "collation back, indexed", sorted_, column("text"), None, (KEY_INDEX,)


CHANGES = tuple(_changes())
