"""The SeaORM generator: what `generators.base.Generator` promises."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from generators.base import Commands, Evidence, FileEdit, Job, Project
from generators.ledger import Ledger, Unrecorded, list_of
from generators.seaorm import detect as detection
from generators.seaorm.naming import next_names, read_scheme
from generators.seaorm.registering import register
from generators.seaorm.registry import faults, read
from generators.seaorm.splitting import files
from generators.seaorm.words import Idens, Writer
from generators.seaorm.writing import scripts_folder, write_files
from generators.sql.checking import check_script
from generators.ties import Tie
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.names import TableName, slugify

_SLUG_LIMIT = 60
#: What `sea-orm-cli migrate init` of SeaORM 2 writes, without its sample.
_LIBRARY = """pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
"""
_RECORD = re.compile(r"\bfn\s+migration_table_name\b[^{]*\{(?:[^}\"]*\"(\w+)\")?")
_COMMAND_OF_PSQL = re.compile(r"^\\set ON_ERROR_STOP on$", re.MULTILINE)


class SeaOrmGenerator:
    """SeaORM 1 and 2; what differs is read from the project's version."""

    framework = "seaorm"
    label = "SeaORM"

    def detect(self, root: Path) -> list[Project]:
        """Return every set of SeaORM migrations below the root, nearest first."""
        return detection.detect(root)

    def imagine(self, root: Path, dialect: Dialect) -> Project:
        """Return the project that `sea-orm-cli migrate init` of SeaORM 2 would set up."""
        # The tool's layout is the same for every engine.
        del dialect
        home = root.resolve()
        folder = home / "migration"
        return Project(
            framework=self.framework,
            layout=None,
            root=home,
            directory=folder / "src",
            keeping=folder / "plans",
            confidence="low",
            evidence=(Evidence(what="what `sea-orm-cli migrate init` would create", where="."),),
            pattern=str(read_scheme(())),
            transactions="each migration",
            options={
                "registry": str(folder / "src" / "lib.rs"),
                "manifest": str(folder / "Cargo.toml"),
                "version": "2.0",
                "name": "literal",
                "idens": "string",
                "order": "",
                "crate": "yes",
                "cli": "",
                "imagined": "yes",
            },
        )

    def render(self, project: Project, job: Job) -> tuple[FileEdit, ...]:
        """Return the migrations' files and the edit that registers them."""
        _refuse_broken(project)
        registry = Path(project.options["registry"])
        before = detection.exact_text(registry)
        ours = [one for one in job.after if one.revision and one.language == "rust"]
        text = next((one.content for one in reversed(job.after) if one.path == registry), before)
        parts = [
            (phase, whole, part)
            for phase, whole in job.migrations
            for part in files(whole, job.dialect)
        ]
        names = _names(project, job, [part.slug for _, _, part in parts], ours)
        edits: list[FileEdit] = []
        for name, (phase, whole, part) in zip(names, parts, strict=True):
            writer = _writer(project, job.dialect)
            edits += write_files(project, job, phase, whole, part, name=name, writer=writer)
        for edit in edits:
            _refuse_taken(edit)
        newest = ours[-1].revision if ours else next(iter(project.heads), None)
        edits.append(
            FileEdit(
                path=registry,
                content=register(_LIBRARY if text is None else text, names, newest=newest),
                before=before,
                action="create" if before is None else "edit",
                phase=job.migrations[-1][0],
                language="rust",
            )
        )
        return tuple(edits)

    def check(self, edits: Sequence[FileEdit], dialect: Dialect) -> None:
        """Raise an AssertionError when a file is no Rust, or a script no SQL."""
        for edit in edits:
            if edit.language == "rust":
                fault = faults(edit.content)
                if fault is not None:
                    raise AssertionError(f"{edit.path.name} is not valid Rust: {fault}")
            else:
                script = _COMMAND_OF_PSQL.sub("", edit.content)
                check_script(script, dialect, name=edit.path.name)
            if not edit.content.endswith("\n") and edit.before is None:
                raise AssertionError(f"{edit.path.name} does not end with a line end")

    def ledger(
        self,
        project: Project,
        dialect: Dialect,  # noqa: ARG002  the table is the same on every engine
    ) -> Ledger | Unrecorded:
        """Return the table of applied migrations by name, as the migrator calls it."""
        text = detection.exact_text(Path(project.options["registry"])) or ""
        table = "seaql_migrations"
        if named := _RECORD.search(text):
            if named[1] is None:
                return Unrecorded(why="the migrator computes migration_table_name")
            table = named[1]
        return Ledger(tables=(TableName(table),), columns=("version",), read=list_of())

    def ties(self, project: Project, edits: Sequence[FileEdit]) -> tuple[Tie, ...]:
        """Return the list of migrations where it names these: it does not compile without them."""
        registry = Path(project.options["registry"])
        found = read(detection.exact_text(registry) or "")
        named = {*found.order, *found.pushed, *(one.name for one in found.mods)}
        return tuple(
            Tie(path=registry, on=edit.revision)
            for edit in edits
            if edit.revision and edit.revision in named
        )

    def commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply these files and how to take them back.

        Before SeaORM 2 one run is one transaction on PostgreSQL: each file gets a run of its own.
        """
        files = [edit for edit in edits if edit.revision]
        if not project.options["crate"]:
            return Commands(
                apply=_told(project, files, "up"), revert=_told(project, files[::-1], "down")
            )
        return Commands(
            apply=_run(project, files, "up"),
            revert=_run(project, files[::-1], "down"),
        )


def _run(project: Project, files: Sequence[FileEdit], way: str) -> str:
    manifest = Path(project.options["manifest"])
    folder = shlex.quote(manifest.parent.relative_to(project.root).as_posix())
    if project.options["cli"]:
        called = f"sea-orm-cli migrate -d {folder} {way} -n"
    else:
        path = shlex.quote(manifest.relative_to(project.root).as_posix())
        called = f"cargo run --manifest-path {path} -- {way} -n"
    if project.transactions != "whole run" or not files:
        return f"{called} {max(len(files), 1)}"
    words = [(_script(project, edit, way), f"{called} 1") for edit in files]
    return " && ".join(one for pair in words for one in pair if one)


def _told(project: Project, files: Sequence[FileEdit], way: str) -> str:
    """Return the commands where the application runs its migrations: scripts, and what it does."""
    scripts = [one for one in (_script(project, edit, way) for edit in files) if one]
    runs = f"# the application runs its migrations by itself: Migrator::{way}(&db, Some"
    if not scripts:
        return f"{runs}({len(files)}))"
    return f"{' && '.join(scripts)}  {runs}(1)) behind each"


def _script(project: Project, edit: FileEdit, way: str) -> str:
    """Return the command that runs a migration's script first; "" where it names none."""
    script = (scripts_folder(project) / f"{edit.revision}.{way}.sql").relative_to(project.root)
    if script.as_posix() not in edit.content:
        return ""
    return f'psql "$DATABASE_URL" -f {shlex.quote(script.as_posix())}'


