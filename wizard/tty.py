"""The one gate that decides which front end talks to the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

FrontEnd = Literal["tui", "plain", "headless"]


class Stream(Protocol):
    """As much of a standard stream as the gate looks at."""

    def isatty(self) -> bool:
        """Tell whether a terminal is behind it."""


def front_end(stdin: Stream | None, stderr: Stream | None, environ: Mapping[str, str]) -> FrontEnd:
    """Return ``tui``, ``plain`` (line prompts) or ``headless`` (ask nothing).

    Keys are read from stdin and the app is painted on stderr, so both must be terminals; stdout
    may be a pipe. ``CI`` means that nobody answers. ``ACCESSIBLE`` and ``TERM=dumb`` ask for lines
    instead of a painted screen.
    """
    if not (_is_terminal(stdin) and _is_terminal(stderr)) or _set(environ, "CI"):
        return "headless"
    if _set(environ, "ACCESSIBLE") or environ.get("TERM", "") == "dumb":
        return "plain"
    return "tui"


def _set(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() not in ("", "0", "false", "no")


def _is_terminal(stream: Stream | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # the stream is closed
        return False
