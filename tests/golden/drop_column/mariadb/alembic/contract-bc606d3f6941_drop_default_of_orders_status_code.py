"""drop default of orders.status_code

Plan     drop-orders-status-code · contract · 4 of 8
Deploy   a release later
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: bc606d3f6941
Revises: 0e9d0a3d8234
Create Date: 2026-11-23 10:23:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "bc606d3f6941"
down_revision: Union[str, Sequence[str], None] = "0e9d0a3d8234"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT NULL, ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT 'new', ALGORITHM=INSTANT
    """)
