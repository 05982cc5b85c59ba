"""A backfill of a large table, three ways, while an application works on the same rows.

One giant UPDATE, batches of a fixed 10 000 rows, and `migwiz backfill run`, each on a table freshly
made, beside the same steady traffic. Prints rows/s as a ratio to the giant UPDATE, the longest
time for which one transaction held its row locks, and the application's longest and 99th-percentile
query beside its baseline without a backfill. The bars are in DESIGN §9. The last line is a control:
the same application beside a process that computes on one core and asks the database nothing. What
it shows is the machine's own part in the waiting, which no backfill can go below on so few cores.

    python benchmarks/backfill.py [--rows 5000000] [--engine postgresql|mariadb] [--workers 1]
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from traffic import Application, Traffic, running

#: Settings of a small production server: every commit reaches the disk.
POSTGRESQL = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}
MARIADB = {
    "innodb_flush_log_at_trx_commit": "1",
    "innodb_doublewrite": "ON",
    "innodb_buffer_pool_size": "1G",
    "innodb_log_file_size": "2G",
    "sync_binlog": "1",
}
BASELINE_SECONDS = 15.0
TRAFFIC = (
    "SELECT status_code, note FROM orders WHERE id = %s",
    "UPDATE orders SET note = 'seen' WHERE id = %s",
    "SELECT customer_id FROM orders WHERE id = %s",
    "UPDATE orders SET customer_id = customer_id + 1 WHERE id = %s",
)
FILL = "UPDATE orders SET status = status_code WHERE {differ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One engine: its server, how it is connected to, and the SQL that it writes its own way."""

    label: str
    url: str
    connect: Callable[[str], Any]
    make: str
    rows_of: str
    differ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one way measured, in seconds; ``traffic`` are the queries that were due meanwhile."""

    seconds: float
    longest_lock: float
    traffic: Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to fill the table; ``run`` returns its seconds and those of its longest transaction."""

    label: str
    run: Callable[[Bench, int], tuple[float, float]]


def connect_postgresql(url: str) -> Any:
    import psycopg

    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)


def connect_mariadb(url: str) -> Any:
    import pymysql

    parts = urlsplit(url)
    options = parse_qs(parts.query)
    return pymysql.connect(
        user=unquote(parts.username or "root"),
        password=unquote(parts.password or ""),
        unix_socket=options["unix_socket"][0],
        database=parts.path.strip("/"),
        autocommit=True,
    )


@contextmanager
def postgresql() -> Iterator[Bench]:
    """Start PostgreSQL: the embedded one."""
    from wizard.rehearsal.postgres import start_server
    from wizard.rehearsal.sandbox import embedded_binaries

    server = start_server(embedded_binaries(18), Path(tempfile.gettempdir()), settings=POSTGRESQL)
    try:
        yield Bench(
            label=f"PostgreSQL {server.major}",
            url=server.create_database("bench"),
            connect=connect_postgresql,
            make="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL,"
            " status_code varchar(20) NOT NULL, note text NOT NULL, status varchar(20))",
            rows_of="SELECT n, n % 100003, 'status ' || n % 7, repeat('x', 60), NULL"
            " FROM generate_series(1, {rows}) AS n",
            differ="status IS DISTINCT FROM status_code",
        )
    finally:
        server.stop()


@contextmanager
def mariadb() -> Iterator[Bench]:
    """Start MariaDB: the one on this machine."""
    from wizard.rehearsal.mariadb import find_binaries, start_server

    server = start_server(find_binaries(), Path(tempfile.gettempdir()), settings=MARIADB)
    try:
        yield Bench(
            label=f"MariaDB {server.major}",
            url=server.create_database("bench"),
            connect=connect_mariadb,
            make="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL,"
            " status_code varchar(20) NOT NULL, note text NOT NULL, status varchar(20))",
            rows_of="SELECT seq, seq % 100003, concat('status ', seq % 7), repeat('x', 60), NULL"
            " FROM seq_1_to_{rows}",
            differ="NOT (status <=> status_code)",
        )
    finally:
        server.stop()


ENGINES = {"postgresql": postgresql, "mariadb": mariadb}


def fresh(bench: Bench, rows: int) -> None:
    """Make the table anew."""
    connection = bench.connect(bench.url)
    cursor = connection.cursor()
    cursor.execute("DROP TABLE IF EXISTS orders")
    cursor.execute(bench.make)
    cursor.execute(f"INSERT INTO orders {bench.rows_of.format(rows=rows)}")
    if bench.label.startswith("PostgreSQL"):
        cursor.execute("VACUUM ANALYZE orders")
        cursor.execute("CHECKPOINT")
    else:
        cursor.execute("ANALYZE TABLE orders")
        cursor.fetchall()
    connection.close()


def giant(bench: Bench, _: int) -> tuple[float, float]:
    """Fill all rows by one statement; it holds every row's lock to its end."""
    connection = bench.connect(bench.url)
    start = time.monotonic()
    connection.cursor().execute(FILL.format(differ=bench.differ))
    took = time.monotonic() - start
    connection.close()
    return took, took


