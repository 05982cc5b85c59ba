"""Batches for RunPython: a loop that walks the key, sized by time, which yields to everybody else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generators import retrying
from generators.django.writer import BODY, Writer
from generators.python.code import INDENT, Group, layout
from wizard.dialects.base import Batch
from wizard.dialects.parameters import rebind
from wizard.model.steps import Batched, CopyRows, DeleteRows

_INTEGER = re.compile(r"(small|big|medium|tiny)?int(eger)?\d?(\(\d+\))?|tid|rowid", re.IGNORECASE)
_PACE = "1.2 if seconds < 0.2 else 0.5"
#: Where a function's statements stand: inside of it and of the cursor's block.
_INNER = BODY + INDENT


def loop(step: Batched, writer: Writer) -> list[str]:
    """Return the lines of a loop for one step; constants and imports are kept in the writer."""
    writer.imports.update(("import logging", "import time", "from django.db import DatabaseError"))
    writer.logs = True
    writer.constant("REST", retrying.REST, retrying.ABOUT_REST)
    batch = writer.dialect.batch(step)
    if batch.walk_first is not None:
        return _walked(step, batch, writer)
    if len(step.key) == 1 and all(_INTEGER.fullmatch(one) for one in step.key_types):
        return _by_number(step, batch, writer)
    return _by_key(step, batch, writer)


def _lines(writer: Writer, open_: str, *items: str, indent: int = 0) -> list[str]:
    return layout(Group(open=open_, items=items), indent=indent, width=writer.width - _INNER)


def _constant(stem: str, sql: str | None, writer: Writer, comment: str = "") -> str:
    bound = rebind(sql or "", "psycopg", writer.dialect.name)
    return writer.constant(stem, writer.quotes.block(bound.strip(), indent=INDENT), comment)


def _by_number(step: Batched, batch: Batch, writer: Writer) -> list[str]:
    comment = batch.about or "Walks the key, filters inside each batch."
    name = _constant("BATCH", batch.following, writer, comment)
    quote = writer.quotes.text
    tried = [
        *_lines(
            writer,
            "cursor.execute(",
            name,
            f"{{{quote('after_0')}: after, {quote('size')}: size}}",
            indent=2 * INDENT,
        ),
        "        upto, count = cursor.fetchone()",
    ]
    done = [
        "    if upto is None:",
        "        break",
        "    after, changed, failed = upto, changed + count, 0",
    ]
    start = f"after, size, changed, failed = -(2**63), {step.batch:_}, 0, 0"
    return _looped(step, batch, writer, start=[start], tried=tried, done=done, shown="after")


def _by_key(step: Batched, batch: Batch, writer: Writer) -> list[str]:
    comment = batch.about or "Walks the key, filters inside each batch."
    first = _constant("FIRST_BATCH", batch.first, writer, comment)
    following = _constant("BATCH", batch.following, writer)
    key, size = writer.quotes.text("after_"), writer.quotes.text("size")
    tried = [
        *_lines(writer, "cursor.execute(", "batch", f"{{**after, {size}: size}}", indent=8),
        "        *upto, count = cursor.fetchone()",
    ]
    done = [
        "    if upto[0] is None:",
        "        break",
        f"    batch, after = {following}, {{{key} + str(at): one for at, one in enumerate(upto)}}",
        "    changed, failed = changed + count, 0",
    ]
    start = [
        f"batch, after, size = {first}, {{}}, {step.batch:_}",
        "changed, failed = 0, 0",
    ]
    shown = "upto[0]" if len(step.key) == 1 else "upto"
    return _looped(step, batch, writer, start=start, tried=tried, done=done, shown=shown)


def _walked(step: Batched, batch: Batch, writer: Writer) -> list[str]:
    comment = batch.about or "Walks the key, then changes what lies between two keys."
    first_keys = _constant("FIRST_KEYS", batch.walk_first, writer, comment)
    keys = _constant("KEYS", batch.walk_following, writer)
    first = _constant("FIRST_BATCH", batch.first, writer)
    following = _constant("BATCH", batch.following, writer)
    quote = writer.quotes.text
    change = ["        cursor.execute(batch, {**after, **upto})"]
    begins, goes_on = f"{first_keys}, {first}", f"    keys, batch = {keys}, {following}"
    names = "keys, batch"
    if batch.keep_first is not None:
        note = "Keeps old values, in the transaction of the batch."
        first_keep = _constant("FIRST_KEEP", batch.keep_first, writer, note)
        keep = _constant("KEEP", batch.keep_following, writer)
        writer.imports.add("from django.db import transaction")
        change = [
            "        with transaction.atomic(schema_editor.connection.alias):",
            "            cursor.execute(keep, {**after, **upto})",
            "            cursor.execute(batch, {**after, **upto})",
        ]
        names, begins = "keys, keep, batch", f"{first_keys}, {first_keep}, {first}"
        goes_on = f"    keys, keep, batch = {keys}, {keep}, {following}"
    upto, after = quote("upto_"), quote("after_")
    tried = [
        *_lines(writer, "cursor.execute(", "keys", f"{{**after, {quote('size')}: size}}", indent=8),
        "        last = cursor.fetchone()",
        "        if last[0] is None:",
        "            break",
        f"        upto = {{{upto} + str(at): one for at, one in enumerate(last)}}",
        *change,
    ]
    done = [
        "    changed, failed = changed + cursor.rowcount, 0",
        goes_on,
        f"    after = {{{after} + str(at): one for at, one in enumerate(last)}}",
    ]
    start = [
        f"{names}, after = {begins}, {{}}",
        f"size, changed, failed = {step.batch:_}, 0, 0",
    ]
    shown = "last[0]" if len(step.key) == 1 else "last"
    return _looped(step, batch, writer, start=start, tried=tried, done=done, shown=shown)


def _looped(
    step: Batched,
    batch: Batch,
    writer: Writer,
    *,
    start: Sequence[str],
    tried: Sequence[str],
    done: Sequence[str],
    shown: str,
) -> list[str]:
    """Return the loop around a batch: what is tried, and what follows when it was done."""
    quote = writer.quotes.text
    refused = retrying.not_passing(writer.dialect.name, "error.__cause__", writer.quotes)
    return [
        *(f"cursor.execute({quote(one)})" for one in batch.begin),
        *_begin(step, batch, writer),
        *start,
        "while True:",
        "    started = time.monotonic()",
        "    try:",
        *tried,
        "    except DatabaseError as error:",
        "        # A row stayed locked, or there was a deadlock: this batch changed nothing.",
        *(f"        {line}" for line in refused),
        "            raise",
        "        failed, size = failed + 1, max(100, size // 2)",
        "        time.sleep(failed)",
        "        continue",
        *done,
        *_pace(writer),
        *_log(step, shown, writer),
        "    time.sleep(seconds * REST)",
        *_wait(batch, writer),
        *(f"cursor.execute({quote(one)})" for one in batch.end),
    ]


def _begin(step: Batched, batch: Batch, writer: Writer) -> list[str]:
    """Return lines that say how far it will go, and that it may be stopped."""
    label = _label(step).replace("%", "%%")
    quote = writer.quotes.text
    if batch.last is None:
        return _lines(writer, "log.info(", quote(f"{label}: Ctrl-C is safe, run it again to go on"))
    return [
        *_lines(writer, "cursor.execute(", quote(batch.last)),
        "end = (cursor.fetchone() or [None])[0]",
        *_lines(
            writer,
            "log.info(",
            quote(f"{label}: up to %s; Ctrl-C is safe, run it again to go on"),
            "end",
        ),
    ]


def _wait(batch: Batch, writer: Writer) -> list[str]:
    if batch.lagging is None:
        return []
    name = _constant(
        "LAGGING",
        batch.lagging,
        writer,
        "While this finds a standby, the next batch waits: reads from standbys stay fresh.",
    )
    return [
        f"    cursor.execute({name})",
        "    while cursor.fetchone():",
        f"        log.info({writer.quotes.text('a standby is behind: waiting')})",
        "        time.sleep(1)",
        f"        cursor.execute({name})",
    ]


def _pace(writer: Writer) -> list[str]:
    size = f"    size = max(100, min(10_000, int(size * ({_PACE}))))"
    if len(size) + _INNER <= writer.width:
        return ["    seconds = time.monotonic() - started", size]
    return [
        "    seconds = time.monotonic() - started",
        f"    factor = {_PACE}",
        "    size = max(100, min(10_000, int(size * factor)))",
    ]


def _label(step: Batched) -> str:
    if isinstance(step, DeleteRows):
        return str(step.table)
    if isinstance(step, CopyRows):
        return str(step.target)
    return f"{step.table}.{', '.join(one.column for one in step.assignments)}"


def _log(step: Batched, shown: str, writer: Writer) -> list[str]:
    label, key = _label(step).replace("%", "%%"), ", ".join(step.key).replace("%", "%%")
    single = len(step.key) == 1
    text = f"{label}: {key} <= %s{' of %s' if single else ''}, %s rows changed"
    values = (shown, "end") if single else (shown,)
    quoted = writer.quotes.text(text)
    return _lines(writer, "log.info(", quoted, *values, "changed", indent=INDENT)
