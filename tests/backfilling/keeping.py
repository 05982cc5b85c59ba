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
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.schema import Column, Index, IndexPart, PrimaryKey, Schema, Table

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
    return loaded(keeping(engine, **values), engine, root)


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


#: The type of a moment.
ODD = {
    "postgresql": "timestamp without time zone",
    "mariadb": "timestamp",
    "mysql": "timestamp",
    "sqlite": "text",
}
WHOLE = {"postgresql": "integer", "mariadb": "int(11)", "mysql": "int", "sqlite": "integer"}
TEXT = dict.fromkeys(WHOLE, "varchar(40)") | {"postgresql": "character varying(40)"}


def odd_table(engine: str) -> Table:
    """A table whose names have to be quoted, and whose key is of two columns, one of text."""
    key = ("Größe", "select")
    return Table(
        name=TableName("Odd Table"),
        columns=(
            Column(name="Größe", type=WHOLE[engine], nullable=False),
            Column(name="select", type=TEXT[engine], nullable=False),
            Column(name="old_value", type=WHOLE[engine]),
            Column(name="at", type=ODD[engine]),
        ),
        constraints=(PrimaryKey(name="odd_pkey", columns=key),),
        indexes=(
            Index(
                name="odd_pkey",
                parts=tuple(IndexPart(column=one) for one in key),
                unique=True,
                constraint=True,
            ),
        ),
        rows=80,
        bytes=8_000,
    )


def odd_revisions(engine: str, root: Path) -> list[ModuleType]:
    """Alembic's files of a backfill of that table."""
    plan = planned(
        "backfill",
        {
            "table": '"Odd Table"',
            "set": {"old_value": "7", "at": "'2030-01-01 00:00:00'"},
            "keep_old": "yes",
        },
        rollout=LARGE,
        dialect=dialect(engine, GOLDEN_VERSIONS[engine]),
        schema=Schema(tables=(odd_table(engine),)),
    )
    assert plan.refused is None
    return loaded(plan, engine, root)


def loaded(plan: Plan, engine: str, root: Path) -> list[ModuleType]:
    """Alembic's files of a plan, in order, as modules."""
    found = []
    for edit in files(plan, engine, "alembic", root):
        module = ModuleType(edit.path.stem)
        exec(compile(edit.content, edit.path.name, "exec"), module.__dict__)
        found.append(module)
    return found
