"""`lib.rs` or `mod.rs` read by its syntax tree: mod lines and the lists of migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

#: An entry as all but the oddest are written: the path, and the module.
ENTRY = re.compile(r"Box::new\(((?:\w+::)*)(\w+)::Migration\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mod:
    """A `mod` line: its name, its words before `mod`, and where it stands (bytes)."""

    name: str
    visibility: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One element of a list, attributes included: its text, the module it names, its place."""

    text: str
    module: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of migrations: its elements, and the places inside of its brackets."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    comma: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What a file registers. ``pushed`` are modules that code adds behind a list."""

    source: bytes
    mods: tuple[Mod, ...]
    lists: tuple[Listing, ...]
    pushed: tuple[str, ...]
    broken: bool

    @property
    def order(self) -> tuple[str, ...]:
        """The modules of all entries, list by list: the order in which they run."""
        return tuple(entry.module for one in self.lists for entry in one.entries)


@cache
def parser() -> Parser:
    """Return the parser of Rust, made once."""
    import tree_sitter_rust
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_rust.language()))


def faults(text: str) -> str | None:
    """Return where a text is no Rust, None when it parses."""
    root = parser().parse(text.encode()).root_node
    if not root.has_error:
        return None
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return f"line {node.start_point.row + 1}"
        waiting += [one for one in reversed(node.children) if one.has_error]
    return "an unknown line"


def read(text: str) -> Registry:
    """Return what a file registers; ``broken`` says that it does not parse."""
    source = text.encode()
    root = parser().parse(source).root_node
    mods = tuple(
        _mod(node, source)
        for node in root.children
        if node.type == "mod_item" and node.child_by_field_name("body") is None
    )
    names = frozenset(one.name for one in mods)
    lists: list[Listing] = []
    pushed: list[str] = []
    for node in _walk(root):
        found = _listing(node, source, names)
        if found is not None:
            lists.append(found)
        pushed += _pushed(node, source, names)
    return Registry(
        source=source,
        mods=mods,
        lists=tuple(lists),
        pushed=tuple(pushed),
        broken=root.has_error,
    )


#: Nodes below which there is no list: words, and what macros are given as mere words.
_LEAVES = frozenset({"token_tree", "mod_item", "use_declaration", "attribute_item", "identifier"})


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if one.type not in _LEAVES:
            waiting += reversed(one.children)


def _text(node: Node, source: bytes) -> str:
    return source[node.start_byte : node.end_byte].decode(errors="replace")


def _mod(node: Node, source: bytes) -> Mod:
    name = node.child_by_field_name("name")
    words = [one for one in node.children if one.type == "visibility_modifier"]
    return Mod(
        name="" if name is None else _text(name, source),
        visibility="".join(f"{_text(one, source)} " for one in words),
        start=node.start_byte,
        end=node.end_byte,
    )


def _listing(node: Node, source: bytes, names: frozenset[str]) -> Listing | None:
    """Return the list that a `vec![…]` or an array is, None for what lists no migrations."""
    if node.type == "macro_invocation":
        macro = node.child_by_field_name("macro")
        trees = [one for one in node.children if one.type == "token_tree"]
        if macro is None or _text(macro, source).split("::")[-1] != "vec" or not trees:
            return None
        inside = trees[0].children
    elif node.type == "array_expression":
        inside = node.children
    else:
        return None
    return _parted(inside, source, names)


def _parted(inside: Sequence[Node], source: bytes, names: frozenset[str]) -> Listing | None:
    entries: list[Entry] = []
    current: list[Node] = []
    comma: int | None = None
    for node in inside[1:-1]:
        if node.type in ("line_comment", "block_comment"):
            continue
        if node.type == "," and not node.is_named:
            entries += _entry(current, source, names)
            current, comma = [], node.start_byte
        else:
            current.append(node)
            comma = None
    entries += _entry(current, source, names)
    if inside[1:-1] and not any(one.module for one in entries):
        only_comments = not current and not entries
        if not only_comments:
            return None
    if not inside[1:-1] and not _is_migrations(inside[0]):
        return None
    return Listing(
        entries=tuple(entries),
        start=inside[0].end_byte,
        end=inside[-1].start_byte,
        comma=comma,
    )


def _is_migrations(node: Node) -> bool:
    """Tell whether an empty list is what a function that returns migrations returns."""
    parent = node.parent
    while parent is not None:
        if parent.type == "function_item":
            returned = parent.child_by_field_name("return_type")
            text = returned.text if returned is not None else None
            return text is not None and b"MigrationTrait" in text
        parent = parent.parent
    return False


def _entry(nodes: Sequence[Node], source: bytes, names: frozenset[str]) -> list[Entry]:
    if not nodes:
        return []
    start, end = nodes[0].start_byte, nodes[-1].end_byte
    text = source[start:end].decode(errors="replace")
    match = ENTRY.search(text)
    if match is not None and match[2] in names:
        module = match[2]
    else:
        known = [word for word in re.findall(r"\w+", text) if word in names]
        module = known[-1] if known else match[2] if match else ""
    return [Entry(text=text, module=module, start=start, end=end)]


def _pushed(node: Node, source: bytes, names: frozenset[str]) -> list[str]:
    """Return the migrations that a call of `push` adds."""
    if node.type != "call_expression":
        return []
    function = node.child_by_field_name("function")
    if function is None or not _text(function, source).endswith(".push"):
        return []
    match = ENTRY.search(_text(node, source))
    return [match[2]] if match and match[2] in names else []
