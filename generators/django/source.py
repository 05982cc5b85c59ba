"""Pieces of Python source: field calls and the imports they need, kept as text and changed as text."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, replace

from generators.python.code import Group, Node, Quotes, prefixed

#: What every migration imports: names that need no line of their own.
GIVEN = frozenset({"models", "migrations"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call such as ``models.CharField(max_length=3)``: its arguments are source text.

    ``imports`` are the lines that its names need beside ``migrations`` and ``models``.
    """

    function: str
    items: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    imports: frozenset[str] = frozenset()

    def get(self, name: str) -> str | None:
        """Return the source of a keyword argument, None when it is not given."""
        return dict(self.keywords).get(name)

    def having(self, **changes: str | None) -> Call:
        """Return the call with some keywords changed, added, or taken away (None)."""
        kept = tuple((key, changes.get(key, value)) for key, value in self.keywords)
        added = tuple(one for one in changes.items() if self.get(one[0]) is None)
        return replace(
            self,
            keywords=tuple((key, value) for key, value in (*kept, *added) if value is not None),
        )

    @property
    def kind(self) -> str:
        """The last part of the function's name, such as ``CharField``."""
        return self.function.rpartition(".")[2]

    def node(self) -> Node:
        """Return the call for laying out."""
        return as_node(self.text())

    def text(self) -> str:
        """Return the call on one line."""
        arguments = [*self.items, *(f"{key}={value}" for key, value in self.keywords)]
        return f"{self.function}({', '.join(arguments)})"


def read_call(node: ast.Call, bound: Mapping[str, str], quotes: Quotes) -> Call | None:
    """Return a call as text; None when it uses a name that no import of its file brings."""
    needed: set[str] = set()
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and name.id not in GIVEN:
            line = bound.get(name.id)
            if line is None:
                return None
            needed.add(line)
    if any(one.arg is None for one in node.keywords):
        return None
    needed |= {
        line for line in bound.values() if line.startswith("import ") and _uses(node, line[7:])
    }
    return Call(
        function=ast.unparse(node.func),
        items=tuple(written(one, quotes) for one in node.args),
        keywords=tuple(
            (one.arg, written(one.value, quotes)) for one in node.keywords if one.arg is not None
        ),
        imports=frozenset(needed),
    )


def _uses(node: ast.AST, module: str) -> bool:
    return any(
        isinstance(one, ast.Attribute) and ast.unparse(one).startswith(f"{module}.")
        for one in ast.walk(node)
    )


def imports_of(tree: ast.Module) -> dict[str, str]:
    """Return the import line that binds each name in a module."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                line = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                # Several lines bind one package; the longest path is told apart by its use.
                found.setdefault(alias.asname or alias.name.partition(".")[0], line)
                found[alias.asname or alias.name] = line
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                line = f"from {node.module} import {alias.name}"
                found[alias.asname or alias.name] = line + (
                    f" as {alias.asname}" if alias.asname else ""
                )
    return found


def written(node: ast.AST, quotes: Quotes) -> str:
    """Return an expression as source on one line, its strings in the project's quotes."""
    text = ast.unparse(node)
    found: list[str] = []
    at = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.STRING or token.start[0] != 1:
            continue
        value = ast.literal_eval(token.string)
        if isinstance(value, str):
            found += [text[at : token.start[1]], quotes.text(value)]
            at = token.end[1]
    return "".join(found) + text[at:]


def constructed(function: str, *items: str, **keywords: str | None) -> Call:
    """Return a call of parts that are source text; keywords that are None are left out."""
    return Call(
        function=function,
        items=items,
        keywords=tuple((key, value) for key, value in keywords.items() if value is not None),
    )


def as_node(text: str) -> Node:
    """Return an expression on one line as a tree that can be laid out over several."""
    return _node(text, ast.parse(text, mode="eval").body)


def _node(text: str, tree: ast.expr) -> Node:
    match tree:
        case ast.Call():
            items = [_node(text, one) for one in tree.args]
            items += [
                prefixed(f"{one.arg}=" if one.arg else "**", _node(text, one.value))
                for one in tree.keywords
            ]
            return Group(open=f"{_slice(text, tree.func)}(", items=tuple(items))
        case ast.List(elts=elements) if elements:
            return Group(open="[", items=tuple(_node(text, one) for one in elements), close="]")
        case ast.Tuple(elts=elements) if len(elements) > 1:
            return Group(open="(", items=tuple(_node(text, one) for one in elements))
        case ast.Dict(keys=keys, values=values) if keys:
            pairs = [
                prefixed(f"{_slice(text, key)}: " if key is not None else "**", _node(text, value))
                for key, value in zip(keys, values, strict=True)
            ]
            return Group(open="{", items=tuple(pairs), close="}")
        case _:
            return _slice(text, tree)


def _slice(text: str, tree: ast.expr) -> str:
    # Offsets count bytes.
    data = text.encode()
    return data[tree.col_offset : tree.end_col_offset].decode()
