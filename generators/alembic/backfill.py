"""Batches in Python: a loop that walks the key, sized by time (safety.md §2.2)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from generators import retrying
from generators.alembic.writer import Writer
from generators.python.code import INDENT, Group, Node, call, flat, layout, mapping, prefixed
from generators.python.text import block
from wizard.dialects.base import Batch
from wizard.model.names import TableName
from wizard.model.steps import Batched, CopyRows, DeleteRows

_INTEGER = re.compile(r"(small|big|medium|tiny)?int(eger)?\d?(\(\d+\))?|tid|rowid", re.IGNORECASE)
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
        lines = self._comment(comment)
        self.constants.append("\n".join([*lines, f"{name} = sa.text({body})"]))

    def _by_number(self, step: Batched, batch: Batch, suffix: str) -> list[str]:
        name = f"BATCH{suffix}"
        comment = (
            "Walks the primary key, filters inside each batch: the last is as fast as the first."
        )
        self._keep(name, batch.following, batch.about or comment)
        start = [("after", "-(2**63)"), ("size", _number(step.batch))]
        tried = self._fetch(name, f"{{{self._q('after_0')}: after, {self._q('size')}: size}}")
        done = [
            "    if row.last_0 is None:",
            "        break",
            "    after, changed, failed = row.last_0, changed + row.changed, 0",
        ]
        return self._looped(step, batch, start=start, tried=tried, done=done, shown="after")

    def _by_key(self, step: Batched, batch: Batch, suffix: str) -> list[str]:
        first, following = f"FIRST_BATCH{suffix}", f"BATCH{suffix}"
        comment = "Walks the key, filters inside each batch: the last is as fast as the first."
        self._keep(first, batch.first, batch.about or comment)
        self._keep(following, batch.following)
        position = self._position(step, "row.last_{}", "after_{}")
        start = [("batch", first), ("after", "{}"), ("size", _number(step.batch))]
        tried = self._fetch("batch", f"{{**after, {self._q('size')}: size}}")
        done = [
            "    if row.last_0 is None:",
            "        break",
            *self._assign(("batch", following), ("after", position), indent=4),
            "    changed, failed = changed + row.changed, 0",
        ]
        shown = self._shown(step)
        return self._looped(step, batch, start=start, tried=tried, done=done, shown=shown)

    def _walked(self, step: Batched, batch: Batch, suffix: str) -> list[str]:
        names = [f"FIRST_KEYS{suffix}", f"KEYS{suffix}", f"FIRST_BATCH{suffix}", f"BATCH{suffix}"]
        assert batch.walk_first is not None
        assert batch.walk_following is not None
        comment = "Walks the key, then changes what lies between two keys: every batch is as fast."
        self._keep(names[0], batch.walk_first, batch.about or comment)
        self._keep(names[1], batch.walk_following)
        keeps: list[tuple[str, Node]] = []
        if batch.keep_first is not None and batch.keep_following is not None:
            kept = [f"FIRST_KEEP{suffix}", f"KEEP{suffix}"]
            self._keep(
                kept[0], batch.keep_first, "Keeps old values, in the transaction of the batch."
            )
            self._keep(kept[1], batch.keep_following)
            keeps = [("keep", one) for one in kept]
        self._keep(names[2], batch.first)
        self._keep(names[3], batch.following)
        upto = self._position(step, "row.last_{}", "upto_{}")
        after = self._position(step, "row.last_{}", "after_{}")
        start: list[tuple[str, Node]] = [("keys", names[0]), ("batch", names[2]), ("after", "{}")]
        tried = [
            *self._fetch("keys", f"{{**after, {self._q('size')}: size}}"),
            "        if row.last_0 is None:",
            "            break",
            *self._assign(("upto", upto), indent=8),
            *self._changed(keeps=bool(keeps)),
        ]
        done = [
            *self._assign(
                ("keys", names[1]), *keeps[1:], ("batch", names[3]), ("after", after), indent=4
            ),
            "    changed, failed = changed + count, 0",
        ]
        start[1:1] = keeps[:1]
        start.append(("size", _number(step.batch)))
        shown = self._shown(step)
        return self._looped(step, batch, start=start, tried=tried, done=done, shown=shown)

    def _changed(self, *, keeps: bool) -> list[str]:
        change = "        count = connection.execute(batch, {**after, **upto}).rowcount"
        if not keeps:
            return [change]
        begin = self._writer.dialect.capabilities.begin_writing
        return [
            f"        connection.execute(sa.text({self._q(begin)}))",
            "        connection.execute(keep, {**after, **upto})",
            change,
            f"        connection.execute(sa.text({self._q('COMMIT')}))",
        ]

    def _looped(
        self,
        step: Batched,
        batch: Batch,
        *,
        start: Sequence[tuple[str, Node]],
        tried: Sequence[str],
        done: Sequence[str],
        shown: str,
    ) -> list[str]:
        """Return the loop around a batch: what is tried, and what follows when it was done."""
        self._top("REST", retrying.REST, retrying.ABOUT_REST)
        refused = retrying.not_passing(self._writer.dialect.name, "error.orig", self._writer.quotes)
        return [
            "connection = op.get_bind()",
            *self._session(batch.begin),
            *self._begin(step, batch),
            *self._variables(start),
            "while True:",
            "    started = time.monotonic()",
            "    try:",
            *tried,
            "    except sa.exc.DBAPIError as error:",
            *self._comment(
                "A row stayed locked, or there was a deadlock: this batch changed nothing.",
                indent=2 * INDENT,
                within=INDENT,
            ),
            *(["        connection.connection.rollback()"] if batch.keep_first else []),
            *(f"        {line}" for line in refused),
            "            raise",
            "        failed, size = failed + 1, max(100, size // 2)",
            "        time.sleep(failed)",
            "        continue",
            *done,
            *self._pace(),
            *self._log(step, shown),
            "    time.sleep(seconds * REST)",
            *self._wait(batch),
            *self._session(batch.end),
        ]

    def _variables(self, start: Sequence[tuple[str, Node]]) -> list[str]:
        counted: list[tuple[str, Node]] = [("changed", "0"), ("failed", "0")]
        together = self._assign(*start, *counted, indent=0)
        if len(together) == 1:
            return together
        return [*self._assign(*start, indent=0), *self._assign(*counted, indent=0)]

    def _top(self, name: str, value: str, comment: str) -> None:
        """Keep a constant above those of the batches; people may change it."""
        text = "\n".join((*self._comment(comment), f"{name} = {value}"))
        if text not in self.constants:
            self.constants.insert(0, text)

    def _comment(self, text: str, *, indent: int = 0, within: int = 0) -> list[str]:
        """Return a comment in lines that fit; ``within`` is what the loop itself is indented by."""
        mark = f"{' ' * indent}# "
        wrapped = textwrap.wrap(text, self._writer.width - within - len(mark))
        return [f"{mark}{line}" for line in wrapped]

    def _session(self, statements: Sequence[str]) -> list[str]:
        return [f"connection.execute(sa.text({self._q(one)}))" for one in statements]

    def _begin(self, step: Batched, batch: Batch) -> list[str]:
        """Return lines that say how far it will go, and that it may be stopped."""
        label = _label(step).replace("%", "%%")
        if batch.last is None:
            return self._told(self._q(f"{label}: Ctrl-C is safe, run it again to go on"))
        asked = call("sa.text", self._q(batch.last.replace(":", "\\:")))
        return [
            *layout(
                call("last = connection.scalar", asked),
                indent=0,
                width=self._writer.width - INDENT,
            ),
            *self._told(
                self._q(f"{label}: up to %s; Ctrl-C is safe, run it again to go on"), "last"
            ),
        ]

    def _told(self, *items: str, indent: int = 0) -> list[str]:
        return layout(call("log.info", *items), indent=indent, width=self._writer.width - INDENT)

    def _wait(self, batch: Batch) -> list[str]:
        if batch.lagging is None:
            return []
        self._top(
            "LAGGING",
            f"sa.text({self._writer.quotes.block(batch.lagging, indent=INDENT)})",
            "While this finds a standby, the next batch waits: reads from standbys stay fresh.",
        )
        return [
            "    while connection.execute(LAGGING).first():",
            *self._told(self._q("a standby is behind: waiting"), indent=8),
            "        time.sleep(1)",
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
        single = len(step.key) == 1
        message = f"{label}: {key} <= %s{' of %s' if single else ''}, %s rows changed"
        values = (shown, "last") if single else (shown,)
        return self._told(self._q(message), *values, "changed", indent=4)

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
        return layout(asked, indent=2 * INDENT, width=self._writer.width - INDENT)

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
