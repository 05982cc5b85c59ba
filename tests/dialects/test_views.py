"""A view reads a column under its new name and shows what it showed."""

from __future__ import annotations

import pytest

from wizard.dialects.views import with_column_renamed
from wizard.model.names import TableName

ORDERS = TableName("orders")


def renamed(
    query: str, *, table: TableName = ORDERS, dialect: str = "postgresql", head: str = "v"
) -> str | None:
    head = f"CREATE VIEW {head} AS "
    found = with_column_renamed(head + query, table, "status_code", '"to"', dialect)
    return None if found is None else found.removeprefix(head)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT id, status_code FROM orders WHERE status_code <> 'status_code'",
            'SELECT id, "to" AS status_code FROM orders WHERE "to" <> \'status_code\'',
        ),
        ("SELECT status_code AS state FROM orders", 'SELECT "to" AS state FROM orders'),
        (
            "SELECT lower((o.status_code)::text) AS low FROM orders o GROUP BY o.status_code",
            'SELECT lower((o."to")::text) AS low FROM orders o GROUP BY o."to"',
        ),
        (
            "SELECT o.status_code, s.status_code AS other FROM (orders o "
            "JOIN shipments s ON ((s.status_code = o.status_code)))",
            'SELECT o."to" AS status_code, s.status_code AS other FROM (orders o '
            'JOIN shipments s ON ((s.status_code = o."to")))',
        ),
        # The inner query shows the column under its own name, by which the outer one knows it.
        (
            "SELECT x.status_code FROM ( SELECT orders.status_code FROM orders) x",
            'SELECT x.status_code FROM ( SELECT orders."to" AS status_code FROM orders) x',
        ),
        (
            "WITH c AS (SELECT status_code FROM orders) SELECT c.status_code FROM c",
            'WITH c AS (SELECT "to" AS status_code FROM orders) SELECT c.status_code FROM c',
        ),
        (
            "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o "
            "WHERE o.customer_id = c.id AND o.status_code = c.status_code)",
            "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o "
            'WHERE o.customer_id = c.id AND o."to" = c.status_code)',
        ),
        (
            "SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c "
            "WHERE c.code = o.status_code)",
            "SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c "
            'WHERE c.code = o."to")',
        ),
        (
            "SELECT orders.status_code FROM orders UNION SELECT archive.status_code FROM archive",
            'SELECT orders."to" AS status_code FROM orders '
            "UNION SELECT archive.status_code FROM archive",
        ),
        ("SELECT count(*) AS n FROM orders", "SELECT count(*) AS n FROM orders"),
        (
            "SELECT rank() OVER (PARTITION BY orders.status_code ORDER BY orders.id) AS r "
            "FROM orders",
            'SELECT rank() OVER (PARTITION BY orders."to" ORDER BY orders.id) AS r FROM orders',
        ),
        ("SELECT noted.status_code FROM noted", "SELECT noted.status_code FROM noted"),
    ],
)
def test_what_means_the_column_is_renamed(query: str, expected: str) -> None:
    assert renamed(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM orders",
        "SELECT orders.*::text AS whole FROM orders",
        "SELECT status_code FROM orders, shipments",
        "SELECT o.id FROM orders o JOIN shipments s USING (status_code)",
        "SELECT o.id FROM orders o NATURAL JOIN shipments s",
        "SELECT o.x FROM orders o(id, x)",
        "SELECT o.status_code FROM public.orders o",
        "SELECT coalesce(status_code, '') FROM orders",
        "this is no query",
        "SELECT 'open",
    ],
)
def test_what_is_not_clear_has_no_answer(query: str) -> None:
    assert renamed(query) is None


def test_names_follow_the_engine() -> None:
    query = "SELECT STATUS_CODE AS s FROM Orders"
    assert renamed(query, dialect="sqlite") == 'SELECT "to" AS s FROM Orders'
    assert (
        renamed('SELECT "STATUS_CODE" AS s FROM orders') == 'SELECT "STATUS_CODE" AS s FROM orders'
    )
    odd = with_column_renamed(
        'CREATE VIEW v WITH (security_barrier=\'true\') AS\nSELECT "a b"\n   FROM s."T"',
        TableName("T", "s"),
        "a b",
        "c",
        "postgresql",
    )
    assert odd == (
        'CREATE VIEW v WITH (security_barrier=\'true\') AS\nSELECT c AS "a b"\n   FROM s."T"'
    )
