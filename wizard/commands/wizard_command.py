"""``migwiz`` alone: the wizard, as a full-screen app or as line prompts."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from wizard.commands.options import session_from, shared_options
from wizard.model.errors import AnswerError
from wizard.session import Session
from wizard.summary import tell_written
from wizard.tty import front_end


def start(session: Session) -> int:
    """Start the front end that fits this terminal."""
    kind = front_end(sys.stdin, sys.stderr, os.environ)
    if kind == "headless":
        raise AnswerError(
            "no-terminal",
            "there is no terminal to ask in",
            why="stdin or stderr is no TTY, or this runs in CI",
            next_actions=(
                "say what to change: migwiz plan add-column --help",
                "or give a file of answers: migwiz write --answers FILE",
            ),
        )
    if kind == "plain":
        from wizard.plain import run_plain

        return run_plain(session, sys.stdin, sys.stderr)
    from screens.app import run_app

    written = run_app(session)
    if written is not None:
        tell_written(session, written)
    return 0


@click.command("migwiz", help="Start the wizard.")
@shared_options
def COMMAND(**values: Any) -> int:
    """Start the wizard with the answers given so far."""
    return start(session_from(None, (), values))
