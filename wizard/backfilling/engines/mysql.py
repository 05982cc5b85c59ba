"""Writing batches to MySQL, and what MariaDB shares of it.

MySQL bounds only how long a SELECT may run: a batch there is bounded by its size, and by a wait for
locks of a second, the shortest that the server knows (MySQL manual, max_execution_time and
innodb_lock_wait_timeout). The transactions are READ COMMITTED: they lock no gaps between keys, into
which the application inserts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.backfilling.engines.base import Result, Trouble, Words
from wizard.database.drivers import CONNECT_SECONDS
from wizard.database.mysql_failures import GONE, SLOW
from wizard.database.mysql_session import open_writing_mysql
from wizard.database.urls import DatabaseUrl
from wizard.dialects.parameters import rebind
from wizard.model.steps import Batched

_WORDS = Words(
    key="varchar(190)",
    text="text",
    whole="bigint",
    moment="double",
    # Whatever the session's time zone is, and on the night that has an hour twice.
    now="TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1000000e0",
    behind=" ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    session="SELECT CONNECTION_ID()",
)
# Deadlocks, rows changed under a snapshot, conflicts that a cluster finds at the commit.
_DEADLOCK = frozenset({1020, 1213, 3101})
_LOCKED = frozenset({1205, 3572})
_INTERRUPTED = 1317
_NO_ROOM = frozenset({1040, 1203, 1226})
_TYPE = re.compile(r"[a-z]+")
#: Types of which the server sorts, shows and compares values in different ways.
_UNSAFE: Mapping[str, str] = {
    "enum": "it is sorted by position and compared as text",
    "set": "it is sorted by position and compared as text",
    "float": "it is shown with fewer digits than it is compared with",
    "bit": "it is shown as bytes and compared as a number",
    "timestamp": "one hour of each year has two meanings in zones with summer time",
}


@dataclass(slots=True)
class MySQLWriter:
    """A connection of pymysql; ``time_limit`` is a setting that bounds a statement, in seconds."""

    session: Any
    time_limit: str | None = None
    _set: dict[str, str] = field(default_factory=dict)

    def begin(self, *, lock_ms: int, statement_ms: int) -> None:
        """Begin; settings are sent when they change."""
        # Whole seconds are all that it knows, and none is no value that it takes.
        wanted = {"innodb_lock_wait_timeout": str(max(1, round(lock_ms / 1_000)))}
        wanted["lock_wait_timeout"] = wanted["innodb_lock_wait_timeout"]
        if self.time_limit is not None:
            wanted[self.time_limit] = str(statement_ms / 1_000)
        self.set(wanted)
        self._send("START TRANSACTION")

    def set(self, wanted: Mapping[str, str]) -> None:
        """Send the settings of the session that are not so already."""
        changed = {key: value for key, value in wanted.items() if self._set.get(key) != value}
        if changed:
            self._send("SET SESSION " + ", ".join(f"{key} = {one}" for key, one in changed.items()))
            self._set.update(changed)

    def run(self, sql: str, values: Mapping[str, object]) -> Result:
        """Run one statement."""
        with self.session.cursor() as cursor:
            changed = cursor.execute(sql, dict(values))
            return Result(rows=tuple(cursor.fetchall()), changed=changed)

    def commit(self) -> None:
        """Commit."""
        self._send("COMMIT")

    def rollback(self) -> None:
        """Roll back."""
        self._send("ROLLBACK")

    def close(self) -> None:
        """Close."""
        if self.session.open:
            self.session.close()

    def _send(self, sql: str) -> None:
        with self.session.cursor() as cursor:
            cursor.execute(sql)


@dataclass(frozen=True, slots=True)
class Family:
    """MySQL, or MariaDB with ``time_limit``; ``settings`` are made once for each session."""

    dialect: str
    time_limit: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    compares_rows: bool = False
    schema_in_columns: bool = True
    one_writer: bool = False
    words: Words = _WORDS

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What pymysql raises."""
        import pymysql

        return (pymysql.MySQLError, OSError)

    def open(self, url: DatabaseUrl) -> MySQLWriter:
        """Connect."""
        writer = MySQLWriter(
            open_writing_mysql(url, connect_seconds=CONNECT_SECONDS), self.time_limit
        )
        writer.set(self.settings)
        return writer

    def prepare(self, sql: str) -> str:
        """Return SQL for pymysql."""
        return rebind(sql, "psycopg", self.dialect)

    def own(self, sql: str) -> str:
        """Return SQL of ours for pymysql."""
        return re.sub(r":(\w+)", r"%(\1)s", sql)

    def parameter(self, name: str, _kind: str, /) -> str:
        """Return the parameter: the driver writes each value as one of its own type."""
        return f":{name}"

    def trouble(self, error: Exception) -> Trouble:
        """Tell by the error's number."""
        if isinstance(error, OSError):
            return "lost"
        number = error.args[0] if error.args and isinstance(error.args[0], int) else None
        if number is None:
            return "permanent"
        if number in GONE or number in _NO_ROOM:
            return "lost"
        if number in _DEADLOCK:
            return "deadlock"
        if number in _LOCKED:
            return "locked"
        return "slow" if number in SLOW or number == _INTERRUPTED else "permanent"

    def obstacle(self, step: Batched) -> str | None:
        """Some types are sorted in another way than they are compared."""
        for name, kind in zip(step.key, step.key_types, strict=True):
            match = _TYPE.match(kind.lower())
            why = _UNSAFE.get(match.group()) if match else None
            if why is not None:
                return f"{name} is of the type {kind}: {why}"
        return None if step.key else "the table has no key to walk along"


ENGINE = Family("mysql")
