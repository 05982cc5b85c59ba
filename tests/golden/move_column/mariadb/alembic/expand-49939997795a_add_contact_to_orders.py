"""add contact to orders

Plan     move-customers-email · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.contact
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until code writes only
         orders.contact

Revision ID: 49939997795a
Revises:
Create Date: 2026-11-23 10:20:30

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "49939997795a"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    offending = sa.text("""
        SELECT customers.id
        FROM customers
        WHERE customers.email IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "customers holds rows with a value in email and without a row of orders, "
            "where it would be lost: add these rows first, or clear the value"
        )
    op.execute("""
        ALTER TABLE orders ADD COLUMN contact varchar(200) NULL DEFAULT NULL,
            ALGORITHM=INSTANT
    """)


def downgrade() -> None:
    op.execute("SET SESSION lock_wait_timeout = 2")
    op.execute("ALTER TABLE orders DROP COLUMN contact, ALGORITHM=INSTANT")
