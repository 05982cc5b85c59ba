"""index orders (billing_id)

Plan     add-foreign-key-orders-customers · expand · 1 of 2
Deploy   at any time
Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 4a2c36993909
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4a2c36993909"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_index("ix_orders_billing_id", "orders", ["billing_id"])


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_index("ix_orders_billing_id", "orders")
