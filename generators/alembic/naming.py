"""Names: of files by Alembic's own rules (formats.md §1.3), of revisions as the newest ones.

A template here is Alembic's ``file_template`` after ini unescaping, with one token more:
``counter``, for projects whose files carry a number that somebody adds by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from wizard.model.errors import ConflictError

DEFAULT_TEMPLATE = "%(rev)s_%(slug)s"
DEFAULT_TRUNCATE = 40
ID_LENGTH = 12
#: The width of the column in Alembic's own table.
ID_LIMIT = 32
_FORBIDDEN = "@-+:"
_TOKEN = re.compile(r"%\((\w+)\)(0?\.?\d*)[sd]|%%")
_WORD = re.compile(r"\w+")
_PEOPLE = {
    "rev": "id", "slug": "words", "epoch": "seconds", "year": "YYYY", "month": "MM", "day": "DD",
    "hour": "HH", "minute": "MM", "second": "SS", "counter": "N",
}  # fmt: skip
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


def next_counter(template: str, taken: Iterable[tuple[str, str]]) -> int:
    """Return the number behind the largest one; ``taken`` are names without ending, revisions."""
    numbers = [
        int(match.group("counter"))
        for stem, revision in taken
        if (match := matches(template, stem, revision)) is not None
    ]
    return max(numbers, default=0) + 1


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
