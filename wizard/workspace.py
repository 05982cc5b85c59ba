"""The workspace: what is read from the disk and the database, once each, for a set of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generators import generators
from generators.base import Project
from generators.ledger import Ledger, Unrecorded
from generators.records import is_record
from wizard import memory
from wizard.database.base import Catalog
from wizard.database.sources import Source, find_sources
from wizard.dialects.base import Dialect
from wizard.dialects.flavours import engine
from wizard.handover.base import Server
from wizard.model.answers import Answers
from wizard.model.enums import find_enum
from wizard.model.errors import AnswerError, ReachError
from wizard.model.names import TableName
from wizard.model.schema import Enum, Table, TableSummary

_DATABASE = ("url", "schema", "dialect", "server_version", "flavour")
_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that a run takes from outside: where, with which variables, when, and its randomness."""

    root: Path
    environ: Mapping[str, str]
    now: datetime
    seed: str


def read_version(text: str | None) -> tuple[int, ...]:
    """Read a version such as 15.4, empty for None; raises AnswerError."""
    if text is None:
        return ()
    try:
        return tuple(int(part) for part in text.split(".")[:3])
    except ValueError:
        raise AnswerError(
            "bad-answer",
            f"{text!r} is no server version; write 15 or 15.4",
            flag="--server-version",
        ) from None


