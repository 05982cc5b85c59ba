"""``migwiz backfill``: run the backfill of a plan, watch it and speak to it from anywhere."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import cast

import click

from wizard.backfilling.tempo import RESTS, TARGETS_MS
from wizard.commands.options import environment
from wizard.database.urls import DatabaseUrl
from wizard.journal import Journal
from wizard.model.answers import Answers
from wizard.model.errors import AcknowledgementError, AnswerError, ConflictError
from wizard.model.plan import PHASES, PhaseName
from wizard.session import Session
from wizard.tty import front_end

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
_ROOT = click.option("--root", help="The folder of the project.")
_URL = click.option("--url", help="The database; env:NAME reads a variable.")


def _number(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """Return the value; raises BadParameter for "nan", which is neither below nor above a bound."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no number")
    return value


_TARGET = click.option(
    "--target-ms",
    type=click.IntRange(*TARGETS_MS),
    help="How long a batch should take; 50 where nobody says.",
)
_NICE = click.option(
    "--nice",
    type=click.FloatRange(*RESTS),
    callback=_number,
    metavar="RATIO",
    help="Rest after each batch: 1 is as long as the batch took, 0 is not at all.",
)
_BY_SHARD = click.option(
    "--by-shard",
    is_flag=True,
    help="Of Citus, Vitess or PlanetScale: walk each shard where it is, and remember it there.",
)


@click.group("backfill", help="Run a long backfill, watch it, pause it.")
def COMMAND() -> None:
    """Run, watch, pause."""


