"""The simulator refuses what a server would refuse, and every Step has an inverse."""

from __future__ import annotations

import typing

import pytest
from shop import CUSTOMERS, KEY, ORDERS, ORDERS_TABLE, SCHEMA
from step_examples import EXAMPLES

from wizard.model.inverse import inverse
from wizard.model.names import TableName
from wizard.model.plan import Grade
from wizard.model.schema import Column, Index, IndexPart
from wizard.model.schema_edits import CannotApply
from wizard.model.simulate import apply
from wizard.model.steps import (
    STEP_TYPES,
    AddColumn,
    AddForeignKey,
    AddIndex,
    Batched,
    DropColumn,
    DropIndex,
    Impossible,
    RenameColumn,
    RenameTable,
    Step,
    step_name,
)

MISSING = Column(name="missing", type="text")


@pytest.mark.parametrize(
    "step",
    [
        AddColumn(table=TableName("nope"), column=MISSING),
        AddColumn(table=ORDERS, column=ORDERS_TABLE.columns[0]),
        DropColumn(table=ORDERS, column=MISSING),
        RenameColumn(table=ORDERS, old="missing", new="x"),
        RenameColumn(table=ORDERS, old="note", new="total"),
        RenameTable(table=ORDERS, new="customers"),
        AddIndex(table=ORDERS, index=ORDERS_TABLE.indexes[1]),
        AddIndex(table=ORDERS, index=Index(name="i", parts=(IndexPart(column="missing"),))),
        DropIndex(table=ORDERS, index=Index(name="i", parts=())),
        AddForeignKey(table=ORDERS, constraint=KEY),
    ],
    ids=step_name,
)
def test_what_does_not_fit_is_refused(step: Step) -> None:
    with pytest.raises(CannotApply):
        apply(SCHEMA, step)


def test_dropping_a_column_takes_its_indexes_and_constraints_along() -> None:
    after = apply(SCHEMA, DropColumn(table=ORDERS, column=ORDERS_TABLE.columns[3]))
    table = after.table(ORDERS)
    assert table is not None
    assert table.index("ix_orders_status_code") is None
    assert table.constraint("ck_orders_status") is None
    assert table.index("ix_orders_customer_id") is not None


def test_a_rename_is_followed_by_what_names_the_column() -> None:
    after = apply(SCHEMA, RenameColumn(table=ORDERS, old="status_code", new="status"))
    table = after.table(ORDERS)
    assert table is not None
    index, check = table.index("ix_orders_status_code"), table.constraint("ck_orders_status")
    assert index is not None
    assert index.columns[0] == "status"
    assert check is not None
    assert check.expression == "status <> ''"  # type: ignore[union-attr]


def test_a_renamed_table_is_followed_by_foreign_keys() -> None:
    after = apply(SCHEMA, RenameTable(table=CUSTOMERS, new="buyers"))
    table = after.table(ORDERS)
    assert table is not None
    assert table.foreign_keys[0].ref_table == TableName("buyers")


def test_every_step_has_an_inverse_that_is_made_of_steps() -> None:
    assert {type(one.step) for one in EXAMPLES} == set(STEP_TYPES)
    for example in EXAMPLES:
        steps, grade = inverse(example.step)
        assert all(isinstance(one, typing.get_args(Step)) for one in steps)
        if any(isinstance(one, Impossible) for one in steps):
            assert grade.grade is Grade.NONE or not isinstance(example.step, Batched)
            assert all(one.reason for one in steps if isinstance(one, Impossible))
        if grade.grade is not Grade.LOSSLESS:
            assert grade.reason


def test_names_of_steps_are_stable() -> None:
    assert {step_name(one) for one in STEP_TYPES} == {
        *("add_column", "drop_column", "set_default", "set_not_null", "drop_not_null"),
        *("rename_column", "rename_table", "add_index", "drop_index", "add_foreign_key"),
        *("add_check", "add_not_null", "add_unique", "validate_constraint", "drop_constraint"),
        *("create_sync", "drop_sync", "create_shadow_view", "drop_shadow_view", "backfill"),
        *("create_table", "drop_table", "change_type", "set_identity", "rename_index"),
        *("rename_constraint", "replace_view", "set_visible", "add_primary_key"),
        *("add_exclusion", "drop_dependent", "create_dependent", "create_enum", "drop_enum"),
        *("add_enum_value", "rename_enum_value", "copy_rows", "rename_enum"),
        *("swap_columns", "move_numbering"),
        *("create_table_view", "drop_table_view", "swap_table_view"),
        *("delete_rows", "require", "lock_tables", "rebuild_table", "nothing", "impossible"),
    }
