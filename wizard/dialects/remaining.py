"""Which rows a backfill, a copy or a deletion has still to do: the query that finds one."""

from __future__ import annotations

from wizard.dialects.base import Dialect
from wizard.dialects.sqltext import grouped
from wizard.model.steps import Backfill, Batched, CopyRows


def rows_left(step: Batched, dialect: Dialect, *, glue: str = "\n") -> str | None:
    """Return a query that finds a row while the step is not done; ``glue`` stands between clauses.

    None for a step whose rows do not show whether they are done.
    """
    source = dialect.table(step.table)
    every = step.needed.strip().lower() in ("", "true")
    if isinstance(step, CopyRows):
        keys = " AND ".join(
            f"copied.{dialect.quote(one)} = source.{dialect.quote(one)}" for one in step.key
        )
        inside = "\n    " if glue == "\n" else glue
        wanted = f"({step.needed}){inside}AND " if step.needed else ""
        target = dialect.table(step.target)
        copied = f"(\n    SELECT 1 FROM {target} AS copied WHERE {keys}\n)"
        if glue != "\n":
            copied = f"(SELECT 1 FROM {target} AS copied WHERE {keys})"
        clauses = [f"SELECT 1 FROM {source} AS source", f"WHERE {wanted}NOT EXISTS {copied}"]
    elif isinstance(step, Backfill) and step.join:
        needed = grouped(step.needed, dialect.name)
        clauses = [f"SELECT 1 FROM {source}, {step.join}", f"WHERE ({step.on}) AND {needed}"]
    elif every:
        if isinstance(step, Backfill):
            return None
        clauses = [f"SELECT 1 FROM {source}"]
    else:
        clauses = [f"SELECT 1 FROM {source}", f"WHERE {step.needed}"]
    return glue.join([*clauses, "LIMIT 1"])
