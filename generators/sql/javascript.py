"""Migrations in JavaScript and TypeScript: the project's own hand, and calls that run SQL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generators.sql.hosted import template
from generators.sql.layout import Section
from generators.sql.tree import Tree

ENDINGS = (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts")
_RECENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How a project writes. ``ending`` is that of files; ``module`` is how they export."""

    ending: str = ".js"
    module: Literal["es", "commonjs"] = "commonjs"
    indent: str = "  "
    semicolon: str = ";"
    quote: str = "'"

    @property
    def typed(self) -> bool:
        """Whether files are TypeScript."""
        return self.ending.endswith("ts")

    @property
    def language(self) -> str:
        """The language's name, as previews know it."""
        return "typescript" if self.typed else "javascript"

    def options(self) -> dict[str, str]:
        """Return the hand as a project's options."""
        return {
            "ending": self.ending,
            "module": self.module,
            "indent": self.indent,
            "semicolon": self.semicolon,
            "quote": self.quote,
        }


def hand_of(options: Mapping[str, str], default: Hand) -> Hand:
    """Return the hand that a project's options name."""
    return Hand(
        ending=options.get("ending", default.ending),
        module="es" if options.get("module", default.module) == "es" else "commonjs",
        indent=options.get("indent", default.indent),
        semicolon=options.get("semicolon", default.semicolon),
        quote=options.get("quote", default.quote),
    )


def read_hand(tree: Tree, folder: Path, names: Sequence[str], default: Hand) -> Hand:
    """Return how the newest files of a folder are written."""
    recent = list(names[-_RECENT:])
    if not recent:
        return default
    ending = Path(recent[-1]).suffix
    # One language has another hand than the other.
    texts = list(tree.heads(folder, [one for one in recent if one.endswith(ending)]).values())
    text = "\n".join(texts)
    exported = re.search(r"(?m)^export\s", texts[-1] if texts else "")
    indents = Counter(re.findall(r"(?m)[{(]\s*\n([ \t]+)\S", text))
    closed, open_ = (
        len(re.findall(r"(?m)[)\]'\"`];$", text)),
        len(re.findall(r"(?m)[)\]'\"`]$", text)),
    )
    double, single = text.count('"'), text.count("'")
    return Hand(
        ending=ending,
        module="es" if exported or ending.endswith("ts") else "commonjs",
        indent=min(indents, key=len) if indents else default.indent,
        semicolon=";" if closed >= open_ else "",
        quote='"' if double > single else "'",
    )


def calls(section: Section, hand: Hand, before: str, after: str = ")", depth: int = 1) -> str:
    """Return one awaited call for each statement: ``before``, the statement, ``after``.

    Notes become comments. ``depth`` is how far the calls are indented.
    """
    indent = hand.indent * depth
    lines: list[str] = []
    for one in section.statements:
        lines += [f"{indent}// {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            text = template(one.sql, indent, deeper=hand.indent)
            lines.append(f"{indent}await {before}{text}{after}{hand.semicolon}")
    return "\n".join(lines)
