"""Ways in which one change can be made, compared for one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way: what it takes here, or every reason why it cannot be taken here.

    ``value`` is the answer that chooses it. ``deploys`` counts releases, ``meanwhile`` is what it
    costs while it is under way, ``lock_up`` and ``lock_down`` are the strongest locks of upgrades
    and downgrades, empty for none; ``way_back`` says when the way back closes.
    """

    value: str
    label: str
    reasons: tuple[str, ...] = ()
    deploys: int = 0
    files: int = 0
    meanwhile: str = ""
    lock_up: str = ""
    lock_down: str = ""
    way_back: str = ""

    @property
    def hint(self) -> str:
        """The few words beside it where it is chosen."""
        if self.reasons:
            return ""
        if not self.files:
            return "no migration · no risk"
        deploys = f"{self.deploys} deploys · " if self.deploys > 1 else ""
        files = f"{self.files} files" if self.files > 1 else "one file"
        return f"{deploys}{files}{f' · {self.meanwhile}' if self.meanwhile else ''}"
