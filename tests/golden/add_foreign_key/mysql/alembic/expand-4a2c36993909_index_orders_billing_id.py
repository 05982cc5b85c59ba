"""index orders (billing_id)

Plan     add-foreign-key-orders-customers · expand · 1 of 2
Deploy   at any time
Up       INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless

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
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD INDEX ix_orders_billing_id (billing_id), ALGORITHM=INPLACE, LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP INDEX ix_orders_billing_id, ALGORITHM=INPLACE, LOCK=NONE
    """)
