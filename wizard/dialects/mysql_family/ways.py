"""How the server makes a change: with which ALGORITHM, under which LOCK, with how much work.

Every ALTER says what it expects, so that the server refuses what it cannot do that way instead of
copying the table in silence (safety.md, conclusion 11). The kinds below are the rows of safety.md
§1.4; each engine's package holds its own `Ways`, by version.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.plan import Work

Algorithm = Literal["INSTANT", "NOCOPY", "INPLACE", "COPY"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a change. ``work`` is what happens between the two short exclusive locks."""

    algorithm: Algorithm
    lock: Literal["NONE", "SHARED"] = "NONE"
    work: Work = "none"

    @property
    def clause(self) -> str:
        """What stands behind the change in ALTER TABLE.

        INSTANT takes no LOCK: MySQL refuses both together, and MariaDB needs none.
        """
        if self.algorithm == "INSTANT":
            return ", ALGORITHM=INSTANT"
        return f", ALGORITHM={self.algorithm}, LOCK={self.lock}"

    @property
    def mode(self) -> str:
        """The same in a lock fact."""
        return "INSTANT" if self.algorithm == "INSTANT" else f"{self.algorithm}, LOCK={self.lock}"


INSTANT = Way("INSTANT")
METADATA = Way("INPLACE")
REBUILD = Way("INPLACE", "NONE", "rewrite")
#: Writes wait until the table is copied, reads go on.
COPY = Way("COPY", "SHARED", "rewrite")
#: MariaDB 11.2 and later write down what changes meanwhile, and do it again at the end.
ONLINE_COPY = Way("COPY", "NONE", "rewrite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The best ways that one engine at a version accepts, by kind of change.

    ``build_text`` is a FULLTEXT index, whose first one rebuilds the table; ``build_space`` a
    SPATIAL one; ``build_expression`` one over an expression. ``add_key`` is a foreign key with
    foreign_key_checks=0, ``widen`` a text that stays within its length byte, ``recollate`` a
    collation of a column in no index. ``full_text`` is what rebuilds a table with a FULLTEXT index.
    """

    engine: Literal["mysql", "mariadb"]
    version: tuple[int, ...]
    add_column: Way
    drop_column: Way
    drop_indexed_column: Way
    rename_column: Way
    build: Way
    build_text: Way
    build_space: Way
    build_expression: Way
    drop_index: Way
    rename_index: Way
    hide_index: Way
    add_key: Way
    drop_key: Way
    drop_check: Way
    widen: Way
    recollate: Way
    recollate_indexed: Way
    #: A text column of at most so many bytes can grow to any length.
    short_text: int
    #: AUTO_INCREMENT goes.
    unnumber: Way
    copy: Way
    full_text: Way
    #: Adding and dropping a foreign key locks the other table's definition, too.
    locks_parents: bool
    #: How many instant changes a table takes before it must be rebuilt; None without a limit.
    row_versions: int | None
    #: Longest text of an error that a statement can raise, in bytes.
    message_length: int

    @property
    def maria(self) -> bool:
        """Whether this is MariaDB, where the two differ in words."""
        return self.engine == "mariadb"
