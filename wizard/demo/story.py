"""The demo without a terminal: one whole change through the command line, told as it happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wizard.demo.build import run_alembic
from wizard.demo.calling import indented, migwiz, plan_file
from wizard.demo.proof import both_names_work, has_column, look, same
from wizard.journal import Journal, read
from wizard.model.errors import RehearsalError

OLD, NEW = "status_code", "status"
CHANGE = (
    *("rename-column", "--table", "orders", "--column", OLD, "--to", NEW),
    *("--how", "sync", "--deployment", "rolling", "--rows", "120000000"),
)


def tell_story(root: Path, url: str, say: Callable[[str], None]) -> None:
    """Plan, write, upgrade phase by phase and downgrade, in the shop at ``root``.

    Every step is a command that a user could type. Raises RehearsalError (`demo-failed`) when one
    fails or the way back leaves something behind.
    """
    start = run_alembic(root, "current").split()[0]
    before = look(url)
    say(
        f"The shop is at revision {start}, with 100,000 orders. Production would have 120 million.\n"
    )
    say("1. What would renaming orders.status_code take?\n")
    migwiz(root, "plan", *CHANGE, say=say)
    say("2. Write only what is safe to run now.\n")
    plan = plan_file(root, migwiz(root, "write", *CHANGE, say=say))
    number = 3
    while True:
        kept = read(plan)
        say(f"{number}. Deploy {_written(kept)}: run the new files with the real Alembic.\n")
        _alembic(root, say, "upgrade", "head")
        _say_who_works(url, say)
        if kept.next_phase is None:
            break
        gate = kept.next_phase.gate
        say(f"{number + 1}. The next phase is {kept.next_phase.name}.")
        say(f"   its gate: {gate.text}\n" if gate else "")
        migwiz(root, "next", kept.slug, "--gate-open", say=say)
        number += 2
    say(f"{number + 1}. And all the way back, to {start}.\n")
    _alembic(root, say, "downgrade", start)
    same(before, look(url))
    say(
        f"The way back is whole: {len(before.objects)} columns, constraints, indexes, triggers,"
        " functions and views are as before, and so is every one of 100,000 orders.\n"
    )


def _written(kept: Journal) -> str:
    names = [phase.name for phase in kept.phases if phase.written is not None]
    return names[-1]


def _say_who_works(url: str, say: Callable[[str], None]) -> None:
    if not (has_column(url, "orders", OLD) and has_column(url, "orders", NEW)):
        name = NEW if has_column(url, "orders", NEW) else OLD
        say(f"   orders has one name for it now: {name}\n")
        return
    if not both_names_work(url, OLD, NEW):
        raise RehearsalError(
            "demo-failed", "What one version of the application writes, the other does not read."
        )
    say(f"   tried: what old code writes to {OLD}, new code reads in {NEW}, and the other way\n")


def _alembic(root: Path, say: Callable[[str], None], *words: str) -> None:
    say(f"$ alembic {' '.join(words)}")
    said = run_alembic(root, *words)
    lines = [line.partition("] ")[2] for line in said.splitlines() if "Running " in line]
    say(indented("\n".join(lines)))
