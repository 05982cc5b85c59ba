"""New migrations put into `lib.rs` or `mod.rs`, where everything else stays as it is, byte for byte.

Two places change: a `mod` line behind the last one of a migration, and an entry at the end of the
list that holds the newest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generators.seaorm.registry import ENTRY, Entry, Listing, Registry, parser, read
from generators.seaorm.rust import WIDTH
from wizard.model.errors import ConflictError

#: What rustfmt still leaves on one line.
_ONE_LINE = 60


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
        match = ENTRY.search(entry.text)
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
