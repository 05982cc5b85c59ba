"""drop ix_orders_status_code

Plan     rename-orders-status-code · contract · 1 of 6
Deploy   a release later, when every running instance uses only status
Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time · lossless

Revision ID: c5bf60656a49
Revises: a7924ebe2477
Create Date: 2026-11-23 10:26:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "c5bf60656a49"
down_revision: Union[str, Sequence[str], None] = "a7924ebe2477"
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
            ADD INDEX ix_orders_status_code (status_code, created_at DESC),
                ALGORITHM=INPLACE,
                LOCK=NONE
    """)
