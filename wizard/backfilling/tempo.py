"""How fast a run goes: how long a batch should take, and how long it rests after each."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: What can be asked for, in milliseconds and in parts of a batch's time.
TARGETS_MS, RESTS = (10, 5_000), (0.0, 100.0)
#: The shortest rest that a step to a gentler pace gives, and the last one before none.
_LEAST_REST = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """What a run keeps to. ``nice`` is a rest after each batch, in parts of how long it took."""

    target_ms: float = 50.0
    nice: float = 0.0

    def gentler(self) -> Tempo:
        """Return the pace with a rest twice as long, a quarter of a batch where there was none.

        Batches stay as long as they are: shorter ones would not take less of the database's time.
        """
        return replace(self, nice=min(RESTS[1], max(_LEAST_REST, self.nice * 2)))

    def faster(self) -> Tempo:
        """Return the pace with half the rest, none where that is too short to matter."""
        half = self.nice / 2
        return replace(self, nice=half if half >= _LEAST_REST else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants of a pace, None for what should stay as it is."""

    target_ms: float | None = None
    nice: float | None = None

    def of(self, before: Tempo) -> Tempo:
        """Return the pace with what is asked for."""
        return Tempo(
            target_ms=before.target_ms if self.target_ms is None else self.target_ms,
            nice=before.nice if self.nice is None else self.nice,
        )

    def over(self, other: Asked) -> Asked:
        """Return what both ask for; where they differ, this one counts."""
        return Asked(
            target_ms=other.target_ms if self.target_ms is None else self.target_ms,
            nice=other.nice if self.nice is None else self.nice,
        )


def told(tempo: Tempo) -> str:
    """Return a pace for people, in a few words."""
    rest = f"rests {tempo.nice:g} times as long after each" if tempo.nice else "does not rest"
    return f"{tempo.target_ms:g} ms a batch, {rest}"
