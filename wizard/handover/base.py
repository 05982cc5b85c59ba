"""What is to be altered, within which limits, on which server, and the command that does it.

The tools copy a table beside the running application and swap the copy in. migwiz never starts
them: it writes their command lines, which a person runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wizard.dialects.base import Size
from wizard.handover.clauses import bare_words, keeps_whole_numbers
from wizard.model.handover import Command
from wizard.model.names import TableName
from wizard.model.schema import Check, ForeignKey, Reference, Trigger

Engine = Literal["mysql", "mariadb"]
#: What the tools walk a table by: a unique key none of whose columns may be NULL.
Key = Literal["primary", "unique"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One change of one table.

    ``clauses`` are what stands behind ``ALTER TABLE t``, ``inverse`` those which undo them (none
    where nothing does). ``key`` is the best key that the table has before **and** after the change.
    ``may_cut`` is true when a value may be too long for its new type and nothing in the database
    rules it out; ``inverse_may_cut`` is the same of the way back, None to judge by its types. ``copy_triggers`` is the user's consent that triggers get other names, and
    ``way_back`` the wish for a way back that keeps what is written after the change.
    ``referring_bytes`` is the size of the largest table that refers to this one.
    """

    table: TableName
    clauses: tuple[str, ...]
    engine: Engine
    version: tuple[int, ...]
    size: Size
    inverse: tuple[str, ...] = ()
    key: Key | None = "primary"
    foreign_keys: tuple[ForeignKey, ...] = ()
    referenced_by: tuple[Reference, ...] = ()
    referring_bytes: int | None = None
    checks: tuple[Check, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    galera: bool = False
    may_cut: bool = False
    inverse_may_cut: bool | None = None
    copy_triggers: bool = False
    way_back: bool = False

    @property
    def alter(self) -> str:
        """The clauses as one text, without ALGORITHM and LOCK: those are for the direct way."""
        return _joined(self.clauses)

    @property
    def undo(self) -> str:
        """The inverse as one text, empty where there is none."""
        return _joined(self.inverse)

    @property
    def back(self) -> Need:
        """The need to undo this one, by the inverse as an ordinary change."""
        cuts = self.inverse_may_cut
        if cuts is None:
            cuts = not all(keeps_whole_numbers(clause) for clause in self.inverse)
        return replace(self, clauses=self.inverse, inverse=self.clauses, may_cut=cuts)

    @property
    def name(self) -> str:
        """The table's bare name."""
        return self.table.name

    @property
    def refers_to_itself(self) -> bool:
        """Whether a foreign key of the table points at the table."""
        return any(
            key.ref_table.name == self.name
            and (key.ref_table.schema or self.table.schema)
            == (self.table.schema or key.ref_table.schema)
            for key in self.foreign_keys
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A counter of SHOW GLOBAL STATUS, and from where on a tool pauses or gives up."""

    status: str = "Threads_running"
    pause: int = 25
    give_up: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the application can bear, in milliseconds.

    ``hold_swap`` makes the tool wait with the swap until a person says so, where it can.
    """

    lock_wait_ms: int = 2_000
    replica_lag_ms: int = 1_500
    chunk_ms: int = 500
    loads: tuple[Load, ...] = (Load(),)
    hold_swap: bool = False

    @property
    def pause_loads(self) -> str:
        """The counters and from where on to pause, as gh-ost and pt-online-schema-change read it."""
        return ",".join(f"{load.status}={load.pause}" for load in self.loads)

    @property
    def give_up_loads(self) -> str:
        """The counters and from where on to give up."""
        return ",".join(f"{load.status}={load.give_up}" for load in self.loads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the table is. There is no password here, nor in any command.

    ``defaults_file`` is the absolute path of an option file that only the person may read, whose
    part ``[client]`` holds ``user`` and ``password``. ``replicas`` are ``host:port``. ``folder`` is
    where tools put their sockets and flag files on the machine on which they run. ``galera`` is a node
    of such a cluster.
    """

    database: str
    defaults_file: str
    host: str = "127.0.0.1"
    port: int = 3306
    socket: str | None = None
    user: str | None = None
    replicas: tuple[str, ...] = ()
    gtid: bool = False
    galera: bool = False
    folder: str = "/tmp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool. ``refuses`` says why it cannot do a need, None where it can; ``command`` is pure."""

    name: str
    label: str
    refuses: Callable[[Need], str | None]
    command: Callable[[Need, Limits, Server], Command]


def _joined(clauses: Sequence[str]) -> str:
    return ", ".join(
        clause.strip() for clause in clauses if bare_words(clause)[:1] not in _DIRECT_ONLY
    )


_DIRECT_ONLY = (("ALGORITHM",), ("LOCK",), ())
