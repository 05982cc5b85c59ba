"""pt-online-schema-change: copies a table and follows it by triggers; works with foreign keys.

Sources: its manual (Percona Toolkit 3.2.1, and the release notes of 3.3.1, 3.7.0 and 3.7.1); what it
refuses on MySQL 8.0.14 to 8.0.17 and which warnings of a copy it lets pass stand in its source. Run
for real in tests/handover: foreign keys, triggers, one node of Galera, values cut short and duplicate
rows dropped without an error, the names that change, and what an interrupted run leaves behind.
"""

from __future__ import annotations

import re

from wizard.handover.base import Limits, Need, Server, Tool
from wizard.handover.clauses import adds_unique, drops_primary_key
from wizard.handover.shared import (
    common_refusal,
    quoted,
    seconds,
    short_of_a_second,
    undone_directly,
)
from wizard.model.handover import Command, Words

#: A child table up to this size gets its foreign key again in an instant (safety.md §1.4: direct).
_SMALL_CHILD = 100 * 1024**2
#: Part of the time, in percent, that a Galera cluster may spend waiting for its slowest node.
_FLOW_CONTROL_PERCENT = 5
#: Between two tries for a lock everybody else goes on.
_TRIES = ",".join(
    f"{step}:30:5"
    for step in ("create_triggers", "drop_triggers", "swap_tables", "update_foreign_keys")
)
_CRASHES_FROM, _CRASHES_TO = (8, 0, 14), (8, 0, 17)


def refuses(need: Need) -> str | None:
    """Return why pt-online-schema-change cannot do a need, None where it can."""
    common = common_refusal(need)
    if common is not None:
        return common
    if need.engine == "mysql" and _CRASHES_FROM <= need.version[:3] <= _CRASHES_TO:
        return "It refuses MySQL 8.0.14 to 8.0.17, which crash when tables are swapped."
    if need.refers_to_itself:
        return "It refuses a table whose foreign key points at the table itself."
    if any(adds_unique(clause) for clause in need.clauses):
        return (
            "It copies with INSERT IGNORE: rows that break a new unique key would vanish without "
            "an error. A unique index can be added directly, while the table is written."
        )
    if need.may_cut:
        return (
            "It copies with INSERT IGNORE: values too long for the new type would be cut short "
            "without an error. First let a CHECK rule them out."
        )
    if any(drops_primary_key(clause) for clause in need.clauses):
        return "It does not drop a primary key unless its checks are turned off."
    return None


def command(need: Need, limits: Limits, server: Server) -> Command:
    """Return the command lines: `--dry-run` and `--execute`; back by the inverse change."""
    pause = f"{server.folder.rstrip('/')}/pt-osc.{_database(need, server)}.{need.name}.pause"
    start = _start(server)
    limited = _limits(need, limits, pause)

    def run(alter: str, *last: str) -> Words:
        return (*start, f"--alter={alter}", *_kept(need), *limited, *last, _target(need, server))

    # It cuts its names behind, and tries more of them with a further _ in front.
    old, new = f"_{need.name}_old"[:64], f"_{need.name}_new"[:64]
    return Command(
        tool=TOOL.name,
        dry_run=run(need.alter, "--print", "--dry-run"),
        execute=run(need.alter, "--execute"),
        revert=_revert_text(need, old),
        revert_words=run(need.undo, "--execute") if need.undo and not refuses(need.back) else (),
        pause=f"Create {pause}; remove it, and it goes on within a minute. What is written "
        "meanwhile is still copied by the triggers.",
        abort=_abort_text(need, server, new),
        before=_before(need),
        watch=(
            "It prints its progress every 30 s.",
            "Every lock that it waits for is tried 30 times, 5 s apart.",
        ),
        after=_after(need, old),
        notes=_notes(need),
        warnings=_warnings(need, limits),
    )


def _database(need: Need, server: Server) -> str:
    return need.table.schema or server.database


def _target(need: Need, server: Server) -> str:
    # All of it in one word: the tool hears `--port`, and goes to the usual port all the same.
    where = f"S={server.socket}" if server.socket else f"h={server.host},P={server.port}"
    user = f",u={server.user}" if server.user else ""
    return f"{where}{user},D={_database(need, server)},t={need.name}"


def _start(server: Server) -> Words:
    return (
        "pt-online-schema-change",
        f"--defaults-file={server.defaults_file}",
        "--charset=utf8mb4",
        # It would tell the vendor about this server at every run.
        "--no-version-check",
    )


def _kept(need: Need) -> Words:
    """Return what is said about foreign keys, triggers and the old table."""
    return (
        # The other method drops the table first: for a moment there would be none.
        *(("--alter-foreign-keys-method=rebuild_constraints",) if need.referenced_by else ()),
        *(("--preserve-triggers",) if need.triggers else ()),
        *(("--no-drop-old-table",) if _keeps_old(need) else ()),
    )


