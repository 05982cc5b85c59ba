"""rename index ix_orders_status_code of orders to ix_orders_state

Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
Deploy   at any time
Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on;
         then RESERVED on orders, < 10 ms, waits at most 2 s
Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on;
         then RESERVED on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 44ca9cf94614
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "44ca9cf94614"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_index(
        "ix_orders_state", "orders", ["status_code", sa.text("created_at DESC")]
    )
    op.drop_index("ix_orders_status_code", "orders")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_index(
        "ix_orders_status_code", "orders", ["status_code", sa.text("created_at DESC")]
    )
    op.drop_index("ix_orders_state", "orders")
