"""Rust text: literals, and calls and chains laid out as rustfmt lays them out by default."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100
INDENT = 4
#: rustfmt's `chain_width` and `fn_call_width`.
_CHAIN = 60
_ARGUMENTS = 60
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call: ``name`` is all that stands before the parenthesis."""

    name: str
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Method calls behind each other; links without parentheses are strings, such as ``await?``."""

    head: Node
    links: tuple[Call | str, ...]


Node = str | Call | Chain


def call(name: str, *items: Node) -> Call:
    """Return a call."""
    return Call(name=name, items=items)


def chain(head: Node, *links: Call | str) -> Chain:
    """Return a chain."""
    return Chain(head=head, links=links)


def flat(node: Node) -> str:
    """Return the node on one line; text in it that has several lines stays so."""
    match node:
        case str():
            return node
        case Call(name=name, items=items):
            return f"{name}({', '.join(map(flat, items))})"
        case Chain(head=head, links=links):
            return "".join([flat(head), *(f".{flat(link)}" for link in links)])


def statement(node: Node, *, indent: int = 0, before: str = "", after: str = ";") -> list[str]:
    """Return a statement's lines, without the ``indent`` at which they will stand."""
    text = _laid(node, indent, lead=len(before), tail=len(after))
    return f"{before}{text}{after}".split("\n")


def _laid(node: Node, indent: int, *, lead: int = 0, tail: int = 0) -> str:
    """Return the text of a node; lines behind the first are indented relative to ``indent``."""
    if isinstance(node, str):
        return node
    if isinstance(node, Chain):
        return _chain(node, indent, lead, tail)
    text = flat(node)
    if len(text) <= WIDTH - indent - lead - tail and not _breaks(node):
        return text
    if not node.items:
        return text
    if len(node.items) == 1:
        (only,) = node.items
        if isinstance(only, Call):
            # The only argument, itself a call, stays on the line.
            return (
                f"{node.name}({_laid(only, indent, lead=lead + len(node.name) + 1, tail=tail + 1)})"
            )
    pad = " " * INDENT
    lines = [f"{node.name}("]
    lines += [_shifted(f"{_laid(one, indent + INDENT, tail=1)},", pad) for one in node.items]
    return "\n".join([*lines, ")"])


def _breaks(node: Node) -> bool:
    """Tell whether a node takes several lines, however much room there is."""
    match node:
        case str():
            return "\n" in node
        case Call(items=items):
            several = len(items) > 1 and len(", ".join(map(flat, items))) > _ARGUMENTS
            return several or any(map(_breaks, items))
        case Chain(head=head, links=links):
            several = len(links) > 1 and len(flat(node)) > _CHAIN
            return several or any(map(_breaks, (head, *links)))


def _chain(node: Chain, indent: int, lead: int, tail: int) -> str:
    text = flat(node)
    if len(text) <= WIDTH - indent - lead - tail and not _breaks(node):
        return text
    head, links = node.head, list(node.links)
    first = _laid(head, indent, lead=lead)
    if isinstance(head, str) and len(head) <= INDENT and links and not lead:
        # So short a head takes the first call onto its line.
        link = links.pop(0)
        first = f"{head}.{_laid(link, indent, lead=lead + len(head) + 1)}"
    deeper = "\n" not in first or (isinstance(head, str) and "\n" in head)
    pad = " " * INDENT if deeper else ""
    lines = [first]
    for at, link in enumerate(links):
        last = tail if at == len(links) - 1 else 0
        laid = _laid(link, indent + len(pad), lead=1, tail=last)
        lines.append(_shifted(f"{pad}.{laid}", pad, first=False))
    return "\n".join(lines)


#: What may hold a quote: comments, characters, raw texts and texts with escapes.
_QUOTED = re.compile(
    r"//[^\n]*|'(?:[^'\\]|\\.)'|(?<!\w)r(?P<marks>#*)\".*?\"(?P=marks)|\"(?:[^\"\\]|\\.)*\"",
    re.DOTALL,
)


def _shifted(text: str, pad: str, *, first: bool = True) -> str:
    """Indent the lines of a node, but those inside of raw strings, whose text must not change."""
    if not pad:
        return text
    kept: set[int] = set()
    for match in _QUOTED.finditer(text):
        if match["marks"] is not None:
            start = text.count("\n", 0, match.start())
            kept.update(range(start + 1, start + 1 + match.group().count("\n")))
    return "\n".join(
        f"{pad}{line}" if line and number not in kept and (number or first) else line
        for number, line in enumerate(text.split("\n"))
    )


def indented(lines: Sequence[str], by: int) -> list[str]:
    """Return code with each line moved to the right; the text of raw strings stays where it is."""
    return _shifted("\n".join(lines), " " * by).split("\n")


def string(text: str) -> str:
    """Return a string literal on one line."""
    return '"' + "".join(_escaped(one) for one in text) + '"'


def _escaped(one: str) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    return one if one.isprintable() else f"\\u{{{ord(one):x}}}"


def raw(text: str) -> str:
    """Return a raw string literal with enough marks around it; one line without quotes is plain."""
    if not _plain(text):
        return string(text)
    if "\n" not in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    marks = "#"
    while f'"{marks}' in text:
        marks += "#"
    return f'r{marks}"{text}"{marks}'


def _plain(text: str) -> bool:
    """Tell whether a raw literal can hold the text: no bare CR, and nothing that cannot be seen."""
    return all(one.isprintable() or one == "\n" for one in text)


def sentence(text: str, *, indent: int) -> str:
    """Return a literal for a message, broken behind blanks where it is too long for one line."""
    words = " ".join(text.split())
    whole = string(words)
    if len(whole) <= WIDTH - indent - len(".to_owned(),"):
        return whole
    lines = [""]
    for word in re.findall(r"\S+ ?", words):
        if len(string(lines[-1] + word)) + 1 > WIDTH - indent and lines[-1]:
            lines.append("")
        lines[-1] += word
    inner = f"\\\n{' ' * 1}".join(string(line)[1:-1] for line in lines)
    return f'"{inner}"'
