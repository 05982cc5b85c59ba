"""The command line. ``migwiz --help`` loads nothing heavy; each command lives in its own module.

Exit codes are API: 0 done · 1 a bug · 2 wrong or missing answers · 3 an acknowledgement is missing,
or migwiz refuses · 4 conflict · 5 database or project not reachable · 6 rehearsal failed · 130
interrupted. stdout is data, stderr is talk.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from wizard.commands import COMMANDS

USAGE = """Usage: migwiz [COMMAND] [OPTIONS]

  Safe, reversible, zero-downtime migrations. Without a command, the wizard starts.

Commands:
{commands}

Options:
  --root DIR    Where the project is (default: this folder).
  --version     Print the version.
  --help        Print this.

  migwiz COMMAND --help says more. Try it without a project: migwiz demo
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words in (["--help"], ["-h"], ["help"]):
        commands = "\n".join(f"  {name:<9} {text}" for name, text in COMMANDS.items())
        sys.stdout.write(USAGE.format(commands=commands))
        return 0
    if words == ["--version"]:
        from wizard import __version__

        sys.stdout.write(f"migwiz {__version__}\n")
        return 0
    from wizard.commands.run import run

    return run(words)


def entry() -> None:
    """Run as a program."""
    sys.exit(main())


if __name__ == "__main__":
    entry()
