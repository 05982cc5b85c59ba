"""What is built on a partitioned table while writes go on: on each partition, then on the parent.

The parent takes the finished indexes of its partitions in, in a moment during which writes to all
of them wait and reads go on. Attaching them one by one would hold each partition's index in a mode
that stops reads too, and wait for every reader: measured by tests/rehearsal/test_partitions.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.dialects.base import Dialect
from wizard.dialects.lexing import Token, Unreadable, tokens, unquoted
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import TableName, fit_name
from wizard.model.plan import Change
from wizard.model.schema import Index, Table
from wizard.model.spreading import part_of
from wizard.model.steps import AddIndex, DropIndex, LockTables, Require, Step
from wizard.operations.base import Context
from wizard.operations.phases import Refusal

#: What a partition that the plan does not know may hold, to be indexed while writes wait.
SMALL_BYTES = 10 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A partitioned table with all its partitions.

    ``leaves`` hold the rows; ``branches`` are partitioned themselves, each behind its own.
    """

    table: Table
    leaves: tuple[Table, ...]
    branches: tuple[Table, ...]

    @property
    def names(self) -> tuple[TableName, ...]:
        """The names of all partitions."""
        return tuple(one.name for one in (*self.branches, *self.leaves))

    def parts(self, name: str) -> dict[TableName, str]:
        """Return the indexes that belong to the table's index of that name, by partition."""
        found: dict[TableName, str] = {}
        above = {self.table.name: name}
        for one in (*reversed(self.branches), *self.leaves):
            whole = above.get(one.partition_of or self.table.name)
            own = next((each.name for each in one.indexes if each.inherits == whole), None)
            if whole is not None and own is not None:
                found[one.name] = above[one.name] = own
        return found


def tree_of(context: Context, table: Table) -> Tree:
    """Return a partitioned table with all its partitions, which are read for it."""
    leaves: list[Table] = []
    branches: list[Table] = []
    for name in table.partitions:
        one = context.tables(name)
        if one.kind == "partitioned":
            below = tree_of(context, one)
            leaves += below.leaves
            branches += [*below.branches, one]
        else:
            leaves.append(one)
    return Tree(table=table, leaves=tuple(leaves), branches=tuple(branches))


def one_by_one(context: Context, table: Table) -> bool:
    """Tell whether something has to be built on each partition on its own, so that writes go on."""
    return (
        table.kind == "partitioned"
        and context.dialect.capabilities.partitions_are_tables
        and context.dialect.capabilities.concurrent_index
        and not context.rollout.direct
    )


def build_index(context: Context, table: Table, index: Index) -> tuple[Change, ...]:
    """Return the changes of one file that index a partitioned table, part by part (PG-13).

    While writes go on, unless the rollout says that they may wait. The way back, which stands at
    the last change, drops the parent's index and with it those of the partitions; an index that a
    partition had before is built again. Raises Refusal where the index would be unique and lacks a
    column by which the table is partitioned.
    """
    tree = tree_of(context, table)
    concurrently = one_by_one(context, table)
    if index.unique:
        require_key(context, tree, index.columns, what="unique index")
    add = AddIndex(table=table.name, index=index)
    known = tree.parts(index.name)
    done = having(tree, add)

    def named(part: Table) -> Index:
        return replace(
            index, name=known.get(part.name) or part_name(context, table, index.name, part)
        )

    builds = (
        change(AddIndex(table=leaf.name, index=named(leaf), concurrently=concurrently), undo=())
        for leaf in tree.leaves
        if leaf.kind != "foreign" and leaf.name not in done
    )
    parents = (
        AddIndex(table=one.name, index=named(one), ready=tree_of(context, one).names)
        for one in tree.branches
        if one.name not in done
    )
    back = drop_whole(context, tree, index, concurrently=concurrently)
    return (
        *builds,
        *(taking_in(context, tree, "share") if concurrently else ()),
        *(change(one, undo=()) for one in parents),
        change(replace(add, ready=tree.names), undo=back),
    )


def having(tree: Tree, add: Step) -> frozenset[TableName]:
    """Return the partitions that have such a thing of their own, or through one above them."""
    found: set[TableName] = set()
    for one in (*reversed(tree.branches), *tree.leaves):
        if part_of(add, one) is not None or one.partition_of in found:
            found.add(one.name)
    return frozenset(found)


def taking_in(context: Context, tree: Tree, mode: str) -> tuple[Change, ...]:
    """Return what comes before a parent takes in what its partitions have: a lock, and a look.

    The lock on the parent, which holds for all partitions, is the only one that is waited for.
    """
    known = tuple(one.name for one in tree.leaves)
    query = context.dialect.unknown_partitions(tree.table.name, known, over_bytes=SMALL_BYTES)
    found: list[Step] = []
    if context.dialect.capabilities.lock_tables:
        found.append(LockTables(tables=(tree.table.name,), mode=mode))
    if query is not None:
        message = (
            f"{tree.table.name} has partitions here that were not there when this was planned, and "
            "too large to be dealt with while writes wait: plan it against this database"
        )
        look = Require(query=query, message=message, table=tree.table.name, named=True)
        found.append(look)
    return tuple(change(one, undo=()) for one in found)


