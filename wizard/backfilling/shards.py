"""A backfill cut by the places where the rows are: one piece of work for each shard.

Each piece has its own connection and its own state, kept on its shard. No cluster runs here: what is
made of an engine's answer is tested as data (`wizard.dialects.flavours.by_shard`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wizard.backfilling.work import Work
from wizard.database.urls import DatabaseUrl, build_url, redact
from wizard.dialects.flavours.base import Flavoured
from wizard.dialects.flavours.by_shard import Place
from wizard.model.errors import AnswerError
from wizard.model.names import fit_name

Query = Callable[[str], Sequence[Sequence[object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A work and the database in which it is run; ``beware`` is what must not happen meanwhile."""

    work: Work
    url: DatabaseUrl
    beware: str = ""


def pieces(work: Work, url: DatabaseUrl, query: Query) -> tuple[Piece, ...]:
    """Return one piece for each place of the work's table.

    ``query`` asks the whole cluster. Raises AnswerError (`no-shards`) where there are none, or
    where this step has to go through the whole.
    """
    dialect = work.dialect
    by = dialect.by_shard(work.step) if isinstance(dialect, Flavoured) else None
    if by is None or not isinstance(dialect, Flavoured):
        raise _none(work, f"{dialect.title} has no shards, or the step reads other tables, too")
    places = [by.place(row) for row in query(by.query)]
    if not places:
        raise _none(work, f"asked: {by.query}")
    return tuple(
        Piece(
            work=replace(
                work,
                name=fit_name(f"{work.name}@{one.name}", limit=190),
                title=f"{work.title} on {one.name}",
                step=dialect.on_shard(work.step, one),
                total=None if work.total is None else work.total // len(places),
            ),
            url=_address(url, one),
            beware=by.beware,
        )
        for one in places
    )


def _address(url: DatabaseUrl, place: Place) -> DatabaseUrl:
    host, database = place.host or url.host, place.database or url.database
    port = url.port if place.port is None else str(place.port)
    text = build_url(
        url.dialect,
        user=url.user or "",
        password=url.password or "",
        host=host,
        port=port,
        database=database,
        options=dict(url.options),
    )
    return replace(url, url=text, shown=redact(text), host=host, port=port, database=database)


def _none(work: Work, why: str) -> AnswerError:
    return AnswerError(
        "no-shards",
        f"{work.step.table} cannot be walked shard by shard",
        why=why,
        next_actions=("run it through the whole cluster: leave --by-shard out",),
        flag="--by-shard",
    )
