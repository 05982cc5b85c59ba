"""Alembic's record: the revisions that the database has reached; all before them are applied."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from generators.alembic.history import read_history
from generators.base import Project
from generators.ledger import Kept, Ledger, Reading, Rows, Unrecorded
from generators.reading import read_text
from wizard.model.names import TableName

_TABLE, _SCHEMA = "version_table", "version_table_schema"


def ledger(project: Project) -> Ledger | Unrecorded:
    """Return the record of a project; not to be read where env.py computes the table's name."""
    options = project.options
    text = read_text(Path(options["scripts"]) / "env.py") or ""
    given: dict[str, str | None] = {}
    for name, value in _given(text):
        if value is None:
            return Unrecorded(why=f"env.py computes {name}, and migwiz does not run it")
        given[name] = value or None

    @cache
    def before() -> dict[str, tuple[str, ...]]:
        """Read all revisions: long in a large project, so only once somebody reads the record."""
        folders = [Path(one) for one in json.loads(options.get("folders", "[]"))]
        history = read_history(folders or [project.directory], recursive="recursive" in options)
        return {one.revision: (*one.parents, *one.depends_on) for one in history.revisions}

    return Ledger(
        tables=(TableName(given.get(_TABLE) or "alembic_version", given.get(_SCHEMA)),),
        columns=("version_num",),
        read=lambda rows, files: _read(before(), rows, files),
    )


def _read(before: dict[str, tuple[str, ...]], rows: Rows, files: Sequence[Kept]) -> Reading:
    heads = [str(row[0]) for row in rows]
    done: dict[str, None] = {}
    waiting = [*heads]
    for one in waiting:
        if one not in done:
            done[one] = None
            waiting += before.get(one, ())
    ours = frozenset(one.revision for one in files if one.revision)
    lost = [one for one in heads if one not in before]
    # What lies before a revision that no file has cannot be told.
    return Reading(
        applied=ours & set(done),
        unknown=ours - set(done) if lost else frozenset(),
        problem=f"the database is at {', '.join(lost)}, which no file here has: is this the right "
        "branch and database?"
        if lost
        else "",
    )


def _given(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield what env.py says of the table: a name, "" for the default, None for what it computes."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def read(value: ast.expr) -> str | None:
        if isinstance(value, ast.Name) and value.id in constants:
            value = constants[value.id]
        match value:
            case ast.Constant(value=str(found)):
                return found
            case ast.Constant(value=None):
                return ""
            case _:
                return None

    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="version_table" | "version_table_schema" as name, value=value):
                yield str(name), read(value)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in (_TABLE, _SCHEMA):
                        yield str(key.value), read(value)
            case _:
                continue
