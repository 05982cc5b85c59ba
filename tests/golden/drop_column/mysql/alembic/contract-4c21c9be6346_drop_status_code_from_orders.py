"""drop status_code from orders

Plan     drop-orders-status-code · contract · 6 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until orders_status_code_archive
         is dropped

Revision ID: 4c21c9be6346
Revises: 66b94f78d910
Create Date: 2026-11-23 10:25:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4c21c9be6346"
down_revision: Union[str, Sequence[str], None] = "66b94f78d910"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders DROP COLUMN status_code, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD COLUMN status_code varchar(20) NOT NULL DEFAULT 'new', ALGORITHM=INSTANT
    """)
