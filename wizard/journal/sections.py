"""What stands between the sections of a plan file: blank lines, and comments that people wrote.

TOML's reader counts all that follows a section as its end, also a comment about the next one. Here
each goes with what it is about, however sections come, go and move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tomlkit.items import AoT, Item, Table

#: By which of its values a section is known again when others of it have changed.
_NAMES = ("name", "path", "title", "table")


def rearrange(
    sections: AoT,
    wanted: Sequence[Mapping[str, Any]],
    update: Callable[[Table, Mapping[str, Any]], None],
    make: Callable[[Mapping[str, Any]], Table],
) -> None:
    """Change the sections of one kind to the wanted ones, of which there is at least one.

    Each keeps the lines above it and, unless it changes, its own; a new one stands apart.
    """
    now = list(sections.body)
    found = _matched(now, wanted)
    above, behind = _parted(now)
    while sections:
        del sections[-1]
    leads: list[str] = []
    for old, value in zip(found, wanted, strict=True):
        section = make(value) if old is None else old
        if old is not None and old.unwrap() != value:
            update(old, value)
        ended = _detached(section)
        while ended and not ended[-1].as_string().strip():
            ended.pop()
        _attach(section, ended)
        sections.append(section)
        leads.append("\n" if old is None else above[id(old)])
    for at, (section, lead) in enumerate(zip(sections.body, leads, strict=True)):
        # A blank line stands above the first one already, at the end of what goes before.
        section.trivia.indent = lead if at else lead.lstrip("\r\n")
    _attach(sections.body[-1], behind)


def _parted(sections: Sequence[Table]) -> tuple[dict[int, str], list[Item]]:
    """Take off what stands between sections; return what is above each, and behind the last."""
    above: dict[int, str] = {}
    behind: list[Item] = []
    for at, section in enumerate(sections):
        lead = "".join(one.as_string() for one in behind) + section.trivia.indent
        above[id(section)] = lead if at else "\n" + section.trivia.indent
        behind = _detached(section)
        # Comments right under the last line are of this section, those after a blank line are not.
        own = next((n for n, one in enumerate(behind) if not one.as_string().strip()), len(behind))
        _attach(section, behind[:own])
        behind = behind[own:]
    return above, behind


def _detached(section: Table) -> list[Item]:
    """Take the blank lines and comments off the end of a section."""
    from tomlkit.items import AoT, Comment, Null, Table, Whitespace

    body = section.value.body
    found: list[Item] = []
    while body and isinstance(body[-1][1], Whitespace | Comment | Null):
        _, one = body.pop()
        if not isinstance(one, Null):
            found.insert(0, one)
    last = body[-1][1] if body else None
    if isinstance(last, AoT):
        last = last.body[-1]
    return [*_detached(last), *found] if isinstance(last, Table) else found


def _attach(section: Table, items: Sequence[Item]) -> None:
    """Put blank lines and comments at the end of a section."""
    from tomlkit.items import AoT, Table

    body = section.value.body
    last = body[-1][1] if body else None
    if isinstance(last, AoT):
        last = last.body[-1]
    if isinstance(last, Table):
        _attach(last, items)
    else:
        body.extend((None, one) for one in items)


def _matched(now: Sequence[Table], wanted: Sequence[Mapping[str, Any]]) -> list[Table | None]:
    """Return for each wanted section the one that is there: the same, of its name, or in its place."""
    found: list[Table | None] = [None] * len(wanted)
    left = list(now)

    def match(same: Callable[[Table, int], bool]) -> None:
        for at, old in enumerate(found):
            hit = next((n for n, one in enumerate(left) if same(one, at)), None)
            if old is None and hit is not None:
                found[at] = left.pop(hit)

    values = {id(one): one.unwrap() for one in now}
    match(lambda one, at: values[id(one)] == wanted[at])
    match(lambda one, at: _name(one) is not None and _name(one) == _name(wanted[at]))
    if len(now) == len(wanted):
        match(lambda one, at: one is now[at])
    return found


def _name(section: Mapping[str, Any]) -> object:
    return next((str(section[key]) for key in _NAMES if key in section), None)
