"""drop ix_orders_status_code

Plan     drop-index-ix-orders-status-code-of-orders · contract · 1 of 1
Deploy   when no query needs it any more
Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time · lossless

Revision ID: aad44c537ce5
Revises: e3111a4ec27b
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "aad44c537ce5"
down_revision: Union[str, Sequence[str], None] = "e3111a4ec27b"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP INDEX ix_orders_status_code, ALGORITHM=INPLACE, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD INDEX ix_orders_status_code (status_code, created_at DESC) INVISIBLE,
                ALGORITHM=INPLACE,
                LOCK=NONE
    """)
