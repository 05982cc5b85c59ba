"""add ck_orders_status_status to orders

Plan     rename-orders-status-code · validate · 2 of 3
Deploy   when the fill is done; then deploy the code that uses only status
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: e5510be43949
Revises: 2380225edaa3
Create Date: 2026-11-23 10:24:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e5510be43949"
down_revision: Union[str, Sequence[str], None] = "2380225edaa3"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT ck_orders_status_status
            CHECK (status <> ''), ALGORITHM=COPY, LOCK=SHARED
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP CHECK ck_orders_status_status, ALGORITHM=INSTANT
    """)
