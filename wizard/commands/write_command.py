"""``migwiz write``: the files of the phase that is safe now, and the plan file."""

from __future__ import annotations

import sys
from typing import Any

import click

from wizard.commands.planning import group
from wizard.report import snippet_lines
from wizard.session import Session
from wizard.summary import tell_written

_ALL = click.option(
    "--all-phases",
    is_flag=True,
    help="Write every phase at once, for teams that step through revisions by hand.",
)
_DRY = click.option("--dry-run", is_flag=True, help="Print the files instead of writing them.")


def act(session: Session, values: dict[str, Any]) -> int:
    """Write the files; their paths go to stdout, the rest to stderr."""
    plan = session.plan()
    if values["dry_run"]:
        phases = None if values["all_phases"] else [one.name for one in plan.phases[:1]]
        for edit in session.files(plan, phases=phases):
            shown = session.relative(edit.path)
            sys.stdout.write(f"{'# ' if edit.language == 'python' else '-- '}{shown}\n")
            sys.stdout.write(edit.content + "\n")
        return 0
    if not plan.phases and plan.refused is None:
        for finding in plan.findings:
            sys.stderr.write(f"{finding.what}\n")
        for line in snippet_lines(plan.snippets):
            sys.stderr.write(f"{line}\n")
        return 0
    written = session.write(all_phases=values["all_phases"])
    tell_written(session, written)
    return 0


COMMAND = group("write", "Write the files of the phase that is safe now.", act, [_ALL, _DRY])
