"""A backfill as `wizard.backfilling.progress` tells it, to show: running, waiting, and its end."""

from __future__ import annotations

from dataclasses import replace

from wizard.backfilling.progress import Progress, Reading, WorkerProgress

LAG = Reading(name="replica-lag", label="lag of the slowest replica", unit="s", value=0.4, limit=5)
WAITERS = Reading(
    name="lock-waiters",
    label="sessions that wait for a lock of the backfill",
    unit="sessions",
    value=0,
    limit=0,
)
ARCHIVE = Reading(
    name="wal-archive",
    label="WAL files that wait to be archived",
    unit="files",
    value=None,
    limit=50,
    why="the role may not read pg_stat_archiver",
)
RUNNING = Progress(
    title="fill status of orders",
    table="public.orders",
    state="running",
    walked=45_302_118,
    changed=44_871_002,
    total=118_000_000,
    target_ms=200,
    rows_per_second=58_212,
    elapsed_s=782,
    eta_s=1_249,
    longest_batch_ms=412,
    retries=3,
    workers=(
        WorkerProgress(
            number=1,
            state="walking",
            position="22151003",
            walked=22_151_000,
            changed=22_000_000,
            batch_rows=11_800,
            batch_ms=196,
        ),
        WorkerProgress(
            number=2,
            state="waiting",
            position="82151118",
            walked=23_151_118,
            changed=22_871_002,
            batch_rows=12_400,
            batch_ms=203,
        ),
    ),
    readings=(LAG, WAITERS, ARCHIVE),
)
THROTTLED = replace(
    RUNNING,
    state="throttled",
    reason="replica lag is 7.2 s, more than 5 s",
    rows_per_second=0,
    eta_s=None,
    readings=(replace(LAG, value=7.2), WAITERS, ARCHIVE),
)
PAUSED = replace(RUNNING, state="paused", reason="you asked for it", rows_per_second=0, eta_s=None)
DONE = replace(
    RUNNING,
    state="done",
    walked=118_204_331,
    changed=117_900_000,
    elapsed_s=2_031,
    eta_s=None,
    workers=(),
    readings=(),
)
STOPPED = replace(RUNNING, state="stopped", reason="asked to stop", eta_s=None)
FAILED = replace(RUNNING, state="failed", reason="the server was shut down", eta_s=None)
