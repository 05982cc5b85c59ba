"""``migwiz doctor``: every project and database found, with the evidence."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from wizard.commands.options import environment
from wizard.examination import examine
from wizard.model.errors import MigwizError
from wizard.session import Session


@click.command("doctor", help="Show what was detected, and from which evidence.")
@click.option("--root", help="The folder of the project.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--slug", default="add_email", help="The name with which the next file is shown.")
@click.option("--at", help="The time with which the next file is named, ISO 8601.")
@click.option("--url", help="Also try to read this database; env:NAME reads a variable.")
def COMMAND(root: str | None, form: str, slug: str, at: str | None, url: str | None) -> int:
    """Show what was found."""
    session = Session(environment(root, at=at))
    session.put("database.url", url)
    document = {
        "projects": examine(session, slug=slug),
        "sources": [
            {"url": one.shown, "origin": one.origin, "dialect": one.dialect}
            for one in session.sources()
        ],
    }
    if form == "json":
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    _show(document)
    _show_database(session)
    return 0


def _show(document: dict[str, Any]) -> None:
    for one in document["projects"]:
        sys.stdout.write(f"{one['name']}   {one['dir']}   confidence {one['confidence']}\n")
        for evidence in one["evidence"]:
            sys.stdout.write(f"  ✓ {evidence['what']}   {evidence['where']}\n")
        for problem in one["problems"]:
            sys.stdout.write(f"  ! {problem}\n")
        sys.stdout.write(f"  heads         {', '.join(one['heads']) or 'none yet'}\n")
        sys.stdout.write(f"  names         {one['pattern']}\n")
        for path in one["next"]["files"]:
            sys.stdout.write(f"  next file     {path}\n")
        for path in one["next"]["edits"]:
            if path not in {other["path"] for other in one["companions"]}:
                sys.stdout.write(f"  with it       {path}\n")
        for other in one["companions"]:
            sys.stdout.write(f"  also          {other['path']}: {other['why']}\n")
        sys.stdout.write(f"  transactions  {one['transactions']}\n\n")
    if not document["projects"]:
        sys.stdout.write("no project was found\n\n")
    for one in document["sources"]:
        sys.stdout.write(f"database   {one['url']}   {one['origin']}\n")


def _show_database(session: Session) -> None:
    try:
        catalog = session.connect()
        count = len(session.tables())
    except MigwizError as error:
        sys.stdout.write(f"  ✗ {error.message}\n")
        for action in error.next_actions:
            sys.stdout.write(f"    {action}\n")
    else:
        name = session.engine()
        sys.stdout.write(f"  ✓ {name}, {catalog.database}: {count} tables, read-only\n")
    finally:
        session.disconnect()
