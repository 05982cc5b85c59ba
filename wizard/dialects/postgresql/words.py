"""Names and texts as PostgreSQL writes them: quoting, reserved words, the limit of 63 bytes."""

from __future__ import annotations

import re

from wizard.dialects.lexing import word_set
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name

NAME_BYTES = 63

# What pg_get_keywords() of versions 12 to 18 lists in any category but "unreserved": the words that
# quote_ident() and pg_dump put in quotes.
KEYWORDS = word_set(
    """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
    boolean both case cast char character check coalesce collate collation column concurrently
    constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user dec decimal default deferrable desc distinct do else end except
    exists extract false fetch float for foreign freeze from full grant greatest group grouping
    having ilike in initially inner inout int integer intersect interval into is isnull join json
    json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
    json_serialize json_table json_value lateral leading least left like limit localtime
    localtimestamp merge_action national natural nchar none normalize not notnull null nullif
    numeric offset on only or order out outer overlaps overlay placing position precision primary
    real references returning right row select session_user setof similar smallint some substring
    symmetric system_user table tablesample then time timestamp to trailing treat trim true union
    unique user using values varchar variadic verbose when where window with xmlattributes
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
    xmltable
    """
)

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_TAG = re.compile(r"\$(\w*)\$")


def quote(identifier: str) -> str:
    """Return the identifier, bare when the server reads the same name from it."""
    if _PLAIN.fullmatch(identifier) and identifier not in KEYWORDS:
        return identifier
    if not identifier or "\0" in identifier:
        raise AnswerError("bad-name", f"{identifier!r} cannot be a name")
    return '"' + identifier.replace('"', '""') + '"'


def table(name: TableName) -> str:
    """Return the table's name, with its schema when it has one."""
    return f"{quote(name.schema)}.{quote(name.name)}" if name.schema else quote(name.name)


def literal(text: str) -> str:
    """Return the text as a string literal, whatever standard_conforming_strings says."""
    if "\0" in text:
        raise AnswerError("bad-text", "a text of PostgreSQL cannot hold a NUL byte")
    doubled = text.replace("'", "''")
    if "\\" in text:
        return "E'" + doubled.replace("\\", "\\\\") + "'"
    return f"'{doubled}'"


def names(columns: tuple[str, ...]) -> str:
    """Return column names, quoted and joined by commas."""
    return ", ".join(quote(one) for one in columns)


def dollars(body: str) -> str:
    """Return the text between dollar quotes, with a tag that it does not hold."""
    taken = set(_TAG.findall(body)) | ({""} if "$$" in body else set())
    tag, number = "migwiz", 1
    while tag in taken or f"${tag}$" in body or body.endswith(f"${tag}"):
        number += 1
        tag = f"migwiz{number}"
    return f"${tag}$\n{body}\n${tag}$"


def block(body: str) -> str:
    """Return a statement that runs a PL/pgSQL block."""
    return f"DO {dollars(body)}"


def check_name(name: str, *, flag: str) -> str:
    """Return the name; raises AnswerError when the server would refuse it or cut it off."""
    if not name or "\0" in name:
        raise AnswerError("bad-name", "a name has at least one character", flag=flag or None)
    size = len(name.encode("utf-8", "surrogatepass"))
    if size > NAME_BYTES:
        raise AnswerError(
            "name-too-long",
            f"{name!r} has {size} bytes",
            why=f"PostgreSQL silently cuts names after {NAME_BYTES} bytes.",
            next_actions=(f"use {fit_name(name, limit=NAME_BYTES)!r} or another shorter name",),
            flag=flag or None,
        )
    return name


def budget(milliseconds: int) -> tuple[str, ...]:
    """Return the statement that bounds, for this transaction only, how long a lock may wait."""
    # Zero would mean forever.
    amount = max(1, milliseconds)
    for unit, length in (("min", 60_000), ("s", 1_000)):
        if amount % length == 0:
            return (f"SET LOCAL lock_timeout = '{amount // length}{unit}'",)
    return (f"SET LOCAL lock_timeout = '{amount}ms'",)


def compared(value: str, compare_as: str | None) -> str:
    """Return a value as it is compared: cast to a type, which may be named with a collation."""
    if compare_as is None:
        return value
    kind, _, collation = compare_as.partition(" COLLATE ")
    return f"CAST({value} AS {kind})" + (f" COLLATE {collation}" if collation else "")
