"""What the signs of MySQL and MariaDB have in common.

A source does not know how far its replicas are: each replica is asked itself (MySQL manual, SHOW
REPLICA STATUS; MariaDB documentation, SHOW ALL SLAVES STATUS), and NULL seconds behind mean that it
does not replicate at all. Aurora User Guide, "information_schema.replica_host_status".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wizard.backfilling.signals.base import (
    Found,
    Query,
    Refused,
    Row,
    Signal,
    Watch,
    number,
    unread,
)

_READERS = """
SELECT count(*) AS readers FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'
"""
_AURORA = """
SELECT max(replica_lag_in_milliseconds) / 1000 AS seconds, count(*) AS replicas
FROM information_schema.replica_host_status WHERE session_id <> 'MASTER_SESSION_ID'
"""
_RUNNING = "SHOW GLOBAL STATUS LIKE 'Threads_running'"
_HISTORY = """
SELECT * FROM information_schema.INNODB_METRICS WHERE NAME = 'trx_rseg_history_len'
"""

Statuses = Callable[[Query], Sequence[Row]]


def _behind(row: Row) -> float | None:
    """Return how many seconds a channel of a replica is behind, None when it stands still."""
    for name in ("seconds_behind_source", "seconds_behind_master"):
        if name in row:
            return number(row[name])
    return None


def _channels(watch: Watch, statuses: Statuses) -> Iterator[tuple[str, float | None]]:
    for name, ask in watch.replicas.items():
        for row in statuses(ask):
            yield name, _behind(row)


def _unseen(query: Query) -> Found:
    """Return that no replica was named, and whether there seem to be some."""
    try:
        (aurora,) = query(_AURORA)
    except Refused:
        pass
    else:
        if aurora["replicas"]:
            return Found(value=number(aurora["seconds"]) or 0.0)
    try:
        readers = int(number(query(_READERS)[0]["readers"]) or 0)
    except Refused:
        readers = 0
    if readers:
        return unread(
            f"{readers} read{'s' if readers == 1 else ''} the binary log here, but only a replica "
            "knows its lag: name each with --replica URL"
        )
    return unread("no replica is visible: if there are some, name each with --replica URL")


def _lag(statuses: Statuses) -> Callable[[Query, Watch], Found]:
    def find(query: Query, watch: Watch) -> Found:
        if not watch.replicas:
            return _unseen(query)
        found = list(_channels(watch, statuses))
        if not found:
            return unread(f"{', '.join(watch.replicas)}: no replica, it follows no other server")
        seconds = [one for _, one in found if one is not None]
        return Found(value=max(seconds)) if seconds else unread("no replica replicates")

    return find


def _stopped(statuses: Statuses) -> Callable[[Query, Watch], Found]:
    def find(query: Query, watch: Watch) -> Found:
        del query
        if not watch.replicas:
            return unread("no replica was named with --replica URL")
        names = dict.fromkeys(name for name, behind in _channels(watch, statuses) if behind is None)
        label = f"replicas that do not replicate: {', '.join(names)}" if names else ""
        return Found(value=float(len(names)), label=label)

    return find


def _running(query: Query, watch: Watch) -> Found:
    del watch
    return Found(value=number(query(_RUNNING)[0]["value"]))


def _history(query: Query, watch: Watch) -> Found:
    del watch
    for row in query(_HISTORY):
        # MySQL has the column STATUS, MariaDB ENABLED.
        if row.get("status", "enabled") == "enabled" and row.get("enabled", 1):
            return Found(value=number(row["count"]))
    return unread("the server does not count it: innodb_monitor_enable = trx_rseg_history_len")


def _waiting(sql: str) -> Callable[[Query, Watch], Found]:
    def find(query: Query, watch: Watch) -> Found:
        ours = ", ".join(str(int(one)) for one in watch.ours) or "0"
        value = number(query(sql.format(ours=ours))[0]["sessions"])
        return Found(value=value, why="" if value is not None else "performance_schema is off")

    return find


def family(statuses: Statuses, waiting: str) -> tuple[Signal, ...]:
    """Return the signs: ``statuses`` asks a replica, ``waiting`` counts who waits for ``{ours}``."""
    return (
        Signal(
            name="replica-lag",
            label="lag of the slowest replica",
            unit="s",
            limit=5.0,
            help="Reads from replicas stay fresh, and a failover loses little.",
            find=_lag(statuses),
        ),
        Signal(
            name="replica-stopped",
            label="replicas that do not replicate",
            unit="replicas",
            limit=0.0,
            help="A replica that stands still is mended before more is written.",
            find=_stopped(statuses),
        ),
        Signal(
            name="threads-running",
            label="statements that run at once",
            unit="threads",
            limit=25.0,
            help="A server under load gets its breath back.",
            find=_running,
        ),
        Signal(
            name="history",
            label="old row versions which nobody has purged yet",
            unit="transactions",
            limit=1_000_000.0,
            help="Purge keeps up; a long history makes every read slower.",
            find=_history,
        ),
        Signal(
            name="waiting",
            label="sessions that wait for a lock of the backfill",
            unit="sessions",
            limit=0.0,
            help="The application goes first.",
            find=_waiting(waiting),
        ),
    )
