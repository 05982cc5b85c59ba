"""What one file is written with: quotes, width, and what it gathers on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from generators.python.code import INDENT, Group, Node, Quotes, layout
from generators.python.text import breaks_a_string, broken
from wizard.dialects.base import Dialect
from wizard.model.names import slugify

_SQL_WIDTH = 84
#: What a function's body, and an operation, are indented by.
BODY, OPERATION = INDENT, 2 * INDENT


@dataclass(slots=True, kw_only=True)
class Writer:
    """How code is written in one file; functions, constants and imports gather in it."""

    dialect: Dialect
    quotes: Quotes = field(default_factory=Quotes)
    width: int = 88
    imports: set[str] = field(default_factory=set)
    functions: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    logs: bool = False

    def lines(self, node: Node, indent: int, after: str = "") -> list[str]:
        """Return a node's lines at an indentation."""
        return layout(node, indent=indent, width=self.width, after=after)

    def sql(self, statement: str, room: int) -> str:
        """Return a literal with a statement: on one line when it fits into ``room``, else a block."""
        from generators.sql.statements import tidy

        plain = statement.strip().removesuffix(";")
        if "\n" not in plain and len(self.quotes.text(plain)) <= room:
            return self.quotes.text(plain)
        shown = broken(
            tidy(plain, dialect=self.dialect.name), dialect=self.dialect.name, width=_SQL_WIDTH
        )
        if breaks_a_string(shown, self.dialect.name):
            return self.quotes.text(plain)
        return self.quotes.block(shown, indent=INDENT)

    def statements(self, statements: Sequence[str], room: int) -> Node:
        """Return what RunSQL takes: one text, or a list where Django would split it into several."""
        if not statements:
            return "migrations.RunSQL.noop"
        found = [self.sql(one, room) for one in statements]
        # What is no list goes through sqlparse, but on PostgreSQL.
        if len(found) == 1 and self.dialect.name == "postgresql":
            return found[0]
        return Group(open="[", items=tuple(found), close="]")

    def function(self, stem: str, body: Sequence[str], told: str) -> str:
        """Keep a function for RunPython under a free name; return the name."""
        return self._keep(
            self.functions,
            slugify(stem, limit=50),
            lambda name: "\n".join(
                [
                    f"def {name}(apps, schema_editor):",
                    *([f'    """{told}"""'] if told else []),
                    *(f"{' ' * BODY}{line}" if line else "" for line in body),
                ]
            ),
        )

    def constant(self, stem: str, literal: str, comment: str = "") -> str:
        """Keep a constant under a free name; return the name."""
        lines = f"# {comment}\n" if comment else ""
        return self._keep(self.constants, stem, lambda name: f"{lines}{name} = {literal}")

    @staticmethod
    def _keep(known: dict[str, str], stem: str, text: Callable[[str], str]) -> str:
        number, name = 1, stem
        while known.setdefault(name, text(name)) != text(name):
            number += 1
            name = f"{stem}_{number}"
        return name

    def raises(self, kind: str, message: str, indent: int) -> list[str]:
        """Return a raise statement."""
        literal = self.quotes.sentence(message, width=self.width - indent - INDENT - BODY)
        items = literal.items if isinstance(literal, Group) else (literal,)
        glue = "" if isinstance(literal, Group) else ","
        return layout(
            Group(open=f"raise {kind}(", items=items, glue=glue),
            indent=indent,
            width=self.width - BODY,
        )
