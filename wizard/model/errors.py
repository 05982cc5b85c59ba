"""What can go wrong, as the user is told about it: what, why, and what to do next.

    MigwizError
    ├── AnswerError         exit 2   an answer is wrong or missing
    ├── AcknowledgementError exit 3  a loss must be accepted, or migwiz refuses
    ├── ConflictError       exit 4   a file exists, a history has two heads …
    ├── ReachError          exit 5   database or project cannot be reached
    └── RehearsalError      exit 6   a rehearsal failed

Exit codes are API (DESIGN §4.3): 0 done, 1 a bug, 130 interrupted.
"""

from __future__ import annotations

from typing import ClassVar


class MigwizError(Exception):
    """A problem that the user can do something about.

    ``code`` is stable and searchable (``migwiz explain CODE``), ``why`` one sentence,
    ``next_actions`` things to type or do. ``flag`` names the command-line flag that mends it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        code: str,
        message: str,
        *,
        why: str = "",
        next_actions: tuple[str, ...] = (),
        flag: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.why = why
        self.next_actions = next_actions
        self.flag = flag


class AnswerError(MigwizError):
    """An answer is wrong or missing."""

    exit_code = 2


class AcknowledgementError(MigwizError):
    """A loss has not been accepted, or migwiz refuses to plan what was asked."""

    exit_code = 3


class ConflictError(MigwizError):
    """Something is already there, or two things contradict each other."""

    exit_code = 4


class ReachError(MigwizError):
    """The database or the project cannot be reached."""

    exit_code = 5


class RehearsalError(MigwizError):
    """A plan did not do on a scratch database what it says."""

    exit_code = 6
