"""drop the checks of orders.status_code

Plan     drop-orders-status-code · contract · 2 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless

Revision ID: cb69c9f212e5
Revises: 347857eca26a
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "cb69c9f212e5"
down_revision: Union[str, Sequence[str], None] = "347857eca26a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders DROP CONSTRAINT ck_orders_status, ALGORITHM=INSTANT")


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT ck_orders_status
            CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED
    """)
