"""``migwiz next``: the following phase of a plan."""

from __future__ import annotations

import click

from wizard.commands.gates import confirmed_by_people
from wizard.commands.options import environment
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError
from wizard.session import Force, Session
from wizard.summary import tell_written


@click.command("next", help="Write the next phase of a plan, when its gate holds.")
@click.argument("plan")
@click.option("--root", help="The folder of the project.")
@click.option("--url", help="The database in which the gate is asked; env:NAME reads a variable.")
@click.option("--gate-open", is_flag=True, help="Say that what only people can know holds.")
@click.option(
    "--force-gate",
    metavar="PHASE",
    help="Pass the query of the gate before this phase although it fails; needs --reason.",
)
@click.option("--reason", help="Why the gate is forced: it is kept in the plan file.")
@click.option(
    "--write-anyway",
    is_flag=True,
    help="Compare no tables: plan from them as they were. The gate is asked all the same.",
)
@click.option("--accept-loss", multiple=True, metavar="STEP", help="Accept a loss; or `all`.")
def COMMAND(
    *,
    plan: str,
    root: str | None,
    url: str | None,
    gate_open: bool,
    force_gate: str | None,
    reason: str | None,
    write_anyway: bool,
    accept_loss: tuple[str, ...],
) -> int:
    """Write the next phase."""
    force = _force(force_gate, reason)
    answers = Answers().put("database.url", url)
    session = Session(environment(root), answers, accepted=accept_loss)
    kept = session.resume(plan)
    phase = kept.next_phase
    confirmed = gate_open or (phase is not None and confirmed_by_people(phase.name, phase.gate))
    written = session.write_next(kept, confirmed=confirmed, force=force, anyway=write_anyway)
    tell_written(session, written)
    return 0


def _force(gate: str | None, reason: str | None) -> Force | None:
    said = " ".join((reason or "").split())
    if gate is not None and not said:
        raise AnswerError(
            "missing-answer",
            f"the gate before {gate} is forced only with a reason",
            why="whoever reads the plan file later has to know why it was passed",
            next_actions=('say it: --reason "the two rows are test data"',),
            flag="--reason",
        )
    if gate is None and said:
        raise AnswerError(
            "missing-answer",
            "a reason is given, and no gate to force",
            next_actions=("name the phase before which it stands: --force-gate contract",),
            flag="--force-gate",
        )
    return None if gate is None else Force(gate=gate, reason=said)
