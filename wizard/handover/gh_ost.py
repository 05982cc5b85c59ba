"""gh-ost: copies a table and follows the binary log, without triggers.

Sources: its own documents "Requirements and limitations", "Command line flags", "Reverting
Migrations" and "Interactive commands" (1.1.10). Galera: its issues 224 and 569. MariaDB: its issue
1488 and pull request 1724 (June 2026, in no release up to 1.1.10). Names of CHECKs: its issue 1341.
How long it waits for its locks, and that it makes triggers anew at each try of the swap, stands in
its source (go/logic/applier.go and migrator.go). Run for real in tests/handover: copy, swap, way
back by the inverse change, and what it refuses. Its own --revert is not offered: Migrator.Revert
starts the stream of the binary log at the checkpoint before it adds the listener for the table, and
in 4 of 11 measured runs ended well with all writes since the swap lost.
"""

from __future__ import annotations

import hashlib

from wizard.handover.base import Limits, Need, Server, Tool
from wizard.handover.clauses import adds_foreign_key, adds_unique
from wizard.handover.shared import (
    beside,
    common_refusal,
    quoted,
    renamed_checks,
    seconds,
    undone_directly,
)
from wizard.model.handover import Command, Words, shell

#: Ends the names of the triggers of the altered table; the next run takes it off again.
TRIGGER_SUFFIX = "_gho"
_LONGEST_TRIGGER = 64
#: It waits for its lock for twice that long, and then for the swap. It takes 1 to 10 s; but it looks
#: only once a second whether the swap waits, so that with 1 s nearly every try ends too early.
_SHORTEST_TIMEOUT, _LONGEST_TIMEOUT = 2, 10
_LONGEST_FILE = 60
#: One busy moment shall not end a copy of many hours.
_SECOND_LOOK_MS = 5_000


def refuses(need: Need) -> str | None:
    """Return why gh-ost cannot do a need, None where it can."""
    common = common_refusal(need)
    if common is not None:
        return common
    if need.engine == "mariadb":
        return (
            "Its releases up to 1.1.10 cannot talk to MariaDB: they end at an unknown variable or "
            "statement. Its main branch learnt it in June 2026."
        )
    if need.galera:
        return (
            "It locks the table for the swap, and Galera does not replicate table locks: other "
            "nodes would go on writing."
        )
    if need.foreign_keys or need.referenced_by:
        return "It does not work on a table that has foreign keys or that foreign keys point at."
    if any(adds_foreign_key(clause) for clause in need.clauses):
        return "It does not work with foreign keys, and the change adds one."
    if need.triggers:
        return _refuses_triggers(need)
    return None


def _refuses_triggers(need: Need) -> str | None:
    if not need.copy_triggers:
        return (
            "The table has triggers. It can make them anew on the copy, but under other names "
            f"(with {TRIGGER_SUFFIX} at the end), and only if you agree."
        )
    long = [
        trigger.name
        for trigger in need.triggers
        if len(trigger.name) + len(TRIGGER_SUFFIX) > _LONGEST_TRIGGER
    ]
    if long:
        return f"The names of these triggers have no room for {TRIGGER_SUFFIX}: {', '.join(long)}."
    return None


def command(need: Need, limits: Limits, server: Server) -> Command:
    """Return the command lines: a run without `--execute`, the real one, and back by the inverse."""
    files = _Files(need, server)
    common = _common(need, limits, server, files)
    old, ghost = beside(need.name, "del"), beside(need.name, "gho")
    records, log = beside(need.name, "ghk"), beside(need.name, "ghc")
    triggers = _trigger_flags(need)
    dry_run = (*common, f"--alter={need.alter}", *triggers)
    # A dry run with records would leave their table behind.
    real = ("--checkpoint", *_hold(limits, files), "--execute")
    again: Words = (*common, f"--alter={need.undo}", *triggers, "--checkpoint", "--execute")
    return Command(
        tool=TOOL.name,
        dry_run=dry_run,
        execute=(*dry_run, *real),
        revert=_revert_text(need, old, records),
        revert_words=again if need.undo and not refuses(need.back) else (),
        pause=f"Create {files.throttle}; remove it to go on. Or: {files.say('throttle')}, then "
        f"{files.say('no-throttle')}.",
        abort=f"{files.say('panic')}. The table is as it was. Drop what is left: "
        f"DROP TABLE IF EXISTS {', '.join(map(quoted, (ghost, log, records)))};",
        before=_before(need, old, records),
        watch=(
            f"{files.say('status')} shows progress, load and lag.",
            "The swap waits for a short lock and is tried again when it cannot have it: up to 60 "
            "times, and everybody else goes on in between.",
            *_watch_hold(limits, files),
        ),
        after=(
            f"When you have compared it: DROP TABLE {quoted(old)}, {quoted(records)}; "
            "dropping a large table takes the server a while.",
        ),
        notes=("It copies a fixed number of rows at a time and has no time limit for one copy.",),
        warnings=_warnings(need, limits, server),
    )


class _Files:
    """The files by which a run is steered, named after the table."""

    def __init__(self, need: Need, server: Server) -> None:
        base = (
            f"{server.folder.rstrip('/')}/gh-ost.{_short(f'{_database(need, server)}.{need.name}')}"
        )
        self.socket = f"{base}.sock"
        self.throttle = f"{base}.throttle"
        self.panic = f"{base}.panic"
        self.hold = f"{base}.hold"

    def say(self, word: str) -> str:
        """Return the shell line that says a word to a running gh-ost."""
        return f"`echo {word} | nc -U {shell((self.socket,))}`"


