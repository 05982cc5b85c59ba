"""SQLite's rebuild of a table: statements with their own transaction, undone when one fails."""

from __future__ import annotations

import re
import textwrap

from generators.alembic.guards import requirement
from generators.alembic.writer import Writer
from generators.python.code import INDENT
from wizard.model.steps import RebuildTable, Require

_MESSAGE = re.compile(r'CONSTRAINT "((?:[^"]|"")+)" CHECK')
_QUERY = re.compile(r"WHERE EXISTS \(\n(.*?)\n\)$", re.DOTALL | re.MULTILINE)


def rebuild(step: RebuildTable, writer: Writer) -> list[str]:
    """Return statements that bring their own transaction, undone whole when one of them fails."""
    lines: list[str] = []
    inside: list[str] | None = None
    for part in _parts(step, writer):
        word = part.split()[0].upper() if isinstance(part, str) else ""
        if word == "COMMIT" and inside is not None:
            lines += [
                "try:",
                *(f"{' ' * INDENT}{line}" if line else "" for line in inside),
                "except BaseException:",
                f"{' ' * INDENT}# Leaving the block would commit what is half done.",
                f"{' ' * INDENT}op.get_bind().connection.rollback()",
                f"{' ' * INDENT}raise",
            ]
            inside = None
        if inside is None:
            lines += _part(part, writer)
        else:
            inside += _part(part, writer.narrower(INDENT))
        if word == "BEGIN":
            inside = []
    return lines


def _part(part: str | Require, writer: Writer) -> list[str]:
    return requirement(part, writer) if isinstance(part, Require) else writer.execute(part, 0)


def _parts(step: RebuildTable, writer: Writer) -> list[str | Require]:
    """Return the statements of a rebuild, with its requirements told apart again.

    A dialect without procedures writes a requirement as several statements. They count as one
    only when the dialect writes exactly these for it.
    """
    rest = list(writer.dialect.sql(step))
    found: list[str | Require] = []
    while rest:
        text_here = "\n".join(rest[:4])
        message, query = _MESSAGE.search(text_here), _QUERY.search(text_here)
        if message and query:
            required = Require(
                query=textwrap.dedent(query.group(1)).strip(),
                message=message.group(1).replace('""', '"'),
                table=step.after.name,
            )
            written = list(writer.dialect.sql(required))
            if rest[: len(written)] == written:
                found.append(required)
                rest = rest[len(written) :]
                continue
        found.append(rest.pop(0))
    return found
