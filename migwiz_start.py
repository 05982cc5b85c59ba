"""Where the command ``migwiz`` begins: it settles what may be imported, then starts the program.

The name is meant to be one that no project uses. A project may well have packages called ``wizard``,
``screens``, ``generators`` or ``alembic``, and ``PYTHONPATH=.`` puts them before everything that is
installed.
"""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    installed_first()
    from wizard.cli import main as run

    return run()


def installed_first() -> None:
    """Move what ``PYTHONPATH`` names behind what is installed.

    It stays on the path: some ways of packaging put a program's own libraries there. The variable
    itself is left alone, for the project's own interpreter in child processes.
    """
    named = os.environ.get("PYTHONPATH")
    if not named or sys.flags.ignore_environment:
        return
    places = {os.path.abspath(one) for one in named.split(os.pathsep)}
    last = [one for one in sys.path if os.path.abspath(one) in places]
    sys.path[:] = [one for one in sys.path if one not in last] + last
