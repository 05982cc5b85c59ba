"""A change that is handed over: by which tool a table is altered in place of a migration file.

The tools copy a table beside the running application. migwiz never starts them: a person runs the
command lines.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from wizard.model.names import TableName

Words = tuple[str, ...]

_OPTION = re.compile(r"(--[a-z-]+=)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The command lines of one tool for one need, and what a person must know about them.

    ``dry_run`` is None for a tool that has none. ``before`` must be true first, ``after`` is to be
    tidied up. ``revert`` says how to go back; ``revert_words`` is its command line, empty where
    there is none.
    """

    tool: str
    dry_run: Words | None
    execute: Words
    revert: str
    revert_words: Words
    pause: str
    abort: str
    before: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Words, ...]:
        """Every command line there is."""
        return tuple(one for one in (self.dry_run, self.execute, self.revert_words) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One tool with its command, or with why it cannot do this: one of the two is None."""

    tool: str
    label: str
    command: Command | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Some files of a plan which alter one table, and the tools that do it in their place.

    ``migrations`` are the slugs of these files, which one run replaces; ``title`` says what they do.
    ``offers`` are all tools, the best first and those that refuse last; ``reason`` says why the
    first is the best, or that none can. ``instead`` says how the framework learns that it was done,
    and ``fill_in`` what is to be put into the command lines first.
    """

    table: TableName
    title: str
    migrations: tuple[str, ...]
    reason: str
    offers: tuple[Offer, ...]
    instead: str
    fill_in: tuple[str, ...] = ()

    @property
    def best(self) -> Offer | None:
        """The tool to take, None where every tool refuses."""
        return next((offer for offer in self.offers if offer.command is not None), None)


def shell(words: Sequence[str]) -> str:
    """Return a command line for a POSIX shell, one option a line; a copy of it runs as it is."""
    return " \\\n  ".join(_word(word) for word in words)


def _word(word: str) -> str:
    option = _OPTION.fullmatch(word)
    return option[1] + shlex.quote(option[2]) if option else shlex.quote(word)
