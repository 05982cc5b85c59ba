"""Functions for RunPython: batches that walk a key, what stops first, builds that may be repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generators.django.batches import loop
from generators.django.writer import BODY, Writer
from generators.python.code import INDENT, Group, layout
from wizard.model.names import TableName, slugify
from wizard.model.steps import (
    AddIndex,
    Batched,
    CopyRows,
    DeleteRows,
    Impossible,
    Nothing,
    Require,
    Step,
    step_name,
)

_DROP = re.compile(r"(DROP INDEX CONCURRENTLY )(?!IF EXISTS )", re.IGNORECASE)
#: Where a function's statements stand: inside of it and of the cursor's block.
_INNER = BODY + INDENT


def needs_function(step: Step, writer: Writer) -> bool:
    """Tell whether a step is more than statements."""
    if isinstance(step, Batched):
        return bool(step.key)
    guarded = isinstance(step, AddIndex) and writer.dialect.index_state(step) is not None
    return isinstance(step, Require) or (guarded and writer.dialect.needs_own_transaction(step))


def stem_of(steps: Sequence[Step], suffix: str = "") -> str:
    """Return a name for a function that does some steps."""
    step = next((one for one in steps if not isinstance(one, Nothing | Require)), steps[0])
    match step:
        case Require():
            name = "check_rows"
        case CopyRows(target=target):
            name = f"copy_rows_to_{target.name}"
        case DeleteRows(table=table):
            name = f"delete_rows_of_{table.name}"
        case AddIndex(index=index):
            name = f"build_{index.name}"
        case _ if isinstance(step, Batched):
            name = f"fill_{step.table.name}"
        case _:
            name = step_name(step)
    return slugify(name + suffix, limit=50)


def repeatable(sql: str) -> str:
    """Return a statement that drops an index as one that may be run twice."""
    return _DROP.sub(r"\1IF EXISTS ", sql, count=1)


def function_of(steps: Sequence[Step], writer: Writer, stem: str) -> str:
    """Keep a function that does some steps one after the other; return its name."""
    acting = [one for one in steps if not isinstance(one, Nothing | Impossible)]
    body: list[str] = []
    told = ""
    for step in acting:
        if isinstance(step, Batched) and step.key:
            told = "Each batch commits by itself: stopping and running again is safe."
            body += loop(step, writer)
        elif isinstance(step, Require):
            body += _requirement(step, writer)
        elif needs_function(step, writer) and isinstance(step, AddIndex):
            body += _build(step, writer)
        else:
            for sql in writer.dialect.sql(step):
                body += _execute(repeatable(sql), writer)
    lines = [
        "with schema_editor.connection.cursor() as cursor:",
        *(f"{' ' * INDENT}{line}" if line else "" for line in body),
    ]
    return writer.function(stem, lines, told)


def refusal(reason: str, writer: Writer) -> str:
    """Keep a function that raises why there is no way back; return its name."""
    writer.imports.add("from django.db.migrations.exceptions import IrreversibleError")
    return writer.function("refuse", writer.raises("IrreversibleError", reason, 0), "")


def _lines(writer: Writer, open_: str, *items: str, indent: int = 0) -> list[str]:
    return layout(Group(open=open_, items=items), indent=indent, width=writer.width - _INNER)


def _execute(sql: str, writer: Writer, indent: int = 0) -> list[str]:
    room = writer.width - _INNER - indent - len("cursor.execute()")
    return _lines(writer, "cursor.execute(", writer.sql(sql, room), indent=indent)


def _requirement(step: Require, writer: Writer) -> list[str]:
    lines = _execute(step.query, writer)
    if not step.named:
        return [
            *lines,
            "if cursor.fetchone() is not None:",
            *_raised(writer, step.message, INDENT),
        ]
    between = writer.quotes.text(", ")
    return [
        *lines,
        "names = [name for name, *_ in cursor.fetchall()]",
        "if names:",
        f"{' ' * INDENT}listed = {between}.join(names)",
        f"{' ' * INDENT}raise RuntimeError({writer.quotes.text(step.message + ': ')} + listed)",
    ]


def _raised(writer: Writer, message: str, indent: int) -> list[str]:
    room = writer.width - _INNER - indent - INDENT
    literal = writer.quotes.sentence(message, width=room)
    pieces = literal.items if isinstance(literal, Group) else (literal,)
    glue = "" if isinstance(literal, Group) else ","
    return layout(
        Group(open="raise RuntimeError(", items=pieces, glue=glue),
        indent=indent,
        width=writer.width - _INNER,
    )


def _build(step: AddIndex, writer: Writer) -> list[str]:
    query = writer.dialect.index_state(step) or ""
    name = step.index.name
    quote = writer.quotes.text
    index = writer.dialect.table(TableName(name, step.table.schema))
    concurrently = "CONCURRENTLY " if writer.dialect.capabilities.concurrent_drop else ""
    created: list[str] = []
    for sql in writer.dialect.sql(step):
        created += _execute(sql, writer, INDENT)
    return [
        *_execute(query, writer),
        "state = cursor.fetchone()[0]",
        f"if state == {quote('different')}:",
        *_raised(
            writer,
            f"{name} exists with another definition: rename or drop it, then run again",
            INDENT,
        ),
        f"if state == {quote('invalid')}:",
        *_execute(f"DROP INDEX {concurrently}{index}", writer, INDENT),
        f"if state != {quote('valid')}:",
        *created,
    ]


def guarded_class(step: AddIndex, writer: Writer) -> str:
    """Keep a subclass of AddIndexConcurrently that may be run again; return its name."""
    writer.imports.add("from django.contrib.postgres.operations import AddIndexConcurrently")
    query = (writer.dialect.index_state(step) or "").strip().removesuffix(";")
    index = writer.dialect.table(TableName(step.index.name, step.table.schema))
    room = writer.width - len("INDEX_STATE = ")
    constant = writer.constant("INDEX_STATE", writer.sql(query, room))
    quote = writer.quotes.text
    message = f"{step.index.name} exists with another definition: rename or drop it, then run again"
    different = writer.quotes.sentence(message, width=writer.width - 20)
    pieces = different.items if isinstance(different, Group) else (different,)
    glue = "" if isinstance(different, Group) else ","
    drop = quote(f"DROP INDEX CONCURRENTLY {index}")
    name = "BuildIndex"
    writer.functions[name] = "\n".join(
        [
            f"class {name}(AddIndexConcurrently):",
            '    """Builds what is not there; drops first what an interrupted build left behind."""',
            "",
            "    def database_forwards(self, app_label, schema_editor, from_state, to_state):",
            "        with schema_editor.connection.cursor() as cursor:",
            f"            cursor.execute({constant})",
            "            state = cursor.fetchone()[0]",
            f"        if state == {quote('different')}:",
            *layout(
                Group(open="raise RuntimeError(", items=pieces, glue=glue),
                indent=12,
                width=writer.width,
            ),
            f"        if state == {quote('invalid')}:",
            *layout(
                Group(open="schema_editor.execute(", items=(drop, "params=None")),
                indent=12,
                width=writer.width,
            ),
            f"        if state != {quote('valid')}:",
            "            super().database_forwards(app_label, schema_editor, from_state, to_state)",
        ]
    )
    return name
