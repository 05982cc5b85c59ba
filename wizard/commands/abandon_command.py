"""``migwiz abandon``: files that bring the database back from where a plan has come to."""

from __future__ import annotations

import click

from wizard.commands.gates import confirmed_by_people
from wizard.commands.options import environment
from wizard.model.answers import Answers
from wizard.session import Leaving, Session
from wizard.summary import tell_written


@click.command("abandon", help="Write the files which take a plan back from where it is.")
@click.argument("plan")
@click.option("--root", help="The folder of the project.")
@click.option("--url", help="The database that is looked at; env:NAME reads a variable.")
@click.option("--reason", default="", help="Why it is abandoned: it is kept in the plan file.")
@click.option("--gate-open", is_flag=True, help="Say that what only people can know holds.")
@click.option("--accept-loss", multiple=True, metavar="STEP", help="Accept a loss; or `all`.")
@click.option(
    "--write-anyway",
    is_flag=True,
    help="Write the files although the database does not hold what they take back.",
)
def COMMAND(
    *,
    plan: str,
    root: str | None,
    url: str | None,
    reason: str,
    gate_open: bool,
    accept_loss: tuple[str, ...],
    write_anyway: bool,
) -> int:
    """Take a plan back."""
    answers = Answers().put("database.url", url)
    session = Session(environment(root), answers, accepted=accept_loss)
    kept = session.resume(plan)
    confirmed = gate_open or confirmed_by_people(*session.gate_of_abandoning(kept))
    leaving = Leaving(reason=reason.strip(), confirmed=confirmed, anyway=write_anyway)
    tell_written(session, session.abandon(kept, leaving))
    return 0
