"""drop orders_customer_id_fkey from orders

Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
Deploy   when no running code counts on the constraint
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until a row breaks
         orders_customer_id_fkey

Revision ID: 343d5e2d6e7d
Revises: b20402eac941
Create Date: 2026-11-23 10:21:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "343d5e2d6e7d"
down_revision: Union[str, Sequence[str], None] = "b20402eac941"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("""
        ALTER TABLE orders DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT child.id
        FROM orders AS child
        WHERE child.customer_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "rows of orders point to rows of customers that do not exist"
        )
    op.execute("""
        SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
            ALGORITHM=INSTANT
    """)
