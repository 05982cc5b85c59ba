"""What runners cannot do, kept beside their folder: the way back, and work outside a transaction."""

from __future__ import annotations

import os.path
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generators.base import Project
from generators.sql.client import frame, script
from generators.sql.layout import Draft, Interruption, Section, Statement, Written
from generators.sql.outside import inner
from generators.sql.parts import block, refusal
from generators.sql.pieces import DEFAULT_BUDGET_MS
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.steps import Impossible, Require

#: Beside the folder of migrations, so that no runner takes a downgrade for a migration.
FOLDER = "rollbacks"
#: Beside it, what must be done outside a transaction and the runner cannot do.
BY_HAND = "by_hand"


def aside(folder: Path) -> bool:
    """Tell whether a folder is one of those that are kept beside a runner's own."""
    return folder.name in (FOLDER, BY_HAND)


def rollback(draft: Draft, name: str, *, after: str, folder: str = "") -> Written:
    """Return the file that holds a migration's way back, for a person to run.

    ``name`` is the file's, in ``FOLDER`` beside the project's; ``folder`` names another, relative
    to the project's. ``after`` says what must be told to the runner once it ran, "" for nothing.
    """
    place = folder or os.path.join("..", FOLDER)
    down = framed(draft.down, draft.dialect)
    more = [("Way back", "this runner has none: run this file by hand, newest first")]
    if after:
        more.append(("Then", after))
    return Written(
        name=(Path(place) / name).as_posix(),
        content=f"{draft.comments('down', more=more)}\n{script(draft.down, draft.dialect)}",
        down=down,
    )


def out_of_band(
    draft: Draft, name: str, *, runner: str, mark: str
) -> tuple[Written, tuple[Statement, ...]]:
    """Return a file to run by hand, and what a runner that always opens a transaction gets instead.

    It does the work itself where this may be, on a tiny table or where no foreign key follows, and
    else stops until the file has run. ``mark`` is the command by which the runner takes the
    migration for applied; it is needed where nothing in the database tells that.
    """
    place = Path(os.path.join("..", BY_HAND)) / name
    what = f"{runner} runs every file in a transaction, where this cannot be: run {BY_HAND}/{name}"
    again = f"then {runner} again" if draft.up.undone is not None else f"then: {mark}"
    up = draft.up.text() + "\n"
    more = [("By hand", f"with a client that opens no transaction, {again}")]
    file = Written(name=place.as_posix(), content=f"{draft.comments('up', more=more)}\n{up}", up=up)
    return file, _instead(draft, f"{what}, {again}")


def _instead(draft: Draft, message: str) -> tuple[Statement, ...]:
    dialect, up = draft.dialect, draft.up
    lines = (*dialect.budget(DEFAULT_BUDGET_MS), *(up.within.statements if up.within else ()))
    if up.undone is not None and up.within is not None:
        indented = "".join(f"        {one};\n" for one in lines)
        body = (
            f"    IF EXISTS ({inner(up.undone.query)}) THEN\n"
            f"        IF EXISTS ({inner(up.within.unless)}) THEN\n"
            f"            RAISE EXCEPTION USING MESSAGE = {dialect.literal(message)};\n"
            f"        END IF;\n{indented}"
            "    END IF;"
        )
        return (Statement(sql=block(body), note=up.within.note),)
    if up.undone is not None:
        guard = dialect.sql(replace(up.undone, message=message))
        return _noted("Stops until that has been done by hand.", guard)
    if up.within is not None:
        look = Require(query=up.within.unless, message=message, table=TableName("_"))
        return _noted(up.within.note, (*dialect.sql(look), *lines))
    guard = refusal(Impossible(reason=message), dialect)
    return _noted("Stops: this is to be done by hand.", guard)


def _noted(note: str, sql: Sequence[str]) -> tuple[Statement, ...]:
    return tuple(Statement(sql=one, note="" if index else note) for index, one in enumerate(sql))


def rollback_folder(project: Project) -> Path:
    """Return where the ways back of a project's migrations are kept."""
    return project.directory.parent / FOLDER


def runs(paths: Sequence[str], engine: str = "postgresql", then: str = "") -> str:
    """Return the shell command that runs ways back in this order, and ``then`` a statement."""
    if engine == "postgresql":
        files = " ".join(f"-f {path}" for path in paths) + (f' -c "{then}"' if then else "")
        return f'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 {files}'
    client = "sqlite3 -bail" if engine == "sqlite" else "mysql"
    last = f'; echo "{then};"' if then else ""
    return f'(cat {" ".join(paths)}{last}) | {client} "$DATABASE"'


def rollback_paths(project: Project, versions: Sequence[str]) -> list[str]:
    """Return the ways back of these versions for a shell, newest first, relative to the root."""
    folder = rollback_folder(project).relative_to(project.root).as_posix()
    return [f"{shlex.quote(folder)}/{version}*.sql" for version in reversed(versions)]


def repair(cut: Interruption) -> str:
    """Return how to go on after a build that was cut short; "" when running again is enough."""
    if not cut.index:
        return ""
    if cut.direction == "up":
        return "when the build was cut short: run the way back of the file before, then apply again"
    return "when the build was cut short: run these ways back again, from the newest file on"


def framed(section: Section, dialect: Dialect) -> str:
    """Return a section for a runner that adds no transaction of its own."""
    return frame(section.text(), section, dialect)


def by_hand(project: Project, names: Sequence[str]) -> str:
    """Return, as a comment for a shell, which files take these migrations back.

    ``names`` are patterns of their names, oldest first.
    """
    folder = os.path.relpath(rollback_folder(project), project.root)
    files = ", ".join((Path(folder) / name).as_posix() for name in reversed(names))
    return f"# by hand, in this order, as their headers say: {files or folder}"
