"""The two tables of the user's database that remember runs: made, looked for, and brought up to date.

Versions of migwiz that could not change a pace made them without its columns, `PACE`. They are added
where that is allowed. Where it is not, a run goes on without: its pace is that with which it began.
"""

from __future__ import annotations

from wizard.backfilling.engines.base import Engine, Writer
from wizard.model.errors import ReachError

RUNS, RANGES = "migwiz_backfills", "migwiz_backfill_ranges"
#: What somebody wants of a run's pace, NULL for nothing.
PACE = ("target_ms", "nice")
_WAIT_MS, _STATEMENT_MS = 2_000, 10_000


def definitions(engine: Engine) -> tuple[str, ...]:
    """Return the statements that make the tables, for an administrator who makes them beforehand."""
    words = engine.words
    whole, text, key, moment = words.whole, words.text, words.key, words.moment
    return (
        f"""CREATE TABLE {RUNS} (
    run {key} NOT NULL PRIMARY KEY,
    plan {key} NOT NULL,
    title {text} NOT NULL,
    fingerprint {key} NOT NULL,
    state {key} NOT NULL,
    wanted {key} NOT NULL,
    reason {text} NOT NULL,
    holder {key} NOT NULL,
    fence {whole} NOT NULL,
    beat {whole} NOT NULL,
    total {whole},
    walked {whole} NOT NULL,
    changed {whole} NOT NULL,
    remaining {whole},
    target_ms {moment},
    nice {moment},
    held_at {moment} NOT NULL,
    beat_at {moment} NOT NULL,
    started_at {moment} NOT NULL,
    ended_at {moment}
){words.behind}""",
        f"""CREATE TABLE {RANGES} (
    run {key} NOT NULL,
    number {whole} NOT NULL,
    fence {whole} NOT NULL,
    position {text},
    upto {text},
    walked {whole} NOT NULL,
    changed {whole} NOT NULL,
    PRIMARY KEY (run, number)
){words.behind}""",
    )


def additions(engine: Engine) -> tuple[str, ...]:
    """Return the statements that add the columns of the pace to an older table."""
    return tuple(f"ALTER TABLE {RUNS} ADD {one} {engine.words.moment}" for one in PACE)


def make_tables(writer: Writer, engine: Engine) -> None:
    """Make the tables for the state where they are not; raises ReachError when that is forbidden."""
    for table, statement in zip((RUNS, RANGES), definitions(engine), strict=True):
        if _is_there(writer, engine, table):
            continue
        writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
        try:
            writer.run(engine.own(statement), {})
            writer.commit()
        except engine.errors as error:
            writer.rollback()
            if _is_there(writer, engine, table):
                # Another runner has made it in the same moment.
                continue
            raise ReachError(
                "no-state-tables",
                "the tables that remember a backfill cannot be made in this database",
                why=str(error).splitlines()[0],
                next_actions=(
                    "let somebody who may make tables run this, then run the backfill again:",
                    *(f"{one};" for one in definitions(engine)),
                ),
            ) from None
    _add_pace(writer, engine)


def has_tables(writer: Writer, engine: Engine) -> bool:
    """Tell whether both tables for the state are there."""
    return all(_is_there(writer, engine, one) for one in (RUNS, RANGES))


def is_paced(writer: Writer, engine: Engine) -> bool:
    """Tell whether the pace is remembered there, too."""
    return _is_there(writer, engine, RUNS, ", ".join(PACE))


def _add_pace(writer: Writer, engine: Engine) -> None:
    """Add the columns of the pace where they are missing, if that is allowed."""
    if is_paced(writer, engine):
        return
    for statement in additions(engine):
        writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
        try:
            writer.run(engine.own(statement), {})
            writer.commit()
        except engine.errors as error:
            # Another runner may have added it in the same moment.
            if engine.trouble(error) == "lost":
                raise
            writer.rollback()


def _is_there(writer: Writer, engine: Engine, table: str, columns: str = "1") -> bool:
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    try:
        writer.run(engine.own(f"SELECT {columns} FROM {table} WHERE run = :run"), {"run": ""})
    except engine.errors as error:
        writer.rollback()
        if engine.trouble(error) != "permanent":
            raise
        return False
    writer.commit()
    return True
