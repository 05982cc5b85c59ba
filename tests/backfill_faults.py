"""What can go wrong with a backfill that runs for a night, each as something that can be done to one.

Each fault disturbs a run of a step that adds one to every row, until the run is done: then a row
that holds 0 was lost, and one that holds 2 was done twice.
"""

from __future__ import annotations

import signal
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random

from backfill_processes import Nursery
from backfill_runs import QUICK, Aside, Place, counted
from tcp_proxy import Proxy, proxied

from wizard.backfilling.progress import Progress
from wizard.backfilling.runner import Settings
from wizard.database.urls import build_url, parse_url
from wizard.model.errors import ConflictError
from wizard.rehearsal.hosting import server_account, spawn
from wizard.rehearsal.mariadb import MariaServer
from wizard.rehearsal.postgres import PostgresServer

#: A run of some seconds, most of which are rests, so that faults meet it at different moments.
SLOW = replace(QUICK, nice=6.0, workers=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a fault did, ``times`` in all; ``ended`` is how the last run ended."""

    times: int
    lost: int
    twice: int
    ended: str

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, nothing done twice, and the end reached."""
        return (self.lost, self.twice, self.ended) == (0, 0, "done")


def outcome(place: Place, times: int, ended: str, *, rows: int) -> Outcome:
    """Count what became of the rows 1 to ``rows``."""
    found = place.do(f"SELECT n FROM items WHERE id BETWEEN 1 AND {rows}")
    counts = Counter(int(row[0]) for row in found)
    gone = rows - sum(counts.values())
    twice = sum(count for value, count in counts.items() if value > 1)
    return Outcome(times=times, lost=counts[0] + gone, twice=twice, ended=ended)


def killed(place: Place, nursery: Nursery, *, times: int, rows: int, random: Random) -> Outcome:
    """Kill the runner's process at random moments, and start it again."""
    place.numbered(rows)
    # Rests so long that a fast machine is not done before the last of them.
    quick = replace(SLOW, nice=30.0, dead_s=0.25)
    done = 0
    for _ in range(times):
        if nursery.run(place, quick, kill_after=0.25 + random.random() * 0.4) != "killed":
            break
        done += 1
    ended = nursery.run(place, replace(QUICK, dead_s=0.25, nice=0.0), kill_after=None)
    return outcome(place, done, ended, rows=rows)


def cut_off(place: Place, *, times: int, rows: int, random: Random) -> Outcome:
    """Cut all connections of a run at random moments."""
    place.numbered(rows)
    url = parse_url(place.url)
    with proxied(_socket_of(place)) as proxy:
        near = build_url(
            place.engine,
            user=url.user or "",
            password=url.password or "",
            host="127.0.0.1",
            port=str(proxy.port),
            database=url.database,
        )
        aside = Aside(place, SLOW, url=near)
        aside.until(lambda told: told.walked > 0)
        done = sum(_cut(proxy, aside, random) for _ in range(times))
        return outcome(place, done, aside.end().state, rows=rows)


def _cut(proxy: Proxy, aside: Aside, random: Random) -> int:
    before = aside.told[-1].walked
    aside.sleep(random.random() * 0.15)
    cut = min(1, proxy.cut())
    aside.until(lambda told: told.walked > before or told.state == "done")
    return cut


def _socket_of(place: Place) -> str | tuple[str, int]:
    url = parse_url(place.url)
    options = dict(url.options)
    if place.engine == "postgresql":
        folder = url.host if url.host.startswith("/") else options["host"]
        return f"{folder}/.s.PGSQL.{url.port or 5432}"
    return options["unix_socket"] if "unix_socket" in options else (url.host, int(url.port))


def restarted(
    place: Place, server: PostgresServer | MariaServer, *, times: int, rows: int, random: Random
) -> Outcome:
    """Kill the server at random moments, and start it again."""
    place.numbered(rows)
    place.close()
    aside = Aside(place, SLOW)
    aside.until(lambda told: told.walked > 0)
    for _ in range(times):
        before = aside.told[-1].walked
        aside.sleep(random.random() * 0.15)
        _restart(server)
        aside.until(lambda told, before=before: told.walked > before or told.state == "done")
    return outcome(place, times, aside.end().state, rows=rows)


def _restart(server: PostgresServer | MariaServer) -> None:
    process = server._process
    maria = isinstance(server, MariaServer)
    process.send_signal(signal.SIGKILL if maria else signal.SIGQUIT)
    process.wait(20)
    words = [one for one in process.args if not str(one).startswith("--init-file")]
    account = server_account("MariaDB", ("mysql", "nobody")) if maria else server_account()
    with server.log.open("ab") as log:
        server._process = spawn(words, account, log)
    server.wait_until_ready()


def too_slow(place: Place, *, rows: int) -> Outcome:
    """Make some rows so slow that their batches are stopped for their time."""
    place.numbered(rows)
    slow = {"postgresql": "length(CAST(pg_sleep(0.05) AS text))"}.get(place.engine, "SLEEP(0.05)")
    step = counted()
    plain = step.assignments[0]
    expression = f"n + 1 + CASE WHEN id BETWEEN 101 AND 110 THEN {slow} ELSE 0 END"
    step = replace(step, assignments=(replace(plain, expression=expression),))
    found = place.run(step, replace(QUICK, target_ms=100.0))
    return outcome(place, found.retries, found.state, rows=rows)


def deadlocked(place: Place, *, times: int, rows: int) -> Outcome:
    """Let transactions of the application change rows of a batch in the other order."""
    place.numbered(rows)
    done = 0
    patient = Settings(
        **{name: getattr(QUICK, name) for name in ("first", "least", "most", "beat_s", "dead_s")},
        target_ms=3_000.0,
    )
    walked = 0
    while done < times and walked + 20 <= rows:
        other = Place(place.engine, place.url)
        first, last = walked + 1, walked + 20
        other.writer.begin(lock_ms=20_000, statement_ms=30_000)
        other.writer.run(f"UPDATE items SET n = n + 0 WHERE id = {last}", {})
        aside = Aside(place, patient)
        _wait_until_blocked(place)
        # One of the two is chosen to give up: the run, or the application.
        with suppress(*other.errors):
            other.writer.run(f"UPDATE items SET n = n + 0 WHERE id = {first}", {})
        done += 1
        aside.control.pause()
        other.close()
        aside.until(lambda told: told.state in ("paused", "done"))
        aside.control.stop()
        walked = aside.end().walked
    return outcome(place, done, place.run().state, rows=rows)


def _wait_until_blocked(place: Place) -> None:
    sql = {
        "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database()",
    }.get(
        place.engine,
        "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    )
    pause = threading.Event()
    for _ in range(100):
        if int(str(place.do(sql)[0][0])):
            return
        # Asked more often than ten times a second, InnoDB answers what it did before.
        pause.wait(0.15)
    raise AssertionError("the run waits for no lock")


def disturbed(place: Place, *, times: int, rows: int, random: Random) -> Outcome:
    """Insert and delete rows before, behind and between while the walk goes on."""
    place.numbered(rows)
    place.do("DELETE FROM items WHERE id % 5 = 0")
    aside = Aside(place, SLOW)
    aside.until(lambda told: told.walked > 0)
    done = 0
    added: set[int] = set()
    for at in range(times):
        new = random.randrange(1, rows // 5) * 5 if at % 3 else rows + 1 + at
        if new not in added:
            place.do(f"INSERT INTO items (id) VALUES ({new})")
            added.add(new)
        if added and at % 4 == 3:
            old = random.choice(sorted(added))
            place.do(f"DELETE FROM items WHERE id = {old}")
            added.discard(old)
        done += 1
    ended = aside.end().state
    there = place.do(f"SELECT n FROM items WHERE id <= {rows} AND id % 5 <> 0")
    counts = Counter(int(row[0]) for row in there)
    # Rows that came behind the walk hold 0; those that came before it hold 1 like all others.
    newer = place.do(f"SELECT n FROM items WHERE id > {rows} OR id % 5 = 0")
    twice = sum(count for value, count in counts.items() if value > 1)
    twice += sum(int(row[0]) > 1 for row in newer)
    gone = rows - rows // 5 - len(there)
    return Outcome(times=done, lost=counts[0] + gone, twice=twice, ended=ended)


def gaps(place: Place, *, rows: int) -> Outcome:
    """Leave a billion keys out between every two rows."""
    wide = [str(one * 1_000_000_000) for one in range(1, rows + 1)]
    place.fill("id bigint NOT NULL", "id", wide)
    ended = place.run(settings=replace(QUICK, workers=3)).state
    place.do("UPDATE items SET id = id / 1000000000")
    return outcome(place, rows - 1, ended, rows=rows)


def second_runner(place: Place, *, times: int, rows: int) -> Outcome:
    """Start a second runner by mistake, again and again."""
    place.numbered(rows)
    with place.holding(rows // 2):
        aside = Aside(place)
        aside.until(lambda told: told.retries > 0)
        refused = sum(_refused(place) for _ in range(times))
    return outcome(place, refused, aside.end().state, rows=rows)


def _refused(place: Place) -> int:
    try:
        place.run()
    except ConflictError:
        return 1
    return 0


def paused(place: Place, *, times: int, rows: int) -> Outcome:
    """Pause and resume, again and again."""
    place.numbered(rows)
    aside = Aside(place, SLOW)
    done = 0

    def held(told: Progress) -> bool:
        return told.state in ("paused", "done")

    for _ in range(times):
        aside.control.pause()
        done += aside.until(held).state == "paused"
        aside.control.resume()
        aside.until(lambda told: told.state != "paused")
    return outcome(place, done, aside.end().state, rows=rows)
