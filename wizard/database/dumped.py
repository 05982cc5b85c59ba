"""A live database whose catalogue is not PostgreSQL's, read from the DDL that it tells of itself."""

from __future__ import annotations

from dataclasses import replace

from wizard.database.connection import Reader, Row
from wizard.database.postgresql import PostgresCatalog
from wizard.database.sqltext import unknown_table
from wizard.dialects.flavours import Dump
from wizard.model.names import TableName
from wizard.model.schema import Enum, Table, TableSummary


class DumpedCatalog:
    """The `Catalog` of an engine that speaks PostgreSQL's language over another catalogue.

    All definitions are read at once, when the first is asked for. Rows are the engine's estimates;
    bytes are not known. ``server`` is what recognised the engine.
    """

    live = True

    def __init__(self, reader: Reader, server: PostgresCatalog, dump: Dump) -> None:
        self._reader = reader
        self._server = server
        self._dump = dump
        self._tables: dict[TableName, Table] | None = None
        self._enums: dict[TableName, tuple[str, ...]] = {}
        #: What of the definitions was passed over.
        self.notes: tuple[str, ...] = ()

    @property
    def dialect(self) -> str:
        """The language that the engine speaks."""
        return self._server.dialect

    @property
    def version(self) -> tuple[int, ...]:
        """The version of the language that the server tells."""
        return self._server.version

    @property
    def flavour(self) -> str:
        """The engine with its own version."""
        return self._server.flavour

    @property
    def database(self) -> str:
        """The database's name."""
        return self._server.database

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables with their estimated rows, sorted by name."""
        found = [
            TableSummary(name=table.name, kind=table.kind, rows=table.rows)
            for table in self._read().values()
        ]
        return tuple(sorted(found, key=lambda one: (one.name.schema or "", one.name.name)))

    def table(self, name: TableName) -> Table:
        """Return one table's details; raises AnswerError (`unknown-table`) with near names."""
        tables = self._read()
        key = TableName(name.name) if name.schema == "public" else name
        if key not in tables:
            raise unknown_table(name, tables)
        return tables[key]

    def enums(self) -> tuple[Enum, ...]:
        """Return the enumerated types."""
        self._read()
        return tuple(Enum(name=name, labels=labels) for name, labels in self._enums.items())

    def query(self, sql: str, *, limit: int = 5, patience_ms: int | None = None) -> list[Row]:
        """Run one SELECT, read-only, and return at most ``limit`` rows."""
        return self._server.query(sql, limit=limit, patience_ms=patience_ms)

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
        self._server.close()

    def _read(self) -> dict[TableName, Table]:
        if self._tables is not None:
            return self._tables
        from wizard.database.ddl_script import read_script
        from wizard.database.offline import in_spoken_words

        rows = [row for query in self._dump.queries for row in self._reader.rows(query)]
        text = "".join(f"{str(row[0]).rstrip().removesuffix(';')};\n" for row in rows)
        script = read_script(in_spoken_words(text, self.flavour))
        counts = {
            TableName(name, None if schema == "public" else schema): count
            for schema, name, count in self._reader.rows(self._dump.rows_query)
        }
        self._tables = {
            table.name: replace(table, rows=counts.get(table.name))
            for table in script.definitions.finished()
        }
        self._enums, self.notes = script.definitions.enums, script.notes
        return self._tables
