"""Liquibase's master change log: which file names another, and a further include in its own style."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

#: What is written where there is no master yet.
START = "databaseChangeLog:\n"
_ALL = re.compile(r"includeAll\b[^/\w]*?(?:\s|\S)*?path[\"']?\s*[:=]\s*[\"']?([^\"'\s>,}]+)")


def includes_all(text: str, folder: str) -> bool:
    """Tell whether the change log includes everything in a folder, known by the end of its path."""
    for match in _ALL.finditer(text):
        path = re.sub(r"^(?:classpath\*?:|\./)", "", match[1]).strip("/")
        if path and f"/{folder}".endswith(f"/{path}"):
            return True
    return False


def with_includes(text: str, name: str, latest: str, files: Sequence[str]) -> str | None:
    """Return the change log with an include of each file behind its last one, like that of ``latest``.

    ``name`` is the log's own, whose ending tells its language. None where no include of ``latest``
    is found in it.
    """
    kind = name.rpartition(".")[2].lower()
    if kind == "xml":
        return _xml(text, latest, files)
    if kind == "json":
        return _json(text, latest, files)
    return _yaml(text, latest, files)


def first_includes(text: str, files: Sequence[str]) -> str:
    """Return the YAML change log with includes of files beside it, where there was none before."""
    blocks = [
        f"  - include:\n      file: {name}\n      relativeToChangelogFile: true\n" for name in files
    ]
    return text.rstrip("\n") + "\n" + "".join(blocks)


def _yaml(text: str, latest: str, files: Sequence[str]) -> str | None:
    lines = text.splitlines(keepends=True)
    items = [at for at, line in enumerate(lines) if re.match(r"\s*-\s*include\b", line)]
    ends = [_end(lines, at) for at in items]
    blocks = [lines[at:end] for at, end in zip(items, ends, strict=True)]
    model = next((one for one in reversed(blocks) if _named("".join(one), latest)), None)
    if model is None:
        return None
    lines[-1] = lines[-1].rstrip("\n") + "\n"
    copied = "".join(model).rstrip("\n") + "\n"
    added = [copied.replace(latest, one) for one in files]
    return "".join([*lines[: ends[-1]], *added, *lines[ends[-1] :]])


def _end(lines: Sequence[str], start: int) -> int:
    """Return where an item of a list ends: at the next line that is not indented more."""
    depth = len(lines[start]) - len(lines[start].lstrip())
    at = start + 1
    while at < len(lines) and len(lines[at]) - len(lines[at].lstrip()) > depth:
        at += 1
    return at


def _xml(text: str, latest: str, files: Sequence[str]) -> str | None:
    found = re.finditer(r"[ \t]*<include\b[^>]*(?:/>|>\s*</include\s*>)[ \t]*\n?", text)
    model = next((one[0] for one in reversed([*found]) if _named(one[0], latest)), None)
    end = text.rfind("</databaseChangeLog")
    if model is None or end < 0:
        return None
    added = "".join(f"{model.rstrip()}\n".replace(latest, one) for one in files)
    head = text[:end].rstrip(" \t")
    gap = "" if head.endswith("\n") else "\n"
    return f"{head}{gap}{added}{text[len(head) :]}"


def _json(text: str, latest: str, files: Sequence[str]) -> str | None:
    place = max(text.rfind(f"/{latest}"), text.rfind(f'"{latest}'))
    end = text.rfind("]")
    if place < 0 or end < 0:
        return None
    start, last = _around(text, place)
    if not text[start:].startswith("{") or '"include"' not in text[start:last]:
        return None
    before = text[:start]
    gap = before[len(before.rstrip()) :]
    body = text[:end].rstrip()
    added = "".join(f",{gap}{text[start:last].replace(latest, one)}" for one in files)
    changed = body + added + text[len(body) :]
    try:
        json.loads(changed)
    except ValueError:
        return None
    return changed


def _around(text: str, place: int) -> tuple[int, int]:
    """Return the object around the object that holds a place: ``{"include": {…}}``."""
    start = text.rfind("{", 0, text.rfind("{", 0, place))
    end = text.find("}", text.find("}", place) + 1)
    return max(start, 0), end + 1


def _named(text: str, name: str) -> bool:
    """Tell whether a text names a file, and not one whose name merely ends alike."""
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text) is not None
