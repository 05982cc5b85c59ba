"""``migwiz next``: the following phase of a plan."""

from __future__ import annotations

import sys

import click

from wizard.commands.options import environment
from wizard.model.answers import Answers
from wizard.session import Session
from wizard.summary import tell_written


@click.command("next", help="Write the next phase of a plan, when its gate holds.")
@click.argument("plan")
@click.option("--root", help="The folder of the project.")
@click.option("--url", help="The database in which the gate is asked; env:NAME reads a variable.")
@click.option("--gate-open", is_flag=True, help="Say that what only people can know holds.")
@click.option("--accept-loss", multiple=True, metavar="STEP", help="Accept a loss; or `all`.")
def COMMAND(
    plan: str, root: str | None, url: str | None, gate_open: bool, accept_loss: tuple[str, ...]
) -> int:
    """Write the next phase."""
    answers = Answers().put("database.url", url)
    session = Session(environment(root), answers, accepted=accept_loss)
    kept = session.resume(plan)
    phase = kept.next_phase
    confirmed = gate_open
    gate = phase.gate if phase is not None else None
    if phase and gate and gate.people and not gate_open and sys.stdin.isatty():
        sys.stderr.write(f"before {phase.name}: {gate.text}\n")
        confirmed = click.confirm("Does that hold?", default=False, err=True)
    written = session.write_next(kept, confirmed=confirmed)
    tell_written(session, written)
    return 0
