"""Batches in Python: a loop that walks the key, sized by time (safety.md §2.2)."""

from __future__ import annotations

import re
import textwrap

from generators.alembic.writer import Writer
from generators.python.code import INDENT, Group, Node, call, flat, layout, mapping, prefixed
from generators.python.text import block
from wizard.dialects.base import Batch
from wizard.model.names import TableName
from wizard.model.steps import Batched, CopyRows, DeleteRows

_INTEGER = re.compile(r"(small|big|medium|tiny)?int(eger)?\d?(\(\d+\))?", re.IGNORECASE)
_PARAMETERS = re.compile(r"(size|after_\d+|upto_\d+)\b")
_TARGET = "0.2"
_SMALLEST = "100"
_LARGEST = "10_000"


class Batches:
    """The batch constants of one file and the loops that use them."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._names: set[str] = set()
        self.constants: list[str] = []

    def loop(self, step: Batched, indent: int) -> list[str]:
        """Return the lines of the loop for one step, and keep the constants that it needs."""
        writer = self._writer
        writer.modules.update(("logging", "time"))
        batch = writer.dialect.batch(step)
        suffix = "" if "BATCH" not in self._names else f"_{len(self._names) + 1}"
        self._names.add(f"BATCH{suffix}")
        if batch.walk_first is not None or batch.walk_following is not None:
            lines = self._walked(step, batch, suffix)
        elif len(step.key) == 1 and all(_INTEGER.fullmatch(one) for one in step.key_types):
            lines = self._by_number(step, batch, suffix)
        else:
            lines = self._by_key(step, batch, suffix)
        return textwrap.indent("\n".join(lines), " " * indent).split("\n")

    def _keep(self, name: str, sql: str, comment: str = "") -> None:
        writer = self._writer
        body = block(sql, dialect=writer.dialect.name, quotes=writer.quotes, parameters=_PARAMETERS)
        lines = [f"# {one}" for one in textwrap.wrap(comment, self._writer.width)]
        self.constants.append("\n".join([*lines, f"{name} = sa.text({body})"]))

    def _by_number(self, step: Batched, batch: Batch, suffix: str) -> list[str]:
        name = f"BATCH{suffix}"
        comment = (
            "Walks the primary key, filters inside each batch: the last is as fast as the first."
        )
        self._keep(name, batch.following, comment)
        return [
            "connection = op.get_bind()",
            *self._assign(
                ("after", "-(2**63)"), ("size", _number(step.batch)), ("changed", "0"), indent=0
            ),
            "while True:",
            "    started = time.monotonic()",
            *self._fetch(name, f"{{{self._q('after_0')}: after, {self._q('size')}: size}}"),
            "    if row.last_0 is None:",
            "        break",
            "    after, changed = row.last_0, changed + row.changed",
            *self._pace(),
            *self._log(step, "after"),
        ]

    def _by_key(self, step: Batched, batch: Batch, suffix: str) -> list[str]:
        first, following = f"FIRST_BATCH{suffix}", f"BATCH{suffix}"
        comment = "Walks the key, filters inside each batch: the last is as fast as the first."
        self._keep(first, batch.first, comment)
        self._keep(following, batch.following)
        position = self._position(step, "row.last_{}", "after_{}")
        return [
            "connection = op.get_bind()",
            *self._assign(
                *(("batch", first), ("after", "{}")),
                *(("size", _number(step.batch)), ("changed", "0")),
                indent=0,
            ),
            "while True:",
            "    started = time.monotonic()",
            *self._fetch("batch", f"{{**after, {self._q('size')}: size}}"),
            "    if row.last_0 is None:",
            "        break",
            *self._assign(("batch", following), ("after", position), indent=4),
            "    changed += row.changed",
            *self._pace(),
            *self._log(step, self._shown(step)),
        ]

    def _walked(self, step: Batched, batch: Batch, suffix: str) -> list[str]:
        names = [f"FIRST_KEYS{suffix}", f"KEYS{suffix}", f"FIRST_BATCH{suffix}", f"BATCH{suffix}"]
        assert batch.walk_first is not None
        assert batch.walk_following is not None
        comment = "Walks the key, then changes what lies between two keys: every batch is as fast."
        self._keep(names[0], batch.walk_first, comment)
        self._keep(names[1], batch.walk_following)
        self._keep(names[2], batch.first)
        self._keep(names[3], batch.following)
        upto = self._position(step, "row.last_{}", "upto_{}")
        after = self._position(step, "row.last_{}", "after_{}")
        return [
            "connection = op.get_bind()",
            *self._assign(
                *(("keys", names[0]), ("batch", names[2]), ("after", "{}")),
                *(("size", _number(step.batch)), ("changed", "0")),
                indent=0,
            ),
            "while True:",
            "    started = time.monotonic()",
            *self._fetch("keys", f"{{**after, {self._q('size')}: size}}"),
            "    if row.last_0 is None:",
            "        break",
            *self._assign(("upto", upto), indent=4),
            "    changed += connection.execute(batch, {**after, **upto}).rowcount",
            *self._assign(("keys", names[1]), ("batch", names[3]), ("after", after), indent=4),
            *self._pace(),
            *self._log(step, self._shown(step)),
        ]

    def _pace(self) -> list[str]:
        factor = f"1.2 if seconds < {_TARGET} else 0.5"
        size = f"    size = max({_SMALLEST}, min({_LARGEST}, int(size * ({factor}))))"
        lines = [size]
        if len(size) + 4 > self._writer.width:
            size = f"    size = max({_SMALLEST}, min({_LARGEST}, int(size * factor)))"
            lines = [f"    factor = {factor}", size]
        return ["    seconds = time.monotonic() - started", *lines]

    def _log(self, step: Batched, shown: str) -> list[str]:
        label = _label(step).replace("%", "%%")
        key = ", ".join(step.key).replace("%", "%%")
        message = self._q(f"{label}: {key} <= %s, %s rows changed")
        told = call("log.info", message, shown, "changed")
        return layout(told, indent=4, width=self._writer.width - 4)

    def _position(self, step: Batched, value: str, name: str) -> Group:
        return mapping(
            [
                (self._q(name.format(number)), value.format(number))
                for number in range(len(step.key))
            ]
        )

    def _assign(self, *pairs: tuple[str, Node], indent: int) -> list[str]:
        """Return one assignment of all names, or one each where that is too long."""
        names = ", ".join(name for name, _ in pairs)
        line = f"{' ' * indent}{names} = {', '.join(flat(value) for _, value in pairs)}"
        if len(line) + INDENT <= self._writer.width:
            return [line]
        width = self._writer.width - INDENT
        return [
            line
            for name, value in pairs
            for line in layout(prefixed(f"{name} = ", value), indent=indent, width=width)
        ]

    def _fetch(self, statement: str, values: str) -> list[str]:
        asked = Group(open="row = connection.execute(", items=(statement, values), close=").one()")
        return layout(asked, indent=INDENT, width=self._writer.width - INDENT)

    def _shown(self, step: Batched) -> str:
        return f"after[{self._q('after_0')}]" if len(step.key) == 1 else "tuple(after.values())"

    def _q(self, value: str) -> str:
        return self._writer.quotes.text(value)


def _label(step: Batched) -> str:
    table: TableName = step.table
    if isinstance(step, DeleteRows):
        return str(table)
    if isinstance(step, CopyRows):
        return str(step.target)
    return f"{table}.{', '.join(one.column for one in step.assignments)}"


def _number(value: int) -> str:
    return f"{value:_}"