def _keeps_old(need: Need) -> bool:
    # With its own foreign keys the old table would keep rows of other tables from being deleted.
    return not need.triggers and not need.foreign_keys


def _limits(need: Need, limits: Limits, pause: str) -> Words:
    wait = seconds(limits.lock_wait_ms)
    return (
        f"--chunk-time={limits.chunk_ms / 1000:g}",
        f"--max-lag={seconds(limits.replica_lag_ms)}",
        f"--max-load={limits.pause_loads}",
        f"--critical-load={limits.give_up_loads}",
        *((f"--max-flow-ctl={_FLOW_CONTROL_PERCENT}",) if need.galera else ()),
        f"--set-vars=lock_wait_timeout={wait},innodb_lock_wait_timeout=1",
        f"--tries={_TRIES}",
        f"--pause-file={pause}",
    )


def _revert_text(need: Need, old: str) -> str:
    why_not = refuses(need.back)
    if not need.undo:
        back = "There is no inverse change: it cannot go back."
    elif why_not is None:
        back = "Run it again with the inverse change, which copies the table once more."
    else:
        back = f"It cannot run the inverse change. {why_not} Without it: {undone_directly(need)}"
    if not _keeps_old(need):
        return back
    return (
        f"{back} The old table stays as {quoted(old)}, without what was written since the swap: it "
        "serves for a comparison, not as a way back."
    )


def _abort_text(need: Need, server: Server, new: str) -> str:
    start = re.sub(r"\W", "_", f"pt_osc_{_database(need, server)}_{need.name}", flags=re.ASCII)[:60]
    triggers = " ".join(
        f"DROP TRIGGER IF EXISTS {quoted(f'{start}_{event}')};" for event in ("del", "upd", "ins")
    )
    return (
        "Press Ctrl+C. The table is as it was, but the tool's triggers stay. Drop them first, then "
        f"the copy, else writes fail: {triggers} DROP TABLE IF EXISTS {quoted(new)};"
    )


def _before(need: Need) -> tuple[str, ...]:
    found = []
    if need.engine == "mysql" and need.version >= (8, 4):
        found.append("Percona Toolkit 3.7.0 or newer: older ones do not know MySQL 8.4.")
    if need.triggers:
        found.append("Percona Toolkit 3.3.1 or newer: older ones could lose BEFORE triggers.")
    if need.galera:
        found.append("wsrep_OSU_method is TOI, and the table is InnoDB.")
    return (
        *found,
        "The user may ALTER, CREATE, DELETE, DROP, INDEX, INSERT, SELECT, TRIGGER and UPDATE in the "
        "database, and has PROCESS and REPLICATION SLAVE. Where the binary log is on, making a "
        "trigger needs SUPER or log_bin_trust_function_creators.",
        "There is room on disk for a second copy of the table, and for as much again in binary "
        "logs.",
    )


def _after(need: Need, old: str) -> tuple[str, ...]:
    if not _keeps_old(need):
        return ()
    return (
        f"Compare the number of rows, then: DROP TABLE {quoted(old)}; dropping a large table takes "
        "the server a while.",
    )


def _notes(need: Need) -> tuple[str, ...]:
    found = ["Every write to the table is done twice while the copy runs."]
    if not _keeps_old(need):
        found.append("The old table is dropped after the swap.")
    if need.galera:
        found.append("Each of its short DDL statements runs on all nodes at the same moment.")
    return tuple(found)


def _warnings(need: Need, limits: Limits) -> tuple[str, ...]:
    found = list(short_of_a_second(limits.lock_wait_ms))
    renamed = [key.name for key in need.foreign_keys if key.name]
    renamed += [one.foreign_key.name for one in need.referenced_by if one.foreign_key.name]
    renamed += [check.name for check in need.checks if check.name]
    if renamed:
        found.append(
            f"These constraints get other names: {', '.join(renamed)}. From run to run x becomes "
            "_x, then __x, then x again. Migrations and models that name them have to follow."
        )
    if need.referenced_by and (need.referring_bytes is None or need.referring_bytes > _SMALL_CHILD):
        children = ", ".join(sorted({str(one.table) for one in need.referenced_by}))
        found.append(
            f"After the swap the foreign keys of {children} are made again. The server copies such "
            "a table for that, and writes to it wait until it is done."
        )
    if limits.hold_swap:
        found.append("It cannot wait with the swap: it swaps as soon as the copy is complete.")
    return tuple(found)


TOOL = Tool(
    name="pt-online-schema-change",
    label="pt-online-schema-change",
    refuses=refuses,
    command=command,
)
