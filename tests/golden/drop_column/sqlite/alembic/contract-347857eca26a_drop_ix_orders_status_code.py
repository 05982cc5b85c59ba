"""drop ix_orders_status_code

Plan     drop-orders-status-code · contract · 1 of 5
Deploy   a release later, when no running instance names orders.status_code
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on ·
         lossless

Revision ID: 347857eca26a
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "347857eca26a"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.drop_index("ix_orders_status_code", "orders")


def downgrade() -> None:
    op.execute("PRAGMA busy_timeout = 2000")
    op.create_index(
        "ix_orders_status_code", "orders", ["status_code", sa.text("created_at DESC")]
    )
