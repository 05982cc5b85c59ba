"""add index on orders (status_code, total)

Plan     add-index-on-orders-status-code-total · expand · 1 of 1
Deploy   at any time
Up       INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: c20579a65f46
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "c20579a65f46"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD INDEX ix_orders_status_code_total (status_code, total),
                ALGORITHM=INPLACE,
                LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP INDEX ix_orders_status_code_total,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
