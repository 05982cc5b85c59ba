"""`lib.rs` or `mod.rs` read and edited by its syntax tree: mod lines and the list of migrations.

Two places change: a `mod` line behind the last one of a migration, and an entry at the end of the
list that holds the newest. Everything else stays as it is, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from generators.seaorm.rust import WIDTH
from wizard.model.errors import ConflictError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

#: What rustfmt still leaves on one line.
_ONE_LINE = 60
_ENTRY = re.compile(r"Box::new\(((?:\w+::)*)(\w+)::Migration\)")


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
    for node in _walk(root):
        if node.is_error or node.is_missing:
            return f"line {node.start_point.row + 1}"
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


def register(text: str, names: Sequence[str], *, newest: str | None) -> str:
    """Return the file with new migrations registered behind ``newest``, in their own order.

    Raises ConflictError where the file does not say where they belong.
    """
    for name in names:
        text = _registered(text, name, newest)
        newest = name
    return text


def _registered(text: str, name: str, newest: str | None) -> str:
    found = read(text)
    listing = _home(found, newest)
    entry_at, entry = _new_entry(found, listing, name)
    mod_at, mod = _new_mod(found, name, newest)
    source = found.source
    for (start, end), new in sorted([(entry_at, entry), (mod_at, mod)], reverse=True):
        source = source[:start] + new + source[end:]
    return source.decode()


def _home(found: Registry, newest: str | None) -> Listing:
    if found.broken or found.pushed or not found.lists:
        why = (
            "it is not valid Rust"
            if found.broken
            else f"{found.pushed[0]} is pushed onto the list by code"
            if found.pushed
            else "it holds no list of migrations"
        )
        raise ConflictError(
            "registry-unclear",
            "migwiz cannot tell where this project registers a new migration",
            why=why,
            next_actions=("register migrations in one vec![…] of MigratorTrait::migrations",),
        )
    holding = [
        one for one in found.lists if newest in [entry.module for entry in one.entries]
    ] or list(found.lists)
    return holding[-1]


def _new_entry(found: Registry, listing: Listing, name: str) -> tuple[tuple[int, int], bytes]:
    source = found.source
    entry = _like(listing.entries, name)
    if not listing.entries:
        inner = source[listing.start : listing.end]
        if inner.strip():
            # Comments only, such as the mark of a generator: the entry goes above them.
            pad = _indentation(source, listing.start) + b"    "
            return (listing.start, listing.start), b"\n" + pad + entry.encode() + b","
        return (listing.start, listing.end), _first(entry, _indentation(source, listing.start))
    last = listing.entries[-1]
    inner = source[listing.start : listing.end]
    if b"\n" in source[listing.start : last.start]:
        indent = _indentation(source, last.start)
        behind = last.end if listing.comma is None else listing.comma + 1
        line = source.find(b"\n", behind)
        stop = line if 0 <= line < listing.end else behind
        rest = source[behind:stop]
        comma = b"," if listing.comma is None else b""
        closing = b"" if listing.comma is None else b","
        return (behind, stop), comma + rest + b"\n" + indent + _fitted(entry, indent) + closing
    if b"\n" not in inner and len(inner) + len(entry) + 2 <= _ONE_LINE:
        return (last.end, last.end), b", " + entry.encode()
    outer = _indentation(source, listing.start)
    indent = outer + (b"\t" if outer.startswith(b"\t") else b"    ")
    old = (_on_one_line(source[one.start : one.end]) for one in listing.entries)
    texts = [*old, _fitted(entry, indent)]
    lines = b"".join(b"\n" + indent + one + b"," for one in texts)
    return (listing.start, listing.end), lines + b"\n" + outer


def _first(entry: str, indent: bytes) -> bytes:
    """Return the only entry of a list, as rustfmt breaks a long one."""
    return entry.encode() if len(entry) <= _ONE_LINE else _broken(entry, indent)


def _broken(entry: str, indent: bytes) -> bytes:
    inner = entry.removeprefix("Box::new(").removesuffix(")")
    deeper = indent + (b"\t" if indent.startswith(b"\t") else b"    ")
    return b"Box::new(\n" + deeper + inner.encode() + b",\n" + indent + b")"


def _fitted(entry: str, indent: bytes) -> bytes:
    """Return an entry on a line of its own, in three where it is longer than a line."""
    if len(indent.expandtabs(4)) + len(entry) + 1 <= WIDTH:
        return entry.encode()
    return _broken(entry, indent)


def _on_one_line(entry: bytes) -> bytes:
    """Return an entry that rustfmt broke for its length alone in one piece."""
    match = re.fullmatch(rb"Box::new\(\s*([\w:]+),?\s*\)", entry)
    return entry if match is None else b"Box::new(" + match[1] + b")"


def _like(entries: Sequence[Entry], name: str) -> str:
    """Return an entry as the newest plain one is written, with its path."""
    for entry in reversed(entries):
        match = _ENTRY.search(entry.text)
        if match:
            return f"Box::new({match[1]}{name}::Migration)"
    return f"Box::new({name}::Migration)"


def _new_mod(found: Registry, name: str, newest: str | None) -> tuple[tuple[int, int], bytes]:
    source = found.source
    registered = {*found.order, newest}
    ours = [one for one in found.mods if one.name in registered]
    if not ours:
        at = _behind_uses(source)
        line = f"mod {name};".encode()
        return (at, at), b"\n\n" + line if at else line + b"\n\n"
    last = ours[-1]
    indent = _indentation(source, last.start)
    stop = source.find(b"\n", last.end)
    line = b"\n" + indent + f"{last.visibility}mod {name};".encode()
    if stop < 0:
        return (len(source), len(source)), line
    return (stop, stop), line


def _behind_uses(source: bytes) -> int:
    at = 0
    for node in parser().parse(source).root_node.children:
        if node.type not in ("use_declaration", "inner_attribute_item", "line_comment"):
            break
        at = node.end_byte - (source[node.end_byte - 1 : node.end_byte] == b"\n")
    return at


def _indentation(source: bytes, at: int) -> bytes:
    """Return the blanks at the beginning of the line on which a place is."""
    start = source.rfind(b"\n", 0, at) + 1
    line = source[start:]
    return line[: len(line) - len(line.lstrip(b" \t"))]


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
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
    known = [word for word in re.findall(r"\w+", text) if word in names]
    match = _ENTRY.search(text)
    module = known[-1] if known else match[2] if match else ""
    return [Entry(text=text, module=module, start=start, end=end)]


def _pushed(node: Node, source: bytes, names: frozenset[str]) -> list[str]:
    """Return the migrations that a call of `push` adds."""
    if node.type != "call_expression":
        return []
    function = node.child_by_field_name("function")
    if function is None or not _text(function, source).endswith(".push"):
        return []
    match = _ENTRY.search(_text(node, source))
    return [match[2]] if match and match[2] in names else []
