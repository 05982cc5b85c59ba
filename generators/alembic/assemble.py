"""From a rendered template and a body to the finished file."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from functools import lru_cache

from generators.alembic.body import Body
from generators.python.code import INDENT
from wizard.model.errors import ConflictError

_IDENTIFIER = re.compile(
    r"^((?:revision|down_revision|branch_labels|depends_on)\b[^=\n]*=[ \t]*)'([^'\"\\\n]*)'",
    re.MULTILINE,
)
_LOG = "logging.getLogger({})"
_FUNCTIONS = ("upgrade", "downgrade")


def indented(lines: Sequence[str]) -> str:
    """Return a body as Alembic hands it to a template: all lines but the first are indented."""
    first, *rest = lines
    return "\n".join([first, *(f"{' ' * INDENT}{line}" if line else "" for line in rest)])


def finish(
    rendered: str,
    body: Body,
    *,
    modules: frozenset[str],
    header: Sequence[str],
    title: str,
    mark: str,
    double_identifiers: bool,
) -> str:
    """Return the file's text: header, imports, constants and helpers put in their places.

    Raises ConflictError when the template leaves out a function or does not yield Python.
    """
    text = rendered.replace("\r\n", "\n")
    if double_identifiers:
        text = _IDENTIFIER.sub(r'\1"\2"', text)
    _functions(text)
    _holds(text, body)
    text = _without_second_docstring(text)
    if body.helpers:
        text = text.rstrip("\n") + "\n\n\n" + "\n\n\n".join(body.helpers) + "\n"
    constants = list(body.constants)
    if "logging" in modules:
        constants.insert(0, f"log = {_LOG.format(_quoted('alembic.runtime.migration', mark))}")
    if constants:
        text = _above_upgrade(text, "\n\n".join(constants))
    for module in sorted(modules):
        text = _import(text, module)
    text = _names(text)
    text = _head(text, header, title)
    text = "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n") + "\n"
    _parsed(text)
    return text


def functions(text: str) -> tuple[str, str]:
    """Return the source of upgrade and downgrade, with the file's constants before upgrade."""
    tree = _parsed(text)
    lines = text.split("\n")
    found = {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    up = "\n\n\n".join(
        [*_constants(tree, lines), found["upgrade"]]
        + [source for name, source in found.items() if name not in _FUNCTIONS]
    )
    return up + "\n", found["downgrade"] + "\n"


def _constants(tree: ast.Module, lines: Sequence[str]) -> list[str]:
    found = []
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name.isupper():
                start = node.lineno - 1
                while start and lines[start - 1].startswith("#"):
                    start -= 1
                found.append("\n".join(lines[start : node.end_lineno]))
            case _:
                continue
    return ["\n\n".join(found)] if found else []


def _quoted(text: str, mark: str) -> str:
    return f"{mark}{text}{mark}"


@lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    """Return the tree of a text, which is asked for several times in a row and never changed."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        where = (
            f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else str(error)
        )
        raise ConflictError(
            "template-python",
            "the project's script.py.mako does not yield valid Python",
            why=where,
            next_actions=("correct script.py.mako; `alembic revision` writes the same text",),
        ) from None


def _functions(text: str) -> None:
    names = {node.name for node in _parsed(text).body if isinstance(node, ast.FunctionDef)}
    missing = [name for name in _FUNCTIONS if name not in names]
    if missing:
        raise ConflictError(
            f"template-without-{missing[0]}",
            f"the project's script.py.mako has no {missing[0]} function",
            why="migwiz writes no migration that cannot be taken back"
            if missing == ["downgrade"]
            else "there is no place for the change itself",
            next_actions=(f"add `def {missing[0]}` to script.py.mako",),
        )


def _holds(text: str, body: Body) -> None:
    """Refuse a template that leaves the code out: its file would do nothing and be stamped."""
    for name, lines in (("upgrade", body.up), ("downgrade", body.down)):
        if indented(lines) not in text:
            raise ConflictError(
                "template-without-body",
                f"the project's script.py.mako does not put the {name}'s code into its file",
                why="the migration would be marked as applied and change nothing",
                next_actions=(f"put ${{{name}s}} into the function {name} of script.py.mako",),
            )


def _without_second_docstring(text: str) -> str:
    """Drop the template's own docstring where the body is one: it says more."""
    lines = text.split("\n")
    for node in reversed(_parsed(text).body):
        if not isinstance(node, ast.FunctionDef) or node.name not in _FUNCTIONS:
            continue
        match node.body:
            case [
                ast.Expr(value=ast.Constant(value=str())) as first,
                ast.Expr(value=ast.Constant(value=str())),
            ]:
                del lines[first.lineno - 1 : first.end_lineno]
            case _:
                continue
    return "\n".join(lines)


def _above_upgrade(text: str, block: str) -> str:
    lines = text.split("\n")
    for node in _parsed(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade":
            at = min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1
            while at and lines[at - 1].startswith("#"):
                at -= 1
            before = "\n".join(lines[:at]).rstrip("\n")
            return f"{before}\n\n{block}\n\n\n" + "\n".join(lines[at:])
    return text


def _import(text: str, module: str) -> str:
    """Add an import where isort would put it; nothing when the file has it already."""
    tree = _parsed(text)
    lines = text.split("\n")
    parent, _, name = module.rpartition(".")
    if _is_bound(tree, name):
        return text
    line = f"from {parent} import {name}" if parent else f"import {name}"
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    imports = [node for node in imports if _module(node) != "__future__"]
    own = [node for node in imports if _is_standard(_module(node)) == (not parent)]
    if parent:
        last = (own or imports)[-1] if imports else None
        at = (last.end_lineno or last.lineno) if last else _after_docstring(tree)
        lines[at:at] = [line] if own or not imports else ["", line]
    elif own:
        behind = [
            node for node in own if isinstance(node, ast.ImportFrom) or _module(node) > module
        ]
        at = (behind[0].lineno - 1) if behind else (own[-1].end_lineno or own[-1].lineno)
        lines[at:at] = [line]
    else:
        at = imports[0].lineno - 1 if imports else _after_docstring(tree)
        lines[at:at] = [line, ""]
    return "\n".join(lines)


def _names(text: str) -> str:
    """Import ``op`` and ``sa`` where the template does not and the code needs them."""
    tree = _parsed(text)
    unbound = [name for name in ("op", "sa") if not _is_bound(tree, name)]
    if not unbound:
        return text
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "op" in used and "op" in unbound:
        text = _import(text, "alembic.op")
    if "sa" in used and "sa" in unbound:
        lines = text.split("\n")
        imports = [
            one for one in _parsed(text).body if isinstance(one, ast.Import | ast.ImportFrom)
        ]
        third = [one for one in imports if not _is_standard(_module(one))]
        at = third[0].lineno - 1 if third else _after_docstring(_parsed(text))
        lines[at:at] = ["import sqlalchemy as sa"]
        text = "\n".join(lines)
    return text


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _is_bound(tree: ast.Module, name: str) -> bool:
    return any(
        (alias.asname or alias.name) == name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def _after_docstring(tree: ast.Module) -> int:
    first = tree.body[0] if tree.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.end_lineno or first.lineno
    return 0


def _head(text: str, header: Sequence[str], title: str) -> str:
    """Put the header's lines below the title in the docstring, or as comments at the top."""
    tree = _parsed(text)
    lines = text.split("\n")
    first = tree.body[0] if tree.body else None
    match first:
        case ast.Expr(value=ast.Constant(value=str())):
            start, end = first.lineno - 1, first.end_lineno or first.lineno
        case _:
            comments = [f"# {line}".rstrip() for line in header]
            at = first.lineno - 1 if first else 0
            return "\n".join([*lines[:at], *comments, "", *lines[at:]])
    at = next((at for at in range(start, end) if title in lines[at]), start)
    if at == end - 1:
        # A docstring on one line: its end moves below the header.
        close = re.search(r"(\"\"\"|''')\s*$", lines[at])
        if close is None:
            return text
        before = lines[at][: close.start()]
        opened = lines[at].lstrip("rRuU").startswith(close.group(1)) or at > start
        if not opened:
            return text
        return "\n".join([*lines[:at], before, "", *header, close.group(1), *lines[at + 1 :]])
    gap = [] if not lines[at + 1].strip() else [""]
    return "\n".join([*lines[: at + 1], "", *header, *gap, *lines[at + 1 :]])
