"""The engines and versions that the tests plan for: the oldest, a usual one, the newest known."""

from __future__ import annotations

#: Every dialect has an entry, or `test_every_dialect_is_tested_here` fails.
VERSIONS: dict[str, tuple[tuple[int, ...], ...]] = {
    "postgresql": ((12,), (15, 4), (18, 1)),
    "sqlite": ((3, 35, 0), (3, 40, 1), (3, 54, 1)),
}
#: The version for which golden files are made.
GOLDEN_VERSIONS: dict[str, tuple[int, ...]] = {"postgresql": (16, 4), "sqlite": (3, 40, 1)}
