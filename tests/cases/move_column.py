"""Move column."""

from __future__ import annotations

from cases import Case

#: Every order gets the address of its customer.
EXAMPLE: dict[str, object] = {
    "table": "customers",
    "column": "email",
    "to_table": "orders",
    "to": "contact",
}
SQLITE: dict[str, object] = {**EXAMPLE, "key": "customer_id"}

CASE = Case(
    example=EXAMPLE,
    postgresql={
        "": EXAMPLE,
        "required": {
            "table": "tickets",
            "column": "rating",
            "to_table": "parcels",
            "to": "the rating",
        },
        "checked": {"table": "tickets", "column": "channel", "to_table": "parcels"},
    },
    sqlite={"": SQLITE},
    stopped=("",),
)