class Workspace:
    """Reads on demand and remembers. Everything here may take time; nothing here writes."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.catalog: Catalog | None = None
        self.details: dict[TableName, Table] = {}
        self._opened = self._url = ""
        self._projects: dict[Path, tuple[Project, ...]] = {}
        self._sources: dict[Path, tuple[Source, ...]] = {}
        self._tables: tuple[TableSummary, ...] | None = None
        self._enums: tuple[Enum, ...] | None = None
        self._server: tuple[Server | None] | None = None

    # --- projects ----------------------------------------------------------------------------

    def root(self, answers: Answers) -> Path:
        """The folder in which projects are looked for."""
        given = answers.text("project.root")
        return (self.environment.root / given).resolve() if given else self.environment.root

    def projects(self, answers: Answers) -> tuple[Project, ...]:
        """Return every project below the root, best first."""
        root = self.root(answers)
        if root not in self._projects:
            found = [one for each in generators().values() for one in each.detect(root)]
            found.sort(key=lambda one: _CONFIDENCE[one.confidence])
            self._projects[root] = tuple(found)
        return self._projects[root]

    def project(self, answers: Answers) -> Project:
        """Return the project to write for.

        Raises ReachError when there is none, AnswerError when several fit and none was named.
        """
        root = self.root(answers)
        told = {key: answers.text(f"project.{key}") for key in memory.KEYS}
        asked = not any(told.values())
        if asked:
            told.update(memory.recall(root))
            asked = not any(told.values())
        framework, layout, directory = (told[key] for key in memory.KEYS)
        fitting = [
            one
            for one in self.projects(answers)
            if framework in (None, one.framework, one.name)
            and layout in (None, one.layout)
            and (directory is None or (root / directory).resolve() == one.directory.resolve())
        ]
        if not fitting:
            raise _no_project(framework, root)
        best = [one for one in fitting if one.confidence == fitting[0].confidence]
        listed = ", ".join(f"{one.name} in {relative(one.directory, root)}" for one in best)
        if len(best) == 1 and asked and best[0].confidence == "low":
            raise AnswerError(
                "unsure-project",
                f"only the look of its files says that this is {listed}",
                why="; ".join(one.what for one in best[0].evidence),
                next_actions=(
                    f"say so with {_flags(best[0], root)}: the answer is kept in {memory.NAME}",
                ),
                flag="--layout" if best[0].layout else "--framework",
            )
        if len(best) > 1:
            raise AnswerError(
                "several-projects",
                f"there are several projects here: {listed}",
                next_actions=(
                    "name one with --framework, --layout or --directory: the answer is kept in "
                    f"{memory.NAME}",
                ),
                flag="--directory",
            )
        return best[0]

    def choice(self, answers: Answers) -> Mapping[str, str] | None:
        """Return what was answered to tell the project from others, None when nothing had to be."""
        if not any(answers.text(f"project.{key}") for key in memory.KEYS):
            return None
        bare = Answers()
        if (given := answers.text("project.root")) is not None:
            bare = bare.put("project.root", given)
        try:
            chosen = self.project(answers)
        except (AnswerError, ReachError):
            return None
        try:
            if self.project(bare) is chosen:
                return None
        except (AnswerError, ReachError):
            pass
        found = {"framework": chosen.framework, "layout": chosen.layout or ""}
        found["directory"] = relative(chosen.directory, self.root(answers))
        return {key: value for key, value in found.items() if value}

    # --- database ----------------------------------------------------------------------------

    def sources(self, answers: Answers) -> tuple[Source, ...]:
        """Return where a database URL was found, best first."""
        root = self.root(answers)
        if root not in self._sources:
            self._sources[root] = find_sources(root, self.environment.environ)
        return self._sources[root]

    def connect(self, answers: Answers) -> Catalog:
        """Return the open catalogue: the answered URL or DDL file, else the best source found.

        Raises ReachError when there is none or it does not answer.
        """
        wanted = repr([answers.get(f"database.{key}") for key in _DATABASE])
        if self.catalog is None or self._opened != wanted:
            self.disconnect()
            self.catalog = self._open(answers)
            self._opened = wanted
        return self.catalog

    @property
    def url(self) -> str:
        """The URL of the open database, which may hold a password; empty for a DDL file."""
        return self._url

    def _open(self, answers: Answers) -> Catalog:
        from wizard.database.opening import open_catalog, open_offline

        root = self.root(answers)
        schema, url = answers.text("database.schema"), answers.text("database.url")
        if schema is not None:
            return open_offline(
                root / schema,
                answers.text("database.dialect") or "postgresql",
                read_version(answers.text("database.server_version")),
                flavour=answers.text("database.flavour") or "",
            )
        found = (
            find_sources(root, self.environment.environ, url=url) if url else self.sources(answers)
        )
        if not found:
            raise ReachError(
                "no-database",
                "no database URL was found",
                why="migwiz looks at --url, DATABASE_URL and its like, .env, alembic.ini, "
                "docker-compose files and SQLite files",
                next_actions=(
                    "name one: --url postgresql://user@host/name",
                    "or work from a DDL file: --schema db/structure.sql --dialect postgresql",
                ),
                flag="--url",
            )
        self._url = found[0].url
        return open_catalog(self._url)

    def disconnect(self) -> None:
        """Close the connection and forget what was read through it."""
        if self.catalog is not None:
            self.catalog.close()
        self.catalog = None
        self.details = {}
        self._tables = self._enums = self._server = None

    def server(self, answers: Answers) -> Server | None:
        """Return where the tables are, for the command lines of tools; None where there are none."""
        from wizard.database.tool_server import server_of

        catalog = self.connect(answers)
        if self._server is None:
            self._server = (server_of(catalog, self._url) if catalog.live else None,)
        return self._server[0]

    def tables(self, answers: Answers) -> tuple[TableSummary, ...]:
        """Return all tables with their sizes, those last in which a tool keeps its record."""
        if self._tables is None or self._stale(answers):
            catalog = self.connect(answers)
            ledger = self._ledger(answers)
            found = [
                replace(one, record=True) if is_record(one.name, ledger) else one
                for one in catalog.tables()
            ]
            self._tables = tuple(sorted(found, key=lambda one: one.record))
        return self._tables

    def _ledger(self, answers: Answers) -> Ledger | Unrecorded | None:
        """Return where the project's tool records, None where the project is not known yet."""
        try:
            project = self.project(answers)
        except (AnswerError, ReachError):
            return None
        return generators()[project.framework].ledger(project, self.dialect(answers))

    def _stale(self, answers: Answers) -> bool:
        return self._opened != repr([answers.get(f"database.{key}") for key in _DATABASE])

    def table(self, answers: Answers, name: TableName) -> Table:
        """Return one table's details."""
        catalog = self.connect(answers)
        if name not in self.details:
            self.details[name] = catalog.table(name)
        return self.details[name]

    def enums(self, answers: Answers) -> tuple[str, ...]:
        """Return the names of the database's own types."""
        return tuple(str(one.name) for one in self._types(answers))

    def enum(self, answers: Answers, name: TableName) -> Enum:
        """Return one of the database's own types; raises AnswerError when there is none such."""
        return find_enum(self._types(answers), name)

    def _types(self, answers: Answers) -> tuple[Enum, ...]:
        catalog = self.connect(answers)
        if self._enums is None:
            self._enums = catalog.enums()
        return self._enums

    def dialect(self, answers: Answers) -> Dialect:
        """Return the dialect of the database, at its version or the one answered.

        The engine that speaks it is the one answered, else the one that was recognised.
        """
        catalog = self.connect(answers)
        given = answers.text("database.server_version")
        version = read_version(given) if given else catalog.version
        return engine(catalog.dialect, version, answers.text("database.flavour") or catalog.flavour)


def relative(path: Path, root: Path) -> str:
    """Return the path as seen from the root."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _flags(project: Project, root: Path) -> str:
    words = {"framework": project.framework, "layout": project.layout or ""}
    words["directory"] = relative(project.directory, root)
    return " ".join(f"--{key} {value}" for key, value in words.items() if value)


def _no_project(framework: str | None, root: Path) -> ReachError:
    what = f"no {framework} project" if framework else "no set of migrations that migwiz knows"
    return ReachError(
        "no-project",
        f"there is {what} below {root.name or root}",
        why="migwiz looks for alembic.ini, [tool.alembic], Django's manage.py and migrations, and "
        "folders of SQL migrations",
        next_actions=(
            "go to your project's folder, or name it with --root",
            "migwiz doctor shows what was found",
        ),
        flag="--root",
    )
