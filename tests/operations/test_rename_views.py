"""Views are led to the new column while both are there, and go on showing the old name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shop import LARGE, ORDERS_TABLE, SCHEMA, SQLITE_SCHEMA, plan_of

from wizard.model.plan import Plan
from wizard.model.schema import Dependent, Schema
from wizard.model.steps import CreateDependent, DropDependent, ReplaceView

OPEN = Dependent(
    kind="view",
    name="open_orders",
    columns=("id", "note"),
    definition=(
        "CREATE VIEW open_orders AS\nSELECT orders.id, orders.note FROM orders",
        "COMMENT ON VIEW open_orders IS 'note'",
    ),
)
COUNTED = Dependent(
    kind="view",
    name="counted",
    columns=("id", "note"),
    definition=("CREATE VIEW counted AS\nSELECT note, count(*) AS n FROM open_orders GROUP BY 1",),
)
KEPT = replace(
    COUNTED,
    kind="materialized view",
    name="kept",
    definition=(COUNTED.definition[0].replace("VIEW counted", "MATERIALIZED VIEW kept"),),
)
LED = "CREATE VIEW open_orders AS\nSELECT orders.id, orders.remark AS note FROM orders"


def plan(*dependents: Dependent, name: str = "postgresql", how: str = "sync") -> Plan:
    whole = SQLITE_SCHEMA if name == "sqlite" else SCHEMA
    orders = whole.table(ORDERS_TABLE.name)
    assert orders is not None
    schema = Schema(tables=(whole.tables[0], replace(orders, dependents=dependents)))
    return plan_of(
        "rename_column",
        {"table": "orders", "column": "note", "to": "remark", "how": how},
        rollout=LARGE,
        name=name,
        version=(3, 40, 1) if name == "sqlite" else (16, 4),
        schema=schema,
    )


def test_a_view_is_led_in_place_before_the_old_column_goes() -> None:
    found = plan(OPEN, COUNTED, KEPT)
    contract = found.phases[-1]
    first = contract.migrations[0]
    assert (contract.name, first.slug) == ("contract", "read_remark_in_open_orders")
    (step,) = first.up
    assert isinstance(step, ReplaceView)
    assert step.before == OPEN
    assert step.after.definition == (LED, OPEN.definition[1])
    assert first.down == (ReplaceView(table=ORDERS_TABLE.name, before=step.after, after=OPEN),)
    assert "views-carried" in {one.code for one in found.findings}
    # What reads the view by its own names is not touched.
    assert sum(isinstance(one, ReplaceView) for each in found.migrations for one in each.up) == 1


def test_where_no_view_can_be_replaced_it_is_made_anew() -> None:
    first = plan(OPEN, COUNTED, name="sqlite").phases[-1].migrations[0]
    drop, make = first.up
    assert isinstance(drop, DropDependent)
    assert isinstance(make, CreateDependent)
    assert make.dependent.definition[0] == LED
    back = first.down
    assert isinstance(back[0], DropDependent)
    assert isinstance(back[1], CreateDependent)
    assert back[1].dependent == OPEN


@pytest.mark.parametrize(
    ("dependent", "told"),
    [
        (replace(OPEN, definition=()), "view open_orders"),
        (replace(OPEN, kind="materialized view"), "materialized view open_orders"),
        (
            replace(OPEN, definition=("CREATE VIEW open_orders AS SELECT * FROM orders",)),
            "view open_orders",
        ),
        (
            replace(
                OPEN,
                definition=(
                    OPEN.definition[0],
                    "CREATE RULE put AS ON INSERT TO open_orders DO INSTEAD "
                    "INSERT INTO orders (note) VALUES (new.note)",
                ),
            ),
            "view open_orders",
        ),
        (
            Dependent(kind="policy", name="seen", columns=("note",), definition=("CREATE …",)),
            "policy seen",
        ),
    ],
)
def test_what_cannot_be_led_is_in_the_way(dependent: Dependent, told: str) -> None:
    refused = plan(dependent).refused
    assert refused is not None
    assert refused.code == "cannot-sync"
    assert f"{told} uses note" in refused.what


def test_mapping_stays_the_first_offer() -> None:
    assert plan(OPEN, how="map").refused is None
    assert "map-first" in {one.code for one in plan(OPEN).findings}
