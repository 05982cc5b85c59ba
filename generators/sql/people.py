"""Who writes: the name and address that a project's own tools would put down."""

from __future__ import annotations

import configparser
import contextlib
import re
from pathlib import Path

_UNKNOWN = ("migwiz", "migwiz@localhost")


def author(root: Path, *more: Path) -> tuple[str, str]:
    """Return name and e-mail address: from ``more`` configurations, the repository's, the user's.

    Git's files and those like them are read as text; a value that is nowhere is migwiz's own.
    """
    places = (*more, root / ".git" / "config", Path.home() / ".gitconfig")
    found = [_user(path) for path in places]
    name = next((one for one, _ in found if one), _UNKNOWN[0])
    mail = next((one for _, one in found if one), _UNKNOWN[1])
    return name, mail


def local_name(root: Path) -> str:
    """Return the part of the author's address before the ``@``, as one word."""
    return re.sub(r"[^\w.-]+", "-", author(root)[1].partition("@")[0]) or _UNKNOWN[0]


def settings(path: Path) -> configparser.ConfigParser:
    """Return a file in the form of git's configuration; an empty one where it cannot be read."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    with contextlib.suppress(OSError, UnicodeDecodeError, configparser.Error):
        text = path.read_text(encoding="utf-8")
        # Git indents what stands in a section; this parser takes that for a longer value.
        parser.read_string("\n".join(line.strip() for line in text.splitlines()))
    return parser


def value(parser: configparser.ConfigParser, section: str, key: str) -> str:
    """Return one setting without its quotes, "" for none."""
    return (parser.get(section, key, fallback="") or "").strip('" ')


def _user(path: Path) -> tuple[str, str]:
    found = settings(path)
    return value(found, "user", "name"), value(found, "user", "email")
