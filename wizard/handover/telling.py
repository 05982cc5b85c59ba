"""A hand-over in words: what to fill in, how a framework learns of it, and the finding."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.dialects.base import Size
from wizard.handover.base import Need, Server
from wizard.handover.choose import HAND_OVER_BYTES, HAND_OVER_ROWS, Choice
from wizard.handover.clauses import bare_words
from wizard.model.counted import rows as counted_rows
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.handover import Handover
from wizard.model.plan import Lock, Migration
from wizard.model.rollout import Rollout

# Placeholders are plain words: the tools make names of triggers and files from that of the database.
_OPTION_FILE = "/path/to/OPTION_FILE"
#: Stands in for a server of which nothing is known.
UNKNOWN = Server(database="DATABASE", defaults_file=_OPTION_FILE, host="HOST")

_REFERENCE = "MySQL manual, Online DDL Operations; MariaDB documentation, InnoDB Online DDL"


def option_file(named: str | None) -> str:
    """Return the option file that a URL names, else what stands for one."""
    return named if named is not None and named.startswith("/") else _OPTION_FILE


def handover_of(
    migrations: Sequence[Migration],
    need: Need,
    choice: Choice,
    server: Server,
    *,
    named: Sequence[str] = (),
) -> Handover:
    """Return the hand-over of some files: the tools as they were ranked, and all to do around them.

    ``named`` are constraints that stay, and that other files of the plan name.
    """
    return Handover(
        table=need.table,
        title=" and ".join(one.title for one in migrations),
        migrations=tuple(one.slug for one in migrations),
        reason=choice.reason,
        offers=choice.offers,
        instead=_instead(migrations, need, named) if choice.best is not None else "",
        fill_in=_fill_in(server) if choice.best is not None else (),
    )


def _instead(migrations: Sequence[Migration], need: Need, named: Sequence[str]) -> str:
    """Say how the framework learns that the tool did what stands in the files."""
    again = all(bare_words(one)[:1] == ("MODIFY",) for one in need.clauses)
    several = len(migrations) > 1
    files = "these files" if several else "this file"
    run = "they would" if several else "it would"
    left = f"{run} copy {need.table} once more" if again else f"{run} fail on what is there already"
    renamed = (
        f" Other files of this plan name {' and '.join(named)}: look what the tool called it, and let "
        "them follow."
        if named
        else ""
    )
    return (
        f"Apply the files before {files}, then let the tool do the work, compare, and mark {files} as "
        f"applied without running {'them' if several else 'it'} (Alembic: alembic stamp with the "
        f"revision of {'the last one' if several else 'the file'}). Run as well, {left}.{renamed}"
    )


def _fill_in(server: Server) -> tuple[str, ...]:
    found = []
    if server == UNKNOWN:
        found.append("HOST and DATABASE stand for where the table is in production.")
    else:
        found.append(
            f"The server is the one that was read ({server.socket or server.host}): name "
            "production's where that is another."
        )
    if server.defaults_file == _OPTION_FILE:
        found.append(
            f"{_OPTION_FILE} stands for the absolute path of a file that only you may read, with user "
            "and password below [client]. No password belongs into a command line."
        )
    return tuple(found)


def finding_of(handover: Handover, lock: Lock, size: Size, rollout: Rollout) -> Finding:
    """Return what to know: that a tool should do it, or that none can."""
    table, best = handover.table, handover.best
    if best is None:
        refusals = " ".join(f"{one.label}: {one.refusal}" for one in handover.offers)
        made = danger if lock.blocks else warning
        return made(
            "no-tool-can",
            f"No tool can {handover.title} on a copy of {table}, which has {_size(size)}.",
            why=refusals,
            safer=f"Plan it for a maintenance window, or {_try_first(rollout)}.",
            reference=_REFERENCE,
        )
    return info(
        "handed-over",
        f"Let {best.label} {handover.title}, not the migration file: {table} has {_size(size)}.",
        why=f"{_server_does(table.name, lock, rollout)} {best.label} copies it beside the running "
        "application within limits, can be paused, and swaps the copy in. From "
        f"{HAND_OVER_ROWS:,} rows or {HAND_OVER_BYTES // 1024**3} GB on that is always worth the "
        "trouble.",
        safer=f"Run the command lines of the hand-over. {handover.instead}",
        reference=_REFERENCE,
    )


def _try_first(rollout: Rollout) -> str:
    return "try it on a copy of production first, to know how long it takes" + (
        "" if rollout.stopped else ", and run it when little is written"
    )


def _server_does(table: str, lock: Lock, rollout: Rollout) -> str:
    if rollout.stopped:
        meanwhile = "the window lasts until it is done"
    elif "writes" in lock.blocks:
        meanwhile = "writes wait until it is done"
    else:
        meanwhile = "it can be neither paused nor slowed down"
    return f"The server itself would write {table} anew: {meanwhile}, and replicas lag by as long."


def _size(size: Size) -> str:
    found = []
    if size.rows is not None:
        found.append(counted_rows(size.rows))
    if size.bytes is not None and size.bytes >= 1024**3 // 10:
        found.append(f"{size.bytes / 1024**3:,.1f} GB")
    return ", ".join(found) or "a size that nobody has said"
