"""What SeaORM 1 cannot run on PostgreSQL, whose whole run is one transaction: scripts for psql.

A person runs the script beside the crate before the migration, which then only looks whether all
of it is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from generators.seaorm.guards import query, refuse, state
from generators.seaorm.rust import INDENT, indented, statement
from generators.seaorm.splitting import Group
from generators.seaorm.words import Writer
from generators.sql.parts import parts_of
from wizard.dialects.base import Dialect
from wizard.dialects.remaining import rows_left
from wizard.model.steps import (
    AddEnumValue,
    AddIndex,
    Backfill,
    CopyRows,
    DeleteRows,
    DropIndex,
    Require,
    Step,
    ValidateConstraint,
)


def script(steps: Sequence[Step], header: Sequence[str], dialect: Dialect) -> str:
    """Return the script's text: each statement by itself, stopping at the first that fails."""
    lines = [*(f"-- {line}".rstrip() for line in header), "", "\\set ON_ERROR_STOP on"]
    for part in parts_of(steps, dialect, one_statement=False):
        for one in part.statements:
            lines.append("")
            lines += [f"-- {line}".rstrip() for line in one.note.splitlines()]
            if one.sql:
                lines.append(f"{one.sql};")
    return "\n".join(lines) + "\n"


def checks(groups: Sequence[Group], file: str, writer: Writer, *, indent: int) -> list[str]:
    """Return lines that end the migration unless the steps of its script were run."""
    lines: list[str] = []
    for step in (one for group in groups if group.alone for one in group.steps):
        if isinstance(step, Require):
            continue
        if lines:
            lines.append("")
        lines += _check(step, file, writer, indent)
    return lines


def _check(step: Step, file: str, writer: Writer, indent: int) -> list[str]:
    inner = indent + INDENT
    run = f'run psql "$DATABASE_URL" -f {file} first, then this migration'
    match step:
        case AddIndex(index=index):
            asked = writer.dialect.index_state(step) or ""
            return [
                *state(asked, writer, indent=indent),
                'if state != "valid" {',
                *indented(
                    refuse(f"{index.name} is not there or not valid: {run}", indent=inner), 4
                ),
                "}",
            ]
        case DropIndex(table=table, index=index):
            asked = writer.dialect.index_state(AddIndex(table=table, index=index)) or ""
            return [
                *state(asked, writer, indent=indent),
                'if state != "absent" {',
                *indented(refuse(f"{index.name} is still there: {run}", indent=inner), 4),
                "}",
            ]
        case _:
            asked, problem = _left(step, writer)
            return [
                *statement(
                    query(asked, writer, indent=indent), indent=indent, before="let left = "
                ),
                "if left.is_some() {",
                *indented(refuse(f"{problem}: {run}", indent=inner), INDENT),
                "}",
            ]


def _left(step: Step, writer: Writer) -> tuple[str, str]:
    """Return a query that finds a row while a step was not done, and what that means."""
    dialect = writer.dialect
    match step:
        case ValidateConstraint(table=table, constraint=constraint):
            name = constraint.name or ""
            where = (
                f"conrelid = to_regclass({dialect.literal(dialect.table(table))})\n"
                f"        AND conname = {dialect.literal(name)}\n"
                "        AND convalidated"
            )
            asked = f"SELECT 1\nWHERE NOT EXISTS (\n    SELECT 1 FROM pg_constraint\n    WHERE {where}\n)"
            return asked, f"{name} is not validated"
        case AddEnumValue(enum=enum, value=value):
            kind = dialect.literal(dialect.table(enum.name))
            asked = (
                "SELECT 1\nWHERE NOT EXISTS (\n    SELECT 1 FROM pg_enum\n"
                f"    WHERE enumtypid = to_regtype({kind})\n"
                f"        AND enumlabel = {dialect.literal(value)}\n)"
            )
            return asked, f"{enum.name} does not know {value} yet"
        case Backfill() | CopyRows() | DeleteRows():
            left = rows_left(step, dialect)
            if left is None:
                raise AssertionError(f"rows of {step.table} do not show whether they are done")
            return left, f"{step.table} has rows that are not done"
        case _:
            raise AssertionError(f"no script runs {type(step).__name__}")
