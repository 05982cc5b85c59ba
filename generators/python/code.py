"""Python source as a small tree of calls, laid out as black and ruff would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INDENT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Something in brackets: ``open`` is all before the first item, ``close`` the end.

    ``glue`` is what joins items: a comma, or nothing for strings that stand one after another.
    """

    open: str
    items: tuple[Node, ...]
    close: str = ")"
    glue: str = ","


Node = str | Group


def call(function: str, /, *items: Node | None, **keywords: Node | None) -> Group:
    """Return a call; arguments that are None are left out."""
    given: list[Node] = [one for one in items if one is not None]
    given += [keyword(key, value) for key, value in keywords.items() if value is not None]
    return Group(open=f"{function}(", items=tuple(given))


def keyword(name: str, value: Node) -> Node:
    """Return ``name=value``."""
    if isinstance(value, str):
        return f"{name}={value}"
    return Group(open=f"{name}={value.open}", items=value.items, close=value.close, glue=value.glue)


def prefixed(before: str, node: Node) -> Node:
    """Return the node behind a text such as ``raise `` or ``name = ``."""
    if isinstance(node, str):
        return before + node
    return Group(open=before + node.open, items=node.items, close=node.close, glue=node.glue)


def listing(items: Sequence[Node]) -> Group:
    """Return a list."""
    return Group(open="[", items=tuple(items), close="]")


def mapping(pairs: Sequence[tuple[str, Node]]) -> Group:
    """Return a dict; the keys are source text already."""
    items = tuple(prefixed(f"{key}: ", value) for key, value in pairs)
    return Group(open="{", items=items, close="}")


def flat(node: Node) -> str:
    """Return the node on one line."""
    if isinstance(node, str):
        return node
    between = ", " if node.glue else " "
    return f"{node.open}{between.join(flat(one) for one in node.items)}{node.close}"


def layout(node: Node, *, indent: int, width: int, after: str = "") -> list[str]:
    """Return the node's lines, broken only where it does not fit; ``after`` follows its end."""
    space = " " * indent
    line = flat(node)
    fits = "\n" not in line and len(space) + len(line) + len(after) <= width
    if isinstance(node, str) or fits or not node.items or _hugs(node):
        # A text over several lines moves with its statement.
        return [one if not one else space + one for one in f"{line}{after}".split("\n")]
    inner = indent + INDENT
    between = ", " if node.glue else " "
    body = between.join(flat(one) for one in node.items)
    lines = [space + node.open]
    if "\n" not in body and inner + len(body) <= width and node.glue:
        lines.append(" " * inner + body)
    else:
        for one in node.items:
            lines += layout(one, indent=inner, width=width, after=node.glue)
    return [*lines, space + node.close + after]


def _hugs(node: Group) -> bool:
    """Tell whether the only argument is a text over several lines, which stays in its call."""
    only = node.items[0]
    called = node.open.endswith("(")
    return called and len(node.items) == 1 and isinstance(only, str) and '"""' in only


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """How strings are written; ``mark`` is the quote preferred."""

    mark: str = '"'

    def text(self, value: str) -> str:
        """Return a string literal on one line."""
        other = "'" if self.mark == '"' else '"'
        mark = other if self.mark in value and other not in value else self.mark
        plain = value.replace("\\", "\\\\").replace(mark, "\\" + mark).replace("\n", "\\n")
        return mark + _printable(plain) + mark

    def sentence(self, value: str, *, width: int) -> Node:
        """Return a literal, in several pieces when it is too long for ``width``."""
        whole = self.text(value)
        if len(whole) <= width:
            return whole
        pieces: list[str] = []
        line = ""
        for word in value.split(" "):
            if line and len(self.text(f"{line} {word} ")) > width:
                pieces.append(line + " ")
                line = word
            else:
                line = f"{line} {word}" if line else word
        pieces.append(line)
        return Group(open="", items=tuple(self.text(one) for one in pieces), close="", glue="")

    def block(self, value: str, *, indent: int) -> str:
        """Return a literal over several lines, its text indented by ``indent``."""
        space = " " * indent
        body = "".join(
            f"{space}{line}".rstrip() + "\n" for line in _escaped_block(value).splitlines()
        )
        return f'"""\n{body}{" " * (indent - INDENT)}"""'


def _escaped_block(value: str) -> str:
    value = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\n".join(_printable(line) for line in value.split("\n"))


def _printable(text: str) -> str:
    """Return the text with an escape for each character that an editor would not show."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
