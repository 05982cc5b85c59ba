"""Settings of runners that decide where they keep their record, read as text near the migrations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from generators.base import Project
from generators.reading import read_text
from wizard.model.names import TableName, parse_table_name

_SIZE = 256 * 1024
#: Where projects keep what configures their runner, beside the folders above the migrations.
_BESIDE = ("config", "src", "db", "src/db", "src/database", "src/main/resources", "config/initializers")  # fmt: skip
_READ = re.compile(
    r"(?i)^(\.env(\..*)?|\.envrc|(gnu)?makefile|.*\.mk|justfile|taskfile\.ya?ml|mise\.toml|"
    r"package\.json|.*\.(toml|conf|ini|hcl|properties|ya?ml|exs|cjs|mjs)|\.sequelizerc|\.gmrc.*|"
    r"(database|db|config|.*\.config|knexfile|ormconfig|data-?source|.*migrat\w*)\.(json|[cm]?[jt]s)|"
    r"(application|environment|active_record.*)\.rb|.*\.sh|pom\.xml|build\.gradle(\.kts)?)$"
)


def setting(project: Project, pattern: re.Pattern[str]) -> str | None:
    """Return the first group of a pattern in the nearest of a project's settings, None for nothing."""
    for text in _texts(project):
        if match := pattern.search(text):
            return next((one for one in match.groups() if one), None)
    return None


def record_table(
    project: Project, default: str, pattern: re.Pattern[str], *, schema: str | None = None
) -> TableName:
    """Return the table that the settings name for a record; ``default`` where none does."""
    said = setting(project, pattern)
    try:
        name = parse_table_name(said or default)
    except ValueError:
        name = parse_table_name(default)
    return name if name.schema or schema is None else TableName(name.name, schema)


def _texts(project: Project) -> Iterator[str]:
    seen: set[Path] = set()
    for folder in _folders(project):
        if folder in seen:
            continue
        seen.add(folder)
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        for name in names:
            if _READ.match(name) and not name[:1].isdigit():
                text = read_text(folder / name, limit=_SIZE)
                if text is not None:
                    yield text


def _folders(project: Project) -> Iterator[Path]:
    """Yield the folders above the migrations up to the root, and those where settings often lie."""
    for folder in project.directory.parents:
        yield folder
        if folder == project.root:
            break
    for name in _BESIDE:
        yield project.root / name
