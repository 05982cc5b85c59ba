"""Findings: what the user should know about a plan before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: ``danger`` can break production when it is ignored."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing worth knowing. All texts use the user's own names.

    ``what`` says what happens and what it blocks for how long, ``why`` the reason, ``safer`` the
    better form, ``reference`` a manual's section. ``code`` is what ``migwiz explain`` takes.
    """

    code: str
    severity: Severity
    what: str
    why: str = ""
    safer: str = ""
    reference: str = ""
    needs_acknowledgement: bool = False


def info(code: str, what: str, *, why: str = "", safer: str = "", reference: str = "") -> Finding:
    """Return a finding that only informs."""
    return Finding(
        code=code, severity=Severity.INFO, what=what, why=why, safer=safer, reference=reference
    )


def warning(
    code: str, what: str, *, why: str = "", safer: str = "", reference: str = ""
) -> Finding:
    """Return a finding that asks for attention."""
    return Finding(
        code=code, severity=Severity.WARNING, what=what, why=why, safer=safer, reference=reference
    )


def danger(code: str, what: str, *, why: str = "", safer: str = "", reference: str = "") -> Finding:
    """Return a finding that names something which can break production."""
    return Finding(
        code=code, severity=Severity.DANGER, what=what, why=why, safer=safer, reference=reference
    )
