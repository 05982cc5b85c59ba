"""What a plan takes from subscribers of logical replication: the index by which they find rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from wizard.model.findings import Finding, danger
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply
from wizard.model.steps import RenameConstraint, RenameIndex, RenameTable, Step
from wizard.operations.online_work import existing_tables


def told(plan: Plan, table_of: Callable[[TableName], Table]) -> Plan:
    """Return the plan with a finding for each replica identity that it drops.

    PostgreSQL keeps no replica identity when its index goes, even where another index takes over
    the name (PostgreSQL manual, ALTER TABLE, REPLICA IDENTITY).
    """
    steps = [step for migration in plan.migrations for step in migration.up]
    names = dict.fromkeys(name for step in steps for name in existing_tables(step))
    if not any(table_of(name).replica_identity for name in names):
        return plan
    schema = Schema()
    held: dict[TableName, str] = {}
    lost: list[Finding] = []
    for step in steps:
        for name in existing_tables(step):
            if schema.table(name) is None:
                table = table_of(name)
                schema = schema.with_table(table)
                if table.replica_identity is not None:
                    held[name] = table.replica_identity
        schema = apply(schema, step)
        held = dict(_followed(held, step))
        for name, index in tuple(held.items()):
            now = schema.table(name)
            if now is None or now.index(index) is None:
                del held[name]
                # Nobody misses the rows of a table that goes as a whole.
                lost += [] if now is None else [_finding(name, index)]
    return replace(plan, findings=(*plan.findings, *lost)) if lost else plan


def _followed(held: Mapping[TableName, str], step: Step) -> Iterator[tuple[TableName, str]]:
    """Give tables and their indexes by the names that they have after a step."""
    for name, index in held.items():
        match step:
            case RenameTable(table=table, new=new) if table == name:
                yield replace(name, name=new), index
            case (
                RenameIndex(table=table, old=old, new=new)
                | RenameConstraint(table=table, old=old, new=new)
            ) if table == name and old == index:
                yield name, new
            case _:
                yield name, index


def _finding(table: TableName, index: str) -> Finding:
    return danger(
        "replica-identity-goes",
        f"Subscribers of logical replication find the rows of {table} by the index {index}, which "
        "goes: where the table is published, every UPDATE and DELETE fails from then on.",
        why="A replica identity does not move to another index by itself, whatever its name.",
        safer=f"Before the migration that takes {index} away, name another unique index: ALTER "
        f"TABLE {table} REPLICA IDENTITY USING INDEX ...; or REPLICA IDENTITY FULL for a while.",
        reference="PostgreSQL manual, ALTER TABLE, REPLICA IDENTITY",
    )