@COMMAND.command("run", help="Run the backfill of a plan, or go on with it. Writes rows.")
@click.argument("plan")
@_ROOT
@_URL
@click.option("--confirm", metavar="DATABASE", help="The database's name, in place of typing it.")
@click.option("--workers", type=click.IntRange(1, 32), default=1, help="Connections that write.")
@_TARGET
@_NICE
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=VALUE",
    help="Wait while a sign of the database is above this, such as replica-lag=10.",
)
@click.option(
    "--replica",
    "replicas",
    multiple=True,
    metavar="URL",
    help="A replica to be asked how far it is, where the source cannot tell. May be repeated.",
)
@click.option("--phase", type=click.Choice(PHASES), help="Whose rows; else the first with any.")
@_BY_SHARD
@_FORMAT
def run(
    *,
    plan: str,
    root: str | None,
    url: str | None,
    confirm: str | None,
    workers: int,
    target_ms: int | None,
    nice: float | None,
    limits: tuple[str, ...],
    replicas: tuple[str, ...],
    phase: str | None,
    by_shard: bool,
    form: str,
) -> int:
    """Run the work of one phase, one step after the other."""
    from wizard.backfilling.control import Control
    from wizard.backfilling.progress import Progress
    from wizard.backfilling.runner import Settings, Tell
    from wizard.backfilling.runner import run as run_work
    from wizard.backfilling.signals import limits_of
    from wizard.backfilling.watching import Watcher
    from wizard.commands.backfill_printing import Printer

    session = _session(root, url)
    kept = session.resume(plan)
    found = session.backfills(kept, cast("PhaseName | None", phase), by_shard=by_shard)
    dialect = found.pieces[0].work.dialect.name
    bounds = limits_of(limits, dialect)
    followers = [_replica(one, session, found.url.dialect) for one in replicas]
    session.disconnect()
    for beware in dict.fromkeys(one.beware for one in found.pieces if one.beware):
        sys.stderr.write(f"! {beware}\n")
    _stop_if_unconfirmed(found.database, confirm)
    settings = Settings(workers=workers, target_ms=target_ms, nice=nice)
    control = Control()

    def walk(tell: Tell, end: Tell) -> int:
        """Do one piece after the other; ``end`` is told how each has ended."""
        for piece in found.pieces:
            work, place = piece.work, piece.url
            watcher = Watcher(dialect, place, work.step.table, replicas=followers, limits=bounds)
            with closing(watcher):
                ended = run_work(work, place, settings, tell=tell, control=control, signals=watcher)
            end(ended)
            if ended.state == "stopped":
                return 130
            if ended.state == "failed":
                raise ConflictError(
                    "backfill-failed",
                    f"{work.title}: not finished",
                    why=ended.reason,
                    next_actions=(
                        f"when that is mended: migwiz backfill run {found.plan}; it goes on where "
                        "it ended",
                    ),
                )
        return 0

    if form == "text" and front_end(sys.stdin, sys.stderr, os.environ) == "tui":
        from screens.alone import run_backfill

        return run_backfill(lambda tell: walk(tell, tell), control, database=found.database)
    printer = Printer(sys.stderr, width=shutil.get_terminal_size().columns)

    def as_json(progress: Progress) -> None:
        sys.stdout.write(json.dumps(asdict(progress), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    with _stopped_by_signals(control.stop):
        if form == "json":
            return walk(as_json, lambda _: None)
        return walk(printer.tell, printer.end)


@COMMAND.command("status", help="Show how far backfills are, of a plan or all.")
@click.argument("plan", required=False)
@_ROOT
@_URL
@_BY_SHARD
@_FORMAT
def status(plan: str | None, root: str | None, url: str | None, by_shard: bool, form: str) -> int:
    """Show what the state table says."""
    from wizard.backfilling import desk
    from wizard.commands.backfill_printing import standing

    session = _session(root, url)
    kept = session.resume(plan) if plan else None
    places, dialect = _places(session, kept, by_shard)
    slug = kept.slug if kept else None
    found = [one for place in places for one in desk.standings(place, dialect, slug)]
    if form == "json":
        sys.stdout.write(json.dumps(desk.document(found), indent=2, ensure_ascii=False) + "\n")
        return 0
    if not found:
        sys.stderr.write("no backfill was run in this database yet\n")
    for one in found:
        sys.stdout.write(standing(one))
    return 0


def _wish(name: str, help: str, told: str) -> None:
    @COMMAND.command(name, help=help)
    @click.argument("plan")
    @_ROOT
    @_URL
    @_BY_SHARD
    def act(plan: str, root: str | None, url: str | None, by_shard: bool) -> int:
        from wizard.backfilling import desk
        from wizard.backfilling.control import Wish

        session = _session(root, url)
        kept = session.resume(plan)
        places, dialect = _places(session, kept, by_shard)
        wish = cast("Wish", {"resume": "run"}.get(name, name))
        for one in desk.want(places, dialect, kept.slug, wish):
            sys.stderr.write(f"{one.kept.title}: {told}\n")
        return 0


_wish("pause", "Let a run wait behind its present batch.", "pauses within a second")
_wish("resume", "Let a run that waits go on.", "goes on within a second")
_wish("stop", "Let a run end behind its present batch.", "stops within a second")


@COMMAND.command(
    "pace", help="Let a run at work go slower or faster; it keeps that when it is started again."
)
@click.argument("plan")
@_TARGET
@_NICE
@_ROOT
@_URL
@_BY_SHARD
def pace(
    *,
    plan: str,
    target_ms: int | None,
    nice: float | None,
    root: str | None,
    url: str | None,
    by_shard: bool,
) -> int:
    """Leave word of a pace, which the run takes up at the border of a batch."""
    from wizard.backfilling import desk
    from wizard.backfilling.tempo import Asked
    from wizard.backfilling.tempo import told as pace_told

    if target_ms is None and nice is None:
        raise AnswerError(
            "missing-answer",
            "say which pace",
            next_actions=(
                "--nice 1 rests after each batch for as long as it took, --nice 0 not at all",
                "--target-ms 20 lets batches take 20 ms",
            ),
            flag="--nice",
        )
    session = _session(root, url)
    kept = session.resume(plan)
    places, dialect = _places(session, kept, by_shard)
    asked = Asked(target_ms=target_ms, nice=nice)
    for one in desk.pace(places, dialect, kept.slug, asked):
        told = pace_told(asked.of(one.tempo))
        sys.stderr.write(f"{one.kept.title}: from the next batches on {told}\n")
    return 0


@COMMAND.command("forget", help="Remove what the database remembers of a plan's runs.")
@click.argument("plan")
@_ROOT
@_URL
@_BY_SHARD
def forget(plan: str, root: str | None, url: str | None, by_shard: bool) -> int:
    """Forget a plan's runs; with the last run the tables go, too."""
    from wizard.backfilling import desk

    session = _session(root, url)
    kept = session.resume(plan)
    places, dialect = _places(session, kept, by_shard)
    count = sum(desk.forget(place, dialect, kept.slug) for place in places)
    sys.stderr.write(f"forgot {count} run{'' if count == 1 else 's'} of {kept.slug}\n")
    return 0


def _session(root: str | None, url: str | None) -> Session:
    return Session(environment(root), Answers().put("database.url", url))


def _places(
    session: Session, kept: Journal | None, by_shard: bool
) -> tuple[tuple[DatabaseUrl, ...], str]:
    """Return the databases that remember runs, and the name of their dialect."""
    place, dialect = session.address()
    if kept is None or not by_shard:
        return (place,), dialect
    found = {one.url.shown: one.url for one in session.backfills(kept, by_shard=True).pieces}
    return tuple(found.values()), dialect


def _replica(text: str, session: Session, dialect: str) -> DatabaseUrl:
    """Return where a replica is; ``env:NAME`` reads a variable. Raises AnswerError."""
    from wizard.database.urls import parse_url

    if text.startswith("env:"):
        text = session.environment.environ.get(text.removeprefix("env:"), "")
    found = parse_url(text, root=session.root)
    if found.dialect != dialect:
        raise AnswerError("bad-url", "a replica is of the same engine", flag="--replica")
    return found


def _stop_if_unconfirmed(database: str, confirmed: str | None) -> None:
    """Ask for the database's name where somebody can answer; raises AcknowledgementError."""
    if confirmed is None and sys.stdin.isatty() and sys.stderr.isatty():
        sys.stderr.write(f"This writes rows in the database {database}.\n")
        confirmed = click.prompt("Type its name to go on", err=True)
    if confirmed != database:
        given = "nobody has confirmed it" if confirmed is None else f"{confirmed!r} is another name"
        raise AcknowledgementError(
            "backfill-not-confirmed",
            f"this would write rows in the database {database}",
            why=given,
            next_actions=(f"when that is the right one: --confirm {database}",),
            flag="--confirm",
        )


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Stop behind the present batch at Ctrl-C or a request to terminate; at the second one, at once."""

    def handle(number: int, _frame: object) -> None:
        sys.stderr.write("\nstopping behind the present batch; once more ends it at once\n")
        signal.signal(number, before[signal.Signals(number)])
        stop()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, handle) for one in numbers}
    try:
        yield
    finally:
        for one, old in before.items():
            signal.signal(one, old)
