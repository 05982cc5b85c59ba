"""One module per command of the command line."""

from __future__ import annotations

#: Every command: what ``--help`` says of it. Its module is ``wizard.commands.<name>_command``.
COMMANDS: dict[str, str] = {
    "plan": "Show what a change takes, and write nothing.",
    "write": "Write the files of the phase that is safe now.",
    "next": "Write the next phase of a plan, when its gate holds.",
    "abandon": "Write the files which take a plan back from where it is.",
    "backfill": "Run a long backfill, watch it, pause it.",
    "status": "Say where the plans of this project stand, and what to do next.",
    "explain": "Say what an operation, a finding or an error means.",
    "doctor": "Show what was detected, and from which evidence.",
    "stats": "Print a query for production's size, or read its result.",
    "demo": "Try migwiz on a sample shop with its own database.",
}
