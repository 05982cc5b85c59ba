"""The run of a plan's backfill by ``migwiz backfill run``, read from the table that remembers it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.backfilling.lease import ACTIVE
from wizard.backfilling.tables import RANGES, RUNS
from wizard.database.base import Catalog
from wizard.dialects.base import Dialect
from wizard.model.counted import rows as counted_rows
from wizard.model.errors import ReachError
from wizard.model.names import TableName

_LIMIT = 100_000
#: A runner gives a sign of life each second; this allows for clocks that differ.
_SILENT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How far a plan's backfill is; ``walked`` and ``total`` are rows, ``total`` an estimate."""

    done: bool
    active: bool
    state: str
    reason: str = ""
    walked: int = 0
    total: int = 0

    @property
    def told(self) -> str:
        """How far it is, in words."""
        of = f" of about {self.total:,}" if self.total else ""
        told = f"{self.walked:,}{of}"
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.state}{why}, {counted_rows(self.total or self.walked, told)} walked"


def read_runs(catalog: Catalog, dialect: Dialect) -> Mapping[str, Run]:
    """Return the runs by the slug of their plan; nothing where none ever ran or may be read."""
    try:
        if not catalog.query(dialect.existence(TableName(RUNS)), limit=1):
            return {}
        rows = catalog.query(
            "SELECT r.plan, r.state, r.reason, r.holder, r.beat_at, r.total, "
            f"r.walked + COALESCE((SELECT sum(g.walked) FROM {RANGES} g WHERE g.run = r.run), 0) "
            f"AS walked FROM {RUNS} r",
            limit=_LIMIT,
        )
    except ReachError:
        return {}
    found: dict[str, list[Run]] = {}
    for plan, state, reason, holder, beat, total, walked in rows:
        silent = time.time() - float(str(beat)) > _SILENT_S
        one = Run(
            done=state == "done",
            active=state in ACTIVE and bool(holder) and not silent,
            state="interrupted" if state in ACTIVE and silent else str(state),
            reason=str(reason or ""),
            walked=int(str(walked)),
            total=int(str(total or 0)),
        )
        found.setdefault(str(plan), []).append(one)
    # A plan may fill several tables: what is not done yet tells.
    return {plan: min(runs, key=lambda one: one.done) for plan, runs in found.items()}
