"""What `migwiz doctor` tells: every project found, and how its next file would be named."""

from __future__ import annotations

from typing import Any

from generators import generators
from generators.base import FileEdit, Job, Project
from wizard import journal as journals
from wizard.companions import companions
from wizard.dialects import dialect
from wizard.dialects.base import Size
from wizard.model.errors import MigwizError
from wizard.model.inverse import change
from wizard.model.plan import Migration
from wizard.model.steps import Nothing
from wizard.session import Session
from wizard.workspace import relative


def examine(session: Session, *, slug: str) -> list[dict[str, Any]]:
    """Return every project as a JSON-ready document, DESIGN §4.3."""
    return [_project(session, one, slug) for one in session.projects()]


def _project(session: Session, project: Project, slug: str) -> dict[str, Any]:
    problems = list(project.problems)
    edits: tuple[FileEdit, ...] = ()
    try:
        edits = _next(session, project, slug)
    except MigwizError as error:
        problems.append(error.message)
    root = session.root
    todos = companions(project, [one.path for one in edits], plans=journals.folder(project))
    return {
        "name": project.name,
        "framework": project.framework,
        "layout": project.layout,
        "root": str(project.root),
        "dir": relative(project.directory, root),
        "database": project.database,
        "confidence": project.confidence,
        "evidence": [{"what": one.what, "where": one.where} for one in project.evidence],
        "heads": list(project.heads),
        "latest": project.latest,
        "pattern": project.pattern,
        "next": {
            "files": [relative(one.path, root) for one in edits if one.action == "create"],
            "siblings": [one.path for one in todos if one.how == "sibling"],
            "edits": [
                *(relative(one.path, root) for one in edits if one.action == "edit"),
                *(one.path for one in todos if one.how == "must"),
            ],
        },
        "companions": [{"path": one.path, "how": one.how, "why": one.why} for one in todos],
        "transactions": project.transactions,
        "problems": problems,
    }


def _next(session: Session, project: Project, slug: str) -> tuple[FileEdit, ...]:
    step = change(Nothing(reason="an example"), undo=(Nothing(reason="an example"),))
    migration = Migration(slug=slug, title=slug.replace("_", " "), changes=(step,))
    job = Job(
        title=migration.title,
        plan_slug=slug,
        migrations=(("expand", migration),),
        dialect=dialect("postgresql", (16,)),
        sizes=lambda _: Size(),
        now=session.environment.now,
        new_id=lambda digits: "0" * digits,
    )
    return generators()[project.framework].render(project, job)
