"""The sign of SQLite: its write-ahead log, which a long reader keeps from starting anew.

SQLite documentation, "Write-Ahead Logging", Avoiding Excessively Large WAL Files.
"""

from __future__ import annotations

from pathlib import Path

from wizard.backfilling.signals.base import Found, Query, Signal, Watch, unread


def _log(query: Query, watch: Watch) -> Found:
    if str(query("PRAGMA journal_mode")[0]["journal_mode"]).lower() != "wal":
        return unread("the file has no write-ahead log")
    wanted = watch.table.schema or "main"
    files = [str(row["file"]) for row in query("PRAGMA database_list") if row["name"] == wanted]
    log = Path(f"{files[0]}-wal") if files and files[0] else None
    if log is None:
        return unread(f"{wanted} is no file")
    return Found(value=round(log.stat().st_size / 1024**2, 1) if log.exists() else 0.0)


SIGNALS = (
    Signal(
        name="wal-size",
        label="size of the write-ahead log",
        unit="MB",
        limit=256.0,
        help="Readers stay fast; the log starts anew once no reader holds its beginning.",
        find=_log,
    ),
)
