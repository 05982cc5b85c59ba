"""drop default of orders.created_at

Plan     drop-default-of-orders-created-at · contract · 1 of 1
Deploy   after the deploy whose code writes orders.created_at itself
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 40b2f40aa471
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "40b2f40aa471"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders ALTER COLUMN created_at SET DEFAULT NULL, ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN created_at datetime(6) NULL DEFAULT current_timestamp(6),
            ALGORITHM=INSTANT
    """)
