"""The signs of PostgreSQL: standbys, slots, who waits for us, dead rows, the archiver.

PostgreSQL manual, "The Cumulative Statistics System" (pg_stat_replication, which shows a role
without pg_read_all_stats the rows and none of the values), "pg_replication_slots",
"pg_blocking_pids", "Autovacuum"; Aurora User Guide, "aurora_replica_status". Sessions that wait are
looked for in pg_locks, which every role may read.
"""

from __future__ import annotations

from wizard.backfilling.signals.base import Found, Query, Signal, Watch, number, unread
from wizard.dialects.postgresql.words import literal, table

_GRANT = "the role may not see it: GRANT pg_monitor to it"

_STANDBYS = """
SELECT count(*) AS standbys, count(state) AS readable,
       max(extract(epoch FROM replay_lag)) AS seconds,
       round(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) / 1048576, 1) AS megabytes
FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'
"""
_AURORA = "SELECT to_regprocedure('aurora_replica_status()') IS NOT NULL AS aurora"
_AURORA_LAG = """
SELECT count(*) AS standbys, max(replica_lag_in_msec) / 1000 AS seconds
FROM aurora_replica_status() WHERE session_id <> 'MASTER_SESSION_ID'
"""
# A replica that has replayed all that came has no lag, however old that is.
_REPLAYED = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM now() -
                coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time()))
       END AS seconds
"""
_SLOTS = """
SELECT slot_name AS slot, active,
       pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) AS bytes
FROM pg_replication_slots WHERE slot_type = 'logical' ORDER BY bytes DESC NULLS LAST LIMIT 1
"""
_WAITING = """
SELECT count(DISTINCT pid) AS sessions FROM pg_locks
WHERE NOT granted AND pid <> ALL ({ours}) AND pg_blocking_pids(pid) && {ours}
"""
_DEAD = """
SELECT s.n_dead_tup AS dead, s.n_live_tup AS alive, pg_table_size(s.relid) AS bytes,
       current_setting('autovacuum')::boolean AND current_setting('track_counts')::boolean
           AND NOT coalesce(c.reloptions && ARRAY['autovacuum_enabled=false',
               'autovacuum_enabled=off'], false) AS vacuumed
FROM pg_stat_all_tables s JOIN pg_class c ON c.oid = s.relid
WHERE s.relid = to_regclass({table})
"""
_ARCHIVES = "SELECT current_setting('archive_mode') AS mode"
_QUEUE = "SELECT count(*) AS files FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"

#: A table that is larger than this does not give its bloat back in a quiet hour.
_LARGE = 10 * 1024**3


def _replica_seconds(query: Query, watch: Watch) -> Found:
    if _is_aurora(query):
        (row,) = query(_AURORA_LAG)
        if not row["standbys"]:
            return unread("no replica is visible: this cluster has a writer only")
        return Found(value=number(row["seconds"]) or 0.0)
    found = _of_standbys(query, "seconds")
    if found.value is not None or not watch.replicas:
        return found
    told = {name: number(ask(_REPLAYED)[0]["seconds"]) for name, ask in watch.replicas.items()}
    seconds = [one for one in told.values() if one is not None]
    if not seconds:
        return unread(f"{', '.join(told)}: no replica, it follows no other server")
    return Found(value=max(seconds))


def _replica_bytes(query: Query, watch: Watch) -> Found:
    del watch
    if _is_aurora(query):
        return unread("replicas of Aurora share the writer's storage")
    return _of_standbys(query, "megabytes")


def _is_aurora(query: Query) -> bool:
    return bool(query(_AURORA)[0]["aurora"])


def _of_standbys(query: Query, what: str) -> Found:
    (row,) = query(_STANDBYS)
    if not row["standbys"]:
        return unread("no replica is visible here: none, or a managed one that the server hides")
    if not row["readable"]:
        return unread(_GRANT)
    # A standby that has everything and no new work has no lag in time.
    return Found(value=number(row[what]) or 0.0)


def _slot(query: Query, watch: Watch) -> Found:
    del watch
    rows = query(_SLOTS)
    if not rows:
        return unread("there is no logical slot")
    (row,) = rows
    value = number(row["bytes"])
    if value is None:
        return unread(f"the slot {row['slot']} does not tell how far it is")
    used = "" if row["active"] else ", which nobody reads"
    label = f"WAL kept for the slot {row['slot']}{used}"
    return Found(value=round(value / 1024**2, 1), label=label)


def _waiting(query: Query, watch: Watch) -> Found:
    ours = f"ARRAY[{', '.join(str(int(one)) for one in watch.ours)}]::integer[]"
    return Found(value=number(query(_WAITING.format(ours=ours))[0]["sessions"]))


def _dead(query: Query, watch: Watch) -> Found:
    rows = query(_DEAD.format(table=literal(table(watch.table))))
    if not rows:
        return unread(f"{watch.table} has no statistics")
    (row,) = rows
    if not row["vacuumed"]:
        return unread(f"autovacuum is off for {watch.table}: waiting would not help, VACUUM does")
    dead, alive = number(row["dead"]) or 0.0, number(row["alive"]) or 0.0
    large = (number(row["bytes"]) or 0.0) > _LARGE
    return Found(value=round(100 * dead / max(alive, 1.0), 1), limit=40.0 if large else None)


def _archive(query: Query, watch: Watch) -> Found:
    del watch
    if query(_ARCHIVES)[0]["mode"] == "off":
        return unread("this server archives no WAL")
    return Found(value=number(query(_QUEUE)[0]["files"]))


SIGNALS = (
    Signal(
        name="replica-lag",
        label="lag of the slowest replica",
        unit="s",
        limit=5.0,
        help="Reads from replicas stay fresh, and a failover loses little.",
        find=_replica_seconds,
    ),
    Signal(
        name="replica-bytes",
        label="WAL which the slowest replica has not replayed",
        unit="MB",
        limit=256.0,
        help="A replica that is far behind needs long to catch up, however young the last row is.",
        find=_replica_bytes,
    ),
    Signal(
        name="slot-lag",
        label="WAL kept for the slowest logical slot",
        unit="MB",
        limit=1024.0,
        help="What reads changes from a slot keeps up, and the disk does not fill with WAL.",
        find=_slot,
    ),
    Signal(
        name="waiting",
        label="sessions that wait for a lock of the backfill",
        unit="sessions",
        limit=0.0,
        help="The application goes first.",
        find=_waiting,
    ),
    Signal(
        name="dead-rows",
        label="dead rows for each 100 that live",
        unit="%",
        limit=100.0,
        help="Vacuum keeps up, so that the space of old versions is used again.",
        find=_dead,
    ),
    Signal(
        name="archive-queue",
        label="WAL files that wait to be archived",
        unit="files",
        limit=50.0,
        help="Backups keep up, and the disk does not fill with WAL.",
        find=_archive,
    ),
)
