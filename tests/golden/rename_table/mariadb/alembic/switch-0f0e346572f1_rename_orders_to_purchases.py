"""rename orders to purchases

Plan     rename-orders-to-purchases · switch · 1 of 1
Deploy   when the deploy is done everywhere
Up       metadata lock on orders and purchases, < 10 ms, waits at most 2 s
Down     metadata lock on purchases and orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 0f0e346572f1
Revises: d1d36bf8df56
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0f0e346572f1"
down_revision: Union[str, Sequence[str], None] = "d1d36bf8df56"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        CREATE OR REPLACE VIEW orders_view AS
        SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
        FROM purchases
    """)
    op.execute("""
        RENAME TABLE purchases TO purchases_gone, orders TO purchases, orders_view TO orders
    """)
    op.execute("DROP VIEW purchases_gone")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        CREATE OR REPLACE VIEW purchases_view AS
        SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
        FROM orders
    """)
    op.execute("""
        RENAME TABLE orders TO orders_gone, purchases TO orders, purchases_view TO purchases
    """)
    op.execute("DROP VIEW orders_gone")
