"""hide ix_orders_status_code

Plan     drop-index-ix-orders-status-code-of-orders · expand · 1 of 1
Deploy   at any time; then watch the slowest queries for some days
Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: e3111a4ec27b
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e3111a4ec27b"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ALTER INDEX ix_orders_status_code INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ALTER INDEX ix_orders_status_code VISIBLE, ALGORITHM=INPLACE, LOCK=NONE
    """)