def fixed(bench: Bench, rows: int, size: int = 10_000) -> tuple[float, float]:
    """Fill batches of a fixed number of keys."""
    connection = bench.connect(bench.url)
    cursor = connection.cursor()
    longest = 0.0
    start = time.monotonic()
    for first in range(1, rows + 1, size):
        began = time.monotonic()
        cursor.execute(
            f"{FILL.format(differ=bench.differ)} AND id BETWEEN {first} AND {first + size - 1}"
        )
        longest = max(longest, time.monotonic() - began)
    took = time.monotonic() - start
    connection.close()
    return took, longest


def ours(workers: int) -> Callable[[Bench, int], tuple[float, float]]:
    """Return the runner of `migwiz backfill run`, with its own limits."""

    def way(bench: Bench, rows: int) -> tuple[float, float]:
        from wizard.backfilling.runner import Settings, run
        from wizard.backfilling.work import Work
        from wizard.database.opening import open_catalog
        from wizard.database.urls import parse_url
        from wizard.dialects import dialect
        from wizard.model.names import TableName
        from wizard.model.steps import Assignment, Backfill

        catalog = open_catalog(bench.url)
        engine = dialect(catalog.dialect, catalog.version)
        catalog.close()
        step = Backfill(
            table=TableName("orders"),
            assignments=(Assignment(column="status", expression="status_code"),),
            needed=bench.differ,
            key=("id",),
            key_types=("bigint",),
        )
        work = Work(name="bench", plan="bench", title="fill", step=step, dialect=engine, total=rows)
        start = time.monotonic()
        ended = run(work, parse_url(bench.url), Settings(workers=workers))
        took = time.monotonic() - start
        if ended.state != "done":
            raise SystemExit(f"the runner ended as {ended.state}: {ended.reason}")
        return took, ended.longest_batch_ms / 1000

    return way


def measured(
    bench: Bench, rows: int, way: Callable[[Bench, int], tuple[float, float]]
) -> tuple[Traffic, Outcome]:
    """Run one way beside traffic; the baseline is that of the same application just before."""
    fresh(bench, rows)
    application = Application(connect=bench.connect, url=bench.url, rows=rows, statements=TRAFFIC)
    with running(application) as finish:
        quiet = time.monotonic()
        time.sleep(BASELINE_SECONDS)
        began = time.monotonic()
        seconds, longest = way(bench, rows)
        traffic = finish()
    left = 0 if way is busy else remaining(bench)
    if left:
        raise SystemExit(f"{left} rows were not filled: nothing to compare")
    baseline = Traffic(timings=[one for one in traffic.timings if quiet + 2 <= one[0] < began])
    during = [one for one in traffic.timings if began <= one[0] <= began + seconds]
    outcome = Outcome(
        seconds=seconds,
        longest_lock=longest,
        traffic=Traffic(timings=during, failed=traffic.failed),
    )
    return baseline, outcome


def busy(_bench: Bench, _rows: int) -> tuple[float, float]:
    """Compute on one core, and ask the database nothing; it locks no row."""
    spinning = multiprocessing.get_context("spawn").Process(target=_spin, daemon=True)
    start = time.monotonic()
    spinning.start()
    time.sleep(BASELINE_SECONDS)
    spinning.kill()
    spinning.join()
    return time.monotonic() - start, 0.0


def _spin() -> None:
    while True:
        pass


def remaining(bench: Bench) -> int:
    connection = bench.connect(bench.url)
    cursor = connection.cursor()
    cursor.execute(f"SELECT count(*) FROM orders WHERE {bench.differ}")
    count = int(cursor.fetchone()[0])
    connection.close()
    return count


def p99(traffic: Traffic) -> float:
    found = sorted(took for _, took in traffic.timings)
    return found[min(len(found) - 1, round(len(found) * 0.99))] if found else float("nan")


def longest(traffic: Traffic) -> float:
    return max((took for _, took in traffic.timings), default=float("nan"))


def table(bench: Bench, rows: int, ways: Sequence[Way]) -> None:
    print(
        f"{bench.label}, {rows:,} rows, every commit on the disk, 200 application queries a second"
    )
    head = ("", "rows/s", "to giant", "longest lock", "longest query", "p99", "to its baseline")
    lines = [head]
    base = None
    for way in ways:
        quiet, found = measured(bench, rows, way.run)
        speed = rows / found.seconds
        base = base or speed
        done = (
            f"{speed:,.0f}",
            f"{speed / base:.2f}x",
            f"{found.longest_lock * 1000:,.0f} ms",
        )
        lines.append(
            (
                way.label,
                *(("-", "-", "-") if way.run is busy else done),
                f"{longest(found.traffic) * 1000:,.0f} ms",
                f"{p99(found.traffic) * 1000:.1f} ms",
                f"{p99(found.traffic) / p99(quiet):.1f}x of {p99(quiet) * 1000:.1f} ms",
            )
        )
        if found.traffic.failed:
            print(f"  {found.traffic.failed} application queries failed beside: {way.label}")
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    for line in lines:
        first, *others = (text.rjust(width) for text, width in zip(line, widths, strict=True))
        print(f"  {first.strip():<{widths[0]}}  {'  '.join(others)}")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    ways = (
        Way(label="one giant UPDATE", run=giant),
        Way(label="batches of 10 000 rows", run=fixed),
        Way(label="migwiz backfill run", run=ours(given.workers)),
        Way(label="control: a busy core, no backfill", run=busy),
    )
    for name in ENGINES if given.engine == "both" else (given.engine,):
        with ENGINES[name]() as bench:
            table(bench, given.rows, ways)


if __name__ == "__main__":
    main()
