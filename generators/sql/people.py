"""Who writes: the name and address that a project's own tools would put down."""

from __future__ import annotations

import configparser
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


def _user(path: Path) -> tuple[str, str]:
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        text = path.read_text(encoding="utf-8")
        # Indented lines are values of their own in git's files.
        parser.read_string("\n".join(line.strip() for line in text.splitlines()))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return "", ""
    return _value(parser, "name"), _value(parser, "email")


def _value(parser: configparser.ConfigParser, key: str) -> str:
    return (parser.get("user", key, fallback="") or "").strip('" ')
