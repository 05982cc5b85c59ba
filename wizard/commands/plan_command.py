"""``migwiz plan``: what a change takes, as text, JSON or SQL. Writes nothing."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from wizard.commands.planning import group
from wizard.model.errors import ReachError
from wizard.model.plan import Plan
from wizard.report import plan_sql, plan_text
from wizard.session import Session

_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sql"]),
    default="text",
    help="text to read, json for machines (a published schema), sql for the curious.",
)


def act(session: Session, values: dict[str, Any]) -> int:
    """Print the plan. Without a project there are no files in it; a refusal is still a plan."""
    plan = session.plan()
    if values["form"] == "sql":
        sys.stdout.write(plan_sql(session, plan))
    elif values["form"] == "json":
        document = session.document(session.told(plan), _files(session))
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(plan_text(session, session.told(plan)))
        _ask_the_data(session, plan)
        if plan.phases:
            sys.stderr.write(f"\nwrite it: {session.command()}\n")
    return 0


def _ask_the_data(session: Session, plan: Plan) -> None:
    """Say what the data answers to the plan's pre-flight queries; it may not answer in time."""
    try:
        answers = session.preflight(plan)
    except ReachError as error:
        sys.stderr.write(f"\nthe data was not asked: {error.message}\n")
        return
    for one, found in answers:
        sys.stderr.write(f"\n✗ {one.problem}\n" if found else "\n✓ the data is ready for it\n")


def _files(session: Session) -> tuple[Any, ...]:
    try:
        project = session.project()
    except ReachError as error:
        sys.stderr.write(f"no files are shown: {error.message}\n")
        return ()
    return session.files(session.plan(), project=project)


COMMAND = group("plan", "Show what a change takes, and write nothing.", act, [_FORMAT])
