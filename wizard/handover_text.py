"""A hand-over as rows for people, and as a text that goes into a terminal piece by piece."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.handover import Command, Handover, shell

_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing to know or to do; a ``command`` is a command line, which must not be broken anew."""

    label: str
    text: str
    command: bool = False


def headline(handover: Handover) -> str:
    """Say what is handed over to which tool, in one line."""
    if handover.best is None:
        return f"No tool can {handover.title}"
    return f"Let {handover.best.label} {handover.title}"


def rows(handover: Handover) -> tuple[Row, ...]:
    """Return all there is to know of a hand-over, in the order in which it is done."""
    best = handover.best
    found = [Row(label="why", text=handover.reason)]
    if best is not None and best.command is not None:
        found += [Row(label="fill", text=one) for one in handover.fill_in]
        found += _run(best.command, handover)
    for one in handover.offers:
        if one.refusal is not None:
            found.append(Row(label="not", text=f"{one.label}: {one.refusal}"))
        elif one is not best:
            found.append(Row(label="or", text=f"{one.label}, see migwiz plan --format json."))
    return tuple(found)


def _run(command: Command, handover: Handover) -> Iterator[Row]:
    for text in command.before:
        yield Row(label="first", text=text)
    for text in (*command.warnings, *command.notes):
        yield Row(label="mind", text=text)
    if command.dry_run is not None:
        yield Row(label="try", text=shell(command.dry_run), command=True)
    yield Row(label="run", text=shell(command.execute), command=True)
    for text in command.watch:
        yield Row(label="watch", text=text)
    yield Row(label="pause", text=command.pause)
    yield Row(label="stop", text=command.abort)
    yield Row(label="mark", text=handover.instead)
    for text in command.after:
        yield Row(label="after", text=text)
    yield Row(label="back", text=command.revert)
    if command.revert_words:
        yield Row(label="back", text=shell(command.revert_words), command=True)


def script(handover: Handover) -> str:
    """Return all of it as a text for the clipboard, to be kept in a file or pasted into an editor.

    The command lines are commented out as well, so that no terminal runs them one after the other.
    """
    lines = [f"# {headline(handover)}."]
    for row in rows(handover):
        if row.command:
            lines += [
                "#",
                f"# {row.label}:",
                *(f"#   {line}" for line in row.text.splitlines()),
                "#",
            ]
        else:
            lines += textwrap.wrap(
                row.text,
                width=_WIDTH,
                initial_indent=f"# {row.label:<6}",
                subsequent_indent="#       ",
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join([*lines, ""])
