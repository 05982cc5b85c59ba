"""How the application is deployed and how big the table is: the answers that shape a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Deployment(StrEnum):
    """Which versions of the application run while a new one rolls out."""

    MAINTENANCE = "maintenance"
    ROLLING = "rolling"
    BLUE_GREEN = "blue-green"


class SizeClass(StrEnum):
    """How much work a table means. Limits: safety.md §1.0, DESIGN §5."""

    EMPTY = "empty"
    TINY = "tiny"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """The answers about deployment and size. ``rows`` and ``bytes`` are production's.

    ``backfill`` says what walks the rows of a backfill: the migration's file, or migwiz itself, so
    that the file only checks that it is done.
    """

    deployment: Deployment = Deployment.ROLLING
    migrate: Literal["before", "after"] = "before"
    rows: int | None = None
    bytes: int | None = None
    lock_budget_ms: int = 2_000
    backfill: Literal["file", "runner"] = "file"

    @property
    def size(self) -> SizeClass:
        """The size class; unknown counts as large, because too careful breaks nothing."""
        if self.rows is None:
            return SizeClass.LARGE
        if self.rows == 0:
            return SizeClass.EMPTY
        if self.rows < 10_000 and (self.bytes or 0) < 10 * 1024**2:
            return SizeClass.TINY
        if self.rows < 10_000_000 and (self.bytes or 0) < 1024**3:
            return SizeClass.MEDIUM
        return SizeClass.LARGE

    @property
    def small(self) -> bool:
        """Whether scans, rewrites and backfills are over in an instant."""
        return self.size in (SizeClass.EMPTY, SizeClass.TINY)

    @property
    def stopped(self) -> bool:
        """Whether no application runs while migrations do."""
        return self.deployment is Deployment.MAINTENANCE

    @property
    def direct(self) -> bool:
        """Whether scans and rewrites under a strong lock are acceptable."""
        return self.stopped or self.small
