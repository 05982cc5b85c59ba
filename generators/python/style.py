"""How the project writes Python: quotes and line length, from its newest files and its tools."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generators.reading import read_toml

DEFAULT_WIDTH = 88
_FILES = 5
_IDENTIFIERS = re.compile(
    r"^(?:revision|down_revision|branch_labels|depends_on)\b[^=\n]*=.*$", re.MULTILINE
)
_TOOLS = (("black", "line-length"), ("ruff", "line-length"), ("yapf", "column_limit"))


def infer_style(texts: Sequence[str], root: Path, folder: Path) -> dict[str, str]:
    """Return ``quote``, ``id_quote``, ``marked_indexes`` and ``width`` as far as they are known."""
    found = {"width": str(_width(root, folder))}
    single = double = id_single = id_double = 0
    for text in texts[:_FILES]:
        for line in _IDENTIFIERS.findall(text):
            id_single += line.count("'")
            id_double += line.count('"')
        one, other = _quotes(_IDENTIFIERS.sub("", text))
        single, double = single + one, double + other
    marked = sum(text.count("_index(op.f(") for text in texts[:_FILES])
    if marked * 2 > sum(text.count("_index(") for text in texts[:_FILES]):
        found["marked_indexes"] = "yes"
    if single > double:
        found["quote"] = "'"
    if id_double > id_single:
        found["id_quote"] = '"'
    return found


def _quotes(text: str) -> tuple[int, int]:
    """Return how many strings stand in single and in double quotes, docstrings left out."""
    single = double = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.STRING:
                body = token.string.lstrip("rRbBuUfF")
                if body.startswith(("'''", '"""')):
                    continue
                # A string that holds the other mark says nothing about taste.
                if body[0] == "'" and '"' not in body:
                    single += 1
                elif body[0] == '"' and "'" not in body:
                    double += 1
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return single, double


def _width(root: Path, folder: Path) -> int:
    for above in (folder, *folder.parents):
        if not above.is_relative_to(root):
            break
        for name, path in (("pyproject.toml", ("tool",)), ("ruff.toml", ()), (".ruff.toml", ())):
            if not (above / name).is_file():
                continue
            content: Any = read_toml(above / name)
            for part in path:
                content = content.get(part, {}) if isinstance(content, dict) else {}
            width = _from_tools(content) if path else content.get("line-length")
            if isinstance(width, int) and 40 <= width <= 320:
                return width
    return DEFAULT_WIDTH


def _from_tools(tools: Any) -> int | None:
    for tool, key in _TOOLS:
        section = tools.get(tool) if isinstance(tools, dict) else None
        value = section.get(key) if isinstance(section, dict) else None
        if isinstance(value, int):
            return value
    return None
