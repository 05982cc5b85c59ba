"""Lenient reading of a project's files: what cannot be read is nothing, never an error."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: Folders with other people's code, or with nothing written by hand.
SKIPPED = frozenset(
    {
        "node_modules", "bower_components", "vendor", "third_party", "site-packages",
        "venv", "env", "__pycache__", "target", "dist", "build", "Pods", "DerivedData",
    }
)  # fmt: skip
LIMIT = 1024 * 1024


def read_text(path: Path, *, limit: int = LIMIT) -> str | None:
    """Return the beginning of a file's text with plain line ends; None when it is no text.

    ``limit`` counts bytes.
    """
    try:
        # There may be thousands: no buffer, and no codec that is written in Python.
        with open(path, "rb", buffering=0) as file:
            data = file.read(limit)
    except OSError:
        return None
    if b"\0" in data:
        return None
    text = data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    return text.replace("\r\n", "\n") if "\r" in text else text


def read_toml(path: Path) -> Mapping[str, Any]:
    """Return a TOML file's content, empty when it cannot be read."""
    text = read_text(path)
    if text is None:
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
