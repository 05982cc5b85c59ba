"""``migwiz demo``: a sample shop with its own database."""

from __future__ import annotations

import click

from wizard.commands.run import run


@click.command("demo", help="Try migwiz on a sample shop with its own database.")
@click.option(
    "--rename",
    is_flag=True,
    help="Rename a column over three deploys while an old and a new application run, and go back.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.05, 600),
    default=3.0,
    show_default=True,
    help="With --rename: how long the applications run in each stage.",
)
def COMMAND(*, rename: bool, seconds: float) -> int:
    """Build the shop, then start the wizard in it (or run one change where there is no TTY)."""
    from wizard.demo.run import run_demo, run_rename

    return run_rename(seconds=seconds) if rename else run_demo(run)
