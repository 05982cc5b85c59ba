"""``migwiz status``: where the plans of a project stand, and what to do next."""

from __future__ import annotations

import json
import os
import shutil
import sys

import click

from wizard.commands.options import environment
from wizard.commands.run import error_text
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError
from wizard.redact import redact
from wizard.session import Session
from wizard.status import Paint, plain, status_document, status_text
from wizard.tty import front_end

_BLOCKED = 3
_COLOURS = {"done": "green", "here": "yellow", "wrong": "red"}


@click.command("status", help="Say where the plans of this project stand, and what to do next.")
@click.argument("plan", required=False)
@click.option("--root", help="The folder of the project.")
@click.option("--url", help="The database to look at; env:NAME reads a variable.")
@click.option("--offline", is_flag=True, help="Look at the files only, at no database.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Text for people, or the document that docs/status.schema.json describes.",
)
@click.option("--show", is_flag=True, help="Show what developers change in the code, by deploy.")
@click.option("--screen", is_flag=True, help="Show all plans on a screen, each as a line in time.")
@click.option("--check", is_flag=True, help="Exit with 3 when something blocks a plan, for CI.")
def COMMAND(
    plan: str | None,
    *,
    root: str | None,
    url: str | None,
    offline: bool,
    form: str,
    show: bool,
    screen: bool,
    check: bool,
) -> int:
    """Say where plans stand."""
    session = Session(environment(root), Answers().put("database.url", url))
    if screen:
        return _on_screen(session, plan=plan or "", offline=offline)
    try:
        plans = session.standings(plan=plan, offline=offline)
        problems = session.plan_problems() if plan is None else ()
    finally:
        session.disconnect()
    if form == "json":
        document = status_document(plans, problems)
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    elif not plans and not problems:
        sys.stderr.write("no plans here yet: migwiz write keeps one for each change\n")
    else:
        width = shutil.get_terminal_size((100, 24)).columns
        text = status_text(plans, width=width, glyphs=_knows_glyphs(), show=show, paint=_paint())
        sys.stdout.write(redact(text))
    for each in problems:
        sys.stderr.write(error_text(each))
    if check and any(one.blocked for one in plans):
        return _BLOCKED
    return max((one.exit_code for one in problems), default=0)


def _on_screen(session: Session, *, plan: str, offline: bool) -> int:
    if front_end(sys.stdin, sys.stderr, os.environ) != "tui":
        raise AnswerError(
            "no-terminal",
            "there is no terminal to show a screen on",
            why="stdin or stderr is no TTY, or lines of text are asked for",
            next_actions=("leave --screen away: the same is told as text",),
        )
    from screens.alone import run_plans

    return run_plans(session, wanted=plan, offline=offline)


def _knows_glyphs() -> bool:
    try:
        "●◑◐◌○·".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _paint() -> Paint:
    """Return how to colour, where a terminal shows colours and nobody has asked for none."""
    dumb = os.environ.get("TERM", "") == "dumb"
    if os.environ.get("NO_COLOR") or dumb or not sys.stdout.isatty():
        return plain

    def coloured(text: str, kind: str) -> str:
        if kind == "quiet":
            return click.style(text, dim=True)
        return click.style(text, fg=_COLOURS.get(kind), bold=kind == "name")

    return coloured
