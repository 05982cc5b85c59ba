"""The backfills of a plan that is kept: planned again from its file, checked against the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from wizard.backfilling.shards import Piece, pieces
from wizard.backfilling.work import stop_if_unready, works
from wizard.database.urls import DatabaseUrl, parse_url
from wizard.journal import Journal, stop_if_abandoned
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError
from wizard.model.plan import PhaseName
from wizard.replanning import dialect_of, planned
from wizard.workspace import Workspace

#: More shards than any cluster has.
_SHARDS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfills:
    """What is to be run, in order, and where; ``database`` is what a user calls the database."""

    plan: str
    pieces: tuple[Piece, ...]
    url: DatabaseUrl
    database: str


def backfills(
    kept: Journal,
    answers: Answers,
    workspace: Workspace,
    *,
    phase: PhaseName | None = None,
    by_shard: bool = False,
) -> Backfills:
    """Return the backfills of a kept plan's phase, the first with any where none is named.

    With ``by_shard`` each is cut into its shards. Reads the database. Raises AnswerError
    (`no-backfill`, `plan-abandoned`, `no-shards`), and AcknowledgementError (`phase-before`,
    `no-walk`) where the tables are not as they have to be.
    """
    # Its fill would run against the one that takes it back.
    stop_if_abandoned(kept)
    catalog = workspace.connect(answers)
    if not catalog.live:
        raise AnswerError(
            "no-live-database",
            "a backfill needs a database, and this is a file of DDL",
            next_actions=("name the database with --url",),
            flag="--url",
        )
    dialect = dialect_of(kept)
    if dialect.name != catalog.dialect:
        raise AnswerError(
            "other-engine",
            f"the plan was made for {dialect.title}, and this is another engine",
            next_actions=("name the plan's own database with --url",),
            flag="--url",
        )
    plan = planned(kept)
    url = parse_url(workspace.url, root=workspace.root(answers))
    found: list[Piece] = []
    for one in works(plan, kept.slug, dialect, phase=phase):
        stop_if_unready(one, partial(workspace.table, answers))
        work = replace(one, total=workspace.table(answers, one.step.table).rows)
        if by_shard:
            found += pieces(work, url, partial(catalog.query, limit=_SHARDS))
        else:
            found.append(Piece(work=work, url=url))
    return Backfills(plan=kept.slug, pieces=tuple(found), url=url, database=catalog.database)
