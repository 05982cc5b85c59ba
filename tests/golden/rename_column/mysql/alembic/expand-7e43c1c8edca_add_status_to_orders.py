"""add status to orders

Plan     rename-orders-status-code · expand · 1 of 2
Deploy   before the deploy of the code that uses status
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 7e43c1c8edca
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "7e43c1c8edca"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # Every value stands in status_code too.
    op.execute("""
        ALTER TABLE orders ADD COLUMN status varchar(20) NULL DEFAULT NULL,
            ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders DROP COLUMN status, ALGORITHM=INSTANT")
