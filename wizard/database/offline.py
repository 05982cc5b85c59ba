"""A schema from a DDL file, for planning without a connection."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wizard.database.connection import Read, Row
from wizard.database.sqltext import unknown_table
from wizard.dialects.flavours import dump_of
from wizard.dialects.lexing import Unreadable
from wizard.model.enums import columns_of_type
from wizard.model.errors import AnswerError, ReachError
from wizard.model.names import TableName
from wizard.model.schema import Enum, Table, TableSummary


def read_schema_file(path: Path) -> str:
    """Return the file's text; raises ReachError (`schema-unreadable`)."""
    why = "it is not UTF-8 text; write a dump with pg_dump --schema-only or mysqldump --no-data"
    try:
        data = path.read_bytes()
    except OSError as error:
        data, why = b"\0", error.strerror or "the file cannot be opened"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return text.replace("\r\n", "\n")
    raise ReachError(
        "schema-unreadable",
        f"cannot read the schema {path}",
        why=why,
        next_actions=("give a text file with CREATE TABLE statements",),
        flag="--schema",
    )


def in_spoken_words(text: str, flavour: str) -> str:
    """Return DDL as the language's own reader takes it; raises AnswerError (`schema-syntax`)."""
    dump = dump_of(flavour)
    if dump is None:
        return text
    failure = ""
    try:
        return dump.as_spoken(text)
    except Unreadable as error:
        failure = str(error)
    raise AnswerError(
        "schema-syntax",
        "the schema cannot be read",
        why=failure,
        next_actions=("check that the file loads with the database's own tool",),
        flag="--schema",
    )


class OfflineCatalog:
    """The `Catalog` of a PostgreSQL, MySQL or MariaDB DDL file.

    ``notes`` tell what of the file was passed over. Sizes are not known. Types and unnamed
    constraints are given as the server would write them; expressions stay as they are in the file.
    """

    live = False
    #: A file does not tell which engine it is for: the answers do.
    flavour = ""

    def __init__(
        self, path: Path, dialect: str, version: tuple[int, ...], *, flavour: str = ""
    ) -> None:
        self._dialect = dialect
        self._version = version
        self._path = path
        text = read_schema_file(path)
        self._enums: Mapping[TableName, tuple[str, ...]] = {}
        self._home: str | None
        if dialect == "postgresql":
            from wizard.database.ddl_script import read_script

            script = read_script(in_spoken_words(text, flavour))
            tables: Iterable[Table] = script.definitions.finished()
            self._enums, self._home = script.definitions.enums, "public"
            self.notes = script.notes
        else:
            from wizard.database.mysql_script import read_mysql_script
            from wizard.database.mysql_server import Engine

            maria = dialect == "mariadb"
            engine = Engine(dialect="mariadb" if maria else "mysql", version=version)
            written = read_mysql_script(text, engine)
            tables, self._home, self.notes = written.tables, written.home, written.notes
        self._tables = {table.name: table for table in tables}

    @property
    def dialect(self) -> str:
        """The dialect's name."""
        return self._dialect

    @property
    def version(self) -> tuple[int, ...]:
        """The version that the user gave."""
        return self._version

    @property
    def database(self) -> str:
        """The file's name."""
        return self._path.name

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables and partitioned parents, sorted by name."""
        found = [
            TableSummary(name=table.name, kind=table.kind)
            for table in self._tables.values()
            if table.partition_of is None
        ]
        return tuple(sorted(found, key=lambda one: (one.name.schema or "", one.name.name)))

    def table(self, name: TableName) -> Table:
        """Return one table's details; raises AnswerError (`unknown-table`) with near names."""
        key = TableName(name.name) if name.schema == self._home else name
        found = self._tables.get(key)
        if found is None:
            raise unknown_table(name, self._tables)
        return found

    def enums(self) -> tuple[Enum, ...]:
        """Return the enumerated types, with the columns that hold them."""
        return tuple(
            Enum(name=name, labels=labels, used_by=columns_of_type(name, self._tables.values()))
            for name, labels in self._enums.items()
        )

    def query(
        self,
        sql: str,  # noqa: ARG002
        *,
        limit: int = 5,  # noqa: ARG002
        patience_ms: int | None = None,  # noqa: ARG002
    ) -> list[tuple[object, ...]]:
        """Raise ReachError (`offline`): a file holds no rows."""
        raise ReachError(
            "offline",
            "a DDL file holds no rows to query",
            next_actions=("connect to a database with --url",),
            flag="--url",
        )

    def close(self) -> None:
        """Do nothing; there is no connection."""


class Loaded:
    """A database in memory that holds the definitions of a DDL file; a `Reader`."""

    def __init__(self, connection: sqlite3.Connection, notes: tuple[str, ...]) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.notes = notes

    @contextlib.contextmanager
    def reading(self) -> Iterator[Read]:
        """Yield a function that reads, for one thread at a time."""
        with self._lock:
            yield self.rows

    def rows(self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None) -> list[Row]:
        """Run one query and return its rows."""
        with self._lock:
            found = self._connection.execute(sql, tuple(parameters))
            return found.fetchall() if limit is None else found.fetchmany(limit)

    def close(self) -> None:
        """Forget the definitions."""
        self._connection.close()


def load_sqlite(path: Path) -> Loaded:
    """Run the definitions of a DDL file in memory.

    Rows are not loaded, and nothing outside memory can be touched. Raises AnswerError
    (`schema-syntax`) for a table that SQLite itself refuses.
    """
    from wizard.database.ddl_tokens import scan, statements, syntax_error

    source = read_schema_file(path)
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    connection.set_authorizer(
        lambda action, *_: (
            sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK
        )
    )
    notes: dict[str, int] = {}
    for tokens in statements(scan(source, "sqlite")):
        words = [token.word for token in tokens[:3]]
        label = " ".join(word for word in words[:2] if word.isalpha()) or "statement"
        if words[0] not in ("CREATE", "ALTER", "DROP"):
            notes[words[0] or "statement"] = notes.get(words[0] or "statement", 0) + 1
            continue
        try:
            connection.execute(source[tokens[0].start : tokens[-1].end])
        except sqlite3.Error as error:
            why = str(error)
            if words[:2] == ["CREATE", "TABLE"] and "no such module" not in why:
                connection.close()
                raise syntax_error(source, tokens[0].start, why) from None
            notes[label] = notes.get(label, 0) + 1
    connection.set_authorizer(None)
    connection.execute("PRAGMA query_only = ON")
    left_out = tuple(f"passed over {count} × {kind}" for kind, count in sorted(notes.items()))
    return Loaded(connection, left_out)
