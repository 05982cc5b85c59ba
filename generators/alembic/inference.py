"""How names and ids are made here, worked out from the newest files (formats.md §0 and §1.3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from generators.alembic.history import Revision
from generators.alembic.naming import ID_LIMIT, IdScheme, in_style, matches

_RECENT = 5
_DATE_PARTS = (("year", 4), ("month", 2), ("day", 2), ("hour", 2), ("minute", 2), ("second", 2))


def infer_template(configured: str, newest: Sequence[tuple[str, str]]) -> tuple[str, bool]:
    """Return the template in force, and whether the newest files agree with the configured one.

    ``newest`` are names without ending and revisions, newest first. The files win when most of
    the newest share another form.
    """
    recent = newest[:_RECENT]
    agreeing = sum(matches(configured, stem, revision) is not None for stem, revision in recent)
    if not recent or agreeing * 2 >= len(recent):
        return configured, True
    shapes = Counter(shape for shape in (_shape(*one) for one in recent) if shape)
    if shapes:
        shape, count = shapes.most_common(1)[0]
        if count * 2 > len(recent):
            return shape, False
    return configured, False


def infer_scheme(ids: Sequence[str]) -> IdScheme:
    """Return the scheme of the newest ids, given newest first; Alembic's own when unsure."""
    recent = ids[:_RECENT]
    widths = {len(one) for one in recent}
    if not recent:
        return IdScheme()
    digits = widths in ({12}, {14}) and all(one.isdigit() for one in recent)
    if digits and all(1990 <= int(one[:4]) <= 2100 for one in recent):
        return IdScheme(kind="time", width=widths.pop())
    parts = [re.fullmatch(r"(.*?)(\d{1,9})", one) for one in recent]
    if len(recent) >= 2 and all(parts):
        found = [match for match in parts if match is not None]
        prefixes = {match.group(1) for match in found}
        numbers = [int(match.group(2)) for match in found]
        falling = all(newer > older for newer, older in pairwise(numbers))
        if len(prefixes) == 1 and falling and numbers[0] - numbers[-1] < 20 * len(numbers):
            return IdScheme(kind="counter", width=len(found[0].group(2)), prefix=prefixes.pop())
    if all(re.fullmatch(r"[0-9a-f]+", one) for one in recent) and len(widths) == 1:
        return IdScheme(width=min(max(widths.pop(), 8), ID_LIMIT))
    return IdScheme()


def describe_messages(revisions: Sequence[Revision]) -> str:
    """Return a sample of the style of the newest messages, for `in_style`: ``A.`` or ``a``."""
    return in_style("a", [one.message for one in revisions])


def _shape(stem: str, revision: str) -> str | None:
    if revision and revision in stem:
        before, _, after = stem.partition(revision)
        found = re.fullmatch(r"([_\-.]*)(\w*)", after)
        if found is None:
            return None
        lead = _prefix(before)
        tail = f"{_plain(found.group(1))}%(slug)s" if found.group(2) else _plain(after)
        return None if lead is None else f"{lead}%(rev)s{tail}"
    found = re.fullmatch(r"(\d[\d_\-.T]*?)([_\-]+)([^\W\d]\w*)", stem)
    if found is None:
        return None
    lead = _prefix(found.group(1))
    return None if lead is None else f"{lead}{_plain(found.group(2))}%(slug)s"


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def _prefix(text: str) -> str | None:
    groups = re.findall(r"\d+", text)
    digits = "".join(groups)
    if not digits:
        return _plain(text)
    if len(digits) in (8, 10, 12, 14) and 1990 <= int(digits[:4]) <= 2100:
        return _dated(text)
    if len(groups) > 1:
        return None
    return re.sub(r"\d+", lambda match: f"%(counter).{len(match.group())}d", _plain(text))


def _dated(text: str) -> str | None:
    parts = list(_DATE_PARTS)
    out = ""
    for piece in re.findall(r"\d+|\D+", text):
        if not piece.isdigit():
            out += _plain(piece)
            continue
        rest = len(piece)
        while rest:
            if not parts or parts[0][1] > rest:
                return None
            name, width = parts.pop(0)
            out += f"%({name}).{width}d" if name != "year" else "%(year)d"
            rest -= width
    return out