def _writer(project: Project, dialect: Dialect) -> Writer:
    major, _, minor = project.options["version"].partition(".")
    known: dict[str, Idens] = {"string": "string", "alias": "alias", "enum": "enum"}
    return Writer(
        dialect=dialect,
        version=(int(major), int(minor)),
        idens=known[project.options["idens"]],
    )


def _names(
    project: Project, job: Job, slugs: Sequence[str], ours: Sequence[FileEdit]
) -> tuple[str, ...]:
    """Return the names of new files: greater than all registered, all there, and all planned."""
    registered = project.options["order"].split()
    # A file that nobody has registered yet has its name, too.
    others = sorted({path.stem for path in _listed(project.directory)} - {*registered})
    order = [*others, *registered, *(one.revision for one in ours)]
    scheme = read_scheme(order, now=job.now)
    return next_names(scheme, [slugify(one, limit=_SLUG_LIMIT) for one in slugs], now=job.now)


def _listed(folder: Path) -> list[Path]:
    return list(folder.glob("*.rs")) if folder.is_dir() else []


def _refuse_taken(edit: FileEdit) -> None:
    if edit.path.exists():
        raise ConflictError(
            "file-exists",
            f"there is a file {edit.path.name} already",
            why="a migration's name is its identity, and each has its own",
            next_actions=("write again in a second, or give the existing file another name",),
        )


def _refuse_broken(project: Project) -> None:
    if project.problems:
        raise ConflictError(
            "broken-history",
            f"SeaORM's migrations in {project.directory.name} are broken: {project.problems[0]}",
            why="a new migration cannot follow a list that does not compile",
            next_actions=("repair the list, so that `cargo check` passes",),
        )
