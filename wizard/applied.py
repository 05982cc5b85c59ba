"""What a database says of which migrations are applied: a runner's record, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generators.ledger import Kept, Ledger, Reading, Row, Unrecorded
from wizard.database.base import Catalog
from wizard.dialects.base import Dialect
from wizard.model.errors import ReachError

#: More rows than any project has migrations.
_ROWS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The rows of a ledger, or ``why`` they are not known."""

    ledger: Ledger | None = None
    rows: tuple[Row, ...] = ()
    why: str = ""

    def of(self, files: Sequence[Kept]) -> Reading:
        """Return which of some files are applied; all are unknown where the record is."""
        if self.ledger is None:
            return Reading(unknown=frozenset(one.revision for one in files if one.revision))
        return self.ledger.read(self.rows, files)


def read_record(catalog: Catalog, dialect: Dialect, ledger: Ledger | Unrecorded) -> Record:
    """Read a runner's record from the database; never raises for what cannot be read."""
    if isinstance(ledger, Unrecorded):
        return Record(why=ledger.why)
    if not catalog.live:
        return Record(why="a DDL file does not tell what is applied: say where with --url")
    try:
        for table in ledger.tables:
            if catalog.query(dialect.existence(table), limit=1):
                rows = catalog.query(ledger.query(dialect, table), limit=_ROWS)
                return Record(ledger=ledger, rows=tuple(rows))
    except ReachError as error:
        why = f": {error.why}" if error.why else ""
        return Record(why=f"the runner's record cannot be read: {error.message}{why}")
    # The runner makes its table when it first runs.
    return Record(why=ledger.absent) if ledger.absent else Record(ledger=ledger)