def drop_whole(
    context: Context, tree: Tree, index: Index, *, concurrently: bool
) -> tuple[Step, ...]:
    """Return the way back of a parent's index; what partitions had of their own is built again."""
    add = AddIndex(table=tree.table.name, index=index)
    found: list[Step] = [DropIndex(table=tree.table.name, index=index)]
    for one in (*tree.leaves, *tree.branches):
        own = one.index(part_of(add, one) or "")
        if own is None:
            continue
        if one.kind == "partitioned" and concurrently:
            found += [each.step for each in build_index(context, one, own)]
        else:
            found.append(AddIndex(table=one.name, index=own, concurrently=concurrently))
    return tuple(found)


def part_name(context: Context, table: Table, name: str, partition: Table) -> str:
    """Return a free name for a partition's part: the parent's with the partition's in it."""
    own, whole = partition.name.name, table.name.name
    stem = name.replace(whole, own) if whole in name else f"{own}_{name}"
    limit = context.dialect.capabilities.name_bytes
    taken = {one.name for one in partition.indexes if one.valid}
    taken |= {one.name for one in partition.constraints if one.name}
    found, number = fit_name(stem, limit=limit), 2
    while found in taken:
        found, number = fit_name(f"{stem}_{number}", limit=limit), number + 1
    return found


def require_key(context: Context, tree: Tree, columns: tuple[str, ...], *, what: str) -> None:
    """Raise Refusal unless the columns hold all by which the table and its branches are partitioned.

    The server enforces uniqueness in each partition alone, so that equal rows must land in one.
    """
    foreign = [one.name for one in tree.leaves if one.kind == "foreign"]
    if foreign:
        raise Refusal(
            danger(
                "foreign-partition",
                f"{', '.join(map(str, foreign))} of {tree.table.name} is a foreign table, which "
                f"can hold no {what}.",
                why="Its rows lie in another database.",
                safer="Make each partition unique that is none (migwiz add-index --unique).",
            )
        )
    for one in (tree.table, *tree.branches):
        names = key_columns(context, one)
        if names is None:
            raise Refusal(
                danger(
                    "partition-key-expression",
                    f"{one.name} is partitioned by an expression, {one.partition_key}: no {what} "
                    "can be added to it.",
                    why="The server cannot tell from the columns in which partition an equal row "
                    "would be.",
                    safer="Make each partition unique (each is a table of its own): rows of "
                    "different partitions may then still be equal.",
                )
            )
        missing = [name for name in names if name not in columns]
        if missing:
            raise Refusal(
                danger(
                    "partition-key-missing",
                    f"A {what} of {tree.table.name} must hold {', '.join(missing)} as well, by "
                    f"which {one.name} is partitioned.",
                    why="The server keeps rows apart within each partition only, so that equal "
                    "ones must land in the same.",
                    safer=f"Add {', '.join(missing)} to the columns, or make each partition "
                    "unique (each is a table of its own).",
                )
            )


def key_columns(context: Context, table: Table) -> tuple[str, ...] | None:
    """Return the columns by which a table is partitioned, None where an expression is in the way.

    Where partitions are no tables, what an expression reads counts.
    """
    if not context.dialect.capabilities.partitions_are_tables:
        words = partitioning(table, context.dialect)
        return tuple(one.name for one in table.columns if one.name in words)
    names: list[str] = []
    fresh = True
    found = _key_tokens(table, context.dialect)
    for at, one in enumerate(found):
        after = found[at + 1].text if at + 1 < len(found) else ""
        if one.text == "," and one.depth == 0:
            fresh = True
        elif fresh:
            if one.kind not in ("word", "name") or after == "(":
                return None
            names.append(unquoted(one, context.dialect.name))
            fresh = False
    return tuple(names)


def partitioning(table: Table, dialect: Dialect) -> frozenset[str]:
    """Return the names that say by what a table is partitioned, its columns among them."""
    found = _key_tokens(table, dialect)
    return frozenset(unquoted(one, dialect.name) for one in found if one.kind in ("word", "name"))


def _key_tokens(table: Table, dialect: Dialect) -> tuple[Token, ...]:
    text = table.partition_key or ""
    try:
        return tokens(text[text.find("(") + 1 : text.rfind(")")], dialect.name)
    except Unreadable:
        return ()


def partition_findings(
    context: Context, table: Table, what: str, *, reads_wait: bool = False
) -> tuple[Finding, ...]:
    """Say what building on each partition means; ``what`` is an index or a constraint."""
    count = len(tree_of(context, table).leaves)
    waiting = "reads and writes of all of them wait for a moment"
    if not reads_wait:
        waiting = "writes to all of them wait for a moment; reads go on"
    return (
        info(
            "partition-by-partition",
            f"{table.name} has {count} {'partition' if count == 1 else 'partitions'}: each gets its "
            f"{what} on its own while reads and writes go on. Then {table.name} takes them in, for "
            f"which {waiting}.",
            why="Nothing can be built concurrently on a partitioned table as a whole.",
            reference="PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently",
        ),
        warning(
            "partitions-of-this-database",
            f"The files name the partitions that {table.name} has in this database.",
            why="A database with others stops before the parent is touched, unless they are small.",
            safer="Plan against the database on which it will run.",
        ),
        warning(
            "partitioned-way-back",
            f"The way back drops the {what} of {table.name} with those of its partitions: reads "
            "and writes of all of them wait for a moment.",
            why="There is no concurrent way to drop what belongs to a partitioned table.",
            safer=f"It waits at most {context.rollout.lock_budget_ms} ms for the lock and can be "
            "run again.",
            reference="PostgreSQL manual, DROP INDEX, CONCURRENTLY",
        ),
    )
