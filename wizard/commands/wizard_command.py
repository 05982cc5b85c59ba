"""``migwiz`` with options but no command: the wizard, with some answers given already."""

from __future__ import annotations

from typing import Any

import click

from wizard.commands.options import session_from, shared_options
from wizard.commands.starting import start


@click.command("migwiz", help="Start the wizard.")
@shared_options
def COMMAND(**values: Any) -> int:
    """Start the wizard with the answers given so far."""
    session = session_from(None, (), values)
    return start(lambda: session)
