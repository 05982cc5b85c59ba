"""The databases that plans are asked in, each opened once, with what runners have recorded there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from generators import generators
from generators.base import Project
from generators.ledger import Unrecorded
from wizard.applied import Record, read_record
from wizard.database.base import Catalog
from wizard.database.sources import find_sources
from wizard.dialects.flavours import engine
from wizard.journal import Journal
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError, ReachError
from wizard.status.runs import Run, read_runs
from wizard.workspace import Workspace

WHERE = "say where with --url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A database to ask, or ``note``, which says why there is none; ``blocks`` where it should be."""

    catalog: Catalog | None = None
    note: str = ""
    blocks: bool = False
    records: dict[Path, Record] = field(default_factory=dict)
    rows: dict[str, Record] = field(default_factory=dict)
    #: One at most, read when the first plan asks.
    runs: list[Mapping[str, Run]] = field(default_factory=list)

    def run(self, slug: str, catalog: Catalog) -> Run | None:
        """Return how far the run of a plan's backfill is, None when there is none."""
        if not self.runs:
            dialect = engine(catalog.dialect, catalog.version, catalog.flavour)
            self.runs.append(read_runs(catalog, dialect))
        return self.runs[0].get(slug)

    def record(self, project: Project, catalog: Catalog) -> Record:
        """Return what a project's runner has recorded; several projects may share a record."""
        if project.directory not in self.records:
            dialect = engine(catalog.dialect, catalog.version, catalog.flavour)
            ledger = generators()[project.framework].ledger(project, dialect)
            if isinstance(ledger, Unrecorded):
                self.records[project.directory] = Record(why=ledger.why)
            else:
                key = f"{ledger.tables} {ledger.columns}"
                if key not in self.rows:
                    self.rows[key] = read_record(catalog, dialect, ledger)
                found = self.rows[key]
                self.records[project.directory] = (
                    found if found.ledger is None else replace(found, ledger=ledger)
                )
        return self.records[project.directory]


def by_database(
    workspace: Workspace, answers: Answers, plans: Sequence[Journal]
) -> dict[str | None, list[int]]:
    """Return the places of plans by the URL of their database; None is what is found in the root."""
    found: dict[str | None, list[int]] = {}
    for at, plan in enumerate(plans):
        url = None
        if answers.text("database.url") is None and answers.text("database.schema") is None:
            said = plan.answers.text("database.url")
            url = said if said and _is_set(said, workspace, answers) else None
        found.setdefault(url, []).append(at)
    return found


def _is_set(url: str, workspace: Workspace, answers: Answers) -> bool:
    """Tell whether somebody sets the variable in which a plan's URL is."""
    try:
        find_sources(workspace.root(answers), workspace.environment.environ, url=url)
    except AnswerError:
        return False
    return True


@contextmanager
def ground_for(
    workspace: Workspace, answers: Answers, url: str | None, *, offline: bool
) -> Iterator[Ground]:
    """Yield the database to ask; one that was opened only for this is closed behind."""
    if offline:
        yield Ground(note=f"not connected, as asked: {WHERE} to see what is applied")
        return
    own = workspace
    if url is not None:
        answers = answers.put("database.url", url)
        own = Workspace(workspace.environment)
    try:
        try:
            catalog = own.connect(answers)
        except ReachError as error:
            yield _nowhere(error, given=answers.text("database.url") is not None)
            return
        yield Ground(catalog=catalog)
    finally:
        if own is not workspace:
            own.disconnect()


def _nowhere(error: ReachError, *, given: bool) -> Ground:
    if error.code == "no-database" and not given:
        return Ground(note=f"not connected: {WHERE}")
    why = f" ({error.why})" if error.why else ""
    return Ground(note=f"not connected: {error.message}{why}; {WHERE}", blocks=given)
