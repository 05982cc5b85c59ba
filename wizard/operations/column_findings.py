"""What there is to know before a column goes: what goes with it, and what the way back costs."""

from __future__ import annotations

from wizard.dialects.base import Size
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.schema import Check, Column, Exclusion, Index, Table, Unique
from wizard.model.steps import AddColumn
from wizard.operations.base import Context
from wizard.operations.blocks import rebuild_finding
from wizard.operations.column_archive import archive_of
from wizard.operations.column_uses import indexes_on, keys_on, rules_on
from wizard.operations.common import human_count


def drop_findings(
    context: Context, table: Table, column: Column, *, archive: str, loosened: bool
) -> tuple[Finding, ...]:
    """Return what to know about dropping a column."""
    name = f"{table.name}.{column.name}"
    found: list[Finding] = []
    if not context.rollout.stopped:
        found.append(
            warning(
                "drop-breaks-old-code",
                f"Code that names {name} fails from the moment it is gone: each query of a model "
                "that knows it, each SELECT and INSERT with it.",
                why="Old instances run until the last one is replaced.",
                safer="Deploy the code that no longer names it first; the gate says so.",
            )
        )
    found += _indexes(context, table, column)
    found += _rules(table, column)
    found += _values(context, table, column, archive=archive)
    if loosened:
        found.append(
            info(
                "rows-without-column",
                f"First rows can be written without {name}, which today is required and has no "
                "default.",
                why="New code that leaves the column out would fail at each INSERT.",
            )
        )
    found += _way_back(context, table, column, archive=archive)
    if table.triggers:
        listed = ", ".join(one.name for one in table.triggers)
        found.append(
            warning(
                "trigger-bodies",
                f"{listed} may name {column.name} in a function's body, which nobody checks.",
                why="The server looks at a function's text only when it runs.",
                safer=f"Read them, and take {column.name} out before contract.",
            )
        )
    return tuple(found)


def _indexes(context: Context, table: Table, column: Column) -> list[Finding]:
    """Name the indexes that also serve something else."""
    found = []
    for index in indexes_on(table, column.name, context):
        if index.columns == (column.name,) and not index.include and index.where is None:
            continue
        rest = [one for one in (*index.columns, *index.include) if one != column.name]
        what = f"{index.name} ({_shown(index)}) goes with {column.name}"
        if index.unique:
            what += ", and with it the rule that no two rows are equal there"
        found.append(
            warning(
                "index-goes-with-column",
                f"{what}.",
                why="Queries that it served read the whole table then."
                if rest
                else "It cannot be without the column.",
                safer=f"If they still run: migwiz add-index --table {table.name} "
                f"--columns {','.join(rest)}"
                if rest
                else "",
            )
        )
    return found


def _shown(index: Index) -> str:
    keys = ", ".join(part.column or part.expression or "" for part in index.parts)
    text = f"{keys} include {', '.join(index.include)}" if index.include else keys
    return f"{text} where {index.where}" if index.where else text


def _rules(table: Table, column: Column) -> list[Finding]:
    """Name the constraints that go with the column and say something of other columns too."""
    found = []
    for rule in rules_on(table, column.name):
        shared = [one for one in rule.columns if one != column.name]
        if not shared and not isinstance(rule, Exclusion):
            continue
        rest = f"--table {table.name} --columns {','.join(shared)}"
        match rule:
            case Check(expression=expression):
                said, again = expression, f"migwiz add-check --table {table.name}"
            case Unique(columns=columns):
                said, again = f"unique ({', '.join(columns)})", f"migwiz add-unique {rest}"
            case Exclusion(definition=definition):
                said, again = definition, "Its index cannot be built again without a lock."
        found.append(
            warning(
                "rule-goes-with-column",
                f"{rule.name or 'A rule'} ({said}) goes with {column.name}.",
                why="It also says something of the other columns, which nothing checks then.",
                safer=f"If that still matters: {again}"
                if not isinstance(rule, Exclusion)
                else again,
            )
        )
    for key in keys_on(table, column.name):
        found.append(
            info(
                "key-goes-with-column",
                f"{key.name or 'Its foreign key'} to {key.ref_table} goes first, in a transaction "
                "of its own.",
                why="Dropping it locks both tables: together with other changes that is how "
                "deadlocks happen.",
            )
        )
    return found


def _values(context: Context, table: Table, column: Column, *, archive: str) -> list[Finding]:
    name, size = f"{table.name}.{column.name}", context.size(table)
    if column.generated is not None:
        return []
    if archive != "table":
        until = "when it is dropped at last" if archive == "tombstone" else "with the column"
        return [
            danger(
                "values-go-with-column",
                f"The values of {name} are gone {until}: the downgrade brings it back empty.",
                why="Nobody keeps them.",
                safer="Keep them with --archive table.",
            )
        ]
    kept = archive_of(context, table, column)
    if kept is None:
        return []
    many = "each row's value" if size.rows is None else f"up to {human_count(size.rows)} values"
    found = [
        info(
            "archive-kept",
            f"{kept.kept.name} keeps {many} of {name}, by key. It stays until you drop it, and "
            "only until then is the way back complete.",
            why="A copy costs its space on disk, and the time to fill it in batches.",
            safer=f"When nobody can want the column back: migwiz drop-table --table "
            f"{kept.kept.name}. Tell your framework's autogenerate to leave it alone.",
        )
    ]
    if column.default is None and not column.nullable:
        found.append(
            warning(
                "null-blocks-way-back",
                f"The way back stops at rows that were written without {name}.",
                why=f"{column.name} is required, and nobody knows what they should hold.",
                safer="Fill them when the column is back, then go on.",
            )
        )
    return found


def _way_back(context: Context, table: Table, column: Column, *, archive: str) -> list[Finding]:
    """Say where bringing the column back holds a lock for long, or copies the table."""
    found: list[Finding] = []
    add = AddColumn(table=table.name, column=column)
    if context.dialect.supports(AddColumn) is not None:
        return found
    bound = rules_on(table, column.name) or keys_on(table, column.name)
    if bound and not context.dialect.capabilities.add_constraint:
        found.append(rebuild_finding(context, table))
        return found
    computed = column.generated is not None or (column.identity is not None and archive != "table")
    if not computed or context.rollout.direct or context.dialect.supports(add) is not None:
        return found
    if context.dialect.lock(add, Size()).work == "rewrite":
        found.append(
            danger(
                "way-back-rewrites",
                f"The way back writes {table.name} anew while nobody can read or write it.",
                why=f"{column.name} is worked out for each row when it is added.",
                safer="Plan the way back for a maintenance window"
                + (
                    ", or keep the numbers with --archive table."
                    if column.identity is not None
                    else "."
                ),
            )
        )
    return found
