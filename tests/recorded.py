"""What a framework's own record says is applied, read as `migwiz status` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generators.base import FileEdit, Generator, Project
from wizard.applied import read_record
from wizard.database.opening import open_catalog
from wizard.dialects.flavours import engine
from wizard.journal import JournalFile


def recorded(
    generator: Generator, project: Project, url: str, edits: Sequence[FileEdit], root: Path
) -> list[str] | str:
    """Return the revisions of these files that are applied, in order, or why nobody knows."""
    files = [
        JournalFile(path=one.path.relative_to(root).as_posix(), revision=one.revision, sha256="")
        for one in edits
    ]
    catalog = open_catalog(url, root=root)
    dialect = engine(catalog.dialect, catalog.version, catalog.flavour)
    record = read_record(catalog, dialect, generator.ledger(project, dialect))
    catalog.close()
    found = record.of(files)
    assert not found.problem
    return record.why or [one for one in revisions(edits) if one in found.applied]


def revisions(edits: Sequence[FileEdit]) -> list[str]:
    """Return the revisions of files, each once, in order."""
    return list(dict.fromkeys(one.revision for one in edits if one.revision))
