"""spirit: copies a table by several threads, goes on after a crash and compares all rows at the end.

Sources: its README ("Unsupported Features", "Requirements") and its document "Migrate subcommand",
at 0.15.1, 0.16.0 and the main branch of August 2026; names of CHECKs: its issue 418. Only flags that all three know are used:
`--table`, `--alter`, `--target-chunk-time`, `--skip-force-kill` and `--lint-only` went away. It needs
MySQL 8, of which tests have none: they compare the flags with its own `--help`, and run it against
MariaDB to see it refuse.
"""

from __future__ import annotations

from wizard.handover.base import Limits, Need, Server, Tool
from wizard.handover.clauses import adds_foreign_key, adds_unique, drops_primary_key
from wizard.handover.shared import (
    beside,
    common_refusal,
    quoted,
    renamed_checks,
    seconds,
    short_of_a_second,
    undone_directly,
)
from wizard.model.handover import Command, Words

OLDEST = (8, 0)
#: "read replicas to be less than 10s behind": where its README advises against it.
REPLICAS_BEHIND_MS = 10_000


def refuses(need: Need) -> str | None:
    """Return why spirit cannot do a need, None where it can."""
    common = common_refusal(need)
    if common is not None:
        return common
    if need.engine == "mariadb":
        return "It works with MySQL only."
    if need.version < OLDEST:
        return "It needs MySQL 8.0 or newer."
    if need.galera:
        return (
            "It locks the table for the swap, and Galera does not replicate table locks: other "
            "nodes would go on writing."
        )
    if need.foreign_keys or need.referenced_by:
        return "It does not work on a table that has foreign keys or that foreign keys point at."
    if any(adds_foreign_key(clause) for clause in need.clauses):
        return "It does not add foreign keys."
    if need.triggers:
        return "It does not work on a table with triggers."
    if need.key != "primary":
        return "It needs a primary key that the change leaves alone."
    if any(drops_primary_key(clause) for clause in need.clauses):
        return "It does not change a primary key."
    return None


def command(need: Need, limits: Limits, server: Server) -> Command:
    """Return the command line; it has no dry run, and goes back by the inverse change."""

    def run(alter: str) -> Words:
        return (
            *("spirit", "migrate"),
            f"--conf={server.defaults_file}",
            *((f"--username={server.user}",) if server.user else ()),
            f"--host={server.host}:{server.port}",
            f"--database={need.table.schema or server.database}",
            f"--statement=ALTER TABLE {quoted(need.name)} {alter}",
            f"--lock-wait-timeout={seconds(limits.lock_wait_ms)}s",
            "--skip-drop-after-cutover",
            *(("--defer-cutover",) if limits.hold_swap else ()),
        )

    new, records = beside(need.name, "new"), beside(need.name, "chkpnt")
    return Command(
        tool=TOOL.name,
        dry_run=None,
        execute=run(need.alter),
        revert=_revert_text(need),
        revert_words=run(need.undo) if need.undo and not refuses(need.back) else (),
        pause="Press Ctrl+C. The same command goes on where it stopped, within seven days and while "
        "the binary logs are still there.",
        abort="Press Ctrl+C. The table is as it was. Drop what is left: "
        f"DROP TABLE IF EXISTS {quoted(new)}, {quoted(records)};",
        before=(
            "binlog_format is ROW, binlog_row_image is FULL, and performance_schema and "
            "log_replica_updates are on.",
            "The user may ALTER, CREATE, DELETE, DROP, INDEX, INSERT, LOCK TABLES, SELECT, TRIGGER "
            "and UPDATE in the database, and has REPLICATION CLIENT, REPLICATION SLAVE, RELOAD, "
            "CONNECTION_ADMIN and PROCESS, and SELECT on performance_schema.",
            "There is room on disk for a second copy of the table, and for as much again in binary "
            "logs.",
        ),
        watch=("It prints its progress every 30 s.", *_watch_hold(limits)),
        after=("Drop the old table when you have compared it: its name ends with the date.",),
        notes=(
            "It has no dry run: it checks before it copies, and compares all rows before it swaps.",
            "It sizes its copies by itself; a time limit for one copy is not among the flags that "
            "all its versions know.",
        ),
        warnings=_warnings(need, limits, server),
    )


def _revert_text(need: Need) -> str:
    why_not = refuses(need.back)
    if not need.undo:
        back = "There is no inverse change: it cannot go back."
    elif why_not is None:
        back = "Run it again with the inverse change, which copies the table once more."
    else:
        back = f"It cannot run the inverse change. {why_not} Without it: {undone_directly(need)}"
    return (
        f"{back} The old table stays as {quoted(f'_{need.name}_old_')} with a date behind it, "
        "without what was written since the swap."
    )


def _watch_hold(limits: Limits) -> tuple[str, ...]:
    if not limits.hold_swap:
        return ()
    return ("It swaps when you drop the table `_spirit_sentinel`, and gives up after 48 hours.",)


def _warnings(need: Need, limits: Limits, server: Server) -> tuple[str, ...]:
    found = list(short_of_a_second(limits.lock_wait_ms))
    if server.socket:
        found.append(
            f"It knows no sockets: the server has to listen at {server.host}:{server.port}."
        )
    found.append(
        "When its wait for a lock is nearly over, it ends the sessions that hold the table: their "
        "transactions are rolled back."
    )
    if limits.replica_lag_ms < REPLICAS_BEHIND_MS:
        found.append(
            "Replicas may fall behind by more than 10 s. It is not for tables that the application "
            "reads from replicas."
        )
    if server.replicas:
        found.append(
            "It watches replicas only with --replica-dsn, whose value holds a password: it is left "
            "out here on purpose."
        )
    found += renamed_checks(need)
    if need.may_cut or any(adds_unique(clause) for clause in need.clauses):
        found.append("It ends without a change when a row does not fit the new definition.")
    return tuple(found)


TOOL = Tool(name="spirit", label="spirit", refuses=refuses, command=command)
