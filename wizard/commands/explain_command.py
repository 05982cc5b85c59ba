"""``migwiz explain``: what an operation, a finding or an error means."""

from __future__ import annotations

import sys

import click

from wizard.glossary import GLOSSARY
from wizard.model.errors import AnswerError
from wizard.operations import operations


@click.command("explain", help="Say what an operation, a finding or an error means.")
@click.argument("code", required=False)
def COMMAND(code: str | None) -> int:
    """Print one text, or everything that has one."""
    known = {one.command: one for one in operations().values()}
    if code is None:
        sys.stdout.write("operations\n")
        for name, one in known.items():
            sys.stdout.write(f"  {name:<24} {one.label}\n")
        sys.stdout.write("findings and errors\n")
        for name in sorted(GLOSSARY):
            sys.stdout.write(f"  {name:<24} {GLOSSARY[name].splitlines()[0]}\n")
        return 0
    wanted = code.strip().lower().replace("_", "-")
    if wanted in known:
        sys.stdout.write(known[wanted].doc)
        return 0
    if wanted in GLOSSARY:
        sys.stdout.write(f"{wanted}\n\n{GLOSSARY[wanted]}\n")
        return 0
    import difflib

    near = difflib.get_close_matches(wanted, [*known, *GLOSSARY], n=3)
    raise AnswerError(
        "unknown-code",
        f"there is nothing called {code}",
        next_actions=(
            f"did you mean {' or '.join(near)}?" if near else "migwiz explain lists everything",
        ),
    )
