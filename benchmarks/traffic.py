"""An application beside a benchmark: a steady stream of short queries, and how long each took.

It runs in a process of its own, so that neither waits for the other's interpreter. Queries begin
at planned moments: one that starts late because the one before it was blocked counts from the
moment at which it was due, as its user would count.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from typing import Any

#: (moment at which it was due, seconds until it was answered)
Timings = list[tuple[float, float]]


@dataclass(slots=True)
class Traffic:
    """What an application measured; ``failed`` counts queries that came back with an error."""

    timings: Timings = field(default_factory=list)
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """``connections`` clients, each with ``rate`` queries a second on rows 1 to ``rows``.

    ``connect`` opens a DB-API connection in autocommit mode from ``url``. ``statements`` are tried
    in turn, each with one row's key as its parameter.
    """

    connect: Callable[[str], Any]
    url: str
    rows: int
    statements: tuple[str, ...]
    connections: int = 4
    rate: float = 50.0


@contextmanager
def running(application: Application) -> Iterator[Callable[[], Traffic]]:
    """Run an application; the function that is given stops it and returns what it measured."""
    context = multiprocessing.get_context("spawn")
    ready, stop = context.Event(), context.Event()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(application, ready, stop, theirs), daemon=True)
    process.start()
    found: list[Traffic] = []

    def finish() -> Traffic:
        if not found:
            stop.set()
            found.append(ours.recv())
            process.join()
        return found[0]

    try:
        while not ready.wait(1):
            if not process.is_alive():
                raise RuntimeError("the application beside the benchmark did not start")
        yield finish
    finally:
        if process.is_alive() and not found:
            finish()


def _run(application: Application, ready: Event, stop: Event, results: Any) -> None:
    traffic = Traffic()
    guard = threading.Lock()
    clients = [
        threading.Thread(target=_client, args=(application, number, stop, traffic, guard))
        for number in range(application.connections)
    ]
    for client in clients:
        client.start()
    ready.set()
    for client in clients:
        client.join()
    results.send(traffic)


def _client(
    application: Application, number: int, stop: Event, traffic: Traffic, guard: threading.Lock
) -> None:
    connection = application.connect(application.url)
    choose = random.Random(number)
    timings: Timings = []
    failed = 0
    cursor = connection.cursor()
    began = time.monotonic() + number / application.connections / application.rate
    count = 0
    while not stop.is_set():
        due = began + count / application.rate
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        statement = application.statements[count % len(application.statements)]
        try:
            cursor.execute(statement, (choose.randint(1, application.rows),))
            if cursor.description is not None:
                cursor.fetchall()
        except Exception:
            failed += 1
        timings.append((due, time.monotonic() - due))
        count += 1
    connection.close()
    with guard:
        traffic.timings += timings
        traffic.failed += failed
