"""The indexes of a table's partitions, built in a loop: they differ in their names only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generators.alembic.indexes import create_index, drop_index
from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import INDENT, Group, Node, call, mapping, prefixed
from wizard.model.names import TableName
from wizard.model.steps import AddIndex, Step

_PARTITION, _INDEX = "migwiz_partition", "migwiz_index"
_TABLE_TEXT = re.compile(rf"'([^']*){_PARTITION}'")
_PARAMETERS = re.compile(r"(?:partition|index)\b")


def same_builds(steps: Sequence[Step], writer: Writer) -> tuple[AddIndex, ...]:
    """Return the builds at the start that differ only in the names of table and index."""
    found: list[AddIndex] = []
    for step in steps:
        if not isinstance(step, AddIndex) or not writer.dialect.needs_own_transaction(step):
            break
        if found and _unnamed(step) != _unnamed(found[0]):
            break
        found.append(step)
    return tuple(found)


def _unnamed(step: AddIndex) -> AddIndex:
    return replace(
        step, table=TableName(_PARTITION, step.table.schema), index=replace(step.index, name=_INDEX)
    )


def constant(name: str, steps: Sequence[AddIndex], writer: Writer) -> str:
    """Return the source of a constant: each partition's name with that of its index."""
    mark = writer.quotes.text
    pairs = [(mark(one.table.name), mark(one.index.name)) for one in steps]
    node = prefixed(f"{name} = ", mapping(pairs))
    lines = writer.lines(node, 0)
    return "\n".join(["# Each partition with the name of its index.", *lines])


def loop(name: str, helper: str, step: AddIndex, writer: Writer) -> list[str]:
    """Return the loop over a constant of that name; ``helper`` tells the state of an index."""
    inner = writer.narrower(INDENT)
    create = _with_variables(create_index(step.table, step.index, inner, concurrently=True), inner)
    drop = _with_variables(
        drop_index(step.table, step.index, inner, concurrently=True, sure=False), inner
    )
    different, invalid, absent = (
        writer.quotes.text(one) for one in ("different", "invalid", "absent")
    )
    told = "{index} exists with another definition: rename or drop it, then run again"
    sentence = writer.quotes.sentence(told, width=inner.width - 3 * INDENT - 1)
    pieces = sentence.items if isinstance(sentence, Group) else (sentence,)
    message: tuple[Node, ...] = (prefixed("f", pieces[0]), *pieces[1:])
    return [
        f"for partition, index in {name}.items():",
        f"    state = {helper}(partition, index)",
        f"    if state == {different}:",
        *inner.lines(Group(open="raise RuntimeError(", items=message, glue=""), 2 * INDENT),
        f"    if state == {invalid}:",
        *inner.lines(drop, 2 * INDENT),
        f"    if state in ({absent}, {invalid}):",
        *inner.lines(create, 2 * INDENT),
    ]


def _with_variables(node: Node, writer: Writer) -> Node:
    """Return the call with variables in place of the names of index and table."""
    if not isinstance(node, Group):
        return node
    index: Node = call("op.f", "index") if writer.marked_indexes else "index"
    return replace(node, items=(index, "partition", *node.items[2:]))


def state_function(name: str, step: AddIndex, writer: Writer) -> str:
    """Return the source of a function that tells the state of a partition's index."""
    query = writer.dialect.index_state(_unnamed(step)) or ""
    query = query.replace(f"'{_INDEX}'", ":index")
    query = _TABLE_TEXT.sub(_quoted, query)
    body = text.block(
        query.strip().removesuffix(";"),
        dialect=writer.dialect.name,
        quotes=writer.quotes,
        parameters=_PARAMETERS,
    )
    mark = writer.quotes.text
    values = f"{{{mark('partition')}: partition, {mark('index')}: index}}"
    return "\n".join(
        [
            f"def {name}(partition: str, index: str) -> str:",
            '    """Return "absent", "invalid", "valid" or "different"."""',
            *writer.lines(call("state = sa.text", body), INDENT),
            f"    return op.get_bind().scalar(state, {values})",
        ]
    )


def _quoted(match: re.Match[str]) -> str:
    name = "quote_ident(:partition)"
    return f"'{match.group(1)}' || {name}" if match.group(1) else name
