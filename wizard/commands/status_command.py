"""``migwiz status``: the plans of a project, and what each waits for."""

from __future__ import annotations

import sys

import click

from wizard.commands.options import environment
from wizard.session import Session


@click.command("status", help="List the plans of this project and what each waits for.")
@click.option("--root", help="The folder of the project.")
def COMMAND(root: str | None) -> int:
    """List the plans."""
    session = Session(environment(root))
    plans = session.journals()
    if not plans:
        sys.stderr.write("no plans here yet: migwiz write keeps one for each change\n")
        return 0
    for one in plans:
        done = [phase.name for phase in one.phases if phase.written is not None]
        sys.stdout.write(f"{one.slug}\n  {one.title}\n")
        if done:
            sys.stdout.write(f"  written  {', '.join(done)}\n")
        waiting = one.next_phase
        if waiting is None:
            sys.stdout.write("  done     every phase is written\n")
            continue
        sys.stdout.write(f"  next     {waiting.name}, {waiting.when}\n")
        if waiting.gate is not None:
            sys.stdout.write(f"  gate     {waiting.gate.text}\n")
        sys.stdout.write(f"  go on    migwiz next {one.slug}\n")
    return 0
