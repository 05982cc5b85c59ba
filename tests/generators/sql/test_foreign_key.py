"""A foreign key through the real dialect: the file that a careful person writes by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generators.base import Job
from generators.sql import GENERATOR
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import ForeignKey
from wizard.model.steps import AddForeignKey, DropConstraint, LockTables


def test_a_foreign_key_reads_as_written_by_hand(
    tmp_path: Path, make_job: Callable[..., Job]
) -> None:
    orders, customers = TableName("orders"), TableName("customers")
    key = ForeignKey(
        name="orders_customer_id_fkey",
        columns=("customer_id",),
        ref_table=customers,
        ref_columns=("id",),
        validated=False,
    )
    both = (customers, orders)
    migration = Migration(
        slug="add_foreign_key_orders_customer",
        title="add foreign key orders customer",
        changes=(
            Change(step=LockTables(tables=both, mode="share row exclusive"), undo=()),
            Change(
                step=AddForeignKey(table=orders, constraint=key),
                undo=(
                    LockTables(tables=both, mode="access exclusive"),
                    DropConstraint(table=orders, constraint=key),
                ),
            ),
        ),
        lock_timeout_ms=2_000,
    )
    engine = dialect("postgresql", (16, 0))
    project = GENERATOR.imagine(tmp_path, engine, "dbmate")
    (edit,) = GENERATOR.render(project, make_job(migration, dialect=engine))

    GENERATOR.check((edit,), engine)
    assert edit.content.split("\n\n", 1)[1] == (
        "-- migrate:up\n"
        "SET LOCAL lock_timeout = '2s';\n"
        "LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE;\n"
        "ALTER TABLE orders\n"
        "    ADD CONSTRAINT orders_customer_id_fkey\n"
        "    FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;\n"
        "\n"
        "-- migrate:down\n"
        "SET LOCAL lock_timeout = '2s';\n"
        "LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE;\n"
        "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;\n"
    )
