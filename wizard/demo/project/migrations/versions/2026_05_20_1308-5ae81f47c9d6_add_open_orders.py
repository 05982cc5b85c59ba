"""add open orders

Revision ID: 5ae81f47c9d6
Revises: 97d3b5e20f6a
Create Date: 2026-05-20 13:08:26.447190+00:00

"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5ae81f47c9d6"
down_revision: str | None = "97d3b5e20f6a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        CREATE VIEW open_orders AS
        SELECT o.id, o.customer_id, c.email, o.total_cents, o.placed_at
        FROM orders o
        JOIN customers c ON c.id = o.customer_id
        WHERE o.closed_at IS NULL
        """
    )
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_orders_open",
            "orders",
            ["placed_at"],
            postgresql_where=sa.text("closed_at IS NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_open", table_name="orders", postgresql_concurrently=True)
    op.execute("DROP VIEW open_orders")
