"""Where a project says which database it uses: ranked, each with its evidence."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.database.compose import compose_services
from wizard.database.dotenv import expand, read_dotenv
from wizard.database.urls import dialect_of, redact
from wizard.database.variables import put_together
from wizard.model.errors import AnswerError

VARIABLES = (
    "DATABASE_URL",
    "DB_URL",
    "DATABASE_URI",
    "DB_URI",
    "SQLALCHEMY_DATABASE_URL",
    "SQLALCHEMY_DATABASE_URI",
    "POSTGRES_URL",
    "POSTGRESQL_URL",
    "PG_URL",
    "POSTGRES_DSN",
    "POSTGRES_PRISMA_URL",
    "MYSQL_URL",
    "MARIADB_URL",
    "MYSQL_DSN",
    "CLEARDB_DATABASE_URL",
    "JAWSDB_URL",
)
_ENV_FILES = (".env", ".env.local", ".env.development", ".env.development.local")
_COMPOSE_FILES = ("compose", "docker-compose")
_MAX_BYTES = 1_000_000
_EXPLICIT, _ENVIRONMENT, _DOTENV, _PROJECT, _COMPOSE, _FILE = range(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A connection URL that was found. ``shown`` and ``origin`` are safe to print, ``url`` is not.

    ``rank`` is 0 for what the user said and grows with doubt. ``dialect`` is None for a scheme
    that migwiz does not know.
    """

    url: str
    shown: str
    origin: str
    rank: int
    dialect: str | None

    def __repr__(self) -> str:
        return f"Source({self.shown!r}, origin={self.origin!r}, rank={self.rank})"


def find_sources(
    root: Path, environ: Mapping[str, str], *, url: str | None = None
) -> tuple[Source, ...]:
    """Return all database URLs that are in sight of ``root``, the most certain first.

    Looks in ``root`` and upwards to the root of the git repository. ``url`` may be ``env:NAME``,
    which also finds NAME in a `.env` file; raises AnswerError (`no-such-variable`) when nobody
    sets it.
    """
    found: list[Source] = []
    if url:
        found.append(_explicit(url, root, environ))
    found += _from_environment(environ, root)
    folders = _upwards(root)
    for read in (_from_dotenv, _from_alembic, _from_pyproject, _from_compose):
        for folder in folders:
            found += read(folder, root, environ)
    for folder in folders:
        found += _from_files(folder, root)
    unique: dict[str, Source] = {}
    for source in sorted(found, key=lambda one: one.rank):  # stable: nearer folders stay first
        unique.setdefault(source.url, source)
    return tuple(unique.values())


def _source(url: str, origin: str, rank: int) -> Source:
    return Source(url=url, shown=redact(url), origin=origin, rank=rank, dialect=dialect_of(url))


def _explicit(url: str, root: Path, environ: Mapping[str, str]) -> Source:
    if not url.startswith("env:"):
        return _source(url, "flag --url", _EXPLICIT)
    name = url.removeprefix("env:").strip()
    if environ.get(name):
        return _source(environ[name], f"{name} in the environment", _EXPLICIT)
    for folder in _upwards(root):
        for file in _ENV_FILES:
            for line in reversed(read_dotenv(_text(folder / file), environ)):
                if line.name == name and line.value:
                    return _source(line.value, f"{file} line {line.number}", _EXPLICIT)
    raise AnswerError(
        "no-such-variable",
        f"the database URL is in {name}, which is not set",
        why="neither the environment nor a .env file has it",
        next_actions=(f"export {name}=postgresql://…", "or give the URL with --url"),
        flag="--url",
    )


def _upwards(root: Path) -> tuple[Path, ...]:
    """Return ``root`` and the folders above it up to the root of the git repository."""
    start = root.resolve()
    folders = [start, *start.parents]
    for position, folder in enumerate(folders):
        if (folder / ".git").exists():
            return tuple(folders[: position + 1])
    return (start,)


def _is_url(text: str) -> bool:
    known = dialect_of(text)
    return known is not None and ("://" in text)


def _from_environment(environ: Mapping[str, str], root: Path) -> Iterator[Source]:
    for name in VARIABLES:
        value = _absolute(environ.get(name, "").strip(), root.resolve())
        if _is_url(value):
            yield _source(value, f"{name} in the environment", _ENVIRONMENT)
    for url, name in put_together(environ):
        yield _source(url, f"{name} and its like in the environment", _ENVIRONMENT)


