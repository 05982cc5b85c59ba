"""Reading a plan file. Whoever has edited it by hand is told where it is wrong, and what was expected."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from wizard.journal.plan_file import (
    VERSION,
    Abandoned,
    Forced,
    Journal,
    JournalFile,
    JournalPhase,
    TakesBack,
)
from wizard.model.answers import from_document
from wizard.model.codec import decode_enum, decode_table
from wizard.model.errors import AnswerError, ReachError
from wizard.model.plan import PHASES, Gate, PhaseName, Snippet

T = TypeVar("T")

_HEAD = ("version", "plan", "title", "created", "dialect", "server_version", "flavour", "way_back")
_KEYS = (*_HEAD, "takes_back", "abandoned", "phase", "answers", "before")
_GATE = ("gate", "gate_query", "gate_needs_people")
_PHASE = (
    *("name", "when", "migrations", "application", "way_back", *_GATE),
    *("status", "written", "late", "forced", "snippet", "file"),
)
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")
_KINDS: Mapping[type, str] = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    dict: "a table",
    list: "a list",
}


class _Wrong(Exception):
    """What is wrong in the document, with its place, then what to do where mending is not it."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A table of the document, and the words that say where it is."""

    values: Mapping[str, Any]
    place: str = ""

    def at(self, key: str) -> str:
        return f"{self.place}, {key}" if self.place else key

    def only(self, *known: str) -> None:
        """Refuse keys that are not known, with the nearest one."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                raise _Wrong(f"{self.at(key)}: there is no such key; {hint}")

    def get(self, key: str, kind: type[T]) -> T | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise _Wrong(f"{self.at(key)}: expected {_KINDS[kind]}, found {value!r}")
        return value

    def must(self, key: str, kind: type[T]) -> T:
        value = self.get(key, kind)
        if value is None:
            raise _Wrong(f"{self.at(key)}: is missing; expected {_KINDS[kind]}")
        return value

    def text(self, key: str) -> str:
        return self.must(key, str)

    def section(self, key: str, *known: str) -> _Section | None:
        values = self.get(key, dict)
        if values is None:
            return None
        found = _Section(values, self.at(key))
        if known:
            found.only(*known)
        return found

    def sections(self, key: str, *known: str) -> Iterator[_Section]:
        for number, one in enumerate(self.get(key, list) or [], start=1):
            place = self.at(f"{key} {number}")
            if not isinstance(one, dict):
                raise _Wrong(f"{place}: expected a table, found {one!r}")
            found = _Section(one, place)
            if known:
                found.only(*known)
            yield found

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.get(key, list) or []
        for one in values:
            if not isinstance(one, str):
                raise _Wrong(f"{self.at(key)}: expected texts, found {one!r}")
        return tuple(values)


def read(path: Path) -> Journal:
    """Read a plan file; raises ReachError when it cannot be read, AnswerError when it is broken."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReachError(
            "plan-file-unreadable",
            f"cannot read the plan file {path.name}",
            why=str(error.strerror),
        ) from None
    except UnicodeDecodeError as error:
        raise broken(path, f"byte {error.start + 1} is no UTF-8 text") from None
    marks = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if _CONFLICT.match(line)
    ]
    if {line[0] for _, line in marks} >= {"<", ">"}:
        number, line = marks[0]
        raise broken(
            path,
            f"line {number} is a mark of an unfinished merge: {line[:40]}",
            "settle the merge: keep what is right between the marks, and take the marks out",
        )
    try:
        return _journal(_Section(tomllib.loads(text)), path)
    except tomllib.TOMLDecodeError as error:
        raise broken(path, str(error)) from None
    except _Wrong as wrong:
        raise broken(path, *wrong.args) from None


def broken(path: Path, why: str, *todo: str) -> AnswerError:
    """Return the error for a plan file that does not read."""
    return AnswerError(
        "plan-file-broken",
        f"the plan file {path.name} does not read",
        why=why,
        next_actions=todo or ("mend it there, or take the file back from version control",),
    )


def _other_version(found: object) -> _Wrong:
    why = f"version: is {found!r}, this migwiz reads version {VERSION}"
    if isinstance(found, int) and found > VERSION:
        return _Wrong(why, "a newer migwiz has written it: install that one")
    return _Wrong(why)