def _short(name: str) -> str:
    # The path of a socket has room for about a hundred bytes.
    if len(name) <= _LONGEST_FILE:
        return name
    return f"{name[: _LONGEST_FILE - 9]}.{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _database(need: Need, server: Server) -> str:
    return need.table.schema or server.database


def _common(need: Need, limits: Limits, server: Server, files: _Files) -> Words:
    replicas = ",".join(server.replicas)
    return (
        "gh-ost",
        f"--conf={server.defaults_file}",
        *((f"--user={server.user}",) if server.user else ()),
        f"--host={server.host}",
        f"--port={server.port}",
        f"--database={_database(need, server)}",
        f"--table={need.name}",
        "--allow-on-master",
        "--assume-rbr",
        *(("--gtid",) if server.gtid else ()),
        f"--max-lag-millis={max(100, limits.replica_lag_ms)}",
        *((f"--throttle-control-replicas={replicas}",) if replicas else ()),
        f"--max-load={limits.pause_loads}",
        f"--critical-load={limits.give_up_loads}",
        f"--critical-load-interval-millis={_SECOND_LOOK_MS}",
        f"--cut-over-lock-timeout-seconds={_timeout(limits)}",
        "--panic-on-warnings",
        f"--serve-socket-file={files.socket}",
        f"--throttle-flag-file={files.throttle}",
        f"--panic-flag-file={files.panic}",
    )


def _timeout(limits: Limits) -> int:
    return max(_SHORTEST_TIMEOUT, seconds(limits.lock_wait_ms // 2, most=_LONGEST_TIMEOUT))


def _trigger_flags(need: Need) -> Words:
    if not need.triggers:
        return ()
    return (
        "--include-triggers",
        f"--trigger-suffix={TRIGGER_SUFFIX}",
        "--remove-trigger-suffix-if-exists",
    )


def _hold(limits: Limits, files: _Files) -> Words:
    return (f"--postpone-cut-over-flag-file={files.hold}",) if limits.hold_swap else ()


def _watch_hold(limits: Limits, files: _Files) -> tuple[str, ...]:
    if not limits.hold_swap:
        return ()
    return (f"It swaps when {files.hold} is removed, or after {files.say('unpostpone')}.",)


def _revert_text(need: Need, old: str, records: str) -> str:
    why_not = refuses(need.back)
    if not need.undo:
        back = "There is no inverse change: it cannot go back."
    elif why_not is None:
        back = (
            "Run it again with the inverse change, which copies the table once more, after "
            f"DROP TABLE {quoted(old)}, {quoted(records)};"
        )
    else:
        back = f"It cannot run the inverse change. {why_not} Without it: {undone_directly(need)}"
    return (
        f"{back} Leave its --revert alone: 1.1.10 reads the binary log before it listens for the "
        "table, and so lost writes since the swap without an error. The old table serves for a "
        "comparison."
    )


def _before(need: Need, old: str, records: str) -> tuple[str, ...]:
    return (
        "gh-ost 1.1.8 or newer; the checks of the copy came with it.",
        "binlog_format is ROW, binlog_row_image is FULL, and performance_schema is on with the "
        "instrument wait/lock/metadata/sql/mdl, as MySQL 8 has it by itself.",
        f"The user may ALTER, CREATE, DELETE, DROP, INDEX, INSERT, LOCK TABLES, SELECT, TRIGGER and "
        f"UPDATE in {quoted(need.table.schema) if need.table.schema else 'the database'}, and has "
        "REPLICATION CLIENT and REPLICATION SLAVE.",
        "There is room on disk for a second copy of the table, and for as much again in binary "
        "logs.",
        f"No {quoted(old)} and {quoted(records)} are left from an earlier run.",
    )


def _warnings(need: Need, limits: Limits, server: Server) -> tuple[str, ...]:
    found: list[str] = []
    wait = 2 * _timeout(limits)
    if limits.lock_wait_ms < wait * 1000:
        found.append(
            f"It may wait {wait} s for its lock, not {limits.lock_wait_ms} ms: with less it seldom "
            "manages to swap. Everybody who wants the table then waits as long."
        )
    if server.socket:
        found.append(
            f"It knows no sockets: the server has to listen at {server.host}:{server.port}."
        )
    if not server.replicas:
        found.append(
            "It watches no replica: name those that the application reads, else they may lag."
        )
    if need.may_cut or any(adds_unique(clause) for clause in need.clauses):
        found.append(
            "A row that does not fit the new definition ends the copy (--panic-on-warnings); the "
            "table then stays as it was."
        )
    found += renamed_checks(need)
    if need.triggers:
        names = ", ".join(trigger.name for trigger in need.triggers)
        found.append(
            f"The names of the triggers change by {TRIGGER_SUFFIX}: {names}. They run with the "
            "rights of the user who runs gh-ost."
        )
        found.append(
            "With triggers it can try the swap once: at a second try the new triggers are there "
            "already, and it ends without a change. Then drop what is left and start again."
        )
    return tuple(found)


TOOL = Tool(name="gh-ost", label="gh-ost", refuses=refuses, command=command)