def _from_dotenv(folder: Path, root: Path, environ: Mapping[str, str]) -> Iterator[Source]:
    # Later files override earlier ones, as Node, Rails and Docker do.
    for file in reversed(_ENV_FILES):
        lines = read_dotenv(_text(folder / file), environ)
        label = _label(folder / file, root)
        for line in lines:
            if line.name in VARIABLES and _is_url(line.value):
                url = _absolute(line.value, folder)
                yield _source(url, f"{label} line {line.number}", _DOTENV)
        values = {line.name: line.value for line in lines}
        for url, name in put_together(values):
            first = next(line.number for line in lines if line.name == name)
            yield _source(url, f"{label} line {first}", _DOTENV)


def _from_alembic(folder: Path, root: Path, environ: Mapping[str, str]) -> Iterator[Source]:
    text = _text(folder / "alembic.ini")
    if not text:
        return
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    label = _label(folder / "alembic.ini", root)
    for section in parser.sections():
        if not parser.has_option(section, "sqlalchemy.url"):
            continue
        value = _here(parser.get(section, "sqlalchemy.url"), folder, dict(parser.items(section)))
        value = _absolute(expand(value, environ), folder)
        if _is_url(value) and not _is_placeholder(value):
            yield _source(value, f"{label} [{section}] sqlalchemy.url", _PROJECT)


def _from_pyproject(folder: Path, root: Path, environ: Mapping[str, str]) -> Iterator[Source]:
    try:
        tools = tomllib.loads(_text(folder / "pyproject.toml")).get("tool", {})
    except tomllib.TOMLDecodeError:
        return
    label = _label(folder / "pyproject.toml", root)
    for path, value in _strings(tools, ()):
        key = path[-1].lower().replace("-", "_")
        if key not in ("sqlalchemy.url", "sqlalchemy_url", "database_url", "db_url", "dsn"):
            continue
        if any("test" in part.lower() for part in path):
            continue
        full = _absolute(expand(_here(value, folder, {}), environ), folder)
        if _is_url(full) and not _is_placeholder(full):
            where = ".".join(("tool", *path[:-1]))
            yield _source(full, f"{label} [{where}] {path[-1]}", _PROJECT)


def _strings(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _strings(value, (*path, str(key)))
    elif isinstance(node, str):
        yield path, node


def _from_compose(folder: Path, root: Path, environ: Mapping[str, str]) -> Iterator[Source]:
    values = dict(environ)
    for line in read_dotenv(_text(folder / ".env"), environ):
        values.setdefault(line.name, line.value)
    for file in _listed(folder):
        stem, _, ending = file.name.rpartition(".")
        if ending in ("yml", "yaml") and stem.split(".")[0] in _COMPOSE_FILES:
            for service in compose_services(_text(file), values):
                yield _source(service.url, f"{_label(file, root)} service {service.name}", _COMPOSE)


def _from_files(folder: Path, root: Path) -> Iterator[Source]:
    for file in _listed(folder):
        if file.suffix.lower() in (".db", ".sqlite", ".sqlite3", ".db3"):
            try:
                with file.open("rb") as stream:
                    magic = stream.read(16)
            except OSError:
                continue
            if magic == b"SQLite format 3\x00":
                yield _source(
                    "sqlite:///" + str(file.resolve()), f"file {_label(file, root)}", _FILE
                )


def _here(value: str, folder: Path, section: Mapping[str, str]) -> str:
    """Fill in ``%(here)s`` and the section's other names, as Alembic does."""

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        return str(folder) if name == "here" else section.get(name.lower(), match.group())

    return re.sub(r"%\(([^)]+)\)s", fill, value).replace("%%", "%")


def _absolute(value: str, folder: Path) -> str:
    """Return a relative SQLite URL as an absolute one: its file is beside the setting's folder."""
    match = re.fullmatch(r"(sqlite(?:\+\w+)?):///(?!/)(?!:memory:)([^?]+)(\?.*)?", value)
    if match is None:
        return value
    scheme, path, query = match.groups()
    return f"{scheme}:///{folder / path}{query or ''}"


def _is_placeholder(value: str) -> bool:
    return (
        re.match(r"driver(?:name)?://|[^:]+://user:pass(?:word)?@[^/]*/dbname", value) is not None
    )


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if one.is_file())
    except OSError:
        return []


def _text(file: Path) -> str:
    """Return a settings file's text, empty when it is not there, not text, or far too large."""
    try:
        if not file.is_file() or file.stat().st_size > _MAX_BYTES:
            return ""
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def _label(file: Path, root: Path) -> str:
    try:
        return file.relative_to(root.resolve()).as_posix()
    except ValueError:
        above = len(root.resolve().relative_to(file.parent).parts)
        return "../" * above + file.name
