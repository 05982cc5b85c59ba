"""Batches in Rust: a loop that walks an integer key, each batch its own transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generators import retrying
from generators.seaorm.rust import INDENT, call, chain, indented, statement, string
from generators.seaorm.sqltext import literal
from generators.seaorm.words import Writer
from generators.sql.statements import tidy
from wizard.dialects.base import Batch
from wizard.dialects.parameters import rebind
from wizard.model.steps import Batched, CopyRows, DeleteRows

_TYPES = {"smallint": "i16", "integer": "i32", "bigint": "i64", "tid": "i64"}
_SIGNED = re.compile(r"(tiny|small|medium|big)?int(eger)?(\(\d+\))?|rowid", re.IGNORECASE)
_ABOUT = "Walks the key, filters inside each batch: the last is as fast as the first."
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
    again = [
        f"    Err(error) if failed < {retrying.ATTEMPTS} => {{",
        "        // A row stayed locked, or a deadlock: this batch changed nothing.",
        "        failed += 1;",
        "        size = Ord::max(size / 2, 100);",
        '        eprintln!("{error}: trying again in {failed} s");',
        "        std::thread::sleep(Duration::from_secs(failed));",
        "        continue;",
        "    }",
    ]
    body = ["let started = Instant::now();"]
    if counted:
        body += [
            *_bound(batch.following, "batch", writer, inner),
            f"let row = match db.{ask}(batch).await {{",
            *again,
            "    other => other?,",
            "};",
            "let Some(row) = row else {",
        ]
    else:
        body += [
            *_bound(batch.walk_following or "", "keys", writer, inner),
            f"let Some(row) = db.{ask}(keys).await? else {{",
        ]
    body += [
        "    break;",
        "};",
        f'let Some(last) = row.try_get::<Option<{kind}>>("", "last_0")? else {{',
        "    break;",
        "};",
    ]
    if counted:
        body.append('changed += row.try_get::<i64>("", "changed")?;')
    else:
        body += [
            *_bound(batch.following, "batch", writer, inner),
            f"changed += match db.{run}(batch).await {{",
            *again,
            "    other => other?.rows_affected(),",
            "};",
        ]
    told = call("eprintln!", string(_label(step) + " <= {after}, {changed} rows changed"))
    body += [
        "(after, failed) = (last, 0);",
        "size = if started.elapsed() < Duration::from_millis(200) {",
        "    Ord::min(size * 6 / 5, 10_000)",
        "} else {",
        "    Ord::max(size / 2, 100)",
        "};",
        "if told.elapsed() > Duration::from_secs(10) {",
        *indented(statement(told, indent=inner + INDENT), INDENT),
        "    told = Instant::now();",
        "}",
        "std::thread::sleep(started.elapsed().mul_f64(REST));",
    ]
    if batch.lagging is not None:
        body += [
            f"while db.{ask}(lagging.clone()).await?.is_some() {{",
            "    std::thread::sleep(Duration::from_secs(1));",
            "}",
        ]
    return [
        f"// {batch.about or _ABOUT}",
        "// Each batch commits by itself: stopping and running again is safe.",
        *_session(batch.begin, writer, indent),
        *_lagging(batch, writer, indent),
        f"// {retrying.ABOUT_REST}",
        f"const REST: f64 = {retrying.REST};",
        f"let mut after = {kind}::MIN;",
        f"let mut size: i64 = {step.batch:_};",
        f"let mut changed: {'i64' if counted else 'u64'} = 0;",
        "let mut failed = 0;",
        "let mut told = Instant::now();",
        "loop {",
        *indented(body, INDENT),
        "}",
        *_session(batch.end, writer, indent),
    ]


def _session(statements: Sequence[str], writer: Writer, indent: int) -> list[str]:
    lines: list[str] = []
    for one in statements:
        run = call("execute_unprepared", literal(one, writer.dialect, indent=indent + INDENT))
        lines += statement(chain("db", run, "await?"), indent=indent)
    return lines


def _lagging(batch: Batch, writer: Writer, indent: int) -> list[str]:
    """Return what finds out whether reads from standbys are old by now."""
    if batch.lagging is None:
        return []
    node = call(
        "Statement::from_string",
        "db.get_database_backend()",
        literal(batch.lagging, writer.dialect, indent=indent + INDENT),
    )
    return [
        "// While this finds a standby, the next batch waits: reads from standbys stay fresh.",
        *statement(node, indent=indent, before="let lagging = "),
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
