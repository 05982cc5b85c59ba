"""A backfill that keeps old values, as files of a framework, on tables that tests make."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from engines import GOLDEN_VERSIONS
from generated import files
from shop import LARGE, planned, schema_for

from wizard.dialects import dialect
from wizard.model.plan import Plan

ROWS = 2_500
ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(40))"


def keeping(engine: str, **values: object) -> Plan:
    """The plan that writes 'new' into all notes and keeps the old ones."""
    return planned(
        "backfill",
        {"table": "orders", "set": {"note": "'new'"}, "keep_old": "yes", **values},
        rollout=LARGE,
        dialect=dialect(engine, GOLDEN_VERSIONS[engine]),
        schema=schema_for(engine),
    )


def revisions(engine: str, root: Path, **values: object) -> list[ModuleType]:
    """Alembic's files of the plan, in order, as modules."""
    found = []
    for edit in files(keeping(engine, **values), engine, "alembic", root):
        module = ModuleType(edit.path.stem)
        exec(compile(edit.content, edit.path.name, "exec"), module.__dict__)
        found.append(module)
    return found


def run(module: ModuleType, database: sa.Engine, direction: str = "upgrade") -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with Operations.context(context), context.begin_transaction(_per_migration=True):
            getattr(module, direction)()


def fill(database: sa.Engine) -> None:
    """Orders with notes, every tenth without; some that hold the new value by themselves."""
    rows = [
        {"id": at, "note": None if at % 10 == 0 else "new" if at % 10 == 1 else f"order {at}"}
        for at in range(1, ROWS + 1)
    ]
    with database.begin() as connection:
        connection.execute(sa.text(ORDERS))
        connection.execute(sa.text("INSERT INTO orders VALUES (:id, :note)"), rows)


def notes(database: sa.Engine) -> dict[int, str | None]:
    with database.connect() as connection:
        found = connection.execute(sa.text("SELECT id, note FROM orders ORDER BY id"))
        return {one.id: one.note for one in found}


def execute(database: sa.Engine, *statements: str) -> None:
    with database.begin() as connection:
        for one in statements:
            connection.exec_driver_sql(one)
