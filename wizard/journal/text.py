"""The text of a plan file. Written anew, it keeps the comments and the layout that people gave it.

Every phase is a section of its own, and only what has changed in it is touched, so that changes
from two branches merge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wizard.journal.plan_file import VERSION, Journal, JournalPhase
from wizard.journal.sections import rearrange
from wizard.model.answers import to_document
from wizard.model.codec import encode
from wizard.model.errors import AcknowledgementError
from wizard.redact import redact

if TYPE_CHECKING:
    from tomlkit.items import Array, InlineTable, Item, Table

#: A URL with a password, and nothing that only resembles one: what is found is refused.
_SECRET = re.compile(r"[a-z][a-z0-9+.-]*://[^\s:/@'\"]*:[^\s/@'\"]+@[^\s]", re.IGNORECASE)
#: What only people read: there a password is struck out.
_FOR_PEOPLE = frozenset(
    {"title", "when", "application", "migrations", "way_back", "gate", "text", "reason", "rows"}
)
#: Lists that stand as sections of their own: ``[[phase]]``.
_SECTIONS = frozenset(
    {"phase", "file", "snippet", "operation", "table", "enum", "constraints", "indexes"}
    | {"triggers", "dependents", "referenced_by"}
)


def to_text(journal: Journal, before: str | None = None) -> str:
    """Return the file's text; ``before`` is the text that it has now.

    Raises AcknowledgementError (`secret-in-plan`) for a URL with a password where it is needed.
    """
    import tomlkit

    document = {key: _clean(key, value) for key, value in _document(journal).items()}
    if before is not None:
        kept = tomlkit.parse(before.removeprefix("\ufeff"))
        _update(kept, document)
        return tomlkit.dumps(kept).rstrip("\n") + "\n"
    found = tomlkit.document()
    found.add(
        tomlkit.comment(
            "A migwiz plan. Commit it: it remembers what is written and what comes next."
        )
    )
    found.add(tomlkit.comment(f"Next: migwiz next {journal.slug}"))
    found.add(tomlkit.nl())
    for key, value in document.items():
        found.add(key, _item(key, value))
    return tomlkit.dumps(found).rstrip("\n") + "\n"


def _document(journal: Journal) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": VERSION,
        "plan": journal.slug,
        "title": journal.title,
        "created": journal.created,
        "dialect": journal.dialect,
        "server_version": journal.server_version,
        **({"flavour": journal.flavour} if journal.flavour else {}),
        "way_back": journal.way_back,
    }
    if journal.takes_back is not None:
        found["takes_back"] = encode(journal.takes_back)
    if journal.abandoned is not None:
        found["abandoned"] = encode(journal.abandoned)
    answers = {k: v for k, v in to_document(journal.answers).items() if k != "version"}
    return {
        **found,
        "phase": [_phase(one) for one in journal.phases],
        "answers": answers,
        "before": {
            "types": list(journal.types),
            "table": [encode(table) for table in journal.tables],
            **({"enum": [encode(one) for one in journal.enums]} if journal.enums else {}),
        },
    }


def _phase(phase: JournalPhase) -> dict[str, Any]:
    found: dict[str, Any] = {"name": phase.name, "when": phase.when}
    if phase.migrations:
        found["migrations"] = phase.migrations
    found["application"] = phase.application
    if phase.way_back:
        found["way_back"] = phase.way_back
    if phase.gate is not None:
        found["gate"] = phase.gate.text
        if phase.gate.query is not None:
            found["gate_query"] = phase.gate.query
        found["gate_needs_people"] = phase.gate.people
    found["status"] = "waiting" if phase.written is None else "written"
    if phase.written is not None:
        found["written"] = phase.written
    if phase.late:
        found["late"] = list(phase.late)
    if phase.forced is not None:
        found["forced"] = encode(phase.forced)
    if phase.snippets:
        found["snippet"] = [{"title": one.title, "text": one.text} for one in phase.snippets]
    if phase.written is not None and phase.files:
        found["file"] = [encode(one) for one in phase.files]
    return found


def _clean(key: str, value: Any, place: str = "") -> Any:
    """Return the value without passwords; refuses one in what has to stay as it is."""
    place = f"{place}, {key}" if place else key
    if isinstance(value, Mapping):
        return {name: _clean(name, one, place) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(key, one, place.removesuffix(f", {key}")) for one in value]
    if not isinstance(value, str):
        return value
    if key in _FOR_PEOPLE and not place.startswith(("answers", "before")):
        return redact(value)
    if _SECRET.search(value):
        raise AcknowledgementError(
            "secret-in-plan",
            f"a URL with a password would get into the plan file ({place})",
            why="the plan file is committed, and everybody who has the repository would read it",
            next_actions=("take the password out of what it was read from, then write again",),
        )
    return value


def _item(key: str, value: Any) -> Item:
    """Return a value as it stands in a new file."""
    import tomlkit

    if isinstance(value, Mapping):
        if key in ("takes_back", "abandoned", "forced"):
            return _inline(value)
        table = tomlkit.table(is_super_table=key in ("answers",))
        for name, one in value.items():
            table.add(name, _item(name, one))
        return table
    if isinstance(value, list) and key in _SECTIONS and value and isinstance(value[0], Mapping):
        sections = tomlkit.aot()
        for one in value:
            sections.append(_section(one))
        return sections
    if isinstance(value, list):
        return _list(value)
    if isinstance(value, str) and "\n" in value and key == "text":
        shown = tomlkit.string(value, multiline=True).as_string()
        # The text begins on a line of its own; TOML leaves the first line end out.
        return tomlkit.value(shown if value.startswith("\n") else f'"""\n{shown[3:]}')
    found: Item = tomlkit.item(value)
    return found


def _list(values: Sequence[Any], *, flat: bool = False) -> Array:
    """Return a list on one line, or with one member a line where they have parts of their own."""
    import tomlkit

    found = tomlkit.array()
    for one in values:
        found.append(_inline(one) if isinstance(one, Mapping) else tomlkit.item(one))
    return found.multiline(not flat and any(isinstance(one, Mapping) for one in values))


def _inline(values: Mapping[str, Any]) -> InlineTable:
    import tomlkit

    found = tomlkit.inline_table()
    for key, value in values.items():
        if isinstance(value, Mapping):
            found.append(key, _inline(value))
        elif isinstance(value, list):
            found.append(key, _list(value, flat=True))
        else:
            found.append(key, tomlkit.item(value))
    return found


def _section(values: Mapping[str, Any]) -> Table:
    """Return a section as it stands in a new file."""
    import tomlkit

    table = tomlkit.table()
    for name, one in values.items():
        table.add(name, _item(name, one))
    return table


def _update(there: Any, wanted: Mapping[str, Any]) -> None:
    """Change a section to what is wanted; what is so already stays as it is written."""
    import tomlkit
    from tomlkit.items import AoT

    for key in [one for one in there if one not in wanted]:
        there.remove(key)
    for key, value in wanted.items():
        now = there.get(key)
        if now is None:
            there[key] = _item(key, value)
            if _are_sections(value):
                # What follows stands apart, as everything else does.
                there[key][-1].add(tomlkit.nl())
        elif _plain(now) == value:
            continue
        elif isinstance(value, Mapping) and isinstance(now, Mapping):
            _update(now, value)
        elif _are_sections(value) and isinstance(now, AoT):
            rearrange(now, value, _update, _section)
        else:
            there[key] = _item(key, value)


def _are_sections(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value
