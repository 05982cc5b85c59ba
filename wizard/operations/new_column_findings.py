"""What is to know of a column before it is added, and what cannot be planned."""

from __future__ import annotations

from dataclasses import replace

from wizard.dialects.base import DefaultKind
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.steps import AddColumn
from wizard.operations.base import Context
from wizard.operations.foreign_key_findings import key_findings
from wizard.operations.new_column_migrations import is_late, needs_rebuild
from wizard.operations.new_column_request import Request
from wizard.operations.phases import Refusal


def refuse(request: Request, context: Context) -> None:
    """Raise what cannot be planned, with what to do instead."""
    table, column, rollout = request.table, request.column, context.rollout
    capabilities = context.dialect.capabilities
    name = f"{table.name}.{column.name}"
    plain = column.identity is None and column.generated is None
    if (
        not column.nullable
        and plain
        and column.default is None
        and request.fill is None
        and context.size(table).rows != 0
    ):
        raise AnswerError(
            "required-without-value",
            f"{name} is required, but the rows that exist have no value for it",
            why="Adding it would fail at the first row.",
            next_actions=(
                "give a default with --default, or a value for the old rows with --fill",
            ),
            flag="--fill",
        )
    if request.unique and column.default is not None and request.kind is not DefaultKind.VOLATILE:
        raise AnswerError(
            "unique-default",
            f"{name} cannot be unique and have the same default in every row",
            next_actions=("leave --unique or --default out",),
            flag="--unique",
        )
    if column.identity is not None and not capabilities.add_identity:
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} adds no identity column to a table that exists",
            flag="--identity",
        )
    # A default and NOT NULL can come later; what the barest form lacks cannot.
    bare = replace(column, nullable=True, default=None)
    reason = context.dialect.supports(AddColumn(table=table.name, column=bare))
    if reason is not None and not needs_rebuild(request, context):
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label}: {reason}",
            next_actions=("add a plain column, fill it, and set its default afterwards",),
            flag="--identity" if column.identity is not None else "--default",
        )
    stored = column.generated is not None and column.generated.stored
    if column.generated is not None and not stored and not capabilities.virtual_generated:
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} computes generated columns only when they are written",
            next_actions=("use --stored",),
            flag="--stored",
        )
    rewrites = column.identity is not None or (
        stored and not capabilities.stored_generated_in_place
    )
    if rewrites and not rollout.direct:
        what = "an identity" if column.identity else "a stored generated"
        instead = (
            "Add a plain bigint column with a sequence as its default, then fill and require it."
            if column.identity
            else "Compute it when it is read (--no-stored where the server can), or add a plain "
            "column that the application fills."
        )
        raise Refusal(
            danger(
                "rewriting-column",
                f"Adding {what} column to {table.name} rewrites the whole table and all its "
                "indexes while nobody can read or write it.",
                why="Every row gets its own value at once.",
                safer=f"{instead} Or plan it for a maintenance window.",
                reference="PostgreSQL manual, ALTER TABLE, Notes; safety.md PG-4, PG-5",
            )
        )


def column_findings(request: Request, context: Context) -> tuple[Finding, ...]:
    """Return what is worth knowing of this column, and of its foreign key."""
    table, column, found = request.table, request.column, []
    if request.kind is DefaultKind.STABLE:
        found.append(
            warning(
                "default-stamps-old-rows",
                f"Every row that exists gets the value that {column.default} has when the "
                "migration runs.",
                why="A stable default is worked out once for all old rows. It does not rewrite "
                "the table.",
                safer="If old rows should say NULL instead, add the column without default and "
                "set the default afterwards.",
            )
        )
    if is_late(request, context) and not needs_rebuild(request, context):
        found.append(
            info(
                "volatile-default",
                f"{column.default} differs from row to row: adding it in one step would rewrite "
                f"{table.name} while nobody can read it."
                if request.kind is DefaultKind.VOLATILE
                else f"Adding {column.default} in one step would write every row of {table.name}.",
                why=f"{context.dialect.title} must write a value of its own into each row."
                if request.kind is DefaultKind.VOLATILE
                else f"{context.dialect.title} works such a default out for each row.",
                safer="The default is set after the column is there, and old rows are filled in "
                "batches.",
            )
        )
    if not column.nullable and column.default is not None and not context.rollout.stopped:
        found.append(
            info(
                "keep-default",
                f"Keep the default of {column.name} for at least one release.",
                why="Code that does not know the column inserts rows without it.",
            )
        )
    if not context.rollout.stopped:
        found.append(
            info(
                "select-star",
                f"Prepared SELECT * statements on {table.name} fail until they are prepared anew.",
                why="Their result has one column more than was planned.",
                safer="Name the columns, or let the driver prepare again.",
            )
        )
    if request.key is not None:
        found.extend(key_findings(request.key, context))
    return tuple(found)
