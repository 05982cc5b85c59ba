"""What surrounds the migrations: settings, the version of Django, add-ons; read, never imported."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generators.django.history import read_source
from generators.reading import SKIPPED

_DEPTH = 12
_SETTINGS = re.compile(r"(?i)^(.*settings.*|base|common|defaults?)\.py$")
_PINS = re.compile(
    r"^(requirements.*\.(txt|in|lock)|constraints.*\.txt|poetry\.lock|uv\.lock|pdm\.lock)$"
)
_DECLARED = re.compile(r"^(pyproject\.toml|setup\.(cfg|py)|Pipfile)$")
#: Whatever one of the others could take.
_MAY_TELL = re.compile(
    r"(?i)^manage\.py$|settings|^(base|common|defaults?|setup)\.|\.(txt|in|lock|toml)$|^Pipfile$"
)
_EXACT = (
    re.compile(r"(?im)^django\s*===?\s*(\d+)\.(\d+)"),
    re.compile(r'(?i)name = "django"\s*\nversion = "(\d+)\.(\d+)'),
)
_AT_LEAST = re.compile(
    r"(?i)[\"'\s]django(?:\[[^\]]*\])?[\"']?\s*(?:=\s*[\"'])?(?:~=|>=|\^|~|==)\s*(\d+)\.(\d+)"
)
_ADD_ONS = {
    "linear": re.compile(r"(?i)django[-_]linear[-_]migrations"),
    "safemigrate": re.compile(r"(?i)django[-_]safemigrate"),
}

#: As an option of a connection: in a text for libpq, or by the name of the setting.
_TIMEOUT = re.compile(r"\b(statement_timeout|lock_timeout)\s*[=:'\"]")

Version = tuple[int, int]


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """The files around the migrations below a root.

    ``folders`` are those that may hold migrations, ``modules`` what MIGRATION_MODULES says,
    ``manage`` the places of manage.py, ``version`` Django's own as far as a file fixes it.
    """

    root: Path
    folders: list[Path] = field(default_factory=list)
    manage: list[Path] = field(default_factory=list)
    modules: dict[str, str | None] = field(default_factory=dict)
    version: Version | None = None
    at_least: Version | None = None
    add_ons: set[str] = field(default_factory=set)
    #: Timeouts of the database that settings set, with the file's place.
    timeouts: dict[str, Path] = field(default_factory=dict)


def look_around(root: Path) -> Surroundings:
    """Walk the tree once, without following links and without other people's code."""
    home = root.resolve()
    found = Surroundings(root=home)
    settings: list[Path] = []
    waiting = [(home, 0)]
    for folder, depth in waiting:
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda one: one.name)
        except OSError:
            continue
        pins = folder.name == "requirements"
        for entry in listed:
            name = entry.name
            # A path is made for the few that matter only: there may be thousands of migrations.
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEPTH and name not in SKIPPED and name[0] not in "._~":
                    waiting.append((Path(entry.path), depth + 1))
                    if name == "migrations":
                        found.folders.append(Path(entry.path))
            elif not _MAY_TELL.search(name) or not entry.is_file(follow_symlinks=False):
                continue
            elif name == "manage.py":
                found.manage.append(Path(entry.path))
            elif _SETTINGS.match(name):
                settings.append(Path(entry.path))
            elif (
                _PINS.match(name)
                or _DECLARED.match(name)
                or (pins and name.endswith((".txt", ".in")))
            ):
                _read_requirements(Path(entry.path), found)
    for path in settings:
        for name in _TIMEOUT.findall(read_source(path) or ""):
            found.timeouts.setdefault(name, path)
        for label, module in _migration_modules(path):
            found.modules.setdefault(label, module)
    return found


def _read_requirements(path: Path, found: Surroundings) -> None:
    text = read_source(path)
    if text is None:
        return
    found.add_ons |= {name for name, pattern in _ADD_ONS.items() if pattern.search(text)}
    for pattern in _EXACT:
        match = pattern.search(text)
        if match and found.version is None:
            found.version = int(match[1]), int(match[2])
    match = _AT_LEAST.search(text)
    if match and found.at_least is None:
        found.at_least = int(match[1]), int(match[2])


def _migration_modules(path: Path) -> Iterator[tuple[str, str | None]]:
    text = read_source(path)
    if text is None or "MIGRATION_MODULES" not in text:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="MIGRATION_MODULES")], value=ast.Dict() as value)
                | ast.AnnAssign(target=ast.Name(id="MIGRATION_MODULES"), value=ast.Dict() as value)
            ):
                for key, one in zip(value.keys, value.values, strict=True):
                    match key, one:
                        case ast.Constant(value=str() as label), ast.Constant(value=module):
                            yield label, module if isinstance(module, str) else None
                        case _:
                            continue
            case _:
                continue


def app_label(package: Path) -> str:
    """Return an app's label: what its apps.py says, else the folder's name."""
    text = read_source(package / "apps.py")
    if text is not None:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return package.name
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            for one in node.body:
                match one:
                    case ast.Assign(
                        targets=[ast.Name(id="label")], value=ast.Constant(value=str() as label)
                    ):
                        return label
                    case _:
                        continue
    return package.name
