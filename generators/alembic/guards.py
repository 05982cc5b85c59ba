"""What stops or repairs before it acts: requirements, and index builds that may be repeated."""

from __future__ import annotations

from generators.alembic.indexes import create_index, drop_index
from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import INDENT, Group, call, flat
from generators.python.prose import docstring_text
from wizard.dialects.flavours import in_own_words
from wizard.model.steps import AddIndex, Require


def requirement(step: Require, writer: Writer) -> list[str]:
    """Return lines that raise the message when the query finds a row."""
    quotes = writer.quotes
    sql = step.query.strip().removesuffix(";")
    if step.named:
        return _named_requirement(step, sql, writer)
    whole = f"if op.get_bind().execute({flat(text.expression(sql, quotes))}).first() is not None:"
    if "\n" not in sql and len(whole) <= writer.width:
        lines = [whole]
    else:
        room = writer.width - len("offending = sa.text()")
        literal = text.statement(sql, dialect=writer.dialect.name, quotes=quotes, width=room)
        lines = writer.lines(call("offending = sa.text", literal), 0)
        lines.append("if op.get_bind().execute(offending).first() is not None:")
    return [*lines, *writer.raises("RuntimeError", step.message, INDENT)]


def _named_requirement(step: Require, sql: str, writer: Writer) -> list[str]:
    """Return lines that raise the message with the names that the query finds."""
    room = writer.width - len("unknown = sa.text()")
    literal = text.statement(sql, dialect=writer.dialect.name, quotes=writer.quotes, width=room)
    between = writer.quotes.text(", ")
    sentence = writer.quotes.sentence(f"{step.message}: ", width=writer.width - 2 * INDENT)
    pieces = sentence.items if isinstance(sentence, Group) else (sentence,)
    *before, last = pieces
    return [
        *writer.lines(call("query = sa.text", literal), 0),
        "names = op.get_bind().execute(query).scalars().all()",
        "if names:",
        *writer.lines(
            Group(
                open="raise RuntimeError(",
                items=(*before, f"{last} + {between}.join(names)"),
                glue="",
            ),
            INDENT,
        ),
    ]


def guarded_build(step: AddIndex, helper: str | None, writer: Writer) -> list[str]:
    """Return a build outside a transaction that looks first; ``helper`` is the function that tells the state."""
    if in_own_words(writer.dialect, step):
        create = [line for sql in writer.dialect.sql(step) for line in writer.execute(sql, INDENT)]
    else:
        built = create_index(step.table, step.index, writer, concurrently=step.concurrently)
        create = writer.lines(built, INDENT)
    if helper is None:
        return [line[INDENT:] for line in create]
    concurrently = step.concurrently and writer.dialect.capabilities.concurrent_drop
    drop = drop_index(step.table, step.index, writer, concurrently=concurrently, sure=False)
    different, invalid, absent = (
        writer.quotes.text(one) for one in ("different", "invalid", "absent")
    )
    message = f"{step.index.name} exists with another definition: rename or drop it, then run again"
    return [
        f"state = {helper}()",
        f"if state == {different}:",
        *writer.raises("RuntimeError", message, INDENT),
        f"if state == {invalid}:",
        *writer.lines(drop, INDENT),
        f"if state in ({absent}, {invalid}):",
        *create,
    ]


def state_function(name: str, step: AddIndex, query: str, writer: Writer) -> str:
    """Return the source of a function that tells an index's state."""
    mark = writer.quotes.text
    listed = ", ".join(mark(one) for one in ("absent", "invalid", "valid"))
    literal = text.statement(
        query.strip().removesuffix(";"), dialect=writer.dialect.name, quotes=writer.quotes, width=0
    )
    index = docstring_text(step.index.name)
    told = listed.replace("'", '"') + ' or "different"'
    return "\n".join(
        [
            f"def {name}() -> str:",
            f'    """Return {told}, by the definition of {index}."""'
            if len(told) + len(index) + 36 <= writer.width
            else f'    """Return {told}."""',
            *writer.lines(call("state = sa.text", literal), INDENT),
            "    return op.get_bind().scalar(state)",
        ]
    )
