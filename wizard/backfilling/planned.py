"""The backfills of a plan that is kept: planned again from its file, checked against the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from wizard.backfilling.work import Work, stop_if_unready, works
from wizard.database.urls import DatabaseUrl, parse_url
from wizard.dialects.flavours import engine
from wizard.journal import Journal
from wizard.model.answers import Answers
from wizard.model.enums import find_enum
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import PhaseName
from wizard.model.schema import Table
from wizard.planner import Known, make_plan
from wizard.workspace import Workspace, read_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfills:
    """What is to be run, in order, and where; ``database`` is what a user calls the database."""

    plan: str
    works: tuple[Work, ...]
    url: DatabaseUrl
    database: str


def backfills(
    kept: Journal, answers: Answers, workspace: Workspace, *, phase: PhaseName | None = None
) -> Backfills:
    """Return the backfills of a kept plan's phase, the first with any where none is named.

    Reads the database. Raises AnswerError (`no-backfill`), and AcknowledgementError
    (`phase-before`, `no-walk`) where the tables are not as they have to be.
    """
    catalog = workspace.connect(answers)
    if not catalog.live:
        raise AnswerError(
            "no-live-database",
            "a backfill needs a database, and this is a file of DDL",
            next_actions=("name the database with --url",),
            flag="--url",
        )
    dialect = engine(kept.dialect, read_version(kept.server_version), kept.flavour)
    if dialect.name != catalog.dialect:
        raise AnswerError(
            "other-engine",
            f"the plan was made for {dialect.title}, and this is another engine",
            next_actions=("name the plan's own database with --url",),
            flag="--url",
        )
    known = Known(
        dialect=dialect,
        table=partial(_table_of, kept),
        rollout=answers.rollout,
        enums=kept.types,
        enum=partial(find_enum, kept.enums),
    )
    plan = make_plan(answers.operations, known)
    found = []
    for one in works(plan, kept.slug, dialect, phase=phase):
        stop_if_unready(one, partial(workspace.table, answers))
        found.append(replace(one, total=workspace.table(answers, one.step.table).rows))
    return Backfills(
        plan=kept.slug,
        works=tuple(found),
        url=parse_url(workspace.url, root=workspace.root(answers)),
        database=catalog.database,
    )


def _table_of(kept: Journal, name: TableName) -> Table:
    for table in kept.tables:
        if table.name == name:
            return table
    raise AnswerError(
        "plan-file-broken",
        f"the plan file does not hold the table {name}",
        next_actions=("take the file back from version control",),
    )
