"""index orders status created_at

Plan     rename-orders-status-code · validate · 1 of 3
Deploy   when the fill is done; then deploy the code that uses only status
Up       INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 2380225edaa3
Revises: 6e5825d324c1
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "2380225edaa3"
down_revision: Union[str, Sequence[str], None] = "6e5825d324c1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD INDEX ix_orders_status (status, created_at DESC),
                ALGORITHM=INPLACE,
                LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP INDEX ix_orders_status, ALGORITHM=INPLACE, LOCK=NONE
    """)
