from __future__ import annotations

import io
from collections.abc import Mapping

import pytest

from wizard.tty import front_end


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TTY, PIPE = Terminal(), io.StringIO()


@pytest.mark.parametrize(
    ("stdin", "stderr", "environ", "expected"),
    [
        (TTY, TTY, {"TERM": "xterm-256color"}, "tui"),
        (TTY, TTY, {}, "tui"),
        (PIPE, TTY, {}, "headless"),
        (TTY, PIPE, {}, "headless"),
        (None, TTY, {}, "headless"),
        (TTY, TTY, {"CI": "true"}, "headless"),
        (TTY, TTY, {"CI": "false"}, "tui"),
        (TTY, TTY, {"ACCESSIBLE": "1"}, "plain"),
        (TTY, TTY, {"ACCESSIBLE": "0"}, "tui"),
        (TTY, TTY, {"TERM": "dumb"}, "plain"),
        (PIPE, TTY, {"ACCESSIBLE": "1"}, "headless"),
        (TTY, TTY, {"CI": "1", "ACCESSIBLE": "1"}, "headless"),
    ],
)
def test_front_end(
    stdin: io.StringIO | None, stderr: io.StringIO, environ: Mapping[str, str], expected: str
) -> None:
    assert front_end(stdin, stderr, environ) == expected


def test_a_closed_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert front_end(closed, TTY, {}) == "headless"
