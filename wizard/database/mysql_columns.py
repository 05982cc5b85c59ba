"""One column of a CREATE or ALTER TABLE of MySQL and MariaDB, as it was written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from wizard.database.ddl_tokens import Cursor
from wizard.database.mysql_charsets import (
    binary_collation,
    charset_of,
    collation_name,
    default_collation,
    width,
)
from wizard.database.mysql_keys import Keys, read_check, read_references
from wizard.database.mysql_server import Engine
from wizard.database.mysql_tokens import unwrap
from wizard.database.mysql_types import (
    WrittenType,
    read_type,
    read_value,
    serial_type,
    shown_default,
    shown_now,
    sized,
)
from wizard.model.schema import Check, Column, Generated, Index, IndexPart


@dataclass(slots=True, kw_only=True)
class WrittenColumn:
    """A column whose character set may depend on what stands behind the table's columns.

    ``checks`` are MariaDB's, which belong to the column itself. ``null`` says that NULL was written,
    which a TIMESTAMP needed once, and ``after`` where
    ALTER TABLE puts it: the name of the column before it, empty for the first place, None for the last.
    """

    column: Column
    type: WrittenType
    charset: str | None = None
    collation: str | None = None
    binary: bool = False
    null: bool = False
    after: str | None = None
    checks: list[Check] = field(default_factory=list)


def read_column(
    cursor: Cursor, engine: Engine, keys: Keys, *, schema: str | None, exact: bool
) -> WrittenColumn:
    """Read a column and the keys written beside it, which are added to ``keys``.

    ``exact`` is for the server's own text, whose types and defaults are final. What the model has no
    place for (an SRID, a storage format) stays in the type's text, so that it is not forgotten when
    the column is defined anew.
    """
    name = cursor.name()
    serial = cursor.take("SERIAL")
    written_type = serial_type(engine) if serial else read_type(cursor, engine, exact=exact)
    column = Column(name=name, type=written_type.text)
    found = WrittenColumn(column=column, type=written_type)
    if serial:
        _number_rows(found, keys)
    if written_type.text == "json" and engine.maria and not exact:
        found.type = replace(written_type, text="longtext")
        found.collation = "utf8mb4_bin"
        found.checks.append(Check(expression=f"json_valid(`{name}`)", columns=(name,)))
    if written_type.national:
        found.charset = charset_of(collation_name("utf8_general_ci", engine))
    default: str | None = None
    kept: list[str] = []
    while not cursor.done and cursor.word not in (",", ")"):
        if _charset(cursor, found, engine):
            continue
        if cursor.take("NOT", "NULL"):
            found.column = replace(found.column, nullable=False)
        elif cursor.take("NULL"):
            found.null = True
        elif cursor.take("SERIAL", "DEFAULT", "VALUE"):
            _number_rows(found, keys)
        elif cursor.take("DEFAULT"):
            default = read_value(cursor)
        elif cursor.take("ON", "UPDATE"):
            value = shown_now(read_value(cursor), engine)
            found.column = replace(found.column, on_update=value)
        elif cursor.take("AUTO_INCREMENT"):
            found.column = replace(found.column, identity="by default", nullable=False)
        elif cursor.sees("GENERATED") or cursor.sees("AS"):
            found.column = _generated(cursor, found.column)
        elif cursor.take("COMMENT"):
            cursor.take("=")
            found.column = replace(found.column, comment=cursor.name() or None)
        elif cursor.take("INVISIBLE"):
            found.column = replace(found.column, invisible=True)
        elif cursor.take("FIRST"):
            found.after = ""
        elif cursor.take("AFTER"):
            found.after = cursor.name()
        elif not _key(cursor, found, engine, keys, schema):
            kept += _other(cursor, exact=exact)
    found.type = replace(found.type, text=" ".join([found.type.text, *kept]))
    if default is not None:
        shown = shown_default(default, found.type.text, engine, exact=exact)
        found.column = replace(found.column, default=shown)
    return found


def settled(written: WrittenColumn, table_collation: str | None, engine: Engine) -> Column:
    """Return the column of a table with that collation."""
    collation = written.collation
    if collation is None and written.charset is not None:
        collation = default_collation(written.charset, engine)
    if written.binary and (collation or table_collation):
        collation = binary_collation(collation or table_collation or "")
    return replace(
        written.column,
        type=sized(written.type, width(collation or table_collation)),
        collation=None if collation == table_collation else collation,
    )


def _number_rows(found: WrittenColumn, keys: Keys) -> None:
    """Do what SERIAL stands for."""
    found.column = replace(found.column, identity="by default", nullable=False)
    keys.add(Index(name="", parts=(IndexPart(column=found.column.name),), unique=True))


def _charset(cursor: Cursor, found: WrittenColumn, engine: Engine) -> bool:
    if cursor.take("CHARACTER", "SET") or cursor.take("CHARSET") or cursor.take("CHAR", "SET"):
        name = cursor.name().lower()
        if name == "binary":
            _to_bytes(found)
        elif name != "default":
            found.charset = charset_of(collation_name(f"{name}_", engine))
    elif cursor.take("COLLATE"):
        found.collation = collation_name(cursor.name(), engine)
    elif cursor.take("ASCII"):
        found.charset = "latin1"
    elif cursor.take("UNICODE"):
        found.charset = "ucs2"
    elif cursor.take("BYTE"):
        _to_bytes(found)
    elif cursor.take("BINARY"):
        found.binary = True
    else:
        return False
    return True


def _to_bytes(found: WrittenColumn) -> None:
    text = found.type.text
    for chars, octets in (("varchar", "varbinary"), ("char", "binary")):
        if text.startswith(chars):
            found.type = replace(found.type, text=octets + text[len(chars) :])
            return
    found.type = replace(found.type, text=text.replace("text", "blob"))


def _generated(cursor: Cursor, column: Column) -> Column:
    cursor.take("GENERATED", "ALWAYS")
    cursor.expect("AS")
    if cursor.word == "ROW":
        # The period of a table with system versioning (MariaDB).
        first = cursor.at
        cursor.skip_one()
        cursor.skip_one()
        return replace(
            column,
            nullable=False,
            generated=Generated(expression=cursor.text(first).upper(), stored=True),
        )
    expression = unwrap(cursor.group())
    stored = cursor.take("STORED") or cursor.take("PERSISTENT")
    if not stored:
        cursor.take("VIRTUAL")
    return replace(column, generated=Generated(expression=expression, stored=stored))


def _key(
    cursor: Cursor, found: WrittenColumn, engine: Engine, keys: Keys, schema: str | None
) -> bool:
    """Read a key or a constraint that stands beside a column."""
    name = found.column.name
    start = cursor.at
    label = None
    if cursor.take("CONSTRAINT"):
        label = None if cursor.word in ("CHECK", "UNIQUE", "PRIMARY") else cursor.name()
    parts = (IndexPart(column=name),)
    if cursor.take("PRIMARY", "KEY") or cursor.take("KEY"):
        keys.add(Index(name="PRIMARY", parts=parts, unique=True, constraint=True))
        found.column = replace(found.column, nullable=False)
    elif cursor.take("UNIQUE"):
        cursor.take("KEY")
        keys.add(Index(name="", parts=parts, unique=True))
    elif cursor.sees("CHECK"):
        check = read_check(cursor, label)
        if engine.maria:
            found.checks.append(replace(check, name=None, columns=(name,)))
        else:
            keys.checks.append(check)
    elif cursor.sees("REFERENCES"):
        key = read_references(cursor, (name,), label, engine, schema)
        # Before these versions the words were read and forgotten.
        if engine.since((9, 0), (10, 5)):
            keys.refer(key, "")
    else:
        cursor.at = start
        return False
    return True


def _other(cursor: Cursor, *, exact: bool) -> list[str]:
    """Take what the model has no place for, and return what must not be forgotten of it."""
    if cursor.take("VISIBLE"):
        return []
    first = cursor.at
    if cursor.take("WITHOUT", "SYSTEM", "VERSIONING") or cursor.take(
        "WITH", "SYSTEM", "VERSIONING"
    ):
        return [cursor.text(first)]
    if cursor.word in ("SRID", "COLUMN_FORMAT", "STORAGE"):
        cursor.skip_one()
        cursor.skip_one()
        return [cursor.text(first)]
    if cursor.word in (
        "COMPRESSED",
        "REF_SYSTEM_ID",
        "ENGINE_ATTRIBUTE",
        "SECONDARY_ENGINE_ATTRIBUTE",
    ):
        cursor.skip_one()
        if cursor.take("=") or (not cursor.done and cursor.tokens[cursor.at].kind == "literal"):
            cursor.skip_one()
        return [cursor.text(first)]
    if not exact:
        raise cursor.error("this is not understood in the definition of a column")
    # The server knows what it wrote, be it newer than we are.
    cursor.skip()
    return [cursor.text(first)]
