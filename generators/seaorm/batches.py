"""Batches in Rust: a loop that walks an integer key, each batch its own transaction."""

from __future__ import annotations

import re

from generators.seaorm.rust import INDENT, call, indented, statement, string
from generators.seaorm.sqltext import literal
from generators.seaorm.words import Writer
from generators.sql.statements import tidy
from wizard.dialects.parameters import rebind
from wizard.model.steps import Batched, CopyRows, DeleteRows

_TYPES = {"smallint": "i16", "integer": "i32", "bigint": "i64"}
_SIGNED = re.compile(r"(tiny|small|medium|big)?int(eger)?(\(\d+\))?", re.IGNORECASE)
#: What `rebind` writes for psycopg: a doubled percent sign, or one of our own names.
_MARK = re.compile(r"%%|%\((\w+)\)s")


def walks(step: Batched, writer: Writer) -> bool:
    """Tell whether a loop can hold the key in a variable: one integer with a sign."""
    return len(step.key) == 1 and _type(step, writer) is not None


def _type(step: Batched, writer: Writer) -> str | None:
    if writer.dialect.name == "postgresql":
        return _TYPES.get(step.key_types[0])
    return "i64" if _SIGNED.fullmatch(step.key_types[0]) else None


def loop(step: Batched, writer: Writer, *, indent: int) -> list[str]:
    """Return the loop's lines; it prints how far it has come every ten seconds."""
    batch = writer.dialect.batch(step)
    kind = _type(step, writer) or "i64"
    inner = indent + INDENT
    counted = batch.walk_following is None
    ask = "query_one_raw" if writer.modern else "query_one"
    run = "execute_raw" if writer.modern else "execute"
    walk = batch.following if batch.walk_following is None else batch.walk_following
    body = [
        "let started = Instant::now();",
        *_bound(walk, "batch" if counted else "keys", writer, inner),
        f"let Some(row) = db.{ask}({'batch' if counted else 'keys'}).await? else {{",
        "    break;",
        "};",
        f'let Some(last) = row.try_get::<Option<{kind}>>("", "last_0")? else {{',
        "    break;",
        "};",
    ]
    if counted:
        body.append('changed += row.try_get::<i64>("", "changed")?;')
    else:
        body += _bound(batch.following, "batch", writer, inner)
        body.append(f"changed += db.{run}(batch).await?.rows_affected();")
    told = call("eprintln!", string(_label(step) + " <= {after}, {changed} rows changed"))
    body += [
        "after = last;",
        "size = if started.elapsed() < Duration::from_millis(200) {",
        "    Ord::min(size * 6 / 5, 10_000)",
        "} else {",
        "    Ord::max(size / 2, 100)",
        "};",
        "if told.elapsed() > Duration::from_secs(10) {",
        *indented(statement(told, indent=inner + INDENT), INDENT),
        "    told = Instant::now();",
        "}",
    ]
    return [
        "// Walks the key, filters inside each batch: the last is as fast as the first.",
        "// Each batch commits by itself: stopping and running again is safe.",
        f"let mut after = {kind}::MIN;",
        f"let mut size: i64 = {step.batch:_};",
        f"let mut changed: {'i64' if counted else 'u64'} = 0;",
        "let mut told = Instant::now();",
        "loop {",
        *indented(body, INDENT),
        "}",
    ]


def _bound(sql: str, name: str, writer: Writer, indent: int) -> list[str]:
    """Return the lines that make a statement with its values."""
    text, values = numbered(sql, writer)
    listed = ", ".join(f"{one}.into()" for one in values)
    node = call(
        "Statement::from_sql_and_values",
        "db.get_database_backend()",
        literal(tidy(text, dialect=writer.dialect.name), writer.dialect, indent=indent + INDENT),
        f"[{listed}]",
    )
    return statement(node, indent=indent, before=f"let {name} = ")


def numbered(sql: str, writer: Writer) -> tuple[str, tuple[str, ...]]:
    """Return a batch's SQL with the engine's own marks, and the loop's variables for them."""
    names = {"size": "size", "after_0": "after", "upto_0": "last"}
    known: list[str] = []
    postgresql = writer.dialect.name == "postgresql"

    def mark(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%"
        variable = names[match[1]]
        if not postgresql:
            known.append(variable)
            return "?"
        if variable not in known:
            known.append(variable)
        return f"${known.index(variable) + 1}"

    style = rebind(sql, "psycopg", writer.dialect.name)
    return _MARK.sub(mark, style), tuple(known)


def _label(step: Batched) -> str:
    """Return what is filled up to which key, as a format string."""
    if isinstance(step, DeleteRows):
        what = str(step.table)
    elif isinstance(step, CopyRows):
        what = str(step.target)
    else:
        what = f"{step.table}.{', '.join(one.column for one in step.assignments)}"
    return f"{what}: {step.key[0]}".replace("{", "{{").replace("}", "}}")
