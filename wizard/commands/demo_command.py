"""``migwiz demo``: a sample shop with its own database."""

from __future__ import annotations

import click

from wizard.commands.run import run


@click.command("demo", help="Try migwiz on a sample shop with its own database.")
def COMMAND() -> int:
    """Build the shop, then start the wizard in it (or run one change where there is no TTY)."""
    from wizard.demo.run import run_demo

    return run_demo(run)
