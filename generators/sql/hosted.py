"""SQL as text of another language: literals out of which it comes unchanged."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_BODY = re.compile(r"(?i)\s*(?:DO|CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE|TRIGGER))\b")


def template(sql: str, indent: str, *, deeper: str = "  ") -> str:
    """Return a JavaScript template literal; several lines stand below its start.

    ``indent`` is that of the line it begins on. Lines are not moved where a string spans several.
    """
    text = sql.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${").replace("\r", "\\r")
    if "\n" not in text:
        return f"`{text}`"
    if not _movable(sql):
        return f"`\n{text}\n{indent}`"
    return f"`\n{_moved(text, indent + deeper)}\n{indent}`"


def ruby(sql: str, indent: str, *, deeper: str = "  ") -> str:
    """Return the lines of a squiggly heredoc behind its opening ``<<~NAME``, which they begin with."""
    text = sql.replace("\\", "\\\\").replace("\r", "\\r")
    text = re.sub(r"#(?=[{$@])", r"\\#", text)
    name = "SQL"
    while any(line.strip() == name for line in text.splitlines()):
        name += "_"
    return f"<<~{name}\n{_moved(text, indent + deeper)}\n{indent}{name}"


def elixir(sql: str, indent: str) -> str:
    """Return an Elixir heredoc, whose end stands where its line begins."""
    text = sql.replace("\\", "\\\\").replace("#{", "\\#{").replace('"""', '\\"""')
    text = text.replace("\r", "\\r")
    return f'"""\n{_moved(text, indent)}\n{indent}"""'


def _moved(text: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" if line else "" for line in text.split("\n"))


def _movable(sql: str) -> bool:
    """Tell whether blanks before lines change nothing; rather no than yes."""
    if "\\'" in sql or '\\"' in sql or any("\n" in one for one in _QUOTED.findall(sql)):
        return False
    return _BODY.match(sql) is not None or re.search(r"\$\w*\$", sql) is None
