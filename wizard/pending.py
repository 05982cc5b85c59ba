"""Files of a plan that the runner is still to apply: it applies them before those written now."""

from __future__ import annotations

from generators import generators
from generators.base import FileEdit, Project
from generators.ledger import Reading
from wizard.applied import read_record
from wizard.database.base import Catalog
from wizard.journal import Journal
from wizard.removing import edits_of
from wizard.replanning import dialect_of


def recorded(journal: Journal, project: Project, catalog: Catalog) -> Reading:
    """Return what the runner has recorded in a database of the files of a plan."""
    dialect = dialect_of(journal)
    record = read_record(catalog, dialect, generators()[project.framework].ledger(project, dialect))
    return record.of([one for phase in journal.written_phases for one in phase.files])


def pending(journal: Journal, project: Project, catalog: Catalog | None) -> tuple[FileEdit, ...]:
    """Return the plan's written files that the runner has not recorded as applied in a database.

    Where the record knows none of the plan's files, others than the runner apply them: nothing is
    told. Never raises for a record that cannot be read.
    """
    if catalog is None:
        return ()
    reading = recorded(journal, project, catalog)
    if not reading.applied or reading.problem:
        return ()
    known = reading.applied | reading.unknown
    return tuple(
        edit
        for edit in edits_of(journal.written_phases, project)
        if edit.revision and edit.revision not in known and edit.path.is_file()
    )
