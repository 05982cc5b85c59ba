"""add ck_orders_status_new to orders

Plan     change-ck-orders-status-of-orders · expand · 1 of 2
Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

Revision ID: 8c54b019b9c1
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8c54b019b9c1"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT id FROM orders WHERE NOT (status_code IN ('new', 'paid', 'sent')) LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders holds rows for which status_code IN ('new', 'paid', 'sent') does "
            "not hold: mend them before ck_orders_status forbids them"
        )
    op.execute("""
        ALTER TABLE orders
            ADD CONSTRAINT ck_orders_status_new
            CHECK (status_code IN ('new', 'paid', 'sent')), ALGORITHM=COPY, LOCK=SHARED
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP CONSTRAINT ck_orders_status_new, ALGORITHM=INSTANT
    """)
