"""Alembic's own configuration files, read as Alembic reads them but never failing over them.

Per option the ini file comes first and ``[tool.alembic]`` second (formats.md §1.2). An ini file
can hold several environments, one a section.
"""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generators.reading import read_text, read_toml

#: Sections of an ini file that are never an environment.
_OTHER = re.compile(
    r"(loggers|handlers|formatters|post_write_hooks|(logger|handler|formatter)_.*|"
    r"flake8|mypy.*|pytest|tox|tox:.*|testenv.*|isort|coverage:.*|tool:.*|metadata|options.*|app:.*)"
)
_OWN = ("script_location", "version_locations", "sqlalchemy.url", "file_template")
_INLINE = re.compile(r"\s+[#;].*$")
_VARIABLE = re.compile(r"%\((\w[\w.]*)\)s")
_SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of one environment. ``ini`` is None when pyproject.toml alone holds them.

    ``base`` is the folder that ``%(here)s`` means and in which people run Alembic.
    """

    base: Path
    ini: Path | None
    section: str = "alembic"
    pyproject: Path | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    version_locations: tuple[str, ...] = ()
    search: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """Return an option, None when it is not set."""
        return self.values.get(name)


def read_ini(path: Path, pyproject: Path | None) -> list[Settings]:
    """Return the environments of an ini file; none when it is not Alembic's."""
    text = read_text(path)
    if text is None or not ("alembic" in text or "script_location" in text):
        return []
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    toml = _tool(pyproject) if pyproject else {}
    found: list[Settings] = []
    for section in parser.sections():
        raw = {key: value or "" for key, value in parser.items(section)}
        inherited = parser.defaults()
        own = {key for key in raw if raw[key] != inherited.get(key)}
        if _OTHER.fullmatch(section) or not (section == "alembic" or own & set(_OWN)):
            continue
        values = {key: _clean(key, raw, path.parent) for key in raw}
        if section != "alembic" and "script_location" not in values:
            continue
        locations = _split_locations(values) or _listed(toml, "version_locations", path.parent)
        merged = {**_options(toml, path.parent), **values}
        found.append(
            Settings(
                base=path.parent,
                ini=path,
                section=section,
                pyproject=pyproject if toml else None,
                values=merged,
                version_locations=locations,
                search=_paths(values.get("prepend_sys_path"))
                or _listed(toml, "prepend_sys_path", path.parent),
            )
        )
    return found


def read_pyproject(path: Path) -> Settings | None:
    """Return the environment of ``[tool.alembic]``; None when there is none."""
    toml = _tool(path)
    if not toml:
        return None
    return Settings(
        base=path.parent,
        ini=None,
        pyproject=path,
        values=_options(toml, path.parent),
        version_locations=_listed(toml, "version_locations", path.parent),
        search=_listed(toml, "prepend_sys_path", path.parent),
    )


def _tool(path: Path) -> Mapping[str, Any]:
    text = read_text(path)
    if text is None or "alembic" not in text:
        return {}
    tool = read_toml(path).get("tool", {})
    section = tool.get("alembic", {}) if isinstance(tool, Mapping) else {}
    return section if isinstance(section, Mapping) else {}


def _options(toml: Mapping[str, Any], here: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in toml.items():
        if isinstance(value, bool):
            found[key] = "true" if value else "false"
        elif isinstance(value, str | int):
            found[key] = _expand(str(value), {}, here)
    return found


def _listed(toml: Mapping[str, Any], key: str, here: Path) -> tuple[str, ...]:
    value = toml.get(key, ())
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return ()
    return tuple(_expand(one, {}, here) for one in value if isinstance(one, str))


def _clean(key: str, raw: Mapping[str, str], here: Path) -> str:
    lines = [_INLINE.sub("", line) for line in raw[key].splitlines()]
    return _expand("\n".join(lines).strip(), raw, here)


def _expand(text: str, raw: Mapping[str, str], here: Path, depth: int = 8) -> str:
    """Put values in for ``%(name)s`` and a percent sign for two; what is unknown stays."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1).lower()
        if name == "here":
            return here.as_posix()
        if name in raw and depth:
            inner = "\n".join(_INLINE.sub("", line) for line in raw[name].splitlines())
            return _expand(inner, raw, here, depth - 1)
        return match.group()

    pieces = text.split("%%")
    return "%".join(_VARIABLE.sub(value, piece) for piece in pieces)


def _split_locations(values: Mapping[str, str]) -> tuple[str, ...]:
    text = values.get("version_locations", "")
    if not text:
        return ()
    named = values.get("path_separator") or values.get("version_path_separator")
    separator = _SEPARATORS.get(named or "")
    parts = text.split(separator) if separator else re.split(r", *|\s+", text)
    return tuple(part.strip() for part in parts if part.strip())


def _paths(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,:;\s]+", text or "") if part)
