"""One migration's files: the Rust source, and the scripts for psql where SeaORM cannot run them."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from generators.base import FileEdit, Job, Project
from generators.header import header_lines, laid_out
from generators.seaorm.body import Body, write_body
from generators.seaorm.outside import script
from generators.seaorm.rust import indented, string
from generators.seaorm.splitting import groups, needs_none
from generators.seaorm.words import Writer
from wizard.model.plan import Migration, PhaseName
from wizard.model.steps import Impossible, Step, ValidateConstraint

_HEADER_WIDTH = 96
_SEA_ORM = ("Statement", "TransactionTrait")


def write_files(
    project: Project,
    job: Job,
    phase: PhaseName,
    whole: Migration,
    part: Migration,
    *,
    name: str,
    writer: Writer,
) -> tuple[FileEdit, ...]:
    """Return the files of one migration, ``part`` of a whole one, under the name it gets."""
    header = header_lines(job, phase, part)
    texts = _scripts(part, writer)
    names = {way: scripts_folder(project) / f"{name}.{way}.sql" for way in texts}
    runs = {way: _psql(path, project) for way, path in names.items()}
    more = [
        (label, f"{runs[way]}, then the migration {way}")
        for way, label in (("up", "Before"), ("down", "Back"))
        if way in runs
    ]
    if project.transactions == "whole run" and _holds(part, writer):
        more.append(("Run", "by itself (up -n 1): SeaORM 1 keeps the locks of a run until its end"))
    lines = laid_out([*header, *more], width=_HEADER_WIDTH)
    shown = {way: _relative(path, project) for way, path in names.items()}
    body = write_body(part, writer, scripts=(shown.get("up", ""), shown.get("down", "")))
    head = (_sentence(part.title), "", *lines)
    content, up, down = _source(name, head, body, writer, style=project.options["name"])
    found = [
        FileEdit(
            path=path,
            content=(
                text := script(texts[way], _script_head(part, header, runs[way], way), job.dialect)
            ),
            phase=phase,
            up=text if way == "up" else "",
            down=text if way == "down" else "",
            slug=part.slug,
            title=part.title,
        )
        for way, path in names.items()
    ]
    found.append(
        FileEdit(
            path=project.directory / f"{name}.rs",
            content=content,
            phase=phase,
            language="rust",
            up=up,
            down=down,
            slug=whole.slug,
            title=part.title,
            revision=name,
        )
    )
    return tuple(found)


def scripts_folder(project: Project) -> Path:
    """Return where scripts for psql lie: beside the crate's sources, or below a module's folder."""
    folder = Path(project.options["manifest"]).parent
    return folder / "sql" if project.directory == folder / "src" else project.directory / "sql"


def _holds(migration: Migration, writer: Writer) -> bool:
    """Tell whether what runs inside of the runner's transaction has locks that others wait for."""
    return writer.dialect.name == "postgresql" and migration.lock_timeout_ms is not None


def _script_head(
    migration: Migration, header: tuple[tuple[str, str], ...], run: str, way: str
) -> tuple[str, ...]:
    kept = [(label, text) for label, text in header if label.lower() not in {"up", "down"} - {way}]
    told = [("Run", f"{run}, then the migration {way}")]
    told.append(("Repair", "run it again: what is done stays, and what is broken is built anew"))
    return (_sentence(migration.title), "", *laid_out([*kept, *told], width=_HEADER_WIDTH))


def _psql(path: Path, project: Project) -> str:
    return f'psql "$DATABASE_URL" -f {shlex.quote(_relative(path, project))}'


def _scripts(migration: Migration, writer: Writer) -> dict[str, tuple[Step, ...]]:
    """Return the steps of each direction that a person runs by psql."""
    if writer.modern or writer.dialect.name != "postgresql":
        return {}
    found: dict[str, tuple[Step, ...]] = {}
    for way, steps in (("up", migration.up), ("down", migration.down)):
        if any(isinstance(one, Impossible) for one in steps):
            continue
        apart = tuple(
            one for group in groups(steps, writer.dialect) if group.alone for one in group.steps
        )
        if any(
            needs_none(one, writer.dialect) or isinstance(one, ValidateConstraint) for one in apart
        ):
            found[way] = apart
    return found


def _source(
    name: str, head: tuple[str, ...], body: Body, writer: Writer, *, style: str
) -> tuple[str, str, str]:
    """Return the file's text, and its two functions."""
    up = _function("up", body.up)
    down = _function("down", body.down)
    lines = [*(f"//! {line}".rstrip() for line in head), ""]
    if "Duration" in body.uses:
        lines += ["use std::time::{Duration, Instant};", ""]
    lines.append("use sea_orm_migration::prelude::*;")
    used = sorted(body.uses & {*_SEA_ORM})
    if len(used) == 1:
        lines.append(f"use sea_orm_migration::sea_orm::{used[0]};")
    elif used:
        lines.append(f"use sea_orm_migration::sea_orm::{{{', '.join(used)}}};")
    code = "\n".join([*up, *down])
    if re.search(r"\bType::", code):
        lines.append("use sea_orm_migration::sea_query::extension::postgres::Type;")
    lines.append("")
    if style == "derived":
        lines += ["#[derive(DeriveMigrationName)]", "pub struct Migration;"]
    else:
        lines += [
            "pub struct Migration;",
            "",
            "impl MigrationName for Migration {",
            "    fn name(&self) -> &str {",
            f"        {string(name)}",
            "    }",
            "}",
        ]
    lines += ["", "#[async_trait::async_trait]", "impl MigrationTrait for Migration {"]
    if body.transaction is not None:
        told = str(body.transaction).lower()
        lines += [
            "    fn use_transaction(&self) -> Option<bool> {",
            f"        Some({told})",
            "    }",
            "",
        ]
    lines += [*indented(up, 4), "", *indented(down, 4), "}", *body.helpers, *writer.declared()]
    return "\n".join(lines) + "\n", "\n".join(up) + "\n", "\n".join(down) + "\n"


def _function(name: str, body: tuple[str, ...]) -> list[str]:
    manager = "manager" if any("manager" in line for line in body) else "_manager"
    return [
        f"async fn {name}(&self, {manager}: &SchemaManager) -> Result<(), DbErr> {{",
        *indented(body, 4),
        "}",
    ]


def _sentence(title: str) -> str:
    words = " ".join(title.split())
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _relative(path: Path, project: Project) -> str:
    return os.path.relpath(path, project.root).replace(os.sep, "/")
