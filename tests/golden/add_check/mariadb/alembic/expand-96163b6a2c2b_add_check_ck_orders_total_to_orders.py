"""add check ck_orders_total to orders

Plan     add-check-ck-orders-total-to-orders · expand · 1 of 1
Deploy   after the deploy whose code writes only rows with total >= 0
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 96163b6a2c2b
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "96163b6a2c2b"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT id FROM orders WHERE NOT (total >= 0) LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders holds rows for which total >= 0 does not hold: mend them before "
            "ck_orders_total forbids them"
        )
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT ck_orders_total
            CHECK (total >= 0), ALGORITHM=COPY, LOCK=SHARED
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders DROP CONSTRAINT ck_orders_total, ALGORITHM=INSTANT")
