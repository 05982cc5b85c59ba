"""drop ix_orders_status_code

Plan     drop-orders-status-code · contract · 1 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       NOCOPY, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     NOCOPY, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time · lossless

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
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP INDEX ix_orders_status_code, ALGORITHM=NOCOPY, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD INDEX ix_orders_status_code (status_code, created_at DESC),
                ALGORITHM=NOCOPY,
                LOCK=NONE
    """)
