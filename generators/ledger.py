"""Where a runner records what it has applied, and how its record is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from wizard.dialects.base import Dialect
from wizard.model.names import TableName

Row = Sequence[object]
Rows = Sequence[Row]

_ENDING = re.compile(r"\.(?:[cm]?[jt]s|sql|py|rb|exs)$")


class Kept(Protocol):
    """A file as a plan file names it: its path below the project's root, and its revision."""

    @property
    def path(self) -> str:
        """The path, with ``/`` between its parts."""

    @property
    def revision(self) -> str:
        """The id by which the framework knows it, empty for companions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a record says of some files, by their revisions: those in neither set are not applied.

    ``problem`` is a sentence about a record which the runner itself would stumble over.
    """

    applied: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    problem: str = ""


Key = Callable[[Kept], str]
Read = Callable[[Rows, Sequence[Kept]], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A runner's record: ``columns`` of the first of ``tables`` that is there.

    ``read`` is pure; it gets all rows, in any order. Where no table is there nothing is applied,
    unless ``absent`` says why that tells nothing.
    """

    tables: tuple[TableName, ...]
    columns: tuple[str, ...]
    read: Read
    absent: str = ""

    def query(self, dialect: Dialect, table: TableName) -> str:
        """Return the query that lists the record."""
        columns = ", ".join(dialect.quote(one) for one in self.columns)
        return f"SELECT {columns} FROM {dialect.table(table)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """A runner without a record that can be read, and why."""

    why: str


# --- keys: what stands in the record for a file ------------------------------------------------


def by_revision(one: Kept) -> str:
    """Return the revision; a number without the zeros in front of it."""
    return plain(one.revision)


def by_name(one: Kept) -> str:
    """Return the file's name without its ending, which compiling may change."""
    return plain(PurePosixPath(one.path).name)


def by_folder(one: Kept) -> str:
    """Return the name of the folder that a migration is."""
    return plain(PurePosixPath(one.path).parent.name)


def plain(value: object) -> str:
    """Return what a record holds, or a name, so that both can be compared."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    text = _ENDING.sub("", text)
    return str(int(text)) if text.isdecimal() else text


# --- forms: how records are read ---------------------------------------------------------------


def list_of(
    key: Key = by_revision,
    *,
    of: Callable[[object], str] = plain,
    failed: Callable[[Row], bool] | None = None,
    undone: Callable[[Row], bool] | None = None,
) -> Read:
    """Return the reading of a record with a row for each migration, its key in the first column.

    ``of`` makes that column a key. ``failed`` tells rows of runs that were cut short, ``undone``
    rows that count for nothing.
    """

    def read(rows: Rows, files: Sequence[Kept]) -> Reading:
        counted = [row for row in rows if undone is None or not undone(row)]
        whole = [row for row in counted if failed is None or not failed(row)]
        done = {of(row[0]) for row in whole}
        return _reading(files, key, done, {of(row[0]) for row in counted} - done)

    return read


def up_to(key: Key = by_revision, *, dirty: bool = False) -> Read:
    """Return the reading of a record with one row: all up to its number are applied.

    With ``dirty``, the second column tells that the last run was cut short. It stands at the
    version that was applied, or before the one that was taken back.
    """

    def read(rows: Rows, files: Sequence[Kept]) -> Reading:
        at = max((number(row[0]) for row in rows), default=-1)
        if dirty and any(bool(row[1]) for row in rows):
            return Reading(
                applied=_those(files, lambda one: number(key(one)) < at),
                unknown=_those(files, lambda one: number(key(one)) >= at),
                problem=f"the last run was cut short at version {at}, which is marked as dirty",
            )
        return Reading(applied=_those(files, lambda one: number(key(one)) <= at))

    return read


def last_word(
    applied: Callable[[Row], bool],
    key: Key = by_revision,
    *,
    failed: Callable[[Row], bool] | None = None,
) -> Read:
    """Return the reading of a log, with a key and a place in the log in the first two columns."""

    def read(rows: Rows, files: Sequence[Kept]) -> Reading:
        last = {plain(row[0]): row for row in sorted(rows, key=lambda row: number(row[1]))}
        cut = {name for name, row in last.items() if failed is not None and failed(row)}
        done = {name for name, row in last.items() if applied(row)} - cut
        return _reading(files, key, done, cut)

    return read


def number(value: object) -> int:
    """Return what a record holds as a number, -1 for what is none."""
    text = plain(value)
    return int(text) if text.isdecimal() else -1


def _reading(files: Sequence[Kept], key: Key, done: Set[str], cut: Set[str]) -> Reading:
    return Reading(
        applied=_those(files, lambda one: key(one) in done),
        unknown=_those(files, lambda one: key(one) in cut),
        problem=f"the run of {', '.join(sorted(cut))} did not end well" if cut else "",
    )


def _those(files: Sequence[Kept], fit: Callable[[Kept], bool]) -> frozenset[str]:
    return frozenset(one.revision for one in files if one.revision and fit(one))
