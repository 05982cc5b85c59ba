"""Names: of files by Alembic's own rules (formats.md §1.3), of revisions as the newest ones.

A template here is Alembic's ``file_template`` after ini unescaping, with one token more:
``counter``, for projects whose files carry a number that somebody adds by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from generators.alembic.history import Revision
from wizard.model.errors import ConflictError

DEFAULT_TEMPLATE = "%(rev)s_%(slug)s"
DEFAULT_TRUNCATE = 40
ID_LENGTH = 12
#: The width of the column in Alembic's own table.
ID_LIMIT = 32
_FORBIDDEN = "@-+:"
_RECENT = 5
_TOKEN = re.compile(r"%\((\w+)\)(0?\.?\d*)[sd]|%%")
_WORD = re.compile(r"\w+")
_PEOPLE = {
    "rev": "id", "slug": "words", "epoch": "seconds", "year": "YYYY", "month": "MM", "day": "DD",
    "hour": "HH", "minute": "MM", "second": "SS", "counter": "N",
}  # fmt: skip
_DATE_PARTS = (("year", 4), ("month", 2), ("day", 2), ("hour", 2), ("minute", 2), ("second", 2))
_DEVICES = frozenset({"con", "prn", "aux", "nul"})


def slug_of(message: str, limit: int = DEFAULT_TRUNCATE) -> str:
    """Return the words of a message as Alembic puts them into a file name."""
    slug = "_".join(_WORD.findall(message)).lower()
    if len(slug) > limit:
        slug = slug[:limit].rsplit("_", 1)[0] + "_"
    return slug


def file_name(
    template: str, *, revision: str, message: str, moment: datetime, limit: int, counter: int = 0
) -> str:
    """Return a file's name; it holds directories where the template does.

    Raises ConflictError when the template asks for what Alembic does not know.
    """
    values = {
        "rev": revision,
        "slug": slug_of(message, limit),
        "epoch": int(moment.timestamp()),
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
        "counter": counter,
    }
    try:
        name = template % values
    except (KeyError, ValueError, TypeError):
        raise ConflictError(
            "file-template",
            f"Alembic cannot make a file name from file_template = {template}",
            why="it holds a token that Alembic does not know, or a lone percent sign",
            next_actions=("correct file_template in alembic.ini or pyproject.toml",),
        ) from None
    if name.lower() in _DEVICES:
        name += "_"
    return f"{name}.py"


def local_moment(now: datetime, timezone: str | None) -> datetime:
    """Return the moment as the project writes it: local and naive unless a timezone is set.

    Raises ConflictError for a timezone that does not exist.
    """
    now = now.replace(microsecond=0)
    if not timezone:
        return now.astimezone().replace(tzinfo=None) if now.tzinfo else now
    if timezone.upper() == "UTC":
        return now.astimezone(UTC)
    for name in (timezone, timezone.upper()):
        try:
            return now.astimezone(ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            continue
    raise ConflictError(
        "timezone",
        f"there is no timezone called {timezone}",
        next_actions=("correct `timezone` in Alembic's configuration",),
    )


def spacing(template: str) -> timedelta:
    """Return how far apart two files must be so that their names and dates differ."""
    tokens = {match.group(1) for match in _TOKEN.finditer(template)}
    if tokens & {"second", "epoch"}:
        return timedelta(seconds=1)
    if "minute" in tokens or tokens & {"rev", "counter"} or "year" not in tokens:
        return timedelta(minutes=1)
    return timedelta(hours=1) if "hour" in tokens else timedelta(days=1)


def for_people(template: str) -> str:
    """Return a template in words: ``YYYY_MM_DD-id_words.py``."""

    def word(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return "%"
        if name == "counter":
            return "N" * int(re.sub(r"\D", "", match.group(2)) or 1)
        return _PEOPLE.get(name, name)

    return _TOKEN.sub(word, template) + ".py"


def matches(template: str, stem: str, revision: str) -> re.Match[str] | None:
    """Match a file's name without ending against a template; the group ``counter`` may be there."""
    parts: list[str] = []
    last = 0
    for match in _TOKEN.finditer(template):
        parts.append(re.escape(template[last : match.start()]))
        width = int(re.sub(r"\D", "", match.group(2) or "") or 0)
        match match.group(1):
            case None:
                parts.append("%")
            case "rev":
                parts.append(re.escape(revision))
            case "slug":
                parts.append(r"\w*")
            case "year":
                parts.append(r"\d{4}")
            case "counter":
                parts.append(rf"(?P<counter>\d{{{width},}})")
            case "epoch":
                parts.append(r"\d+")
            case _:
                parts.append(rf"\d{{{width}}}" if width else r"\d{1,2}")
        last = match.end()
    parts.append(re.escape(template[last:]))
    return re.fullmatch("".join(parts), stem)


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


def next_counter(template: str, taken: Iterable[tuple[str, str]]) -> int:
    """Return the number behind the largest one; ``taken`` are names without ending, revisions."""
    numbers = [
        int(match.group("counter"))
        for stem, revision in taken
        if (match := matches(template, stem, revision)) is not None
    ]
    return max(numbers, default=0) + 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class IdScheme:
    """How revision ids are made: so many hexadecimal digits, a counter, or a time."""

    kind: str = "hex"
    width: int = ID_LENGTH
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.width}:{self.prefix}"


def parse_scheme(text: str) -> IdScheme:
    """Read what `IdScheme` writes; the default for an empty text."""
    if not text:
        return IdScheme()
    kind, width, prefix = text.split(":", 2)
    return IdScheme(kind=kind, width=int(width), prefix=prefix)


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


def next_revision(
    scheme: IdScheme,
    *,
    taken: Iterable[str],
    new_id: Callable[[int], str],
    moment: datetime,
) -> str:
    """Return an id that no revision has; raises ConflictError when none can be found."""
    known = set(taken)
    if scheme.kind == "counter":
        numbers = [
            int(one[len(scheme.prefix) :])
            for one in known
            if one.startswith(scheme.prefix) and one[len(scheme.prefix) :].isdigit()
        ]
        found = f"{scheme.prefix}{max(numbers, default=0) + 1:0{scheme.width}d}"
        if len(found) <= ID_LIMIT and not set(found) & set(_FORBIDDEN):
            return found
    if scheme.kind == "time":
        form = "%Y%m%d%H%M%S" if scheme.width == 14 else "%Y%m%d%H%M"
        found = moment.strftime(form)
        while found in known:
            moment += timedelta(seconds=1 if scheme.width == 14 else 60)
            found = moment.strftime(form)
        return found
    width = scheme.width if scheme.kind == "hex" else ID_LENGTH
    for _ in range(100):
        found = new_id(width)
        if found not in known:
            return found
    raise ConflictError("revision-taken", f"every new revision id is taken already ({found})")


def in_style(title: str, messages: Sequence[str]) -> str:
    """Return the title capitalised and dotted as most messages are; one alone does not count."""
    told = [one for one in messages if one and one[0].isalpha()]
    if len(told) < 2:
        return title
    upper = sum(one[0].isupper() for one in told)
    dotted = sum(one.endswith(".") for one in told)
    if upper * 2 > len(told):
        title = title[:1].upper() + title[1:]
    if dotted * 2 > len(told) and not title.endswith("."):
        title += "."
    return title


def describe_messages(revisions: Sequence[Revision]) -> str:
    """Return a sample of the style of the newest messages, for `in_style`: ``A.`` or ``a``."""
    return in_style("a", [one.message for one in revisions])