def _journal(one: _Section, path: Path) -> Journal:
    if one.values.get("version") != VERSION:
        raise _other_version(one.values.get("version"))
    one.only(*_KEYS)
    before = one.section("before", "types", "table", "enum")
    if before is None:
        raise _Wrong("before: is missing; expected the tables that the plan was made from")
    abandoned = one.section("abandoned", "at", "reason", "by")
    takes_back = one.section("takes_back", "plan", "phases", "late")
    phases = tuple(_phase(each) for each in one.sections("phase", *_PHASE))
    if not phases:
        raise _Wrong("phase: is missing; expected a section [[phase]] for each phase")
    names = [each.name for each in phases]
    if names != sorted(set(names), key=PHASES.index):
        raise _Wrong(
            f"phase: they are {', '.join(names)}; expected each once, in the order "
            f"{', '.join(PHASES)}"
        )
    return Journal(
        slug=one.text("plan"),
        title=one.text("title"),
        created=one.text("created"),
        dialect=one.text("dialect"),
        server_version=one.text("server_version"),
        flavour=one.get("flavour", str) or "",
        way_back=one.text("way_back"),
        answers=_told(
            "answers",
            lambda: from_document({"version": 1, **one.must("answers", dict)}, source=path.name),
        ),
        phases=phases,
        tables=_all(before, "table", decode_table),
        types=before.texts("types"),
        enums=_all(before, "enum", decode_enum),
        path=path,
        abandoned=None
        if abandoned is None
        else Abandoned(
            at=abandoned.text("at"),
            reason=abandoned.get("reason", str) or "",
            by=abandoned.get("by", str) or "",
        ),
        takes_back=None
        if takes_back is None
        else TakesBack(
            plan=takes_back.text("plan"),
            phases=tuple(_name(each, takes_back.place) for each in takes_back.texts("phases")),
            late=takes_back.texts("late"),
        ),
    )


def _phase(one: _Section) -> JournalPhase:
    name = _name(one.text("name"), one.place)
    gate = one.get("gate", str)
    query, people = one.get("gate_query", str), one.get("gate_needs_people", bool)
    if gate is None and query is not None:
        raise _Wrong(f"{one.at('gate')}: is missing; expected in words what the query asks")
    written = one.get("written", str)
    status = one.get("status", str)
    if status not in (None, "waiting", "written"):
        raise _Wrong(f'{one.at("status")}: expected "waiting" or "written", found {status!r}')
    if status is not None and (status == "written") != (written is not None):
        raise _Wrong(
            f"{one.at('status')}: says {status}, but `written` is "
            f"{'missing' if written is None else f'{written!r}'}; expected both to say the same"
        )
    forced = one.section("forced", "at", "reason", "rows")
    return JournalPhase(
        name=name,
        when=one.text("when"),
        application=one.text("application"),
        migrations=one.get("migrations", str) or "",
        way_back=one.get("way_back", str) or "",
        snippets=tuple(
            Snippet(phase=name, title=each.text("title"), text=each.text("text"))
            for each in one.sections("snippet", "title", "text")
        ),
        gate=None
        if gate is None
        else Gate(text=gate, query=query, people=True if people is None else people),
        written=written,
        files=tuple(_file(each) for each in one.sections("file", "path", "revision", "sha256")),
        late=one.texts("late"),
        forced=None
        if forced is None
        else Forced(at=forced.text("at"), reason=forced.text("reason"), rows=forced.texts("rows")),
    )


def _file(one: _Section) -> JournalFile:
    path = PurePosixPath(one.text("path"))
    if path.is_absolute() or ".." in path.parts:
        raise _Wrong(f"{one.at('path')}: expected a path below the project, found {str(path)!r}")
    return JournalFile(path=str(path), revision=one.text("revision"), sha256=one.text("sha256"))


def _name(name: str, place: str) -> PhaseName:
    if name not in PHASES:
        near = difflib.get_close_matches(name, PHASES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise _Wrong(f"{place}, name: expected one of {', '.join(PHASES)}, found {name!r}{hint}")
    return name


def _all(before: _Section, key: str, decode: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    return tuple(
        _told(
            f"{one.place} ({one.values.get('name', 'without a name')})", partial(decode, one.values)
        )
        for one in before.sections(key)
    )


def _told(place: str, reading: Callable[[], T]) -> T:
    """Read a part that has errors of its own, and add where it is."""
    try:
        return reading()
    except AnswerError as error:
        said: Sequence[str] = (error.message, error.why, *error.next_actions)
        if error.code == "plan-file-broken":
            said = (error.why,)
        raise _Wrong(f"{place}: {'; '.join(one for one in said if one)}") from None
