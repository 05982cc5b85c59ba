"""What becomes of a backfill under faults: each done many times, and every row counted at the end.

The step adds one to each row and nothing in a row tells that it was there, so that a row that holds
0 at the end was lost, and one that holds 2 was done twice. Prints a table; exits with 1 when a row
was lost or done twice, or a run did not reach its end.

    python benchmarks/faults.py [--engine postgresql] [--kills 50] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import backfill_faults as faults
import servers
from backfill_faults import Outcome
from backfill_processes import Nursery, nursery
from backfill_runs import Place
from servers import TestServer

from wizard.rehearsal import mariadb

ENGINES = ("postgresql", "mariadb", "sqlite")
Fault = tuple[str, Callable[[Place], Outcome]]


def faults_of(
    server: TestServer | None, runners: Nursery, *, kills: int, random: Random
) -> Iterator[Fault]:
    """Yield the faults; without a server, those that can befall a file."""
    yield (
        "kill -9 of the runner",
        lambda place: faults.killed(place, runners, times=kills, rows=kills * 2_000, random=random),
    )
    if server is not None:
        yield (
            "restart of the server",
            lambda place: faults.restarted(
                place, server.server, times=5, rows=12_000, random=random
            ),
        )
        yield (
            "network lost",
            lambda place: faults.cut_off(place, times=30, rows=30_000, random=random),
        )
        yield "statement timeout", lambda place: faults.too_slow(place, rows=400)
        yield "deadlock", lambda place: faults.deadlocked(place, times=10, rows=20_000)
        yield (
            "rows come and go",
            lambda place: faults.disturbed(place, times=1_000, rows=10_000, random=random),
        )
        yield "second runner", lambda place: faults.second_runner(place, times=10, rows=2_000)
    yield "gaps of 10^9", lambda place: faults.gaps(place, rows=2_000)
    yield "pause and resume", lambda place: faults.paused(place, times=20, rows=10_000)


@contextmanager
def opened(engine: str) -> Iterator[TestServer | None]:
    """Start a server whose answered commits outlive a crash of its process; none for a file."""
    if engine == "sqlite":
        yield None
    elif engine == "postgresql":
        settings = {**servers.SETTINGS, "synchronous_commit": "on"}
        with servers.running(18, settings) as server:
            yield server
    else:
        settings = {"innodb_flush_log_at_trx_commit": "1", "debug_no_sync": "OFF"}
        with servers.running_mariadb(mariadb.find_binaries(), settings) as server:
            yield server


@contextmanager
def empty(engine: str, server: TestServer | None) -> Iterator[Place]:
    """Make an empty database."""
    with ExitStack() as stack:
        if server is None:
            folder = stack.enter_context(TemporaryDirectory())
            path = Path(folder) / "items.db"
            path.touch()
            url = f"sqlite:///{path}"
        else:
            url = stack.enter_context(server.database())
        place = Place(engine, url)
        stack.callback(place.close)
        yield place


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print("| engine | fault | times | rows lost | done twice | end reached | seconds |")
    print("|---|---|--:|--:|--:|---|--:|")
    clean = True
    for engine in given.engine or ENGINES:
        with opened(engine) as server, nursery() as runners:
            for title, fault in faults_of(
                server, runners, kills=given.kills, random=Random(given.seed)
            ):
                with empty(engine, server) as place:
                    began = time.monotonic()
                    found = fault(place)
                    took = time.monotonic() - began
                clean = clean and found.clean
                row = (engine, title, found.times, found.lost, found.twice, found.ended)
                print("| " + " | ".join(map(str, row)) + f" | {took:.0f} |", flush=True)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
