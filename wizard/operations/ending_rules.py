"""What ends with a constraint that is dropped."""

from __future__ import annotations

from wizard.model.findings import Finding, info, warning
from wizard.model.schema import Constraint, Exclusion, ForeignKey, PrimaryKey, Table, Unique
from wizard.operations.base import Context
from wizard.operations.blocks import rebuild_finding
from wizard.operations.constraints import rule_of
from wizard.operations.needs import serves
from wizard.operations.partition_keys import key_by_parts


def ending_findings(
    context: Context, table: Table, constraint: Constraint, *, rebuilt: bool
) -> tuple[Finding, ...]:
    """Say what ends with a constraint; ``rebuilt`` when a copy of the table is made without it."""
    name = constraint.name
    found: list[Finding] = [
        warning(
            "rule-ends",
            f"Rows that break {name} ({rule_of(constraint)}) can be written from now on. Once there "
            "is one, the way back stops and shows it.",
            why="A constraint cannot be true of rows that break it.",
            safer="Mend such rows before a downgrade.",
        )
    ]
    if isinstance(constraint, Unique):
        found.append(
            warning(
                "unique-rule-ends",
                f"Nothing refuses equal {', '.join(constraint.columns)} in {table.name} any more, "
                "and INSERT … ON CONFLICT on them fails. Its index goes too, and with it the "
                "speed of queries that used it.",
                why="The index is what enforces the rule, and what ON CONFLICT looks for.",
                safer="Deploy the code that needs neither first. If queries need the index, add "
                "one that is not unique before (migwiz add-index).",
            )
        )
    if isinstance(constraint, PrimaryKey):
        found.append(
            warning(
                "primary-key-ends",
                f"Nothing tells the rows of {table.name} apart any more, and INSERT … ON CONFLICT on "
                f"{', '.join(constraint.columns)} fails. Its index goes too. Where the table is "
                "published to subscribers, UPDATE and DELETE fail unless it has another replica "
                "identity.",
                why="Object mappers, batches and logical replication find rows by the primary key.",
                safer="Set a replica identity first (ALTER TABLE … REPLICA IDENTITY USING INDEX), "
                "and deploy the code that needs no key.",
            )
        )
    if isinstance(constraint, Exclusion):
        found.append(
            warning(
                "exclusion-way-back",
                f"The way back builds the index of {name} while nobody can read or write "
                f"{table.name}, and fails when rows overlap by then.",
                why="An exclusion can be added neither unproven nor from a finished index.",
                safer="Plan the way back for a maintenance window.",
                reference="PostgreSQL manual, ALTER TABLE, ADD table_constraint",
            )
        )
    if isinstance(constraint, ForeignKey):
        found += _foreign_key_findings(context, table, constraint)
    if rebuilt:
        found.append(rebuild_finding(context, table))
    return tuple(found)


def _foreign_key_findings(context: Context, table: Table, key: ForeignKey) -> list[Finding]:
    found: list[Finding] = []
    if key.on_delete in ("cascade", "set null", "set default"):
        found.append(
            warning(
                "cascade-ends",
                f"Deleting a row of {key.ref_table} no longer changes the rows of {table.name} "
                f"that point to it (ON DELETE {key.on_delete.upper()}): they stay, and point "
                "nowhere.",
                why="The foreign key is what does it.",
                safer="Deploy the code that does it itself first.",
            )
        )
    index = next(
        (one for one in table.indexes if not one.constraint and serves(one, key.columns)), None
    )
    if index is not None:
        found.append(
            info(
                "index-stays",
                f"{index.name} stays.",
                why="Queries may use it, too.",
                safer=f"If it served only {key.name}: migwiz drop-index --table {table.name} "
                f"--name {index.name}",
            )
        )
    if key_by_parts(context, table):
        found.append(
            warning(
                "partitioned-key",
                f"{table.name} is partitioned: the way back adds the key to each partition and "
                f"proves it there, then to {table.name}, for which reads and writes of "
                f"{key.ref_table} wait for a moment. The files name the partitions of this database.",
                why=f"{context.dialect.label} adds no unproven key to a partitioned table.",
                safer="Plan against the database on which it will run.",
                reference="PostgreSQL 18 release notes, ALTER TABLE",
            )
        )
    return found
