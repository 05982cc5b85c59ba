"""Finding Alembic projects below a root, without running a line of them."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from generators.alembic.config import Settings
from generators.alembic.environment import Environment, read_environment
from generators.alembic.files import Sites, relative, survey
from generators.alembic.history import History, read_history
from generators.alembic.inference import describe_messages, infer_scheme, infer_template
from generators.alembic.naming import DEFAULT_TEMPLATE, DEFAULT_TRUNCATE, for_people
from generators.alembic.places import Place, find_places, version_folders
from generators.base import Evidence, Project
from generators.python.style import infer_style

_CONFIDENCE = ("high", "medium", "low")
#: How many of the newest files decide a style.
RECENT = 10


def detect(root: Path) -> list[Project]:
    """Return every Alembic project below the root, the surest and nearest first."""
    sites = survey(root)
    found = [_project(sites, place) for place in find_places(sites)]
    here = _here(sites.root)

    def order(project: Project) -> tuple[int, int, int, str]:
        scripts = Path(project.options["scripts"])
        return (
            _CONFIDENCE.index(project.confidence),
            _distance(here, scripts),
            len(scripts.parts),
            f"{scripts} {project.options.get('section', '')}",
        )

    return sorted(found, key=order)


def _here(root: Path) -> Path:
    try:
        current = Path.cwd()
    except OSError:
        return root
    return current if current.is_relative_to(root) else root


def _distance(here: Path, scripts: Path) -> int:
    shared = len(Path(os.path.commonpath((here, scripts))).parts)
    return len(here.parts) - shared


def _project(sites: Sites, place: Place) -> Project:
    root, settings = sites.root, place.settings
    environment = read_environment(place.scripts / "env.py")
    folders = version_folders(place, root)
    recursive = bool(settings and settings.get("recursive_version_locations") == "true")
    history = read_history(folders, recursive=recursive)
    newest = history.newest(RECENT)
    configured = (settings.get("file_template") if settings else None) or DEFAULT_TEMPLATE
    names = [(_stem(one.path, folders), one.revision) for one in newest]
    template, agreed = infer_template(configured, names)
    evidence = list(place.evidence)
    if newest:
        what = f"{len(history.revisions)} revisions, the newest is {newest[0].revision}"
        evidence.append(Evidence(what=what, where=relative(newest[0].path, root)))
        if not agreed:
            what = (
                f"the newest files are named {for_people(template)}, not {for_people(configured)}"
            )
            evidence.append(Evidence(what=what, where=relative(newest[0].path.parent, root)))
    evidence += _said_by_environment(environment, relative(place.scripts / "env.py", root))
    return Project(
        framework="alembic",
        layout=None,
        root=root,
        directory=_directory(history, folders),
        confidence=_confidence(place, history, agreed),
        evidence=tuple(evidence),
        heads=tuple(one.revision for one in history.heads),
        latest=newest[0].path.name if newest else None,
        pattern=for_people(template),
        transactions="each migration" if environment.per_migration else "whole run",
        options={
            **_configuration(settings, root, place.scripts),
            "scripts": str(place.scripts),
            "folders": json.dumps([str(one) for one in folders]),
            **({"recursive": "yes"} if recursive else {}),
            "file_template": template,
            "ids": str(infer_scheme([one.revision for one in newest])),
            "messages": describe_messages(newest),
            **_flags(environment),
            **infer_style([one.text for one in newest], root, place.scripts),
        },
        problems=history.problems,
    )


def _stem(path: Path, folders: Sequence[Path]) -> str:
    for folder in folders:
        if path.is_relative_to(folder):
            return path.relative_to(folder).with_suffix("").as_posix()
    return path.stem


def _directory(history: History, folders: Sequence[Path]) -> Path:
    """Return where a new file goes: beside the head when there are several folders."""
    if len(folders) > 1 and history.heads:
        head = history.heads[0].path
        return next((one for one in folders if head.is_relative_to(one)), head.parent)
    return folders[0]


def _confidence(place: Place, history: History, agreed: bool) -> Literal["high", "medium", "low"]:
    if not (place.scripts / "env.py").is_file():
        return "low"
    if place.settings is None or not history.revisions or not agreed or history.problems:
        return "medium"
    return "high"


def _configuration(settings: Settings | None, root: Path, scripts: Path) -> dict[str, str]:
    if settings is None:
        return {"truncate": str(DEFAULT_TRUNCATE)}
    limit = settings.get("truncate_slug_length") or ""
    found = {
        "section": settings.section,
        "base": str(settings.base),
        "truncate": limit if limit.isdigit() and int(limit) else str(DEFAULT_TRUNCATE),
    }
    if settings.ini is not None:
        found["ini"] = str(settings.ini)
    if settings.pyproject is not None:
        found["pyproject"] = str(settings.pyproject)
    if timezone := settings.get("timezone"):
        found["timezone"] = timezone
    location = settings.get("script_location") or ""
    elsewhere = Path(os.path.normpath(root / location)) != scripts
    if settings.base != root and location and not Path(location).is_absolute() and elsewhere:
        # Alembic looks from the folder it runs in, not from the file's.
        found["run_in"] = relative(settings.base, root)
    return found


def _flags(environment: Environment) -> dict[str, str]:
    found = {}
    if environment.flask:
        found["flask"] = "yes"
    if environment.batch:
        found["batch"] = "yes"
    if environment.advisory_lock:
        found["advisory_lock"] = environment.advisory_lock
    if environment.lock_timeout:
        found["lock_timeout"] = "env.py"
    if environment.statement_timeout:
        found["statement_timeout"] = "env.py"
    return found


def _said_by_environment(environment: Environment, where: str) -> Iterator[Evidence]:
    if environment.per_migration:
        yield Evidence(what="transaction_per_migration=True", where=where)
    else:
        yield Evidence(what="all migrations of one run share a transaction", where=where)
    if environment.batch:
        yield Evidence(what="render_as_batch=True", where=where)
    if environment.advisory_lock == "waits":
        what = "waits for an advisory lock: a concurrent index build by a second run deadlocks"
        yield Evidence(what=what, where=where)
    if environment.flask:
        yield Evidence(what="needs a Flask application: `flask db` runs it", where=where)


def command(project: Project) -> str:
    """Return how people call Alembic in this project, up to the subcommand."""
    options = project.options
    if options.get("flask"):
        scripts = Path(options["scripts"])
        if scripts.name == "migrations":
            return "flask db"
        return shlex.join(["flask", "db", "-d", relative(scripts, project.root)])
    base = Path(options.get("base", str(project.root)))
    file = Path(options.get("ini") or options.get("pyproject") or base / "alembic.ini")
    run_in = options.get("run_in")
    parts = ["alembic"]
    if file.name not in ("alembic.ini", "pyproject.toml") or (base != project.root and not run_in):
        parts += ["-c", file.name if run_in else relative(file, project.root)]
    if options.get("section", "alembic") != "alembic":
        parts += ["-n", options["section"]]
    called = shlex.join(parts)
    return f"cd {shlex.quote(run_in)} && {called}" if run_in else called
