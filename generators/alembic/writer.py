"""How code is written in one file: for which engine, in which quotes, how wide."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from generators.python import text
from generators.python.code import INDENT, Group, Node, Quotes, call, layout
from wizard.dialects.base import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How code is written in one file: for which engine, in which quotes, how wide.

    ``modules`` collects what the file must import beyond ``op`` and ``sa``. ``marked_indexes``
    says that index names are given as final (``op.f``), as constraint names always are.
    """

    dialect: Dialect
    quotes: Quotes = field(default_factory=Quotes)
    width: int = 88
    marked_indexes: bool = False
    modules: set[str] = field(default_factory=set)

    def lines(self, node: Node, indent: int) -> list[str]:
        """Return a node's lines at an indentation."""
        return layout(node, indent=indent, width=self.width)

    def execute(self, sql: str, indent: int) -> list[str]:
        """Return ``op.execute`` with one statement."""
        room = self.width - indent - len("op.execute()")
        literal = text.statement(sql, dialect=self.dialect.name, quotes=self.quotes, width=room)
        return self.lines(call("op.execute", literal), indent)

    def name(self, name: str) -> Node:
        """Return a constraint's name, marked as final: a naming convention would change it."""
        return call("op.f", self.quotes.text(name))

    def raises(self, kind: str, message: str, indent: int) -> list[str]:
        """Return a raise statement."""
        room = self.width - indent - len(f"raise {kind}()")
        literal = self.quotes.sentence(message, width=room)
        if isinstance(literal, Group):
            literal = self.quotes.sentence(message, width=self.width - indent - INDENT)
            items = literal.items if isinstance(literal, Group) else (literal,)
            return self.lines(Group(open=f"raise {kind}(", items=items, glue=""), indent)
        return self.lines(call(f"raise {kind}", literal), indent)

    def narrower(self, indent: int) -> Writer:
        """Return the writer for code that will be indented later; imports are still shared."""
        return replace(self, width=self.width - indent)
