"""Starting the front end that fits this terminal; the full screen paints before it loads the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.model.errors import AnswerError

if TYPE_CHECKING:
    from wizard.session import Session


def start(make: Callable[[], Session]) -> int:
    """Start the wizard over the session that ``make`` returns, called after the first frame."""
    from wizard.tty import front_end

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

        return run_plain(make(), sys.stdin, sys.stderr)
    from screens.app import run_app

    made: list[Session] = []

    def once() -> Session:
        made.append(make())
        return made[0]

    written = run_app(once)
    if written is not None:
        from wizard.summary import tell_written

        tell_written(made[0], written)
    return 0


def start_here() -> int:
    """Start the wizard in this folder, with no answers yet."""

    def make() -> Session:
        from wizard.commands.options import environment
        from wizard.session import Session

        return Session(environment())

    return start(make)
