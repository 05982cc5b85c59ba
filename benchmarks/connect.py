"""How long until the table list of a 1 000-table schema is there, and the details of one table.

Prints medians of one run beside the same number of plain psycopg `SELECT 1` connects on the same
server, as ratios; the bars (0.3 s after connect, 50 ms) are in DESIGN §9.

    python benchmarks/connect.py [--tables 1000] [--major 18] [--rounds 15]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from wizard.database.opening import open_catalog
from wizard.model.names import TableName
from wizard.rehearsal.postgres import start_server
from wizard.rehearsal.sandbox import embedded_binaries


def build(url: str, tables: int) -> None:
    """Create tables with a key, two checks, three indexes and a foreign key each, and some views."""
    with psycopg.connect(url) as connection:
        for n in range(tables):
            parent = f"REFERENCES t{n - 1} (id)" if n else ""
            connection.execute(
                f"CREATE TABLE t{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                f" parent bigint {parent}, name text NOT NULL DEFAULT 'x', at timestamptz"
                f" DEFAULT now(), amount numeric(10,2) CHECK (amount > 0), state text"
                f" CHECK (state IN ('a', 'b')));"
                f"CREATE INDEX ON t{n} (parent); CREATE INDEX ON t{n} (lower(name))"
                f" WHERE state = 'a'; CREATE VIEW v{n} AS SELECT id, name FROM t{n}"
            )
            if n % 100 == 99:  # a transaction may hold only so many locks
                connection.commit()
        connection.commit()
        connection.execute("ANALYZE")


def median(rounds: int, what: Callable[[int], object]) -> float:
    times = []
    for n in range(rounds):
        start = time.perf_counter()
        what(n)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1_000)
    parser.add_argument("--major", type=int, default=18)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    server = start_server(embedded_binaries(given.major), Path(tempfile.gettempdir()))
    try:
        url = server.create_database("bench")
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        build(plain, given.tables)

        def connect(_: int) -> None:
            with psycopg.connect(plain) as connection:
                connection.execute("SELECT 1").fetchall()

        def opened(_: int) -> None:
            catalog = open_catalog(url)
            assert len(catalog.tables()) == given.tables
            catalog.close()

        start = time.perf_counter()
        opened(0)
        first = time.perf_counter() - start  # with the imports
        base = median(given.rounds, connect)
        whole = median(given.rounds, opened)
        catalog = open_catalog(url)
        listed = median(given.rounds, lambda _: catalog.tables())
        names = [TableName(f"t{n * 37 % given.tables}") for n in range(given.rounds)]
        details = median(given.rounds, lambda n: catalog.table(names[n]))
        catalog.close()
    finally:
        server.stop()
    print(f"PostgreSQL {given.major}, {given.tables} tables, medians of {given.rounds}")
    for label, seconds in (
        ("plain psycopg connect and SELECT 1", base),
        ("open and table list, first time, with imports", first),
        ("open and table list", whole),
        ("table list after connect", listed),
        ("details of one table", details),
    ):
        print(f"{label:<46} {seconds * 1e3:8.1f} ms  {seconds / base:6.1f} x")


if __name__ == "__main__":
    main()
