"""What a sign is: how it is read, in which unit, and above which value a backfill waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wizard.model.names import TableName

Row = Mapping[str, object]
#: Runs one query and returns its rows by column name, in small letters; raises `Refused`.
Query = Callable[[str], Sequence[Row]]


class Refused(Exception):
    """The server did not answer a query; the text says why, and holds no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is watched: the table that is filled, and by which sessions.

    ``ours`` are the ids of the sessions that run batches (``pg_backend_pid()``,
    ``CONNECTION_ID()``). ``replicas`` ask servers which only they themselves can tell about, by
    the name that people know them by. ``limits`` replace the default limits, by name of the sign.
    """

    table: TableName
    ours: tuple[int, ...] = ()
    replicas: Mapping[str, Query] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read: a value, or None and why not.

    ``label`` and ``limit`` are given where this database has better ones than the sign itself.
    """

    value: float | None
    why: str = ""
    label: str = ""
    limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A sign of how the database copes. ``name`` is what ``--limit NAME=VALUE`` takes.

    ``help`` says in a sentence what waiting for it is good for.
    """

    name: str
    label: str
    unit: str
    limit: float
    help: str
    find: Callable[[Query, Watch], Found]


def number(value: object) -> float | None:
    """Return a number that a driver handed over in any type, None for NULL."""
    return None if value is None else float(str(value))


def unread(why: str) -> Found:
    """Return that a sign cannot be read."""
    return Found(value=None, why=why)
