"""no longer require orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 1 of 1
Deploy   after the deploy whose code copes with NULL, before any code writes one
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless until a NULL is written to customer_id

Revision ID: 3789a64926b8
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "3789a64926b8"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders MODIFY COLUMN customer_id bigint(20) NULL DEFAULT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5")
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders.customer_id still holds NULLs: fill them before it becomes required"
        )
    op.execute("""
        SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE orders MODIFY COLUMN customer_id bigint(20) NOT NULL,
            ALGORITHM=INPLACE,
            LOCK=NONE
    """)
